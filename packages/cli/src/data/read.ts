// Bytes of a file, decompressed where it is compressed, with a sentence where that fails. What has no end, or becomes
// too large, is refused before it fills the memory.

import { closeSync, fstatSync, openSync, readFileSync, readSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { named, reasonOf } from "../files/reasons.js";
import { DataError } from "./data-error.js";

/** What is not read piece by piece may have so many bytes: compressed files, decompressed, and pipes. */
export const MOST_IN_MEMORY = 2 ** 30;

/** Reads a file; gzip is told by its first two bytes, not by the name. */
export function readBytes(path: string): Uint8Array {
  let bytes: Uint8Array;
  try {
    bytes = readWhole(path);
  } catch (error) {
    if (error instanceof DataError) throw error;
    const advice = path === "-" ? "; for standard input pass /dev/stdin" : "";
    throw new DataError(`cannot read ${named(path)}: ${reasonOf(error)}${advice}`, { cause: error });
  }
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return plain(bytes);
  try {
    const unpacked = gunzipSync(bytes, { maxOutputLength: MOST_IN_MEMORY });
    if (unpacked[0] !== 0x1f || unpacked[1] !== 0x8b) return plain(unpacked);
  } catch (error) {
    const limits = {
      ERR_BUFFER_TOO_LARGE: `it becomes more than ${MOST_IN_MEMORY} bytes; decompress it to a file first`,
    };
    const reason = reasonOf(error, { ...limits, Z_BUF_ERROR: "unexpected end of file" });
    throw new DataError(`cannot decompress ${path}: ${reason}`, { cause: error });
  }
  throw new DataError(`${path}: is compressed twice; decompress it once first`);
}

/**
 * A regular file as a whole; what else there is (a pipe, a device) to its end, or to the limit.
 *
 * @throws {NodeJS.ErrnoException} As the system says. @throws {DataError} If there is no end.
 */
export function readWhole(path: string): Uint8Array {
  const file = openSync(path, "r");
  try {
    const stat = fstatSync(file);
    if (stat.isDirectory()) throw Object.assign(new Error("a folder"), { code: "EISDIR" });
    // Files of /proc and their like say that they have no bytes, and have some.
    if (stat.isFile() && stat.size > 0) return readFileSync(file);
    const chunks: Buffer[] = [];
    for (let size = 0; ; ) {
      const chunk = Buffer.allocUnsafe(2 ** 16);
      const n = readSome(file, chunk);
      if (n === 0) return Buffer.concat(chunks, size);
      chunks.push(chunk.subarray(0, n));
      size += n;
      if (size > MOST_IN_MEMORY)
        throw new DataError(
          `${path}: has no end within ${MOST_IN_MEMORY} bytes; save it as a file, which is read piece by piece`,
        );
    }
  } finally {
    closeSync(file);
  }
}

/** Waits for a pipe that has nothing yet. */
function readSome(file: number, chunk: Buffer): number {
  for (;;) {
    try {
      return readSync(file, chunk);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EAGAIN") throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10);
    }
  }
}

/** Without the rest of Node's Buffer, whose slices are Buffers again. */
const plain = ({ buffer, byteOffset, byteLength }: Uint8Array): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength);
