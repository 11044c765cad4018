// A CSV file as rows for training: numbers and categories, with classes or values to be predicted. Knows no file
// system: a page reads tables by it too.

import { type ColumnCode, type Dataset, featuresOf, type Table } from "@hadamask/experiments/settings";
import type { ByteSource } from "./byte-source.js";
import { isMissing, numberIn, quote } from "./cells.js";
import { codesOf, type MissingRule } from "./codes.js";
import { type ColumnsAsked, columnName } from "./columns.js";
import { DataError } from "./data-error.js";
import { allDigitsLost } from "./digits.js";
import { expectKnown, HEAD_OF_FORMAT } from "./other-formats.js";
import { type ColumnProfile, profilesOf } from "./profile.js";
import type { TableRows } from "./row-reader.js";
import { openTable } from "./table.js";
import { tableNotes } from "./table-notes.js";
import { type TaskAsked, targetOf } from "./target.js";

export interface CsvTable {
  readonly table: Table;
  readonly featureCount: number;
  /** None where values are predicted. */
  readonly classes: readonly string[];
  /** Name of the label column, where the file has a heading. */
  readonly labelName?: string;
  /** What rows are called, where a column says so. */
  readonly ids?: NonNullable<Dataset["ids"]>;
  /** What the columns became. */
  readonly columns: readonly ColumnCode[];
  /** What a reader has to know: what was decided, and what is odd. */
  readonly notes: readonly string[];
}

/** What a user says of a table besides its label. */
export interface TableAsked extends Omit<ColumnsAsked, "label"> {
  readonly task?: TaskAsked | undefined;
  readonly missing?: MissingRule | undefined;
}

/**
 * Reads a CSV file. Labels may be any text; classes are ordered by number where all are numbers ("1", "1.0" and "01"
 * are one class), else by text.
 *
 * @param path What messages call it.
 * @param asked What the columns are: the label's is the last one by default.
 * @throws {DataError} Naming file, line and column, if the file is empty, a row has another length than the first, a
 *   cell is not like the others of its column, a label is missing, or the label's column does not exist or says
 *   nothing.
 */
export function csvTable(path: string, bytes: ByteSource, asked: TableAsked & ColumnsAsked = {}): CsvTable {
  expectKnown(path, bytes.read(0, HEAD_OF_FORMAT));
  const missing = (option: string, name: string, columns: number): Error =>
    new DataError(
      `${path}: line 1: has no column named ${quote(name)}${option === "label" ? "" : ` for --${option}`}; ` +
        `pass a name in the heading or a number from 1 to ${columns}`,
    );
  const mayLackLabels = asked.missing === "drop";
  const source = openTable(path, bytes, { asked, isLabelLast: true, mayLackLabels, missing });
  const { names, label, id } = source.columns;
  const profiles = profilesOf(source);
  const columns = codesOf(path, source.columns, profiles, asked.missing ?? "mean");
  const [all] = source.batches(source.rows, columns);
  const rows = mayLackLabels ? withoutMissing(path, all!, featuresOf(columns)) : all!;
  const name = names?.[label] || `column ${label + 1}`;
  const isComma = source.delimiter !== ",";
  const { answers, note } = targetOf(path, rows.labels!, { task: asked.task ?? "auto", name, isComma, mayDrop: true });
  const isClasses = answers.kind === "classes";
  const table: Table = {
    rows: rows.rows,
    features: rows.values,
    labels: isClasses ? answers.labels : answers.values,
  };
  return {
    table,
    featureCount: featuresOf(columns),
    classes: isClasses ? answers.classes : [],
    ...(names?.[label] && { labelName: names[label] }),
    ...(rows.ids && { ids: { name: names?.[id] || "id", texts: rows.ids } }),
    columns: mayLackLabels ? columns.map(({ missing: _, ...code }) => code) : columns,
    notes: [
      ...(note === undefined ? [] : [note]),
      ...missingNotes(profiles, asked, (column) => columnName(source.columns, column), source.rows - rows.rows),
      ...tableNotes(table, columns, isClasses ? answers.classes : undefined, digitsIn(profiles, columns)),
    ],
  };
}

/** What is lost of the columns that are numbers. */
const digitsIn = (profiles: readonly ColumnProfile[], columns: readonly ColumnCode[]): Map<string, string> =>
  allDigitsLost(
    columns.flatMap(({ kind, name }, i) =>
      kind === "number" ? [[name, [...profiles[i]!.distinct].map(numberIn)] as const] : [],
    ),
  );

/** The rows in which nothing is missing. @throws {DataError} If there are none. */
function withoutMissing(path: string, { rows, values, labels, ids }: TableRows, width: number): TableRows {
  const isWhole = (row: number): boolean =>
    !isMissing(labels![row]!) && !values.subarray(row * width, (row + 1) * width).some(Number.isNaN);
  const kept = Array.from({ length: rows }, (_, row) => row).filter(isWhole);
  if (kept.length === 0)
    throw new DataError(
      `${path}: every row has a missing value; pass --missing mean, or leave columns out with --ignore`,
    );
  const out = new Float32Array(kept.length * width);
  kept.forEach((row, i) => {
    out.set(values.subarray(row * width, (row + 1) * width), i * width);
  });
  const chosen = (texts: string[]): string[] => kept.map((row) => texts[row]!);
  return { rows: kept.length, values: out, labels: chosen(labels!), ids: ids && chosen(ids) };
}

/** What is missing where, and what is done about it. */
function missingNotes(
  profiles: readonly ColumnProfile[],
  { missing }: TableAsked,
  nameOf: (column: number) => string,
  dropped: number,
): string[] {
  if (missing === "drop") {
    const rows = dropped === 1 ? "1 row with missing values is" : `${dropped} rows with missing values are`;
    return dropped === 0 ? [] : [`${rows} left out (--missing drop)`];
  }
  const holes = profiles.filter((profile) => profile.missing > 0);
  if (holes.length === 0) return [];
  const where = holes.map((profile) => `${nameOf(profile.column)} (${profile.missing})`).join(", ");
  const done =
    missing === "indicator"
      ? "they get the mean of the training rows, and a column that says so (--missing indicator)"
      : "they get the mean of the training rows; --missing indicator adds a column that says so, drop leaves the " +
        "rows out";
  return [`values are missing in ${where}: ${done}`];
}
