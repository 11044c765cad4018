// Data sets in a page: the digits that the command ships, or a table of the reader, read by the command's own reader.

import type { Dataset } from "@hadamask/experiments/settings";
import { inMemory } from "../../../../cli/src/data/byte-source.js";
import { datasetOf, optdigitsOf } from "../../../../cli/src/data/csv-dataset.js";
import { csvTable } from "../../../../cli/src/data/csv-table.js";

/** The digits, from the bytes of the file that the command ships. */
export const digitsFrom = async (bytes: Uint8Array<ArrayBuffer>): Promise<Dataset> =>
  optdigitsOf(csvTable("optdigits.csv", inMemory(await unpacked(bytes))));

/**
 * A table of classes: the lab trains no regressions.
 *
 * @param label Name or number of the label's column; the last one where it is empty.
 */
export async function tableFrom(file: Pick<File, "name" | "arrayBuffer">, label: string): Promise<Dataset> {
  const bytes = await unpacked(new Uint8Array(await file.arrayBuffer()));
  return datasetOf(
    file.name,
    csvTable(file.name, inMemory(bytes), { task: "classes", ...(label !== "" && { label }) }),
  );
}

/** Decompressed where it is compressed, which some servers have done already. */
async function unpacked(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}
