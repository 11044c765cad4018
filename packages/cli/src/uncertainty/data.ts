// The rows that are to be predicted, from CSV, .npy or IDX, and what is known of their right answers.

import { existsSync } from "node:fs";
import { isNumber, quote, readLines, splitLine } from "../experiments/data/csv-cells.js";
import { readIdx } from "../experiments/data/idx.js";
import { isNpy, readNpy } from "../experiments/data/npy.js";
import { DataError, readBytes } from "../experiments/data/read.js";
import { UsageError } from "../usage.js";

/** Rows of numbers. */
export interface RowData {
  readonly path: string;
  /** The first entry counts rows. */
  readonly dims: readonly number[];
  readonly values: Float32Array | Float64Array | Uint8Array;
  /** Right answers as they are written, where the file has a column of them. */
  readonly labels: readonly string[] | undefined;
}

/**
 * Reads rows.
 *
 * @param labels Name or number (from 1) of the column with the right answers, or a file of them; undefined where there are none.
 * @throws {DataError | UsageError} If a file cannot be read, a value is no finite number (with row and column), or the labels do not fit.
 */
export function readRows(path: string, labels: string | undefined): RowData {
  const bytes = readBytes(path);
  const isTable = !isNpy(bytes) && !isIdx(bytes);
  const isLabelFile = labels !== undefined && existsSync(labels);
  const column = isTable && !isLabelFile ? labels : undefined;
  if (labels !== undefined && !isTable && !isLabelFile) {
    throw new UsageError(`uncertainty: --labels must be a file for data in .npy or IDX, got ${JSON.stringify(labels)}`);
  }
  const data = isTable ? readTable(path, column) : readArray(path, bytes);
  if (!isLabelFile) return data;
  const own = readLabels(labels);
  if (own.length !== data.dims[0]) {
    throw new DataError(`${labels}: must have ${data.dims[0]} labels, one for each row of ${path}, got ${own.length}`);
  }
  return { ...data, labels: own };
}

const isIdx = (bytes: Uint8Array): boolean => bytes.length > 4 && bytes[0] === 0 && bytes[1] === 0 && bytes[2] === 8;

function readArray(path: string, bytes: Uint8Array): RowData {
  const { shape, values } = isNpy(bytes) ? readNpy(path, bytes) : readIdx(path);
  if (shape.length < 2) throw new DataError(`${path}: must have rows of values, got shape (${shape.join(", ")})`);
  const size = values.length / shape[0]!;
  const odd = values instanceof Uint8Array ? -1 : values.findIndex((value) => !Number.isFinite(value));
  if (odd >= 0) {
    const place = `row ${Math.floor(odd / size) + 1}, value ${(odd % size) + 1}`;
    throw new DataError(`${path}: ${place}: must be a finite number, got ${values[odd]}`);
  }
  return { path, dims: shape, values, labels: undefined };
}

function readTable(path: string, label: string | undefined): RowData {
  const lines = readLines(path);
  const first = splitLine(path, 1, lines[0]!);
  const labelColumn = label === undefined ? -1 : findColumn(path, first, label);
  // A name that was found can only stand in a heading; a label may be any text, so it does not tell.
  const isNamed = labelColumn >= 0 && !isNumber(label!) && first[labelColumn]!.trim() === label;
  const start = isNamed || first.some((cell, column) => column !== labelColumn && !isNumber(cell)) ? 1 : 0;
  const rows = lines.length - start;
  if (rows === 0) throw new DataError(`${path}: there is a heading and no row after it`);
  const columns = first.length - (labelColumn < 0 ? 0 : 1);
  const values = new Float32Array(rows * columns);
  const labels: string[] = [];
  for (let row = 0, at = 0; row < rows; row++) {
    const line = start + row + 1;
    const cells = splitLine(path, line, lines[line - 1]!);
    if (cells.length !== first.length) {
      throw new DataError(`${path}: line ${line}: must have ${first.length} columns like line 1, got ${cells.length}`);
    }
    for (let column = 0; column < cells.length; column++) {
      if (column === labelColumn) labels.push(cells[column]!.trim());
      else if (isNumber(cells[column]!)) values[at++] = Number(cells[column]);
      else
        throw new DataError(
          `${path}: line ${line}: column ${column + 1} must be a number, got ${quote(cells[column]!)}`,
        );
    }
  }
  return { path, dims: [rows, columns], values, labels: labelColumn < 0 ? undefined : labels };
}

function findColumn(path: string, first: readonly string[], label: string): number {
  const byName = first.findIndex((cell) => cell.trim() === label);
  // A number is a column's number, unless it stands in a line of names.
  if (byName >= 0 && (!isNumber(label) || !first.some(isNumber))) return byName;
  const number = Number(label);
  if (Number.isInteger(number) && number >= 1 && number <= first.length) return number - 1;
  throw new UsageError(
    `uncertainty: --labels must be a file, a column of ${path} or its number from 1 to ${first.length}, got ${JSON.stringify(label)}`,
  );
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
