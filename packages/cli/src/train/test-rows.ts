// The rows that an exported network was not trained on, as a CSV file beside it.

import { basename, dirname, extname, join } from "node:path";
import type { ComparisonSettings, Dataset } from "@hadamask/experiments/settings";
import { csvCell } from "../files/csv.js";

/** Where they are written: "digits-test.csv" beside digits.onnx. */
export const rowsPath = (model: string): string => join(dirname(model), `${basename(model, extname(model))}-test.csv`);

/** The file's content for a comparison; nothing where the data come with test rows of their own. */
export async function heldOutCsv(data: Dataset, settings: ComparisonSettings): Promise<Iterable<string>> {
  const { splitRows } = await import("@hadamask/experiments"); // heavy
  const { heldOut } = splitRows(data, settings, settings.seeds[0]!);
  return heldOut === undefined ? [] : csvOf(data, heldOut);
}

/** Features as they are stored, then the name of the class; a heading says so. */
export function* csvOf({ featureCount, classes, pool }: Dataset, rows: Uint32Array): Generator<string> {
  yield `${Array.from({ length: featureCount }, (_, column) => `x${column}`).join(",")},label\n`;
  for (const row of rows) {
    const features = pool.features.subarray(row * featureCount, (row + 1) * featureCount);
    yield `${features.join(",")},${csvCell(classes[pool.labels[row]!]!)}\n`;
  }
}
