// Files that are often taken for data that can be read, told by how they begin. Knows no file system.

import { DataError } from "./data-error.js";

/** How files begin that are often taken for data that can be read. */
const OTHERS: readonly (readonly [begin: readonly number[], what: string])[] = [
  [[0x50, 0x4b, 0x03, 0x04], "a zip archive (.npz, .xlsx); save one array as .npy, or the table as .csv"],
  [[0x50, 0x41, 0x52, 0x31], "a Parquet file; save it as .csv or .npy"],
  [[0x89, 0x48, 0x44, 0x46], "an HDF5 file; save it as .csv or .npy"],
  [[0x89, 0x50, 0x4e, 0x47], "a picture"],
  [[0x25, 0x50, 0x44, 0x46], "a PDF document"],
  [[0xd0, 0xcf, 0x11, 0xe0], "an old office document; save the table as .csv"],
];

/** @throws {DataError} If a file that should be a table begins as something else does. */
export function expectKnown(path: string, head: Uint8Array): void {
  const found = OTHERS.find(([begin]) => begin.every((byte, i) => head[i] === byte));
  if (found !== undefined) throw new DataError(`${path}: must be .csv, .npy or IDX, got ${found[1]}`);
}
