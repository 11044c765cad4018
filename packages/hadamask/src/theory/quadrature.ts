// Expectations under a normal distribution by quadrature: the reference where there is no closed form.

import { rangeError } from "../check.js";
import { normalDensity } from "../special/normal.js";
import { CompensatedSum } from "./sum.js";

/** Beyond this many standard deviations the normal density adds less than 1e-22. */
const REACH = 10;

/**
 * E[f(u)] for u normal with the given mean and variance, by the trapezoid rule on mean +- 10 standard deviations.
 *
 * Numerics. The trapezoid rule converges faster than any power for smooth functions that decay: at 4000 intervals the
 *   error is rounding (1e-15 of the largest value) for f that varies over a fiftieth of a standard deviation or more.
 * Cost. 4001 calls of `f`.
 *
 * @throws {RangeError} If the variance is below 0.
 * @example
 * ```ts
 * import { normalExpectation } from "hadamask/theory";
 * console.log(normalExpectation((u) => u * u, { mean: 1, variance: 2 }).toFixed(9)); // 3.000000000
 * ```
 */
export function normalExpectation(
  f: (u: number) => number,
  { mean, variance }: { mean: number; variance: number },
): number {
  if (!(variance >= 0)) throw rangeError("normalExpectation", "variance", "at least 0", variance);
  const intervals = 4000;
  const width = (2 * REACH) / intervals;
  const s = Math.sqrt(variance);
  const sum = new CompensatedSum();
  for (let i = 0; i <= intervals; i++) {
    const z = -REACH + i * width;
    sum.add(width * normalDensity(z) * f(mean + s * z));
  }
  return sum.value;
}
