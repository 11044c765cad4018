// NumPy's .npz: a zip archive of .npy files.

import { listed } from "@hadamask/experiments/settings";
import { DataError } from "./data-error.js";
import { isNpy, type NpyArray, readNpy } from "./npy.js";
import { MOST_IN_MEMORY } from "./read.js";
import { type ZipEntry, zipEntries } from "./zip.js";

/** Names that a message lists. */
const MOST_NAMES = 10;

export const listedNames = (names: readonly string[]): string =>
  names.length <= MOST_NAMES
    ? names.join(", ")
    : `${names.slice(0, MOST_NAMES).join(", ")} and ${names.length - MOST_NAMES} more`;

/** Names under which archives keep features and answers, training and test rows. */
export const NAMES = {
  x: ["x", "X", "data", "features", "inputs", "images"],
  y: ["y", "Y", "target", "targets", "label", "labels"],
  trainX: ["x_train", "X_train", "train_x", "train_images"],
  trainY: ["y_train", "Y_train", "train_y", "train_labels"],
  testX: ["x_test", "X_test", "test_x", "test_images"],
  testY: ["y_test", "Y_test", "test_y", "test_labels"],
} as const;

/**
 * The name under which an archive keeps something; undefined if it has none of them.
 *
 * @throws {DataError} If it has several: nobody can know which is meant.
 */
export function nameAmong(path: string, names: readonly string[], part: keyof typeof NAMES): string | undefined {
  const found = NAMES[part].filter((name) => names.includes(name));
  if (found.length < 2) return found[0];
  const [what, advice] = /x$/i.test(part) ? ["rows", ""] : ["answers", " or name it with --label"];
  throw new DataError(
    `${path}: must have one array of ${what}, got ${listed(found)}; save the archive with one of them${advice}`,
  );
}

/** Arrays of an archive by their names, packed. @throws {DataError} If the archive is broken, or has none. */
function arraysOf(path: string, bytes: Uint8Array): Map<string, ZipEntry> {
  const entries = zipEntries(path, bytes).filter(({ name }) => name.endsWith(".npy"));
  const arrays = new Map<string, ZipEntry>();
  for (const entry of entries) {
    const name = entry.name.replace(/\.npy$/, "");
    if (arrays.has(name)) throw new DataError(`${path}: must have each array once, got ${name} twice`);
    arrays.set(name, entry);
  }
  if (arrays.size > 0) return arrays;
  throw new DataError(
    `${path}: must be .csv, .npy, .npz or IDX, got a zip archive without arrays (.xlsx?); save the table as .csv`,
  );
}

/** Names of the arrays. @throws {DataError} If the archive is broken, or has none (.xlsx is an archive too). */
export const npzNames = (path: string, bytes: Uint8Array): string[] => [...arraysOf(path, bytes).keys()];

/** The bytes of one array, as an .npy file. @throws {DataError} If it is not there, or is none. */
export function npzFile(path: string, bytes: Uint8Array, name: string): Uint8Array {
  const arrays = arraysOf(path, bytes);
  const entry = arrays.get(name);
  if (entry === undefined)
    throw new DataError(`${path}: must have an array ${name}, got ${listedNames([...arrays.keys()])}`);
  return unpacked(path, [entry])[0]!;
}

/** @throws {DataError} If together they do not fit into memory, or one is damaged or no array. */
function unpacked(path: string, entries: readonly ZipEntry[]): Uint8Array[] {
  const size = entries.reduce((sum, entry) => sum + entry.size, 0);
  if (size > MOST_IN_MEMORY)
    throw new DataError(`${path}: its arrays become more than ${MOST_IN_MEMORY} bytes; save them as .npy files`);
  return entries.map((entry) => {
    const file = entry.unpack();
    if (isNpy(file)) return file;
    throw new DataError(`${path}: ${JSON.stringify(entry.name)} is no .npy file; save the arrays with numpy.savez`);
  });
}

/** One array. @throws {DataError} If it is not there, or holds no numbers. */
export const readNpz = (path: string, bytes: Uint8Array, name: string): NpyArray =>
  readNpy(`${path} (${name})`, npzFile(path, bytes, name));

/** All arrays by their names. @throws {DataError} As {@link npzNames}, or if one holds no numbers. */
export function readAllNpz(path: string, bytes: Uint8Array): Map<string, NpyArray> {
  const arrays = arraysOf(path, bytes);
  const files = unpacked(path, [...arrays.values()]);
  return new Map([...arrays.keys()].map((name, i) => [name, readNpy(`${path} (${name})`, files[i]!)]));
}
