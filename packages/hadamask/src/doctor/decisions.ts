// From an array that some dropout made to the decisions behind it: which elements were kept. Knows no statistics.

import { rangeError, typeError } from "../check.js";
import { checkShape, type Shape } from "../placement/shape.js";

/** What the numbers of an array are. */
export type ArrayKind =
  /** Zeros and ones. */
  | "mask"
  /** Zeros and one other number: multipliers, or dropout of ones. */
  | "multipliers"
  /** Zeros and several other numbers: an output, or a gradient. */
  | "values";

export interface Decisions {
  readonly kind: ArrayKind;
  /** What a kept element is multiplied by; undefined for an array of values. */
  readonly factor: number | undefined;
  readonly shape: Shape;
  /** 1 where an element was kept. */
  readonly bits: Uint8Array;
}

/**
 * Reads decisions off an array: an element was dropped where it is 0 (of either sign).
 *
 * @throws {TypeError | RangeError} If it is not an array of numbers, is empty, or `shape` does not fit.
 */
export function decisionsOf(where: string, values: ArrayLike<number | boolean>, shape?: readonly number[]): Decisions {
  if (typeof values !== "object" || values === null || !(values.length >= 0)) {
    throw typeError(where, "values", "an array of numbers or booleans", values);
  }
  if (values.length === 0) throw rangeError(where, "values", "at least one element", 0);
  const bits = Uint8Array.from(values, (value) => (Number(value) === 0 ? 0 : 1));
  const first = bits.indexOf(1);
  const factor = first === -1 ? undefined : Number(values[first]);
  const isOne = factor !== undefined && bits.every((bit, i) => bit === 0 || Number(values[i]) === factor);
  return {
    kind: factor === undefined || (isOne && factor === 1) ? "mask" : isOne ? "multipliers" : "values",
    factor: isOne ? factor : undefined,
    shape: shape === undefined ? [values.length] : checkShape(where, shape, values.length, "values"),
    bits,
  };
}
