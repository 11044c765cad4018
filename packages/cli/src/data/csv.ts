// CSV: numbers separated by commas, one row a line, one of the columns the label.

import type { Table } from "@hadamask/experiments/settings";
import { isNumber, quote, readLines, splitLine } from "./csv-cells.js";
import { DataError } from "./read.js";

export interface CsvTable {
  readonly table: Table;
  readonly featureCount: number;
  readonly classes: readonly string[];
  /** Name of the label column, where the file has a heading. */
  readonly labelName?: string;
}

/** More classes than that are taken for a column of measurements that was named as the label by mistake. */
const MOST_CLASSES = 1000;

/**
 * Reads a CSV file, compressed or not. The first line is a heading if a feature in it is no number, or if its label
 * is none and the second line's is.
 *
 * Labels may be any text; classes are ordered by number where all are numbers, else by text.
 *
 * @param label Name or number (from 1) of the label's column; the last one by default.
 * @throws {DataError} Naming file, line and column, if the file is empty, a row has another length than the first, a
 *   feature is no finite number, or the label's column does not exist or has a single class.
 */
export function readCsv(path: string, label?: string): CsvTable {
  const lines = readLines(path);
  const first = splitLine(path, 1, lines[0]!);
  if (first.length < 2)
    throw new DataError(`${path}: line 1: must have two columns or more separated by commas, got 1`);
  const labelColumn = findLabel(path, first, label);
  const second = lines.length > 1 ? splitLine(path, 2, lines[1]!) : [];
  const isHeading = (cell: string, column: number): boolean =>
    !isNumber(cell) && (column !== labelColumn || isNumber(second[column] ?? ""));
  const hasHeading = first.some(isHeading);
  const firstRow = hasHeading ? 1 : 0;
  const rows = lines.length - firstRow;
  if (rows === 0) throw new DataError(`${path}: there is a heading and no row after it`);

  const featureCount = first.length - 1;
  const features = new Float32Array(rows * featureCount);
  const texts: string[] = [];
  let at = 0;
  for (let row = 0; row < rows; row++) {
    const line = firstRow + row + 1;
    const cells = splitLine(path, line, lines[line - 1]!);
    if (cells.length !== first.length) {
      throw new DataError(`${path}: line ${line}: must have ${first.length} columns like line 1, got ${cells.length}`);
    }
    cells.forEach((cell, column) => {
      if (column === labelColumn) texts.push(cell.trim());
      else if (isNumber(cell)) features[at++] = Number(cell);
      else throw new DataError(`${path}: line ${line}: column ${column + 1} must be a number, got ${quote(cell)}`);
    });
  }
  const { classes, labels } = numberLabels(path, texts);
  const table: Table = { rows, features, labels };
  return { table, featureCount, classes, ...(hasHeading ? { labelName: first[labelColumn]! } : {}) };
}

function findLabel(path: string, first: readonly string[], label: string | undefined): number {
  if (label === undefined) return first.length - 1;
  const byName = first.findIndex((cell) => cell.trim() === label);
  if (byName !== -1) return byName;
  const number = Number(label);
  if (Number.isInteger(number) && number >= 1 && number <= first.length) return number - 1;
  throw new DataError(
    `${path}: line 1: has no column named ${quote(label)}; pass a name in the heading or a number from 1 to ${first.length}`,
  );
}

function numberLabels(path: string, texts: readonly string[]): { classes: string[]; labels: Uint16Array } {
  const distinct = [...new Set(texts)];
  if (distinct.length < 2) throw new DataError(`${path}: the label column has one class only, ${quote(distinct[0]!)}`);
  if (distinct.length > MOST_CLASSES || (distinct.length > 20 && distinct.length > texts.length / 2)) {
    throw new DataError(
      `${path}: the label column has ${distinct.length} classes in ${texts.length} rows; choose another with --label`,
    );
  }
  const classes = distinct.every(isNumber) ? distinct.sort((a, b) => Number(a) - Number(b)) : distinct.sort();
  const numberOf = new Map(classes.map((name, i) => [name, i]));
  return { classes, labels: Uint16Array.from(texts, (text) => numberOf.get(text)!) };
}
