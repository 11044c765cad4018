// Bytes of a file, decompressed where it is compressed, with a sentence where that fails.

import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";

/** A file of data that cannot be used; the message names the file, and the line or byte. */
export class DataError extends Error {
  override readonly name = "DataError";
}

/** Reads a file; gzip is told by its first two bytes, not by the name. */
export function readBytes(path: string): Uint8Array {
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    throw new DataError(`cannot read ${path}: ${reasonOf(error)}`, { cause: error });
  }
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return plain(bytes);
  try {
    return plain(gunzipSync(bytes));
  } catch (error) {
    throw new DataError(`cannot decompress ${path}: ${reasonOf(error)}`, { cause: error });
  }
}

/** Without the rest of Node's Buffer, whose slices are Buffers again. */
const plain = ({ buffer, byteOffset, byteLength }: Uint8Array): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength);

function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === "ENOENT") return "there is no such file";
  if (code === "EISDIR") return "it is a folder";
  if (code === "EACCES") return "permission denied";
  return message;
}
