// Which column of a table is what, and whether its first row is a heading: one rule for all commands.

import { isCommaNumber, isMissing, isNumber, LONGEST_NAME, quote } from "./cells.js";
import { DataError } from "./data-error.js";

/** What a user says of the columns of a table, by names or by numbers from 1. */
export interface ColumnsAsked {
  readonly label?: string | undefined;
  /** The features; all that are nothing else by default. */
  readonly columns?: readonly string[] | undefined;
  readonly ignore?: readonly string[] | undefined;
  /** What a row is called. */
  readonly id?: string | undefined;
  /** Whether the first row has names; what it looks like by default. */
  readonly heading?: "yes" | "no" | undefined;
  readonly encoding?: string | undefined;
  /** Columns that are categories, whatever they look like. */
  readonly categories?: readonly string[] | undefined;
}

/** Numbers of columns from 0; -1 for what there is not. */
export interface Columns {
  readonly count: number;
  readonly hasHeading: boolean;
  /** Whether only its label told the heading: labels that are not numbers would say otherwise. */
  readonly isToldByLabel: boolean;
  readonly names: readonly string[] | undefined;
  readonly features: readonly number[];
  readonly label: number;
  /** All columns of right answers, `label` first. */
  readonly labels: readonly number[];
  readonly id: number;
  /** Of the features, those that were said to be categories. */
  readonly categories: readonly number[];
  /** Whether rows without a label are let through, to be left out. */
  readonly mayLackLabels?: true;
}

/** As in the heading, or its number. */
export const columnName = ({ names }: Pick<Columns, "names">, column: number): string =>
  names?.[column] || `column ${column + 1}`;

/** For errors: its number, and its name where there is one. */
export function describeColumn({ names }: Pick<Columns, "names">, column: number): string {
  const name = names?.[column];
  return `column ${column + 1}${name ? ` (${quote(name)})` : ""}`;
}

/**
 * Reads the first rows. The first is a heading if a column that was asked for by name is found in it, or if no feature
 * in it is a number and one is a text, or if only its label is none and the second row's is. A missing value is no
 * name, and neither is a text that comes again in its column.
 *
 * @param isLabelLast Whether the last column is the label where none was asked for.
 * @param missing The error for a column that is not there.
 * @throws {DataError} If columns are missing or named twice, or the first row could be both.
 */
export function columnsOf(
  path: string,
  rows: readonly (readonly string[])[],
  asked: ColumnsAsked,
  isLabelLast: boolean,
  missing: (option: string, name: string) => Error,
): Columns {
  const first = rows[0]!;
  const find = finder(path, first, asked.heading, missing);
  const labelNames = isLabelLast ? (asked.label === undefined ? [] : [asked.label]) : labelsIn(first, asked.label);
  const labels =
    labelNames.length > 0 || !isLabelLast ? labelNames.map((name) => find("label", name)) : [first.length - 1];
  const label = labels[0] ?? -1;
  const id = asked.id === undefined ? -1 : find("id", asked.id);
  const ignored = (asked.ignore ?? []).map((name) => find("ignore", name));
  const chosen = asked.columns?.map((name) => find("columns", name));
  const features = chosen ?? [...first.keys()].filter((c) => !labels.includes(c) && c !== id && !ignored.includes(c));
  checkRoles(path, { features, labels, id, ignored });
  const categories = (asked.categories ?? []).map((name) => find("categories", name));
  const named = [asked.id, ...(asked.ignore ?? []), ...(asked.columns ?? []), ...(asked.categories ?? [])];
  const names = [...labelNames, ...named];
  const isNamed = names.some((name) => name !== undefined && isName(first, name));
  const told = asked.heading === undefined && !isNamed ? guess(path, rows, features, label) : undefined;
  const hasHeading = asked.heading === "yes" || (asked.heading === undefined && (isNamed || told !== "row"));
  const long = hasHeading ? first.findIndex((cell) => cell.length > LONGEST_NAME) : -1;
  if (long >= 0)
    throw new DataError(
      `${path}: line 1: the name of column ${long + 1} must have at most ${LONGEST_NAME} characters, ` +
        `got ${first[long]!.length}`,
    );
  return {
    count: first.length,
    hasHeading,
    isToldByLabel: told === "label",
    names: hasHeading ? first.map((cell) => cell.trim()) : undefined,
    features,
    label,
    labels,
    id,
    categories,
  };
}

/** One column, or several separated by commas; a column whose name has a comma in it is one. */
function labelsIn(first: readonly string[], label: string | undefined): readonly string[] {
  if (label === undefined) return [];
  return isName(first, label) ? [label] : label.split(",").map((name) => name.trim());
}

/** A text that stands in the first row. A number is a column's number, unless it stands in a row of names. */
const isName = (first: readonly string[], name: string): boolean =>
  first.some((cell) => cell.trim() === name) && (!isNumber(name) || !first.some(isNumber));

function finder(
  path: string,
  first: readonly string[],
  heading: "yes" | "no" | undefined,
  missing: (option: string, name: string) => Error,
): (option: string, name: string) => number {
  const trimmed = first.map((cell) => cell.trim());
  return (option, name) => {
    if (heading !== "no" && (isName(first, name) || (heading === "yes" && trimmed.includes(name)))) {
      const at = trimmed.indexOf(name);
      if (trimmed.indexOf(name, at + 1) < 0) return at;
      throw new DataError(
        `${path}: line 1: has two columns named ${quote(name)}; pass a number from 1 to ${first.length}`,
      );
    }
    const number = /^\d+$/.test(name) ? Number(name) : 0;
    if (number >= 1 && number <= first.length) return number - 1;
    throw missing(option, name);
  };
}

interface Roles extends Pick<Columns, "features" | "labels" | "id"> {
  readonly ignored: readonly number[];
}

function checkRoles(path: string, { features, labels, id, ignored }: Roles): void {
  if (features.length === 0) throw new DataError(`${path}: has no column of features`);
  const all = [...features, ...ignored, ...labels, ...(id < 0 ? [] : [id])];
  const twice = all.find((column, i) => all.indexOf(column) !== i);
  if (twice !== undefined) throw new DataError(`${path}: column ${twice + 1} is asked for twice`);
}

function guess(
  path: string,
  [first, ...later]: readonly (readonly string[])[],
  features: readonly number[],
  label: number,
): "heading" | "label" | "row" {
  if (first === undefined) return "row";
  const isValue = (c: number): boolean => isNumber(first[c]!) || isCommaNumber(first[c]!);
  const texts = features.filter((c) => !isValue(c) && !isMissing(first[c]!));
  const numbers = features.filter(isValue);
  if (texts.some((c) => later.some((cells) => cells[c]?.trim() === first[c]!.trim()))) return "row";
  if (texts.length > 0 && numbers.length === 0) return "heading";
  if (texts.length > 0) {
    const [text, number] = [texts[0]!, numbers[0]!];
    throw new DataError(
      `${path}: line 1: could be a heading or a row: column ${text + 1} is ${quote(first[text]!)}, column ` +
        `${number + 1} is ${first[number]!.trim()}; ` +
        "mend it, or pass --heading yes or no",
    );
  }
  const isText = label >= 0 && !isNumber(first[label]!) && !isMissing(first[label]!);
  return isText && isNumber(later[0]?.[label] ?? "") && numbers.length > 0 ? "label" : "row";
}
