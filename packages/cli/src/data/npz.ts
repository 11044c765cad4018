// NumPy's .npz: a zip archive of .npy files. fflate unpacks them.

import { unzipSync } from "fflate";
import { DataError } from "./data-error.js";
import { isNpy, type NpyArray, readNpy } from "./npy.js";
import { MOST_IN_MEMORY } from "./read.js";

/** Whether a file begins as zip archives do. */
export const isZip = (head: Uint8Array): boolean => [0x50, 0x4b, 0x03, 0x04].every((byte, i) => head[i] === byte);

/**
 * Files of an archive by the names of their arrays.
 *
 * @param want Which to unpack.
 * @throws {DataError} If the archive is broken, or what is asked for does not fit into memory.
 */
export function npzFiles(path: string, bytes: Uint8Array, want: (name: string) => boolean): Map<string, Uint8Array> {
  const files = new Map<string, Uint8Array>();
  let size = 0;
  try {
    const unpacked = unzipSync(bytes, {
      filter({ name, originalSize }) {
        if (!name.endsWith(".npy") || !want(nameOf(name))) return false;
        size += originalSize;
        if (size > MOST_IN_MEMORY)
          throw new DataError(`${path}: its arrays become more than ${MOST_IN_MEMORY} bytes; save them as .npy files`);
        return true;
      },
    });
    for (const [name, content] of Object.entries(unpacked)) files.set(nameOf(name), content);
  } catch (error) {
    if (error instanceof DataError) throw error;
    throw new DataError(`${path}: is a broken zip archive: ${(error as Error).message}; save the table as .csv`, {
      cause: error,
    });
  }
  return files;
}

const nameOf = (file: string): string => file.replace(/\.npy$/, "");

/** Names of the arrays. @throws {DataError} If the archive is broken, or has none (.xlsx is an archive too). */
export function npzNames(path: string, bytes: Uint8Array): string[] {
  const names: string[] = [];
  npzFiles(path, bytes, (name) => {
    names.push(name);
    return false;
  });
  if (names.length > 0) return names;
  throw new DataError(
    `${path}: must be .csv, .npy, .npz or IDX, got a zip archive without arrays (.xlsx?); save the table as .csv`,
  );
}

/** The bytes of one array, as an .npy file. @throws {DataError} If it is not there. */
export function npzFile(path: string, bytes: Uint8Array, name: string): Uint8Array {
  const file = npzFiles(path, bytes, (candidate) => candidate === name).get(name);
  if (file !== undefined && isNpy(file)) return file;
  throw new DataError(`${path}: must have an array ${name}, got ${npzNames(path, bytes).join(", ")}`);
}

/** One array. @throws {DataError} If it is not there, or holds no numbers. */
export const readNpz = (path: string, bytes: Uint8Array, name: string): NpyArray =>
  readNpy(`${path} (${name})`, npzFile(path, bytes, name));

/** All arrays by their names. @throws {DataError} As {@link npzNames}, or if one holds no numbers. */
export function readAllNpz(path: string, bytes: Uint8Array): Map<string, NpyArray> {
  npzNames(path, bytes);
  const files = [...npzFiles(path, bytes, () => true)];
  return new Map(files.map(([name, content]) => [name, readNpy(`${path} (${name})`, content)]));
}
