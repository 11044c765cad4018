// Right answers, from what stands in a file to what the model speaks of: numbers of classes, or values.

import { isMissing, isNumber, quote } from "../data/cells.js";
import { DataError } from "../data/data-error.js";
import { sameNumber } from "../data/numerals.js";

/**
 * The class of each row. Names are looked up in the model's own (where it carries them); numbers are numbers of
 * classes, from 0; other texts are numbered in their order, if there are as many as the model has classes.
 *
 * @param perRow How many of the texts are one row's.
 * @throws {DataError} Naming the row, if a label is not one of these.
 */
export function classNumbers(
  path: string,
  texts: readonly string[],
  classes: number,
  names: readonly string[] | undefined,
  perRow = 1,
): Int32Array {
  const known = names ?? inferredNames(path, texts, classes);
  const numberOf = new Map(known.map((name, i) => [name, i]));
  // "1", "1.0" and "01" are one class, whatever the model calls it.
  const numberOfValue = new Map(known.flatMap((name, i) => (isNumber(name) ? [[sameNumber(name), i] as const] : [])));
  return Int32Array.from(texts, (text, i) => {
    const found = numberOf.get(text) ?? (isNumber(text) ? numberOfValue.get(sameNumber(text)) : undefined);
    if (found !== undefined) return found;
    throw new DataError(
      `${path}: row ${Math.floor(i / perRow) + 1}: the label must be one of ${shown(known)}, got ${quote(text)}`,
    );
  });
}

function inferredNames(path: string, texts: readonly string[], classes: number): string[] {
  const numbers = Array.from({ length: classes }, (_, c) => String(c));
  if (texts.every(isNumber)) return numbers;
  const distinct = [...new Set(texts)].sort();
  const hole = texts.findIndex((text) => isMissing(text));
  if (hole >= 0 && texts.every((text) => isNumber(text) || isMissing(text)))
    throw new DataError(`${path}: row ${hole + 1}: the label is missing, got ${quote(texts[hole]!)}`);
  if (distinct.length === classes) return distinct;
  throw new DataError(
    `${path}: the labels must be ${classes} classes like the model's outputs, got ${distinct.length} different texts`,
  );
}

const shown = (names: readonly string[]): string =>
  names.length <= 12 ? names.join(", ") : `${names.slice(0, 5).join(", ")}, … ${names.at(-1)}`;

/** The right values of each row. @throws {DataError} Naming the row, if one is not a number. */
export function labelValues(path: string, texts: readonly string[], perRow = 1): Float64Array {
  return Float64Array.from(texts, (text, i) => {
    if (isNumber(text)) return Number(text);
    throw new DataError(
      `${path}: row ${Math.floor(i / perRow) + 1}: the right value must be a number, got ${quote(text)}`,
    );
  });
}
