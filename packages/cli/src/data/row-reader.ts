// From the cells of a row to the features that its columns are coded as. Remembers which decimal sign the file has.

import { type CodedCell, type ColumnCode, encodeCell, widthOf } from "@hadamask/experiments/settings";
import { isCommaNumber, isMissing, isNumber, LONGEST_NAME, numberIn, quote } from "./cells.js";
import { type Columns, describeColumn } from "./columns.js";
import type { CsvRow, Delimiter } from "./csv-rows.js";
import { DataError } from "./data-error.js";

/** Some rows of a table. */
export interface TableRows {
  readonly rows: number;
  readonly values: Float32Array;
  /** One behind the other, where a row has several. */
  readonly labels: string[] | undefined;
  readonly ids: string[] | undefined;
}

/** The largest finite number of 32 bits. */
const LARGEST = 3.4028235677973366e38;

export class RowReader {
  readonly #path: string;
  readonly #columns: Columns;
  readonly #delimiter: Delimiter;
  readonly #codes: readonly ColumnCode[];
  readonly #numberOf: readonly ReadonlyMap<string, number>[];
  #point: { readonly sign: "." | ","; readonly line: number } | undefined;

  /** @param codes One for each column of features. */
  constructor(path: string, columns: Columns, delimiter: Delimiter, codes: readonly ColumnCode[]) {
    this.#path = path;
    this.#columns = columns;
    this.#delimiter = delimiter;
    this.#codes = codes;
    this.#numberOf = codes.map(
      (code) => new Map(code.kind === "number" ? [] : code.categories.map((name, i) => [name, i])),
    );
  }

  /** @throws {DataError} Naming line and column, if a cell is not what its column is made of. */
  read(row: CsvRow, into: TableRows, at: number): void {
    const { features, labels, id } = this.#columns;
    const { values, rows } = into;
    let place = at * (values.length / rows);
    for (let f = 0; f < features.length; f++) {
      const code = this.#codes[f]!;
      encodeCell(code, this.#cell(row, f), values, place);
      place += widthOf(code);
    }
    for (const label of labels) into.labels!.push(this.#label(row, label));
    if (id >= 0) into.ids!.push(row.cells[id]!.trim());
  }

  #cell(row: CsvRow, f: number): CodedCell {
    const [code, column] = [this.#codes[f]!, this.#columns.features[f]!];
    const cell = row.cells[column]!;
    if (code.missing !== undefined && isMissing(cell)) return undefined;
    if (code.kind === "number") return this.#number(row, column);
    const found = this.#numberOf[f]!.get(cell.trim());
    if (found !== undefined) return found;
    const { categories } = code;
    const shown = categories.length <= 12 ? categories.join(", ") : `${categories.slice(0, 5).join(", ")}, …`;
    throw this.#error(row, `${this.#name(column)} must be one of ${shown}, got ${quote(cell)}${missingAdvice(cell)}`);
  }

  #label(row: CsvRow, column: number): string {
    const text = row.cells[column]!.trim();
    if (text === "" && !this.#columns.mayLackLabels)
      throw this.#error(row, `${this.#name(column)}: the label is missing`);
    if (text.length > LONGEST_NAME)
      throw this.#error(
        row,
        `${this.#name(column)}: a label must have at most ${LONGEST_NAME} characters, got ${text.length}`,
      );
    if (this.#columns.isToldByLabel && !isNumber(text) && !isMissing(text))
      throw this.#error(
        row,
        `the label ${quote(text)} is not a number, so line 1 may be a row and not a heading; pass --heading yes or no`,
      );
    return text;
  }

  #number(row: CsvRow, column: number): number {
    const cell = row.cells[column]!;
    const isComma = !isNumber(cell) && this.#delimiter !== "," && isCommaNumber(cell);
    if (!isComma && !isNumber(cell)) {
      throw this.#error(row, `${this.#name(column)} must be a number, got ${quote(cell)}${missingAdvice(cell)}`);
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
    const first = `line ${this.#point.line} has a decimal ${there}`;
    throw this.#error(row, `${this.#name(column)} has a decimal ${here}, got ${quote(cell)}; ${first}`);
  }

  readonly #name = (column: number): string => describeColumn(this.#columns, column);

  #error({ line }: CsvRow, what: string): DataError {
    return new DataError(`${this.#path}: line ${line}: ${what}`);
  }
}

const missingAdvice = (cell: string): string => (isMissing(cell) ? "; the value is missing" : "");
