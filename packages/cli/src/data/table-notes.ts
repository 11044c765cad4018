// What is odd about a table that is to be trained on, in sentences: it can be trained on all the same.

import { type ColumnCode, featureNames, listed, type Table } from "@hadamask/experiments/settings";
import { alikeNotes } from "./alike.js";
import { isMissing, isNumber } from "./cells.js";

/** Names that a sentence lists. */
const MOST_NAMES = 5;

/**
 * @param classes Their names; undefined where values are predicted.
 * @param digits What is lost of columns that have more digits than numbers of 32 bits, by their names.
 */
export function tableNotes(
  table: Table,
  columns: readonly ColumnCode[],
  classes: readonly string[] | undefined,
  digits: ReadonlyMap<string, string> = new Map(),
): string[] {
  const names = featureNames(columns);
  const areNumbers = columns.flatMap((code) => featureNames([code]).map((_, i) => code.kind === "number" && i === 0));
  const constant = names.flatMap((_, c) => (areNumbers[c] && isConstant(table, names.length, c) ? [c] : []));
  const category = columns.filter((code) => code.kind === "category" && code.categories.length === 1);
  const flat = [...constant.map((c) => names[c]!), ...category.map(({ name }) => name)].filter(
    (name) => !digits.has(name),
  );
  const same = duplicates(table, names.length, constant, areNumbers);
  return [
    ...(flat.length === 0 ? [] : [`${someOf(flat)} ${is(flat)} the same in every row and say${s(flat)} nothing`]),
    ...same.map(([first, second]) => `${names[second]!} has the same values as ${names[first]!}`),
    ...digits.values(),
    ...(classes === undefined ? [] : [...rareClasses(table, classes), ...namedOddly(classes)]),
    ...columns.flatMap((code) =>
      code.kind === "category" ? alikeNotes(`categories of ${code.name}:`, code.categories) : [],
    ),
    ...(names.length > table.rows
      ? [`there are more columns (${names.length}) than rows (${table.rows}): a network can know the rows by heart`]
      : []),
  ];
}

const is = (names: readonly string[]): string => (names.length === 1 ? "is" : "are");
const s = (names: readonly string[]): string => (names.length === 1 ? "s" : "");

function someOf(names: readonly string[]): string {
  const shown =
    names.length > MOST_NAMES ? [...names.slice(0, MOST_NAMES), `${names.length - MOST_NAMES} more`] : names;
  return listed(shown);
}

function isConstant({ rows, features }: Table, width: number, c: number): boolean {
  for (let row = 1; row < rows; row++) if (!isSame(features[row * width + c]!, features[c]!)) return false;
  return true;
}

/** NaN stands for what is missing in both. */
const isSame = (a: number, b: number): boolean => a === b || (Number.isNaN(a) && Number.isNaN(b));

/** Pairs of number columns that are equal; columns are looked at in pairs only where their sums are. */
function duplicates(
  { rows, features }: Table,
  width: number,
  constant: readonly number[],
  isNumber: readonly boolean[],
): (readonly [number, number])[] {
  const sums = new Map<string, number[]>();
  const found: (readonly [number, number])[] = [];
  for (let c = 0; c < width; c++) {
    if (!isNumber[c] || constant.includes(c)) continue;
    let [sum, weighted] = [0, 0];
    for (let row = 0; row < rows; row++) {
      const value = features[row * width + c]!;
      if (Number.isNaN(value)) continue;
      sum += value;
      weighted += value * (row % 1009);
    }
    const like = sums.get(`${sum} ${weighted}`) ?? [];
    const twin = like.find((other) => {
      for (let row = 0; row < rows; row++)
        if (!isSame(features[row * width + c]!, features[row * width + other]!)) return false;
      return true;
    });
    if (twin !== undefined) found.push([twin, c]);
    else sums.set(`${sum} ${weighted}`, [...like, c]);
  }
  return found.slice(0, MOST_NAMES);
}

/** A class of one row cannot be both learned and tested. */
function rareClasses({ labels }: Table, classes: readonly string[]): string[] {
  const counts = new Uint32Array(classes.length);
  for (const label of labels) counts[label]!++;
  const single = classes.filter((_, i) => counts[i] === 1);
  if (single.length === 0) return [];
  const what = single.length === 1 ? `class ${single[0]} has one row` : `classes ${someOf(single)} have one row each`;
  return [`${what}: it is trained on or tested on, never both`];
}

/** Classes that look alike, and one that reads as if there were no label. */
function namedOddly(classes: readonly string[]): string[] {
  const holes = classes.filter(isMissing);
  const names = listed(holes.map((name) => JSON.stringify(name)));
  const note =
    holes.length === 1
      ? `${names} reads as a missing label and is taken for a class`
      : `${names} read as missing labels and are taken for classes`;
  return [...(classes.every(isNumber) || holes.length === 0 ? [] : [note]), ...alikeNotes("classes", classes)];
}
