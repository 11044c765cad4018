// A CSV file as rows of numbers with labels and names: the one reader of tables.

import { type ColumnCode, featuresOf } from "@hadamask/experiments/settings";
import type { ByteSource } from "./byte-source.js";
import { type Columns, type ColumnsAsked, columnName, columnsOf } from "./columns.js";
import { type CsvRow, csvRows, type Delimiter, delimiterIn } from "./csv-rows.js";
import { DataError } from "./data-error.js";
import { RowReader, type TableRows } from "./row-reader.js";

export interface TableSource {
  readonly rows: number;
  readonly columns: Columns;
  readonly delimiter: Delimiter;
  /** The texts of all rows, without the heading. */
  texts(): Generator<CsvRow>;
  /**
   * All rows, `most` at a time.
   *
   * @param codes What each feature column becomes; all are numbers where nothing is said.
   * @throws {DataError} Naming line and column, if a cell is not what its column is made of.
   */
  batches(most: number, codes?: readonly ColumnCode[]): Generator<TableRows>;
}

export interface TableRequest {
  readonly asked: ColumnsAsked;
  /** Whether the last column is the label where none was asked for. */
  readonly isLabelLast: boolean;
  /** Whether rows may come without a label, to be left out. */
  readonly mayLackLabels?: boolean;
  /** The error for a column that is not there, of so many. */
  readonly missing: (option: string, name: string, columns: number) => Error;
}

/** @throws {DataError} If there is no row, or {@link columnsOf} cannot make sense of the first ones. */
export function openTable(path: string, bytes: ByteSource, request: TableRequest): TableSource {
  const { asked, isLabelLast, mayLackLabels, missing } = request;
  const { encoding } = asked;
  const delimiter = delimiterIn(path, bytes, encoding);
  const all = (): Generator<CsvRow> => csvRows(path, bytes, delimiter, encoding);
  const begin = firstRows(all());
  const first = begin[0];
  if (first === undefined) throw new DataError(`${path}: is empty`);
  const count = first.cells.length;
  if (count === 1 && first.cells[0]!.trim() === "") throw new DataError(`${path}: line 1: is empty; take it out`);
  if (isLabelLast && count < 2)
    throw new DataError(
      `${path}: line 1: must have two columns or more, separated by commas, semicolons or tabs, got 1`,
    );
  const cells = begin.map((row) => row.cells);
  const found = columnsOf(path, cells, asked, isLabelLast, (option, name) => missing(option, name, count));
  const columns: Columns = mayLackLabels ? { ...found, mayLackLabels } : found;
  const rows = countRows(path, bytes, delimiter, encoding) - (columns.hasHeading ? 1 : 0);
  if (rows < 1) throw new DataError(`${path}: there is a heading and no row after it`);
  const texts = function* (): Generator<CsvRow> {
    for (const row of all()) {
      if (columns.hasHeading && row.line === 1) continue;
      if (row.cells.length !== count) throw new DataError(`${path}: line ${row.line}: ${unlikeFirst(row, count)}`);
      yield row;
    }
  };
  return {
    rows,
    columns,
    delimiter,
    texts,
    *batches(most, codes = numbers(columns)) {
      const reader = new RowReader(path, columns, delimiter, codes);
      const width = featuresOf(codes);
      let batch = emptyRows(Math.min(most, rows), width, columns);
      let [filled, left] = [0, rows];
      for (const row of texts()) {
        reader.read(row, batch, filled++);
        if (filled < batch.rows) continue;
        yield batch;
        left -= filled;
        if (left === 0) return;
        [batch, filled] = [emptyRows(Math.min(most, left), width, columns), 0];
      }
      throw new DataError(`${path}: must have ${rows} rows, as were counted, got ${rows - left + filled}`);
    },
  };
}

function unlikeFirst({ cells }: CsvRow, count: number): string {
  if (cells.length === 1 && cells[0]!.trim() === "") return "is empty; take it out";
  return `must have ${count} columns like line 1, got ${cells.length}`;
}

/** The cells of the first row; none of an empty file. */
export function firstCells(path: string, bytes: ByteSource, encoding: string | undefined): readonly string[] {
  const [first] = csvRows(path, bytes, delimiterIn(path, bytes, encoding), encoding);
  return first?.cells.map((cell) => cell.trim()) ?? [];
}

/** Every feature column as a number that must be there. */
const numbers = (columns: Columns): ColumnCode[] =>
  columns.features.map((column) => ({ kind: "number", name: columnName(columns, column) }));

/** Rows that are looked at to see whether the first is a heading. */
const LOOKED_AT = 100;

function firstRows(rows: Generator<CsvRow>): CsvRow[] {
  const found: CsvRow[] = [];
  for (const row of rows) if (found.push(row) === LOOKED_AT) break;
  return found;
}

const emptyRows = (rows: number, width: number, { label, id }: Columns): TableRows => ({
  rows,
  values: new Float32Array(rows * width),
  labels: label < 0 ? undefined : [],
  ids: id < 0 ? undefined : [],
});

const [NEWLINE, RETURN, SPACE, QUOTE] = [10, 13, 32, 34];
const PIECE = 2 ** 20;

/**
 * How many rows there are. Looks at bytes, which is many times faster than cells, where lines are rows: without quotes,
 * in encodings that write line ends as ASCII does.
 */
function countRows(path: string, source: ByteSource, delimiter: Delimiter, encoding: string | undefined): number {
  let [lines, found] = [0, 0];
  let [isBlank, wasReturn] = [true, false];
  let isPlain = !/utf-?16|unicode|ucs|iso-10646/i.test(encoding ?? "");
  for (let at = 0; isPlain && at < source.size; at += PIECE) {
    for (const byte of source.read(at, PIECE)) {
      if (byte === QUOTE || (wasReturn && byte !== NEWLINE)) isPlain = false;
      wasReturn = byte === RETURN;
      if (byte !== SPACE && byte !== RETURN && byte !== NEWLINE) isBlank = false;
      else if (byte === NEWLINE) {
        lines++;
        if (!isBlank) found = lines;
        isBlank = true;
      }
    }
  }
  if (isPlain && !wasReturn) return isBlank ? found : lines + 1;
  let rows = 0;
  for (const _ of csvRows(path, source, delimiter, encoding)) rows++;
  return rows;
}
