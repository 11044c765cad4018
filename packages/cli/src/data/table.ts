// A CSV file as rows of numbers with labels and names: the one reader of tables.

import type { ByteSource } from "./byte-source.js";
import { isCommaNumber, isMissing, isNumber, numberIn, quote } from "./cells.js";
import { type Columns, type ColumnsAsked, columnsOf } from "./columns.js";
import { type CsvRow, csvRows, type Delimiter, delimiterIn } from "./csv-rows.js";
import { DataError } from "./data-error.js";

/** Some rows of a table. */
export interface TableRows {
  readonly rows: number;
  readonly values: Float32Array;
  /** One behind the other, where a row has several. */
  readonly labels: string[] | undefined;
  readonly ids: string[] | undefined;
}

export interface TableSource {
  readonly rows: number;
  readonly columns: Columns;
  /** All rows, `most` at a time. @throws {DataError} Naming line and column, if a cell is missing or no number. */
  batches(most: number): Generator<TableRows>;
}

export interface TableRequest {
  readonly asked: ColumnsAsked;
  /** Whether the last column is the label where none was asked for. */
  readonly isLabelLast: boolean;
  /** The error for a column that is not there, of so many. */
  readonly missing: (option: string, name: string, columns: number) => Error;
}

/** @throws {DataError} If there is no row, or {@link columnsOf} cannot make sense of the first ones. */
export function openTable(path: string, bytes: ByteSource, { asked, isLabelLast, missing }: TableRequest): TableSource {
  const { encoding } = asked;
  const delimiter = delimiterIn(path, bytes, encoding);
  const all = (): Generator<CsvRow> => csvRows(path, bytes, delimiter, encoding);
  const [first, second] = firstTwo(all());
  if (first === undefined) throw new DataError(`${path}: is empty`);
  const count = first.cells.length;
  if (isLabelLast && count < 2)
    throw new DataError(
      `${path}: line 1: must have two columns or more, separated by commas, semicolons or tabs, got 1`,
    );
  const columns = columnsOf(path, first.cells, second?.cells, asked, isLabelLast, (option, name) =>
    missing(option, name, count),
  );
  const rows = countRows(path, bytes, delimiter, encoding) - (columns.hasHeading ? 1 : 0);
  if (rows < 1) throw new DataError(`${path}: there is a heading and no row after it`);
  return {
    rows,
    columns,
    *batches(most) {
      const reader = new RowReader(path, columns, delimiter);
      let batch = emptyRows(Math.min(most, rows), columns);
      let [filled, left] = [0, rows];
      for (const row of all()) {
        if (columns.hasHeading && row.line === 1) continue;
        reader.read(row, batch, filled++);
        if (filled < batch.rows) continue;
        yield batch;
        left -= filled;
        if (left === 0) return;
        [batch, filled] = [emptyRows(Math.min(most, left), columns), 0];
      }
      throw new DataError(`${path}: must have ${rows} rows, as were counted, got ${rows - left + filled}`);
    },
  };
}

function firstTwo(rows: Generator<CsvRow>): CsvRow[] {
  const found: CsvRow[] = [];
  for (const row of rows) if (found.push(row) === 2) break;
  return found;
}

const emptyRows = (rows: number, { features, label, id }: Columns): TableRows => ({
  rows,
  values: new Float32Array(rows * features.length),
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

/** The largest finite number of 32 bits. */
const LARGEST = 3.4028235677973366e38;

/** From cells to values. Remembers which decimal sign the file has. */
class RowReader {
  readonly #path: string;
  readonly #columns: Columns;
  readonly #delimiter: Delimiter;
  #point: { readonly sign: "." | ","; readonly line: number } | undefined;

  constructor(path: string, columns: Columns, delimiter: Delimiter) {
    this.#path = path;
    this.#columns = columns;
    this.#delimiter = delimiter;
  }

  read(row: CsvRow, into: TableRows, at: number): void {
    const { count, features, labels, id } = this.#columns;
    if (row.cells.length !== count)
      throw this.#error(row, `must have ${count} columns like line 1, got ${row.cells.length}`);
    const { values } = into;
    for (let f = 0; f < features.length; f++) values[at * features.length + f] = this.#number(row, features[f]!);
    for (const label of labels) into.labels!.push(this.#label(row, label));
    if (id >= 0) into.ids!.push(row.cells[id]!.trim());
  }

  #label(row: CsvRow, column: number): string {
    const text = row.cells[column]!.trim();
    if (text === "") throw this.#error(row, `${this.#name(column)}: the label is missing`);
    if (this.#columns.isToldByLabel && !isNumber(text))
      throw this.#error(
        row,
        `the label ${quote(text)} is no number, so line 1 may be a row and no heading; pass --heading yes or no`,
      );
    return text;
  }

  #number(row: CsvRow, column: number): number {
    const cell = row.cells[column]!;
    const isComma = !isNumber(cell) && this.#delimiter !== "," && isCommaNumber(cell);
    if (!isComma && !isNumber(cell)) {
      throw this.#error(row, `column ${column + 1} must be a number, got ${quote(cell)}${this.#advice(column, cell)}`);
    }
    if (this.#delimiter !== ",") this.#checkPoint(row, column, cell, isComma);
    const value = numberIn(cell);
    if (Math.abs(value) < LARGEST) return value;
    throw this.#error(row, `${this.#name(column)} must be a number of 32 bits, at most 3.4e38, got ${quote(cell)}`);
  }

  /** "1,5" and "1.5" in one file: one of them is thousands, and nobody can know which. */
  #checkPoint(row: CsvRow, column: number, cell: string, isComma: boolean): void {
    const sign = isComma ? "," : cell.includes(".") ? "." : undefined;
    if (sign === undefined) return;
    this.#point ??= { sign, line: row.line };
    if (this.#point.sign === sign) return;
    const [here, there] = isComma ? ["comma", "point"] : ["point", "comma"];
    const what = `${this.#name(column)} has a decimal ${here}, got ${quote(cell)}; line ${this.#point.line} has a decimal ${there}`;
    throw this.#error(row, what);
  }

  #advice(column: number, cell: string): string {
    const name = this.#columns.names?.[column];
    return name && isMissing(cell) ? `; the value of ${quote(name)} is missing` : "";
  }

  #name(column: number): string {
    const name = this.#columns.names?.[column];
    return `column ${column + 1}${name ? ` (${quote(name)})` : ""}`;
  }

  #error({ line }: CsvRow, what: string): DataError {
    return new DataError(`${this.#path}: line ${line}: ${what}`);
  }
}
