// One factor on predicted deviations, fitted on held-out rows: what a temperature is for values.

import { checkAbove, checkLength, rangeError, toFloatArray } from "../check.js";
import type { FloatInput } from "../types.js";
import { meanOf } from "./judged.js";

/** A fitted factor. Above 1: the deviations were too small; below 1: too large. */
export interface VarianceScaling {
  /** What deviations are multiplied by. */
  readonly factor: number;
  /** Mean negative log-likelihood of a normal law on the rows of the fit, before and after. */
  readonly nll: { readonly before: number; readonly after: number };
}

/**
 * Finds the factor on the deviations that gives right values the lowest negative log-likelihood of a normal law. Use
 * rows that the model was not trained on.
 *
 *     factor = sqrt(mean over rows of (y - mean)^2 / variance)
 *
 * Shapes. One entry a row in each: the values of one output. Fit each output by itself.
 * Numerics. The closed form of the maximum, exact.
 *
 * @throws {TypeError | RangeError} If there is no row, lengths differ, a number is not finite, a variance is not above
 *   0, or all means are exact (no factor above 0 is best then).
 * @example
 * ```ts
 * import { fitVarianceScaling } from "hadamask/uncertainty";
 * const { factor } = fitVarianceScaling([0, 0], [1, 1], [3, -1]); // errors of 3 and 1 where 1 was said
 * console.log(factor === Math.sqrt((9 + 1) / 2)); // true
 * ```
 * @see Laves et al., "Well-calibrated regression uncertainty in medical imaging with deep learning", MIDL 2020.
 */
export function fitVarianceScaling(mean: FloatInput, variance: FloatInput, targets: FloatInput): VarianceScaling {
  const where = "fitVarianceScaling";
  const [means, variances, right] = checkedRows(where, mean, variance, targets);
  const squares = means.map((value, row) => (right[row]! - value) ** 2 / variances[row]!);
  const factor = Math.sqrt(meanOf(squares));
  if (!(factor > 0)) throw rangeError(where, "targets", "different from the means in some row", factor);
  const nll = (scale: number): number =>
    meanOf(
      squares.map((square, row) => (Math.log(2 * Math.PI * variances[row]! * scale ** 2) + square / scale ** 2) / 2),
    );
  return { factor, nll: { before: nll(1), after: nll(factor) } };
}

/** Means, variances and right values of some rows, one each. */
export function checkedRows(
  where: string,
  mean: FloatInput,
  variance: FloatInput,
  targets: FloatInput,
): readonly [Float64Array, Float64Array, Float64Array] {
  const means = Float64Array.from(toFloatArray(where, "mean", mean));
  const variances = Float64Array.from(toFloatArray(where, "variance", variance));
  const right = Float64Array.from(toFloatArray(where, "targets", targets));
  if (means.length === 0) throw rangeError(where, "mean", "of at least one row", 0);
  checkLength(where, "variance", variances.length, means.length, "(one a row)");
  checkLength(where, "targets", right.length, means.length, "(one a row)");
  for (let row = 0; row < means.length; row++) {
    checkAbove(where, `variance[${row}]`, variances[row]!, 0);
    if (!Number.isFinite(means[row])) throw rangeError(where, `mean[${row}]`, "finite", means[row]!);
    if (!Number.isFinite(right[row])) throw rangeError(where, `targets[${row}]`, "finite", right[row]!);
  }
  return [means, variances, right];
}
