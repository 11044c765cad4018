// A CSV file of the disk, for training.

import { openBytes } from "./bytes.js";
import { type CsvTable, csvTable, type TableAsked } from "./csv-table.js";

/** Reads a CSV file, compressed or not. @throws {DataError} As {@link csvTable}, or if it cannot be read. */
export function readCsv(path: string, label?: string, asked: TableAsked = {}): CsvTable {
  const bytes = openBytes(path);
  try {
    return csvTable(path, bytes, { ...asked, label });
  } finally {
    bytes.close();
  }
}
