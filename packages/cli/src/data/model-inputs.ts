// The rows that are to be predicted, from CSV, .npy, .npz, IDX or a folder of pictures, and what is known of their
// right answers: piece by piece, or all at once.

import { existsSync, statSync } from "node:fs";
import { type ColumnCode, UsageError } from "@hadamask/experiments/settings";
import { openArray } from "./array-rows.js";
import { type ByteSource, inMemory } from "./byte-source.js";
import { openBytes } from "./bytes.js";
import { isNumber } from "./cells.js";
import type { ColumnsAsked } from "./columns.js";
import { csvRows, delimiterIn } from "./csv-rows.js";
import { DataError } from "./data-error.js";
import { readIdx } from "./idx.js";
import { isNpy, type NpyArray, readNpy } from "./npy.js";
import { listedNames, nameAmong, npzFile, npzNames, readNpz } from "./npz.js";
import { expectKnown, HEAD_OF_FORMAT } from "./other-formats.js";
import type { JpegCodec } from "./pictures/decode.js";
import { FOLDERS, openPictures } from "./pictures/folder.js";
import type { PictureMaker } from "./pictures/settings.js";
import { readBytes } from "./read.js";
import type { RowData, RowSource } from "./row-source.js";
import { openTableRows } from "./table-rows.js";
import { isZip } from "./zip.js";

/** What has to be known of the rows besides the file. */
export interface RowsAsked {
  /** Name or number (from 1) of the column with the right answers, several separated by commas, or a file of them. */
  readonly labels?: string | undefined;
  /** What else the columns of a table are. */
  readonly table?: ColumnsAsked | undefined;
  /** What a model makes of the columns of a table, if it says so. */
  readonly codes?: readonly ColumnCode[] | undefined;
  /** Which array of an .npz. */
  readonly array?: string | undefined;
  /** How pictures become rows. */
  readonly pictures?: { readonly maker: PictureMaker; readonly jpeg: JpegCodec } | undefined;
}

/** Whether a path is a folder. */
export const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;

/**
 * Opens a file or folder of rows.
 *
 * @throws {DataError | UsageError} If a file cannot be read, or the labels do not fit.
 */
export function openRows(path: string, asked: RowsAsked = {}): RowSource {
  const { labels, table = {}, pictures } = asked;
  if (isFolder(path) && pictures !== undefined) return openFolder(path, labels, table, pictures);
  const bytes = openBytes(path);
  try {
    const head = bytes.read(0, HEAD_OF_FORMAT);
    if (isZip(head)) return openNpz(path, bytes, asked);
    const isTable = !isNpy(head) && !isIdx(head);
    if (isTable) expectKnown(path, head);
    const isLabelFile = labels !== undefined && existsSync(labels);
    if (labels !== undefined && !isTable && !isLabelFile) {
      throw new UsageError(
        `uncertainty: --labels must be a file for data in .npy or IDX, got ${JSON.stringify(labels)}`,
      );
    }
    if (!isTable) expectNoColumns(table);
    const label = isLabelFile ? undefined : labels;
    const source = isTable ? openTableRows(path, bytes, { ...table, label }, asked.codes) : openArray(path, bytes);
    return isLabelFile ? withLabelFile(source, labels, table) : source;
  } catch (error) {
    bytes.close();
    throw error;
  }
}

function expectNoColumns(table: ColumnsAsked): void {
  const stray = (Object.keys(table) as (keyof ColumnsAsked)[]).find((name) => table[name] !== undefined);
  if (stray !== undefined) throw new UsageError(`uncertainty: --${stray} goes with data in CSV`);
}

function openFolder(
  path: string,
  labels: string | undefined,
  table: ColumnsAsked,
  { maker, jpeg }: NonNullable<RowsAsked["pictures"]>,
): RowSource {
  expectNoColumns(table);
  if (labels !== undefined && labels !== FOLDERS && !existsSync(labels))
    throw new UsageError(
      `uncertainty: --labels must be a file of names and labels for a folder of pictures, or ${FOLDERS}, got ` +
        `${JSON.stringify(labels)}`,
    );
  if (labels === undefined || labels === FOLDERS || !isArrayFile(labels))
    return openPictures(path, labels, maker, jpeg);
  return withLabelFile(openPictures(path, undefined, maker, jpeg), labels, table); // in the order of the names
}

