// Arrays of numbers held to others: to the bit, or to so many decimals.

import { expect } from "vitest";

/** The index of the first element that differs, NaN of any payload being equal to NaN; -1 if none does. */
export function firstDifference(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  for (let i = 0; i < expected.length; i++) if (!Object.is(actual[i], expected[i])) return i;
  return actual.length === expected.length ? -1 : expected.length;
}

/** Expects as many numbers, each the same to `digits` decimals. */
export const nearTo =
  (digits: number) =>
  (values: ArrayLike<number>, expected: readonly number[], own: number = digits): void => {
    expect(values).toHaveLength(expected.length);
    expected.forEach((value, i) => {
      expect(values[i]).toBeCloseTo(value, own);
    });
  };
