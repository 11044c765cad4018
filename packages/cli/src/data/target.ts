// What is to be predicted: classes or values, by the texts of the column that has the answers.

import { isCommaNumber, isMissing, isNumber, numberIn, quote } from "./cells.js";
import { DataError } from "./data-error.js";
import { sameNumber } from "./numerals.js";

export type TaskAsked = "auto" | "classes" | "regression";
export const TASKS = ["auto", "classes", "regression"] as const;

/** Answers of all rows. */
export type Answers =
  | { readonly kind: "classes"; readonly classes: readonly string[]; readonly labels: Uint16Array }
  | { readonly kind: "values"; readonly values: Float64Array };

export interface TargetFound {
  readonly answers: Answers;
  /** What was decided, and how to have it the other way; nothing where there was nothing to decide. */
  readonly note: string | undefined;
}

/** More whole numbers than that are taken for values. */
const MOST_NUMBERED_CLASSES = 30;
/** More classes than that are taken for a column of measurements that was named as the label by mistake. */
const MOST_CLASSES = 1000;

export interface TargetAsked {
  readonly task: TaskAsked;
  /** Of the column, for sentences. */
  readonly name: string;
  /** Whether numbers may have a decimal comma. */
  readonly isComma: boolean;
  /** Whether rows without an answer can be left out by --missing drop. */
  readonly mayDrop: boolean;
}

/**
 * @throws {DataError} If the answers are not what was asked for, all the same, or too many.
 */
export function targetOf(
  path: string,
  texts: readonly string[],
  { task, name, isComma, mayDrop }: TargetAsked,
): TargetFound {
  const isValue = (text: string): boolean => isNumber(text) || (isComma && isCommaNumber(text));
  const distinct = [...new Set(texts)];
  const areNumbers = distinct.every(isValue);
  if (task === "regression" && !areNumbers) {
    const row = texts.findIndex((text) => !isValue(text));
    const advice = isMissing(texts[row]!) ? adviceFor(mayDrop) : "";
    throw new DataError(
      `${path}: row ${row + 1}: the value of ${name} must be a number, got ${quote(texts[row]!)}${advice}`,
    );
  }
  if (!areNumbers && distinct.some(isValue)) checkHoles(path, texts, isValue, { name, mayDrop });
  const different = areNumbers ? new Set(distinct.map(numberIn)) : undefined;
  const isRegression =
    task === "regression" || (task === "auto" && different !== undefined && looksLikeValues(different));
  if (!isRegression) {
    const answers = classesOf(path, texts, distinct, areNumbers, name);
    const few = answers.classes.length <= 6 ? ` (${answers.classes.join(", ")})` : "";
    const note =
      task === "auto" && areNumbers && answers.classes.length > 2
        ? `${name} is taken for ${answers.classes.length} classes${few}; to predict numbers pass --task regression`
        : undefined;
    return { answers, note };
  }
  if (different!.size < 2) throw new DataError(`${path}: ${name} has one value only, ${quote(distinct[0]!)}`);
  const values = Float64Array.from(texts, numberIn);
  const odd = values.findIndex((value) => !Number.isFinite(value));
  if (odd >= 0)
    throw new DataError(`${path}: row ${odd + 1}: the value of ${name} is too large, ${quote(texts[odd]!)}`);
  const note =
    task === "auto"
      ? `${name} is predicted as a number, of ${different!.size} different ones; for classes pass --task classes`
      : undefined;
  return { answers: { kind: "values", values }, note };
}

/** Among numbers, "NaN" or "?" is not a class. @throws {DataError} If every text among them is one of these. */
function checkHoles(
  path: string,
  texts: readonly string[],
  isValue: (text: string) => boolean,
  { name, mayDrop }: Pick<TargetAsked, "name" | "mayDrop">,
): void {
  const isHole = (text: string): boolean => isMissing(text) || /^[+-]?inf(inity)?$/i.test(text);
  if (!texts.every((text) => isValue(text) || isHole(text))) return;
  const row = texts.findIndex((text) => !isValue(text));
  const text = texts[row]!;
  const what = isMissing(text) ? "the label is missing" : "the label must be a number like the others";
  throw new DataError(`${path}: row ${row + 1}: ${name}: ${what}, got ${quote(text)}${adviceFor(mayDrop)}`);
}

const adviceFor = (mayDrop: boolean): string => `; leave such rows out${mayDrop ? " with --missing drop" : ""}`;

const looksLikeValues = (different: ReadonlySet<number>): boolean =>
  different.size > MOST_NUMBERED_CLASSES ||
  (different.size > 2 && [...different].some((value) => !Number.isInteger(value)));

function classesOf(
  path: string,
  texts: readonly string[],
  distinct: readonly string[],
  areNumbers: boolean,
  name: string,
): Extract<Answers, { kind: "classes" }> {
  // One class each value, under the name that it has in the file if it has one name only.
  const keyOf = areNumbers ? sameNumber : (text: string): string => text;
  const nameOf = new Map<string, string>();
  for (const text of distinct) {
    const key = keyOf(text);
    nameOf.set(key, nameOf.has(key) ? plainest(key, text) : text);
  }
  checkClasses(path, [...nameOf.values()], texts.length, name);
  const keys = [...nameOf.keys()].sort(areNumbers ? (a, b) => byValue(nameOf.get(a)!, nameOf.get(b)!) : undefined);
  const numberOf = new Map(keys.map((key, i) => [key, i]));
  return {
    kind: "classes",
    classes: keys.map((key) => nameOf.get(key)!),
    labels: Uint16Array.from(texts, (text) => numberOf.get(keyOf(text))!),
  };
}

/** Of a number that is spelled in several ways: as JavaScript writes it, where that is the number. */
function plainest(key: string, text: string): string {
  const plain = String(numberIn(text));
  return isNumber(plain) && sameNumber(plain) === key ? plain : text;
}

/** Numbers of more digits than floating-point numbers tell apart are in some order. */
function byValue(a: string, b: string): number {
  const [first, second] = [numberIn(a), numberIn(b)];
  return first < second ? -1 : first > second ? 1 : a < b ? -1 : 1;
}

function checkClasses(path: string, classes: readonly string[], rows: number, name: string): void {
  if (classes.length < 2)
    throw new DataError(
      `${path}: ${name} has one class only, ${quote(classes[0]!)}; choose another column with --label`,
    );
  if (classes.length > MOST_CLASSES || (classes.length > 20 && classes.length > rows / 2)) {
    throw new DataError(`${path}: ${name} has ${classes.length} classes in ${rows} rows; choose another with --label`);
  }
}
