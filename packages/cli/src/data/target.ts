// What is to be predicted: classes or values, by the texts of the column that has the answers.

import { isCommaNumber, isMissing, isNumber, numberIn, quote } from "./cells.js";
import { DataError } from "./data-error.js";

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

/**
 * @param name Of the column, for sentences.
 * @throws {DataError} If the answers are not what was asked for, all the same, or too many.
 */
export function targetOf(
  path: string,
  texts: readonly string[],
  { task, name, isComma }: { readonly task: TaskAsked; readonly name: string; readonly isComma: boolean },
): TargetFound {
  const isValue = (text: string): boolean => isNumber(text) || (isComma && isCommaNumber(text));
  const distinct = [...new Set(texts)];
  const areNumbers = distinct.every(isValue);
  if (task === "regression" && !areNumbers) {
    const row = texts.findIndex((text) => !isValue(text));
    const advice = isMissing(texts[row]!) ? "; leave such rows out with --missing drop" : "";
    throw new DataError(
      `${path}: row ${row + 1}: the value of ${name} must be a number, got ${quote(texts[row]!)}${advice}`,
    );
  }
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
  const nameOf = new Map<string | number, string>();
  for (const text of distinct) {
    const value = areNumbers ? numberIn(text) : text;
    nameOf.set(value, nameOf.has(value) ? String(value) : text);
  }
  checkClasses(path, [...nameOf.values()], texts.length, name);
  const values = [...nameOf.keys()].sort(areNumbers ? (a, b) => Number(a) - Number(b) : undefined);
  const numberOf = new Map(values.map((value, i) => [value, i]));
  return {
    kind: "classes",
    classes: values.map((value) => nameOf.get(value)!),
    labels: Uint16Array.from(texts, (text) => numberOf.get(areNumbers ? numberIn(text) : text)!),
  };
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
