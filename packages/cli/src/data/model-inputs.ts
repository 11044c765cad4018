// The rows that are to be predicted, from CSV, .npy or IDX, and what is known of their right answers: piece by piece,
// or all at once.

import { existsSync } from "node:fs";
import { type ColumnCode, UsageError } from "@hadamask/experiments/settings";
import { openArray } from "./array-rows.js";
import { inMemory, openBytes } from "./bytes.js";
import { isNumber } from "./cells.js";
import type { ColumnsAsked } from "./columns.js";
import { csvRows, delimiterIn } from "./csv-rows.js";
import { readIdx } from "./idx.js";
import { isNpy, readNpy } from "./npy.js";
import { DataError, expectKnown, readBytes } from "./read.js";
import type { RowData, RowSource } from "./row-source.js";
import { openTableRows } from "./table-rows.js";

/**
 * Opens a file of rows.
 *
 * @param labels Name or number (from 1) of the column with the right answers, or a file of them; undefined where
 *   there are none.
 * @param asked What else the columns of a table are.
 * @param codes What a model makes of the columns of a table, if it says so.
 * @throws {DataError | UsageError} If a file cannot be read, or the labels do not fit.
 */
export function openRows(
  path: string,
  labels: string | undefined,
  asked: ColumnsAsked = {},
  codes?: readonly ColumnCode[],
): RowSource {
  const bytes = openBytes(path);
  try {
    const head = bytes.read(0, 8);
    const isTable = !isNpy(head) && !isIdx(head);
    if (isTable) expectKnown(path, head);
    const isLabelFile = labels !== undefined && existsSync(labels);
    if (labels !== undefined && !isTable && !isLabelFile) {
      throw new UsageError(
        `uncertainty: --labels must be a file for data in .npy or IDX, got ${JSON.stringify(labels)}`,
      );
    }
    const stray = (Object.keys(asked) as (keyof ColumnsAsked)[]).find((name) => asked[name] !== undefined);
    if (!isTable && stray !== undefined) throw new UsageError(`uncertainty: --${stray} goes with data in CSV`);
    const label = isLabelFile ? undefined : labels;
    const source = isTable ? openTableRows(path, bytes, { ...asked, label }, codes) : openArray(path, bytes);
    return isLabelFile ? withLabels(source, readLabels(labels, source.dims[0]!, asked.encoding, source.path)) : source;
  } catch (error) {
    bytes.close();
    throw error;
  }
}

const isIdx = (bytes: Uint8Array): boolean => bytes.length > 4 && bytes[0] === 0 && bytes[1] === 0 && bytes[2] === 8;

/** All rows of a file. @throws {DataError | UsageError} As `openRows` and its batches. */
export function readRows(path: string, labels: string | undefined, asked: ColumnsAsked = {}): RowData {
  const source = openRows(path, labels, asked);
  try {
    return allRows(source);
  } finally {
    source.close();
  }
}

/** All rows of a source. @throws {DataError} As its batches. */
export function allRows(source: RowSource): RowData {
  const [all] = source.batches(source.dims[0]!);
  return all!;
}

function withLabels(source: RowSource, labels: readonly string[]): RowSource {
  const perRow = labels.length / source.dims[0]!;
  return {
    ...source,
    hasLabels: true,
    *batches(size) {
      let row = 0;
      for (const batch of source.batches(size)) {
        const end = row + batch.dims[0]!;
        yield { ...batch, labels: labels.slice(row * perRow, end * perRow) };
        row = end;
      }
    },
  };
}

/**
 * The right answers of all rows, one behind the other: the columns of a table (a heading is told by the number of
 * rows), or an array whose first axis counts rows.
 */
function readLabels(path: string, rows: number, encoding: string | undefined, data: string): string[] {
  const bytes = readBytes(path);
  const tooMany = (count: number): DataError =>
    new DataError(`${path}: must have ${rows} labels, one for each row of ${data}, got ${count}`);
  if (isNpy(bytes) || isIdx(bytes)) {
    const { shape, values } = isNpy(bytes) ? readNpy(path, bytes) : readIdx(path, bytes);
    if (shape.length === 0) throw new DataError(`${path}: must have labels, got shape ()`);
    if (shape[0] !== rows) throw tooMany(shape[0]!);
    return Array.from(values, String);
  }
  expectKnown(path, bytes);
  const source = inMemory(bytes);
  const lines: string[][] = [];
  for (const { line, cells } of csvRows(path, source, delimiterIn(path, source, encoding), encoding)) {
    const columns = lines[0]?.length ?? cells.length;
    if (cells.length !== columns)
      throw new DataError(`${path}: line ${line}: must have ${columns} columns like line 1, got ${cells.length}`);
    lines.push(cells.map((cell) => cell.trim()));
  }
  const empty = lines.findIndex((cells) => cells.includes(""));
  if (empty >= 0) throw new DataError(`${path}: row ${empty + 1}: the label is missing`);
  const isText = (cells: readonly string[]): boolean => cells.some((text) => !isNumber(text));
  const hasHeading = lines.length === rows + 1 && (isText(lines[0]!) || lines.slice(1).some(isText));
  const found = hasHeading ? lines.slice(1) : lines;
  if (found.length !== rows) throw tooMany(found.length);
  return found.flat();
}
