// Files that are often taken for data that can be read, told by how they begin. Knows no file system.

import { DataError } from "./data-error.js";

/** As many bytes as are needed to tell. */
export const HEAD_OF_FORMAT = 32;

const COMPRESSED = "a file that is compressed, other than by gzip; unpack it first";
const PAGE = "a web page or XML, as a download that failed may be";

/** How files begin that are often taken for data that can be read: a character a byte, in lower case. */
const OTHERS: readonly (readonly [begin: string, what: string])[] = [
  ["pk\x03\x04", "a zip archive (.npz, .xlsx); save one array as .npy, or the table as .csv"],
  ["pk\x05\x06", "an empty zip archive"],
  ["par1", "a Parquet file; save it as .csv or .npy"],
  ["\x89hdf", "an HDF5 file; save it as .csv or .npy"],
  ["arrow1", "an Arrow or Feather file; save it as .csv or .npy"],
  ["fea1", "an Arrow or Feather file; save it as .csv or .npy"],
  ["sqlite format 3", "an SQLite database; save the table as .csv"],
  ["\x80\x02", "a pickle of Python; save it as .csv or .npy"],
  ["\x80\x03", "a pickle of Python; save it as .csv or .npy"],
  ["\x80\x04", "a pickle of Python; save it as .csv or .npy"],
  ["\x80\x05", "a pickle of Python; save it as .csv or .npy"],
  ["matlab 5.0", "a MATLAB file; save it as .csv or .npy"],
  ["\x89png", "a picture"],
  ["\xff\xd8\xff", "a picture"],
  ["gif8", "a picture"],
  ["%pdf", "a PDF document"],
  ["\xd0\xcf\x11\xe0", "an old office document; save the table as .csv"],
  ["bzh9", COMPRESSED],
  ["\xfd7zxz", COMPRESSED],
  ["\x28\xb5\x2f\xfd", COMPRESSED],
  ["7z\xbc\xaf", COMPRESSED],
  ["rar!", COMPRESSED],
  ["version https://git-lfs", "the pointer of a file that Git LFS keeps elsewhere; run git lfs pull"],
  ["<!doctype", PAGE],
  ["<html", PAGE],
  ["<?xml", PAGE],
];

/** @throws {DataError} If a file that should be a table begins as something else does. */
export function expectKnown(path: string, head: Uint8Array): void {
  const text = lowered(String.fromCharCode(...head.subarray(0, HEAD_OF_FORMAT)));
  const found = OTHERS.find(([begin]) => text.startsWith(begin));
  if (found !== undefined) throw new DataError(`${path}: must be .csv, .npy or IDX, got ${found[1]}`);
}

/** ASCII only: other letters are bytes of something. */
const lowered = (text: string): string => text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
