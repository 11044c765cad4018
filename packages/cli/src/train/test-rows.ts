// The rows that an exported network was not trained on, as a CSV file beside it.

import { basename, dirname, extname, join } from "node:path";
import {
  type ColumnCode,
  type ComparisonSettings,
  type Dataset,
  decodeCell,
  featureNames,
  widthOf,
} from "@hadamask/experiments/settings";
import { csvCell } from "../files/csv.js";

/** Where they are written: "digits-test.csv" beside digits.onnx. */
export const rowsPath = (model: string): string => join(dirname(model), `${basename(model, extname(model))}-test.csv`);

/** The file's content for a comparison; nothing where the data come with test rows of their own. */
export async function heldOutCsv(data: Dataset, settings: ComparisonSettings): Promise<Iterable<string>> {
  const { splitRows } = await import("@hadamask/experiments"); // heavy
  const { heldOut } = splitRows(data, settings, settings.seeds[0]!);
  return heldOut === undefined ? [] : csvOf(data, heldOut);
}

/** What the columns became, for whoever makes inputs of the model: "digits-columns.json" beside digits.onnx. */
export const columnsPath = (model: string): string =>
  join(dirname(model), `${basename(model, extname(model))}-columns.json`);

export const columnsText = ({ columns = [], target, classes }: Dataset): string =>
  `${JSON.stringify({ features: featureNames(columns), columns, ...(target ? { target } : { classes }) }, null, 2)}\n`;

/** The column with the right answers. */
export const labelName = ({ target }: Dataset): string => target?.name ?? "label";

/** What a row is called, features as they stand in the data, then the class or the value; a heading says so. */
export function* csvOf(data: Dataset, rows: Uint32Array): Generator<string> {
  const { featureCount, classes, pool, columns, target, ids } = data;
  const names = columns?.map(({ name }) => name) ?? Array.from({ length: featureCount }, (_, column) => `x${column}`);
  yield `${[...(ids ? [ids.name] : []), ...names, labelName(data)].map(csvCell).join(",")}\n`;
  for (const row of rows) {
    const features = pool.features.subarray(row * featureCount, (row + 1) * featureCount);
    const cells = columns === undefined ? Array.from(features, shortest) : cellsOf(columns, features);
    const label = pool.labels[row]!;
    const answer = target === undefined ? classes[label]! : String(label);
    yield `${[...(ids ? [ids.texts[row]!] : []), ...cells, answer].map(csvCell).join(",")}\n`;
  }
}

/** The cells that features were made of. */
function cellsOf(columns: readonly ColumnCode[], features: ArrayLike<number>): string[] {
  let at = 0;
  return columns.map((code) => {
    const cell = decodeCell(code, features, at);
    at += widthOf(code);
    if (cell === undefined) return "";
    return code.kind === "number" ? shortest(cell) : code.categories[cell]!;
  });
}

/** The shortest decimal that becomes the same number of 32 bits. */
function shortest(value: number): string {
  for (let digits = 6; digits < 9; digits++) {
    const text = String(Number(value.toPrecision(digits)));
    if (Math.fround(Number(text)) === value) return text;
  }
  return String(Number(value.toPrecision(9)));
}
