// The rows that are to be predicted, from CSV, .npy or IDX, and what is known of their right answers: piece by piece,
// or all at once.

import { existsSync } from "node:fs";
import { UsageError } from "@hadamask/experiments/settings";
import { openArray } from "./array-rows.js";
import { openBytes } from "./bytes.js";
import { isNumber, readLines } from "./csv-cells.js";
import { readIdx } from "./idx.js";
import { isNpy, readNpy } from "./npy.js";
import { DataError, readBytes } from "./read.js";
import { openTable } from "./table-rows.js";

/** Rows of numbers. */
export interface RowData {
  readonly path: string;
  /** The first entry counts rows. */
  readonly dims: readonly number[];
  readonly values: Float32Array | Float64Array | Uint8Array;
  /** Right answers as they are written, where the file has a column of them. */
  readonly labels: readonly string[] | undefined;
}

/** A file of rows that are read as they are asked for. */
export interface RowSource {
  readonly path: string;
  /** The first entry counts rows. */
  readonly dims: readonly number[];
  /** Of the file, decompressed. */
  readonly bytes: number;
  readonly hasLabels: boolean;
  /**
   * All rows, `size` at a time. @throws {DataError} At the first value that is no finite number, with row and column.
   */
  batches(size: number): Generator<RowData>;
  close(): void;
}

/**
 * Opens a file of rows.
 *
 * @param labels Name or number (from 1) of the column with the right answers, or a file of them; undefined where
 *   there are none.
 * @throws {DataError | UsageError} If a file cannot be read, or the labels do not fit.
 */
export function openRows(path: string, labels: string | undefined): RowSource {
  const bytes = openBytes(path);
  try {
    const head = bytes.read(0, 8);
    const isTable = !isNpy(head) && !isIdx(head);
    const isLabelFile = labels !== undefined && existsSync(labels);
    if (labels !== undefined && !isTable && !isLabelFile) {
      throw new UsageError(
        `uncertainty: --labels must be a file for data in .npy or IDX, got ${JSON.stringify(labels)}`,
      );
    }
    const source = isTable ? openTable(path, bytes, isLabelFile ? undefined : labels) : openArray(path, bytes);
    return isLabelFile ? withLabels(source, labels, readLabels(labels)) : source;
  } catch (error) {
    bytes.close();
    throw error;
  }
}

const isIdx = (bytes: Uint8Array): boolean => bytes.length > 4 && bytes[0] === 0 && bytes[1] === 0 && bytes[2] === 8;

/** All rows of a file. @throws {DataError | UsageError} As `openRows` and its batches. */
export function readRows(path: string, labels: string | undefined): RowData {
  const source = openRows(path, labels);
  try {
    const batches = [...source.batches(source.dims[0]!)];
    return batches[0]!;
  } finally {
    source.close();
  }
}

function withLabels(source: RowSource, path: string, labels: readonly string[]): RowSource {
  const rows = source.dims[0]!;
  if (labels.length !== rows) {
    throw new DataError(`${path}: must have ${rows} labels, one for each row of ${source.path}, got ${labels.length}`);
  }
  return {
    ...source,
    hasLabels: true,
    *batches(size) {
      let row = 0;
      for (const batch of source.batches(size)) {
        const end = row + batch.dims[0]!;
        yield { ...batch, labels: labels.slice(row, end) };
        row = end;
      }
    },
  };
}

/** One label a row: the only column of a table, or a one-dimensional array. */
function readLabels(path: string): string[] {
  const bytes = readBytes(path);
  if (isNpy(bytes) || isIdx(bytes)) {
    const { shape, values } = isNpy(bytes) ? readNpy(path, bytes) : readIdx(path);
    if (shape.length !== 1) throw new DataError(`${path}: must be a list of labels, got shape (${shape.join(", ")})`);
    return Array.from(values, String);
  }
  const lines = readLines(path).map((line) => line.trim());
  const hasHeading = lines.length > 1 && !isNumber(lines[0]!) && lines.slice(1).every(isNumber);
  return hasHeading ? lines.slice(1) : lines;
}
