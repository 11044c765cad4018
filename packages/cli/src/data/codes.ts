// From what stands in the columns of a table to what they become: numbers or categories, with missing values or
// without; or a sentence that says what to do with them.

import type { CategoryCode, ColumnCode, NumberCode } from "@hadamask/experiments/settings";
import { isMissing, isNumber, LONGEST_NAME, numberIn, quote } from "./cells.js";
import { type Columns, columnName, describeColumn } from "./columns.js";
import { DataError } from "./data-error.js";
import { type ColumnProfile, MOST_CATEGORIES } from "./profile.js";

/** What is done with missing values: their rows are left out, or they get the mean of the training rows. */
export type MissingRule = "drop" | "mean" | "indicator";
export const MISSING_RULES = ["drop", "mean", "indicator"] as const;

/**
 * One code for each column of features.
 *
 * @throws {DataError} If a column has nothing in it, is neither numbers nor categories, or a cell is not like the
 *   others.
 */
export const codesOf = (
  path: string,
  columns: Columns,
  profiles: readonly ColumnProfile[],
  missing: MissingRule,
): ColumnCode[] => profiles.map((profile) => codeOf(path, columns, profile, missing));

function codeOf(path: string, columns: Columns, profile: ColumnProfile, rule: MissingRule): ColumnCode {
  const { column, numbers, texts, missing, firstText } = profile;
  const fail = (what: string, line?: number): never => {
    throw new DataError(
      `${path}: ${line === undefined ? "" : `line ${line}: `}${describeColumn(columns, column)} ${what}`,
    );
  };
  const flag = flagFor(columns, column);
  const name = columnName(columns, column);
  const hole = missing > 0 ? { missing: rule === "indicator" ? ("indicator" as const) : ("mean" as const) } : {};
  if (numbers + texts === 0) fail(`has no value at all; leave it out with --ignore ${flag}`);
  if (columns.categories.includes(column)) return categoriesOf(profile, name, hole, fail, flag);
  if (texts > 0 && 2 * profile.dates > texts)
    fail(
      `has dates or times, for instance ${quote(firstText!.cell)}; put numbers in their place (days, months, hours), ` +
        `or leave it out with --ignore ${flag}`,
      firstText!.line,
    );
  if (texts > 0 && 2 * profile.numerals > texts && numbers < texts)
    fail(
      `has numbers that are written in another way, for instance ${quote(firstText!.cell)}; write them as 1234.5, ` +
        `or pass --categories ${flag} if they are categories`,
      firstText!.line,
    );
  if (numbers >= texts && texts > 0)
    fail(`must be a number, got ${quote(firstText!.cell)}; for categories pass --categories ${flag}`, firstText!.line);
  return texts === 0
    ? ({ kind: "number", name, ...hole } as NumberCode)
    : categoriesOf(profile, name, hole, fail, flag);
}

function categoriesOf(
  { distinct, numbers, texts }: ColumnProfile,
  name: string,
  hole: Pick<ColumnCode, "missing">,
  fail: (what: string) => never,
  flag: string,
): CategoryCode {
  const many = distinct.size > MOST_CATEGORIES || (distinct.size > 20 && 2 * distinct.size > numbers + texts);
  if (many) {
    const count = distinct.size > MOST_CATEGORIES ? `more than ${MOST_CATEGORIES}` : String(distinct.size);
    const [example] = distinct;
    fail(
      `has ${count} different texts in ${numbers + texts} rows, for instance ${quote(example!)}, which are names or ` +
        `sentences and not categories; leave it out with --ignore ${flag}, or put categories or numbers in its place`,
    );
  }
  const long = [...distinct].find((text) => text.length > LONGEST_NAME);
  if (long !== undefined)
    fail(`has a text of ${long.length} characters, which is not a category; leave it out with --ignore ${flag}`);
  const all = [...distinct];
  const areNumbers = all.every(isNumber);
  const sorted = all.sort(areNumbers ? (a, b) => numberIn(a) - numberIn(b) || (a < b ? -1 : 1) : undefined);
  return { kind: "category", name, categories: sorted, ...hole };
}

/** How a column is named in an option. */
function flagFor({ names }: Columns, column: number): string {
  const name = names?.[column];
  const isPlain = name !== undefined && /^[\w.-]+$/.test(name) && !isMissing(name) && !isNumber(name);
  return isPlain ? name : String(column + 1);
}
