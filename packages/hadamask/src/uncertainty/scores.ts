// How good are probabilities? Proper scores and calibration, each with an interval.

import { checkKey, checkProbability } from "../check.js";
import type { FloatInput } from "../types.js";
import { wilson } from "./binomial.js";
import { type CalibrationTest, type CalibrationTestOptions, testOf } from "./calibration-test.js";
import { type Judged, judge, judgeRows, type Labelled, type Labels, labelled, meanOf } from "./judged.js";
import { normalQuantile } from "./mean-interval.js";
import { meanScore, type Score } from "./score.js";
import { expectedLosses, unseenRows } from "./unseen.js";

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
 * Numerics. The interval of the accuracy is Wilson's; those of NLL and Brier score are by empirical
 *   likelihood, with half a row more that is right and half a row that is wrong, which lose what the model expects: few
 *   rows of a sure model may hold none that is wrong. The calibration errors are those of {@link calibrationTest}.
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
  const judged = judgeRows(table, labels);
  const level = checkProbability(where, "level", options.level ?? 0.95);
  const right = judged.correct.reduce((sum, one) => sum + one, 0);
  return {
    accuracy: { value: right / judged.rows, interval: wilson(right, judged.rows, normalQuantile((1 + level) / 2)) },
    ...lossScores(table, judged, level),
    ...testOf(where, judged, table, labels, { ...options, key }),
  };
}

export type ScoreOptions = CalibrationTestOptions;

/** NLL and Brier score with their intervals. */
export function lossScores(table: Labelled, judged: Judged, level: number): Pick<Scores, "nll" | "brier"> {
  const expected = expectedLosses(table, judged);
  return {
    nll: meanScore(judged.nll, level, [0, Number.POSITIVE_INFINITY], unseenRows(expected.nll, judged.correct)),
    brier: meanScore(judged.brier, level, [0, 2], unseenRows(expected.brier, judged.correct)),
  };
}
