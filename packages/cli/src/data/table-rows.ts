// Rows of a CSV file: a heading is told by its cells, which are no numbers.

import { UsageError } from "@hadamask/experiments/settings";
import type { ByteSource } from "./bytes.js";
import { isNumber, quote, splitLine } from "./csv-cells.js";
import { countLines, linesOf } from "./lines.js";
import type { RowData, RowSource } from "./model-inputs.js";
import { DataError } from "./read.js";

/** How the lines of a table are to be read. */
interface TableLayout {
  readonly path: string;
  /** Cells of a line. */
  readonly cells: number;
  /** The column of right answers, or -1. */
  readonly label: number;
}

/** @throws {DataError | UsageError} If there is no row, or no column of that name. */
export function openTable(path: string, bytes: ByteSource, label: string | undefined): RowSource {
  const lines = countLines(bytes);
  if (lines === 0) throw new DataError(`${path}: is empty`);
  const [text] = linesOf(bytes);
  const first = splitLine(path, 1, text!);
  const labelColumn = label === undefined ? -1 : findColumn(path, first, label);
  // A name that was found can only stand in a heading; a label may be any text, so it does not tell.
  const isNamed = labelColumn >= 0 && !isNumber(label!) && first[labelColumn]!.trim() === label;
  const start = isNamed || first.some((cell, column) => column !== labelColumn && !isNumber(cell)) ? 1 : 0;
  const rows = lines - start;
  if (rows === 0) throw new DataError(`${path}: there is a heading and no row after it`);
  const layout: TableLayout = { path, cells: first.length, label: labelColumn };
  const columns = first.length - (labelColumn < 0 ? 0 : 1);
  return {
    path,
    dims: [rows, columns],
    bytes: bytes.size,
    hasLabels: labelColumn >= 0,
    *batches(most) {
      let batch = new Batch(layout, Math.min(most, rows), columns);
      let line = 0;
      for (const text of linesOf(bytes)) {
        line++;
        if (line <= start || line > lines) continue;
        batch.add(line, text);
        if (!batch.isFull) continue;
        yield batch.data;
        batch = new Batch(layout, Math.min(most, lines - line), columns);
      }
    },
    close: () => bytes.close(),
  };
}

/** Some rows in the making. */
class Batch {
  readonly data: RowData;
  readonly #layout: TableLayout;
  readonly #labels: string[] = [];
  #filled = 0;

  constructor(layout: TableLayout, rows: number, columns: number) {
    this.#layout = layout;
    this.data = {
      path: layout.path,
      dims: [rows, columns],
      values: new Float32Array(rows * columns),
      labels: layout.label < 0 ? undefined : this.#labels,
    };
  }

  get isFull(): boolean {
    return this.#filled === this.data.values.length;
  }

  /** @throws {DataError} Naming line and column, if a cell is missing or no number. */
  add(line: number, text: string): void {
    const { path, cells: expected, label } = this.#layout;
    const cells = splitLine(path, line, text);
    if (cells.length !== expected) {
      throw new DataError(`${path}: line ${line}: must have ${expected} columns like line 1, got ${cells.length}`);
    }
    for (let column = 0; column < cells.length; column++) {
      const cell = cells[column]!;
      if (column === label) this.#labels.push(cell.trim());
      else if (isNumber(cell)) this.data.values[this.#filled++] = Number(cell);
      else throw new DataError(`${path}: line ${line}: column ${column + 1} must be a number, got ${quote(cell)}`);
    }
  }
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
