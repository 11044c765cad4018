// How good are probabilities? Proper scores and calibration, each with an interval.

import { checkKey, checkProbability } from "../check.js";
import type { FloatInput } from "../types.js";
import { wilson } from "./binomial.js";
import { type CalibrationTest, type CalibrationTestOptions, testOf } from "./calibration-test.js";
import { judge, type Labels, labelled, meanOf } from "./judged.js";
import { meanInterval, normalQuantile } from "./mean-interval.js";

/**
 * Mean negative log-likelihood of the right classes, in nats: lower is better, 0 is perfect.
 *
 *     NLL = mean over rows of -log p[row, label[row]]
 *
 * Numerics. A probability of 0 counts as 2^-149, the smallest float32 above it: such a row costs 103.28 nats, not
 * infinity.
 *
 * @throws {TypeError | RangeError} If `labels` does not fit, or a row of `probabilities` is no distribution.
 * @example
 * ```ts
 * import { negativeLogLikelihood } from "hadamask/uncertainty";
 * console.log(negativeLogLikelihood([0.5, 0.5, 0.25, 0.75], [0, 1]).toFixed(4)); // 0.4904
 * ```
 */
export function negativeLogLikelihood(probabilities: FloatInput, labels: Labels): number {
  return meanOf(judge("negativeLogLikelihood", probabilities, labels).nll);
}

/**
 * Mean Brier score: the squared distance between the probabilities and the right answer, summed over the classes; 0
 * is perfect, 2 is the worst.
 *
 * @throws {TypeError | RangeError} As {@link negativeLogLikelihood}.
 *
 * @example
 * ```ts
 * import { brierScore } from "hadamask/uncertainty";
 * console.log(brierScore([0.5, 0.5, 0.25, 0.75], [0, 1])); // 0.3125
 * ```
 * @see Brier, "Verification of forecasts expressed in terms of probability", Monthly Weather Review 78 (1950).
 */
export function brierScore(probabilities: FloatInput, labels: Labels): number {
  return meanOf(judge("brierScore", probabilities, labels).brier);
}

/**
 * Share of rows whose most probable class is the right one.
 *
 * @example
 * ```ts
 * import { accuracy } from "hadamask/uncertainty";
 * console.log(accuracy([0.6, 0.4, 0.3, 0.7], [0, 0])); // 0.5
 * ```
 */
export function accuracy(probabilities: FloatInput, labels: Labels): number {
  return meanOf(judge("accuracy", probabilities, labels).correct);
}

/** A score and where it would lie with other rows of the same kind. */
export interface Score {
  readonly value: number;
  readonly interval: readonly [number, number];
}

export interface Scores extends CalibrationTest {
  readonly accuracy: Score;
  /** {@link negativeLogLikelihood}. */
  readonly nll: Score;
  /** {@link brierScore}. */
  readonly brier: Score;
}

/**
 * All scores of a classifier with their intervals, and the calibration errors beside those of a calibrated model.
 *
 * Randomness. What chance makes of a calibrated model depends on `key` alone.
 * Numerics. The interval of the accuracy is Wilson's; those of NLL and Brier score are Student's with the skewness
 *   taken out, cut at 0; the calibration errors are those of {@link calibrationTest}.
 * Cost. That of {@link calibrationTest}.
 *
 * @throws {TypeError | RangeError} As {@link negativeLogLikelihood}, and if an option is out of range.
 *
 * @example
 * ```ts
 * import { key } from "hadamask";
 * import { scores } from "hadamask/uncertainty";
 * const { accuracy, nll } = scores([0.5, 0.5, 0.25, 0.75], [1, 1], { key: key(0), resamples: 100 });
 * console.log(accuracy.value, nll.value.toFixed(4)); // 0.5 0.4904
 * ```
 */
export function scores(probabilities: FloatInput, labels: Labels, options: ScoreOptions): Scores {
  const where = "scores";
  const key = checkKey(where, options?.key);
  const table = labelled(where, probabilities, labels);
  const judged = judge(where, probabilities, labels);
  const level = checkProbability(where, "level", options.level ?? 0.95);
  const right = judged.correct.reduce((sum, one) => sum + one, 0);
  return {
    accuracy: { value: right / judged.rows, interval: wilson(right, judged.rows, normalQuantile((1 + level) / 2)) },
    nll: meanScore(judged.nll, level),
    brier: meanScore(judged.brier, level),
    ...testOf(where, judged, table, labels, { ...options, key }),
  };
}

export type ScoreOptions = CalibrationTestOptions;

/** A mean of losses, none of which is below 0. */
function meanScore(losses: Float64Array, level: number): Score {
  const [low, high] = meanInterval(losses, level);
  return { value: meanOf(losses), interval: [Math.max(0, low), high] };
}
