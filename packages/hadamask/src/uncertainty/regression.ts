// How good are predicted values and their variances? Error, likelihood, and whether intervals hold what they promise.

import { checkLength, checkProbability, toFloatArray } from "../check.js";
import { checkOptions } from "../options.js";
import type { FloatInput } from "../types.js";
import { exactShare, type Interval } from "./binomial.js";
import { meanOf } from "./judged.js";
import { meanInterval, normalQuantile } from "./mean-interval.js";
import type { ValueStatistics } from "./values.js";

/** Scores of one predicted value over the rows, each with its 95 % interval. */
export interface RegressionScores {
  /** Root mean square error. */
  readonly rmse: { readonly value: number; readonly interval: Interval };
  /** Mean negative log-likelihood of a normal law with the predicted mean and variance, in nats. */
  readonly nll: { readonly value: number; readonly interval: Interval };
  /** Share of the right values inside mean ± z * deviation, z from `level`; the interval is the exact one. */
  readonly coverage: { readonly value: number; readonly interval: Interval };
}

/**
 * Scores of a regression with a variance for each value: the variance over passes, or `total` where the model predicts
 * its own noise too. Without that the variance knows nothing of noise in the data, and the coverage says so.
 *
 *     NLL = mean over rows of log(2 pi v) / 2 + (y - mean)^2 / 2v
 *
 * Shapes. `targets` holds rows x values numbers in C order. One entry of the result for each value.
 * Numerics. A variance of 0 makes the NLL infinite where the mean is not exact.
 *
 * @throws {TypeError | RangeError} If lengths do not fit, or `level` is not in [0, 1].
 * @example
 * ```ts
 * import { regressionScores, valueStatistics } from "hadamask/uncertainty";
 * const passes = valueStatistics([1, 3, 4, 6], { rows: 2, values: 1 }); // means 2 and 5, variances 2
 * const [scores] = regressionScores(passes, [2, 9]);
 * console.log(scores!.rmse.value.toFixed(3), scores!.coverage.value); // 2.828 0.5
 * ```
 */
export function regressionScores(
  prediction: Pick<ValueStatistics, "rows" | "values" | "mean" | "variance" | "total">,
  targets: FloatInput,
  options: { readonly level?: number } = {},
): RegressionScores[] {
  const where = "regressionScores";
  checkOptions(where, options, ["level"]);
  const { level = 0.95 } = options;
  const { rows, values, mean } = prediction;
  const variance = prediction.total ?? prediction.variance;
  const right = toFloatArray(where, "targets", targets);
  checkLength(where, "targets", right.length, rows * values, "(rows x values)");
  const z = normalQuantile((1 + checkProbability(where, "level", level)) / 2);
  return Array.from({ length: values }, (_, v) => {
    const squares = new Float64Array(rows);
    const nll = new Float64Array(rows);
    let inside = 0;
    for (let row = 0; row < rows; row++) {
      const at = row * values + v;
      squares[row] = (right[at]! - mean[at]!) ** 2;
      const spread = variance[at]!;
      if (squares[row]! <= z * z * spread) inside++;
      const distance = squares[row] === 0 ? 0 : squares[row]! / (2 * spread);
      nll[row] = Math.log(2 * Math.PI * spread) / 2 + distance;
    }
    const [low, high] = meanInterval(squares);
    return {
      rmse: { value: Math.sqrt(meanOf(squares)), interval: [Math.sqrt(Math.max(0, low)), Math.sqrt(high)] as const },
      nll: { value: meanOf(nll), interval: meanInterval(nll) },
      coverage: { value: inside / rows, interval: exactShare(inside, rows, 0.95) },
    };
  });
}
