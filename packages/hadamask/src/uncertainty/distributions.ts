// Checks that numbers are probabilities, and reads a single column as the second of two classes. Knows no statistic.

import { rangeError } from "../check.js";

/** How far from 1 the sum of float32 probabilities may be. */
const SUM_SLACK = 1e-3;

/** Rows of probabilities that each sum to 1. */
export interface Distributions {
  readonly values: ArrayLike<number>;
  readonly classes: number;
}

/**
 * Checks rows of `classes` probabilities. One column is the probability of class 1 of two: it comes back as two
 * columns. `named` says in a message which row it was.
 */
export function checkDistributions(
  where: string,
  name: string,
  values: ArrayLike<number>,
  classes: number,
  named: (row: number) => string = (row) => `row ${row} of ${name}`,
): Distributions {
  if (classes === 1) {
    checkProbabilities(where, name, values);
    const both = new Float64Array(2 * values.length);
    for (let i = 0; i < values.length; i++) {
      both[2 * i] = 1 - Math.min(1, values[i]!);
      both[2 * i + 1] = Math.min(1, values[i]!);
    }
    return { values: both, classes: 2 };
  }
  for (let row = 0, i = 0; i < values.length; row++) {
    let sum = 0;
    for (const end = i + classes; i < end; i++) {
      const p = values[i]!;
      if (!(p >= 0 && p <= 1 + SUM_SLACK)) throw notProbability(where, `${name}[${i}]`, "in [0, 1]", p);
      sum += p;
    }
    if (!(Math.abs(sum - 1) <= SUM_SLACK)) throw notProbability(where, `the sum of ${named(row)}`, "1", sum);
  }
  return { values, classes };
}

/** Checks that each number is a probability, whatever their sums: labels that do not exclude each other. */
export function checkProbabilities(where: string, name: string, values: ArrayLike<number>): void {
  for (let i = 0; i < values.length; i++) {
    const p = values[i]!;
    if (!(p >= 0 && p <= 1 + SUM_SLACK)) {
      throw rangeError(where, `${name}[${i}]`, "in [0, 1]", p, "apply a sigmoid to logits first");
    }
  }
}

const notProbability = (where: string, what: string, rule: string, value: number): RangeError =>
  rangeError(where, what, rule, value, "apply a softmax to logits first");
