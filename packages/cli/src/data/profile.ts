// What stands in the columns of a table: one look at all cells, before they are read as numbers or categories.

import { isCommaNumber, isMissing, isNumber } from "./cells.js";
import { isDate } from "./dates.js";
import { isOtherNumeral } from "./numerals.js";
import type { TableSource } from "./table.js";

/** A cell, and its line. */
export interface Found {
  readonly line: number;
  readonly cell: string;
}

export interface ColumnProfile {
  /** From 0. */
  readonly column: number;
  readonly numbers: number;
  readonly texts: number;
  readonly missing: number;
  /** Of the texts, those that read as dates or times. */
  readonly dates: number;
  /** Of the texts, numbers in a spelling that is not read. */
  readonly numerals: number;
  readonly firstText: Found | undefined;
  readonly firstMissing: Found | undefined;
  /** The different cells that are not missing, numbers among them, up to one more than there may be categories. */
  readonly distinct: ReadonlySet<string>;
}

/** More different texts are names or sentences, not categories. */
export const MOST_CATEGORIES = 200;

/** One profile for each feature column, in their order. */
export function profilesOf({ columns: { features }, delimiter, texts }: TableSource): ColumnProfile[] {
  const found = features.map((column) => ({
    column,
    numbers: 0,
    texts: 0,
    missing: 0,
    dates: 0,
    numerals: 0,
    firstText: undefined as Found | undefined,
    firstMissing: undefined as Found | undefined,
    distinct: new Set<string>(),
  }));
  for (const { line, cells } of texts()) {
    for (const profile of found) {
      const cell = (cells[profile.column] ?? "").trim();
      if (isMissing(cell)) {
        profile.missing++;
        profile.firstMissing ??= { line, cell };
        continue;
      }
      if (profile.distinct.size <= MOST_CATEGORIES) profile.distinct.add(cell);
      if (isNumber(cell) || (delimiter !== "," && isCommaNumber(cell))) {
        profile.numbers++;
        continue;
      }
      profile.texts++;
      profile.firstText ??= { line, cell };
      if (isDate(cell)) profile.dates++;
      else if (isOtherNumeral(cell)) profile.numerals++;
    }
  }
  return found;
}
