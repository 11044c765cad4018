// A CSV file as a table of features and classes, for training. Knows no file system: a page reads tables by it too.

import type { Table } from "@hadamask/experiments/settings";
import type { ByteSource } from "./byte-source.js";
import { isNumber, quote } from "./cells.js";
import type { ColumnsAsked } from "./columns.js";
import { DataError } from "./data-error.js";
import { expectKnown } from "./other-formats.js";
import { openTable } from "./table.js";

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
 * Reads a CSV file. Labels may be any text; classes are ordered by number where all are numbers ("1", "1.0" and "01"
 * are one class), else by text.
 *
 * @param path What messages call it.
 * @param asked What the columns are: the label's is the last one by default.
 * @throws {DataError} Naming file, line and column, if the file is empty, a row has another length than the first, a
 *   feature is no finite number, a label is missing, or the label's column does not exist or has a single class.
 */
export function csvTable(path: string, bytes: ByteSource, asked: ColumnsAsked = {}): CsvTable {
  expectKnown(path, bytes.read(0, 8));
  const missing = (option: string, name: string, columns: number): Error =>
    new DataError(
      `${path}: line 1: has no column named ${quote(name)}${option === "label" ? "" : ` for --${option}`}; ` +
        `pass a name in the heading or a number from 1 to ${columns}`,
    );
  const source = openTable(path, bytes, { asked, isLabelLast: true, missing });
  const { names, label, features } = source.columns;
  const [all] = source.batches(source.rows);
  const { classes, labels } = numberLabels(path, all!.labels!);
  const table: Table = { rows: source.rows, features: all!.values, labels };
  const labelName = names?.[label];
  return { table, featureCount: features.length, classes, ...(labelName === undefined ? {} : { labelName }) };
}

function numberLabels(path: string, texts: readonly string[]): { classes: string[]; labels: Uint16Array } {
  const distinct = [...new Set(texts)];
  const isNumeric = distinct.every(isNumber);
  // One class each value, under the name that it has in the file if it has one name only.
  const nameOf = new Map<string | number, string>();
  for (const text of distinct) {
    const value = isNumeric ? Number(text) : text;
    nameOf.set(value, nameOf.has(value) ? String(value) : text);
  }
  checkClasses(path, [...nameOf.values()], texts.length);
  const values = [...nameOf.keys()].sort(isNumeric ? (a, b) => Number(a) - Number(b) : undefined);
  const numberOf = new Map(values.map((value, i) => [value, i]));
  return {
    classes: values.map((value) => nameOf.get(value)!),
    labels: Uint16Array.from(texts, (text) => numberOf.get(isNumeric ? Number(text) : text)!),
  };
}

function checkClasses(path: string, classes: readonly string[], rows: number): void {
  if (classes.length < 2) throw new DataError(`${path}: the label column has one class only, ${quote(classes[0]!)}`);
  if (classes.length > MOST_CLASSES || (classes.length > 20 && classes.length > rows / 2)) {
    throw new DataError(
      `${path}: the label column has ${classes.length} classes in ${rows} rows; choose another with --label`,
    );
  }
}
