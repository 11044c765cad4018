// From `--data` to a data set: a name, a CSV file, or a folder of IDX files.

import { existsSync, statSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { type Dataset, UsageError } from "@hadamask/experiments/settings";
import { isArrayFile, readArrays } from "./array-data.js";
import { openBytes } from "./bytes.js";
import type { ColumnsAsked } from "./columns.js";
import { readCsv } from "./csv.js";
import { datasetOf, optdigitsOf, TRAIN_SHARE } from "./csv-dataset.js";
import type { TableAsked } from "./csv-table.js";
import { DataError } from "./data-error.js";
import { cacheFolder, type DownloadProgress, fetchFiles } from "./download.js";
import { type IdxFolder, isIdxFolder, readIdxFolder } from "./idx.js";
import { idxNotes } from "./idx-notes.js";
import { isNamedSet, KNOWN_IDX } from "./known.js";

export interface LoadOptions extends TableAsked {
  readonly label?: ColumnsAsked["label"];
  readonly onDownload?: DownloadProgress;
}

/**
 * Loads what `--data` names: "optdigits" (in the package), "mnist" or "fashion-mnist" (downloaded once), a CSV file,
 * or a folder.
 *
 * @throws {UsageError} If there is nothing of that name. @throws {DataError} If a file is broken.
 */
export async function loadDataset(what: string, options: LoadOptions = {}): Promise<Dataset> {
  const { onDownload, ...asked } = options;
  const stray = (Object.keys(asked) as (keyof typeof asked)[]).find((name) => asked[name] !== undefined);
  if (stray !== undefined && (isNamedSet(what) || existsSync(what)) && !isFile(what))
    throw new UsageError(`train: --${stray} goes with --data FILE.csv`);
  if (what === "optdigits") return optdigits();
  if (isKnown(what)) return knownIdx(what, onDownload ?? (() => {}));
  if (!existsSync(what)) {
    throw new UsageError(
      `train: --data must be optdigits, mnist, fashion-mnist, a file (.csv, .tsv, .npy, .npz) or a folder of IDX ` +
        `files, got ${JSON.stringify(what)}; there is no file or folder of that name`,
    );
  }
  if (!isFile(what)) return idxFolder(what);
  return isArrays(what) ? arrays(what, asked) : csv(what, asked);
}

/** By how it begins. A pipe can be read once only, and is taken for CSV. */
function isArrays(path: string): boolean {
  if (!statSync(path).isFile()) return false;
  const bytes = openBytes(path);
  try {
    return isArrayFile(bytes.read(0, 8));
  } finally {
    bytes.close();
  }
}

type KnownName = keyof typeof KNOWN_IDX;
const isKnown = (name: string): name is KnownName => Object.hasOwn(KNOWN_IDX, name);

/** Or a pipe. */
const isFile = (path: string): boolean => existsSync(path) && !statSync(path).isDirectory();

function optdigits(): Dataset {
  const path = fileURLToPath(new URL("../../data/optdigits.csv.gz", import.meta.url));
  return optdigitsOf(readCsv(path));
}

async function knownIdx(name: KnownName, progress: DownloadProgress): Promise<Dataset> {
  const folder = join(cacheFolder(), name);
  await fetchFiles(folder, KNOWN_IDX[name].files, progress);
  return idxFolder(folder);
}

/** Pixels of IDX files are bytes, 0 to 255. */
const BYTE_SCALE = 1 / 255;

function idxFolder(folder: string): Dataset {
  if (!isIdxFolder(folder)) {
    throw new DataError(`${folder}: has no IDX files (train-images-idx3-ubyte and so on) in it`);
  }
  const name = basename(resolve(folder));
  const content = readIdxFolder(folder);
  const { train, test, image } = content;
  const notes = idxNotes(content);
  return {
    name,
    ...describeFolder(name, content),
    ...(notes.length > 0 && { notes }),
    featureCount: image.height * image.width,
    image,
    scaling: BYTE_SCALE,
    pool: train,
    test,
    defaultTrainRows: train.rows,
  };
}

/** What is known of a data set, where the folder has its name and its number of rows; else what can be seen. */
function describeFolder(name: string, { train, test, image }: IdxFolder): Pick<Dataset, "description" | "classes"> {
  const rows = train.rows + test.rows;
  if (isKnown(name) && rows === KNOWN_IDX[name].rows) {
    const { description, classes } = KNOWN_IDX[name];
    return { description, classes };
  }
  const count = 1 + [...train.labels, ...test.labels].reduce(larger, 0);
  return {
    description: `${rows} pictures of ${image.height} × ${image.width} pixels from the folder ${name}.`,
    classes: Array.from({ length: count }, (_, i) => String(i)),
  };
}

const larger = (a: number, b: number): number => Math.max(a, b);

function csv(path: string, { label, ...asked }: Omit<LoadOptions, "onDownload">): Dataset {
  return datasetOf(basename(path), readCsv(path, label, asked));
}

function arrays(path: string, { label, ...asked }: Omit<LoadOptions, "onDownload">): Dataset {
  const { table, test, featureCount, classes, labelName, columns, image, areBytes, notes } = readArrays(
    path,
    label,
    asked,
  );
  const name = basename(path);
  const isRegression = classes.length === 0;
  const scaled = areBytes ? "pixels divided by 255" : "each column scaled to mean 0 and variance 1";
  return {
    name,
    description:
      `${table.rows} rows of ${featureCount} numbers from ${name}, ` +
      `${isRegression ? "values" : "classes"} in ${labelName}; ${scaled}.`,
    featureCount,
    classes,
    ...(isRegression && { target: { name: labelName } }),
    ...(columns && { columns }),
    ...(image && { image }),
    ...(notes.length > 0 && { notes }),
    scaling: areBytes ? BYTE_SCALE : "standardise",
    pool: table,
    ...(test && { test }),
    defaultTrainRows: test === undefined ? Math.floor(TRAIN_SHARE * table.rows) : table.rows,
  };
}