/** An array of an archive; its right answers may be another one. */
function openNpz(path: string, bytes: ByteSource, { labels, table = {}, array }: RowsAsked): RowSource {
  const all = bytes.read(0, bytes.size);
  expectNoColumns(table);
  const names = npzNames(path, all);
  const name = rowsName(path, names, array, labels);
  const source = { ...openArray(path, inMemory(npzFile(path, all, name))), close: () => bytes.close() };
  if (labels === undefined) return source;
  if (names.includes(labels)) return withLabels(source, textsOf(path, readNpz(path, all, labels), source));
  if (existsSync(labels)) return withLabelFile(source, labels, table);
  throw new UsageError(
    `uncertainty: --labels must be an array of ${path} (${listedNames(names)}) or a file, ` +
      `got ${JSON.stringify(labels)}`,
  );
}

/** The array of that name, the only one, or the one that is called as rows are. */
function rowsName(
  path: string,
  names: readonly string[],
  asked: string | undefined,
  labels: string | undefined,
): string {
  if (asked !== undefined && names.includes(asked)) return asked;
  const others = names.filter((name) => name !== labels);
  return others.length === 1 ? others[0]! : (nameAmong(path, others, "x") ?? asked ?? "x");
}

const isIdx = (bytes: Uint8Array): boolean => bytes.length > 4 && bytes[0] === 0 && bytes[1] === 0 && bytes[2] === 8;

function isArrayFile(path: string): boolean {
  const bytes = openBytes(path);
  const head = bytes.read(0, 8);
  bytes.close();
  return isNpy(head) || isIdx(head);
}

/** Names of the arrays of an .npz; undefined for everything else. */
export function arraysIn(path: string): string[] | undefined {
  if (!(statSync(path, { throwIfNoEntry: false })?.isFile() ?? false)) return undefined;
  const bytes = openBytes(path);
  try {
    return isZip(bytes.read(0, 8)) ? npzNames(path, bytes.read(0, bytes.size)) : undefined;
  } finally {
    bytes.close();
  }
}

/** All rows of a source. @throws {DataError} As its batches. */
export function allRows(source: RowSource): RowData {
  const [all] = source.batches(source.dims[0]!);
  return all!;
}

const withLabelFile = (source: RowSource, labels: string, { encoding }: ColumnsAsked): RowSource =>
  withLabels(source, readLabels(labels, source, encoding));

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

const wrongCount = (path: string, { dims, path: data }: RowSource, count: number): DataError =>
  new DataError(`${path}: must have ${dims[0]} labels, one for each row of ${data}, got ${count}`);

/** The numbers of an array whose first axis counts rows. */
function textsOf(path: string, { shape, values }: Pick<NpyArray, "shape" | "values">, source: RowSource): string[] {
  if (shape.length === 0) throw new DataError(`${path}: must have labels, got shape ()`);
  if (shape[0] !== source.dims[0]) throw wrongCount(path, source, shape[0]!);
  return Array.from(values, String);
}

/**
 * The right answers of all rows, one behind the other: the columns of a table (a heading is told by the number of
 * rows), or an array whose first axis counts rows.
 */
function readLabels(path: string, source: RowSource, encoding: string | undefined): string[] {
  const rows = source.dims[0]!;
  const bytes = readBytes(path);
  if (isNpy(bytes)) return textsOf(path, readNpy(path, bytes), source);
  if (isIdx(bytes)) return textsOf(path, readIdx(path, bytes), source);
  expectKnown(path, bytes);
  const table = inMemory(bytes);
  const lines: string[][] = [];
  for (const { line, cells } of csvRows(path, table, delimiterIn(path, table, encoding), encoding)) {
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
  if (found.length !== rows) throw wrongCount(path, source, found.length);
  return found.flat();
}
