// Intervals that hold the right value with a promised probability, whatever the model is worth.

import { checkCount, checkLength, rangeError, toFloatArray } from "../check.js";
import { checkOptions } from "../options.js";
import type { FloatArray, FloatInput } from "../types.js";
import { type ConformalCoverage, type ConformalPromise, checkLevel, coverageOf, promiseOf } from "./conformal.js";

/** "absolute" and "normalized" widen a mean, "quantile" moves the ends of predicted quantiles (CQR). */
export type IntervalScore = "absolute" | "normalized" | "quantile";

/** What is predicted of each row, one value a row. */
export interface PredictedValues {
  /** "absolute", "normalized". */
  readonly mean?: FloatInput;
  /** "normalized": how unsure each row is, for instance the deviation over passes. */
  readonly deviation?: FloatInput;
  /** "quantile": predicted ends. */
  readonly lower?: FloatInput;
  readonly upper?: FloatInput;
}

/** Intervals, one a row. Infinite where there were too few calibration rows. */
export interface ValueIntervals {
  readonly lower: Float64Array;
  readonly upper: Float64Array;
  /** Mean width; where quantiles cross, an interval may be empty, and counts as 0. */
  readonly meanSize: number;
}

export interface ConformalIntervals {
  readonly level: number;
  readonly score: IntervalScore;
  readonly promise: ConformalPromise;
  /** Intervals for new rows. */
  intervals(prediction: PredictedValues): ValueIntervals;
}

/**
 * Split conformal prediction for values: from rows that the model was not trained on, intervals that hold the right
 * value of a new row with probability `level` or more, if the rows could have come in any order.
 *
 *     absolute     score |y - mean|                       interval mean ± threshold
 *     normalized   score |y - mean| / deviation           interval mean ± threshold * deviation
 *     quantile     score max(lower - y, y - upper)        interval [lower - threshold, upper + threshold]
 *
 * where the threshold is the k-th smallest score, k = ceil((rows + 1) level).
 *
 * Shapes. One number a row everywhere; of a model with several values call it for each.
 * Numerics. P(covered) = k / (rows + 1) where scores do not tie; over calibrations the coverage is Beta(k, rows + 1 -
 * k).
 *   A row whose deviation is 0 is covered where its mean is exact; if more than 1 - level of the calibration rows are
 *   not, the threshold is infinite.
 *
 * @throws {TypeError | RangeError} If a prediction that the score needs is missing, lengths do not fit, a number is
 *   NaN, or an option is out of range.
 * @example
 * ```ts
 * import { conformalIntervals } from "hadamask/uncertainty";
 * const { promise, intervals } = conformalIntervals({ mean: [1, 2, 3, 4] }, [1.5, 2, 2, 4.25], { level: 0.6 });
 * console.log(promise.threshold, promise.expected); // 0.5 0.6
 * const { lower, upper } = intervals({ mean: [10] });
 * console.log(lower[0], upper[0]); // 9.5 10.5
 * ```
 * @see Lei, G'Sell, Rinaldo, Tibshirani and Wasserman, "Distribution-free predictive inference for regression", JASA
 *   113 (2018); Romano, Patterson and Candès, "Conformalized quantile regression", NeurIPS 2019.
 */
export function conformalIntervals(
  prediction: PredictedValues,
  targets: FloatInput,
  options: { readonly level?: number; readonly score?: IntervalScore } = {},
): ConformalIntervals {
  const where = "conformalIntervals";
  checkOptions(where, options, ["level", "score"]);
  const { level = 0.9, score = "absolute" } = options;
  checkLevel(where, level);
  if (score !== "absolute" && score !== "normalized" && score !== "quantile") {
    throw rangeError(where, "score", '"absolute", "normalized" or "quantile"', score);
  }
  const y = checked(where, "targets", targets);
  const ends = endsOf(where, prediction, score);
  checkLength(where, "targets", y.length, checkCount(where, "rows", ends.rows), "like the predictions");
  const scores = Float64Array.from(y, (value, row) => ends.score(row, value));
  const promise = promiseOf(scores, level);
  const intervals = (fresh: PredictedValues): ValueIntervals => {
    const { rows, interval } = endsOf("conformalIntervals.intervals", fresh, score);
    const [lower, upper] = [new Float64Array(rows), new Float64Array(rows)];
    let total = 0;
    for (let row = 0; row < rows; row++) {
      [lower[row], upper[row]] = Number.isFinite(promise.threshold)
        ? interval(row, promise.threshold)
        : [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
      total += Math.max(0, upper[row]! - lower[row]!);
    }
    return { lower, upper, meanSize: rows === 0 ? 0 : total / rows };
  };
  return { level, score, promise, intervals };
}

/** The score of a right value, and the interval of a threshold. */
interface Ends {
  readonly rows: number;
  score(row: number, y: number): number;
  interval(row: number, threshold: number): [number, number];
}

function endsOf(where: string, prediction: PredictedValues, score: IntervalScore): Ends {
  const take = (name: keyof PredictedValues, like?: FloatArray): FloatArray => {
    const values = prediction[name];
    if (values === undefined) throw new TypeError(`${where}: ${name} is missing; score "${score}" needs it`);
    const numbers = checked(where, name, values);
    if (like !== undefined) checkLength(where, name, numbers.length, like.length, "like the other predictions");
    return numbers;
  };
  if (score === "quantile") {
    const lower = take("lower");
    const upper = take("upper", lower);
    return {
      rows: lower.length,
      score: (row, y) => Math.max(lower[row]! - y, y - upper[row]!),
      interval: (row, threshold) => [lower[row]! - threshold, upper[row]! + threshold],
    };
  }
  const mean = take("mean");
  const deviation = score === "normalized" ? take("deviation", mean) : mean.map(() => 1);
  const negative = deviation.findIndex((value) => !(value >= 0));
  if (negative >= 0) throw rangeError(where, `deviation[${negative}]`, "at least 0", deviation[negative]);
  return {
    rows: mean.length,
    score: (row, y) => (y === mean[row] ? 0 : Math.abs(y - mean[row]!) / deviation[row]!),
    interval: (row, threshold) => [mean[row]! - threshold * deviation[row]!, mean[row]! + threshold * deviation[row]!],
  };
}

function checked(where: string, name: string, input: FloatInput): FloatArray {
  const values = toFloatArray(where, name, input);
  const bad = values.findIndex(Number.isNaN);
  if (bad >= 0) throw rangeError(where, `${name}[${bad}]`, "a number", values[bad]);
  return values;
}

/**
 * How many intervals of labelled rows hold the right value, with the exact interval of that share.
 *
 * @throws {TypeError | RangeError} If there is not one target a row.
 * @example
 * ```ts
 * import { conformalIntervals, intervalCoverage } from "hadamask/uncertainty";
 * const { intervals } = conformalIntervals({ mean: [1, 2, 3, 4] }, [1.5, 2, 2, 4.25], { level: 0.6 });
 * console.log(intervalCoverage(intervals({ mean: [10, 20] }), [10.25, 21]).coverage); // 0.5
 * ```
 */
export function intervalCoverage(intervals: ValueIntervals, targets: FloatInput): ConformalCoverage {
  const where = "intervalCoverage";
  const y = checked(where, "targets", targets);
  const { lower, upper, meanSize } = intervals;
  checkLength(where, "targets", y.length, checkCount(where, "rows", lower.length), "like the intervals");
  let covered = 0;
  for (let row = 0; row < y.length; row++) if (lower[row]! <= y[row]! && y[row]! <= upper[row]!) covered++;
  return coverageOf(covered, y.length, meanSize);
}
