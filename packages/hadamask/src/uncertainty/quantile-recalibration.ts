// Levels of predicted distributions, corrected by how often right values lay below them on held-out rows.

import { checkAbove, checkLength, checkProbability, toFloatArray } from "../check.js";
import { normalCdf } from "../special/normal.js";
import type { FloatInput } from "../types.js";
import { type RisingFunction, valueAt } from "./isotonic.js";
import { checkedRows } from "./variance-scaling.js";

/** From the level that is wanted (`x`) to the level of the model's law that has it (`y`), straight between corners. */
export type QuantileRecalibration = RisingFunction;

/**
 * Finds out which level of the model's normal law right values really lie below how often. Use rows that the model was
 * not trained on.
 *
 *     u = normalCdf((y - mean) / deviation) of each row;   level k / (n + 1) becomes the k-th smallest u
 *
 * Numerics. The source takes k / n. With k / (n + 1) a new row from the same source lies below the quantile of that
 *   level with exactly this probability, over new rows and rows of the fit; in between, levels are interpolated, and
 *   levels below 1 / (n + 1) or above n / (n + 1) say little.
 * Shapes. One entry a row in each: the values of one output. Fit each output by itself.
 *
 * @throws {TypeError | RangeError} As {@link fitVarianceScaling}; means may be exact.
 * @example
 * ```ts
 * import { applyQuantileRecalibration, fitQuantileRecalibration } from "hadamask/uncertainty";
 * // three rows whose right values lie 0, 1 and 2 deviations above the mean: the middle one is the median
 * const fitted = fitQuantileRecalibration([0, 0, 0], [1, 1, 1], [2, 0, 1]);
 * console.log(applyQuantileRecalibration([10], [4], [0.5], fitted)[0]!.toFixed(6)); // 12.000000
 * ```
 * @see Kuleshov, Fenner, Ermon, "Accurate uncertainties for deep learning using calibrated regression", ICML 2018,
 *   algorithm 1.
 */
export function fitQuantileRecalibration(
  mean: FloatInput,
  variance: FloatInput,
  targets: FloatInput,
): QuantileRecalibration {
  const [means, variances, right] = checkedRows("fitQuantileRecalibration", mean, variance, targets);
  const rows = means.length;
  const levels = means.map((value, row) => normalCdf((right[row]! - value) / Math.sqrt(variances[row]!))).sort();
  return {
    x: Float64Array.from({ length: rows + 2 }, (_, k) => k / (rows + 1)),
    y: Float64Array.of(0, ...levels, 1),
  };
}

/**
 * Quantiles of new rows at the levels that are wanted, after a {@link fitQuantileRecalibration}.
 *
 * Shapes. `mean` and `variance` have one entry a row; the result is rows x levels in C order.
 * Numerics. Levels 0 and 1 give infinities.
 * @throws {TypeError | RangeError} If lengths differ, a variance is not above 0, or a level is not in [0, 1].
 * @example
 * ```ts
 * import { applyQuantileRecalibration } from "hadamask/uncertainty";
 * const same = { x: Float64Array.of(0, 1), y: Float64Array.of(0, 1) }; // nothing to correct
 * console.log(applyQuantileRecalibration([3], [1], [0.5], same)); // Float64Array(1) [ 3 ]
 * ```
 */
export function applyQuantileRecalibration(
  mean: FloatInput,
  variance: FloatInput,
  levels: FloatInput,
  fitted: QuantileRecalibration,
): Float64Array {
  const where = "applyQuantileRecalibration";
  const means = toFloatArray(where, "mean", mean);
  const variances = toFloatArray(where, "variance", variance);
  checkLength(where, "variance", variances.length, means.length, "(one a row)");
  const z = Float64Array.from(toFloatArray(where, "levels", levels), (level, i) =>
    quantileOf(valueAt(fitted, checkProbability(where, `levels[${i}]`, level))),
  );
  const out = new Float64Array(means.length * z.length);
  for (let row = 0; row < means.length; row++) {
    const deviation = Math.sqrt(checkAbove(where, `variance[${row}]`, variances[row]!, 0));
    for (let i = 0; i < z.length; i++) out[row * z.length + i] = means[row]! + deviation * z[i]!;
  }
  return out;
}

/** The z below which a standard normal variable lies with probability `p`. */
function quantileOf(p: number): number {
  if (p > 0.5) return -quantileOf(1 - p);
  if (p === 0) return Number.NEGATIVE_INFINITY;
  let [low, high] = [0, 40];
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (normalCdf(-middle) > p) low = middle;
    else high = middle;
  }
  return -low;
}
