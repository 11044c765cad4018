// NumPy's .npz: a zip archive of .npy files, one a name.

import { unzipSync } from "fflate";
import { type NpyArray, readNpy } from "./npy.js";
import { DataError, MOST_IN_MEMORY } from "./read.js";

/** Whether a file begins as zip archives do. */
export const isZip = (head: Uint8Array): boolean =>
  head[0] === 0x50 && head[1] === 0x4b && head[2] === 0x03 && head[3] === 0x04;

/**
 * The arrays of an archive by their names.
 *
 * @throws {DataError} If it is no archive of arrays, an array cannot be read, or it becomes too large.
 */
export function readNpz(path: string, bytes: Uint8Array): Map<string, NpyArray> {
  let size = 0;
  let files: Record<string, Uint8Array>;
  try {
    files = unzipSync(bytes, {
      filter({ name, originalSize }) {
        if (!name.endsWith(".npy")) return false;
        size += originalSize;
        if (size > MOST_IN_MEMORY) throw new DataError(`${path}: becomes more than ${MOST_IN_MEMORY} bytes`);
        return true;
      },
    });
  } catch (error) {
    if (error instanceof DataError) throw error;
    throw new DataError(
      `${path}: is a zip archive (.npz, .xlsx) that cannot be read: ${(error as Error).message}; save the table as .csv`,
      { cause: error },
    );
  }
  const names = Object.keys(files);
  if (names.length === 0)
    throw new DataError(
      `${path}: must be .csv, .npy or .npz, got a zip archive without .npy files (.xlsx is one); save the table as .csv`,
    );
  return new Map(names.map((name) => [name.slice(0, -".npy".length), readNpy(`${path}: ${name}`, files[name]!)]));
}
