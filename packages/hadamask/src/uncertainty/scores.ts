// How good are probabilities? Proper scores and calibration, each with an interval.

import { checkCount, checkKey, checkProbability } from "../check.js";
import { noiseWord } from "../random/draw.js";
import type { FloatInput, Key } from "../types.js";
import { type BinOptions, calibrationErrorOf, checkBins } from "./calibration.js";
import { type Judged, judge, type Labels, meanOf } from "./judged.js";

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
 * @see Brier, "Verification of forecasts expressed in terms of probability", Monthly Weather Review 78 (1950).
 */
export function brierScore(probabilities: FloatInput, labels: Labels): number {
  return meanOf(judge("brierScore", probabilities, labels).brier);
}

/** Share of rows whose most probable class is the right one. */
export function accuracy(probabilities: FloatInput, labels: Labels): number {
  return meanOf(judge("accuracy", probabilities, labels).correct);
}

/** A score and where it would lie with other rows of the same kind. */
export interface Score {
  readonly value: number;
  readonly interval: readonly [number, number];
}

export interface Scores {
  readonly accuracy: Score;
  /** {@link negativeLogLikelihood}. */
  readonly nll: Score;
  /** {@link brierScore}. */
  readonly brier: Score;
  /** {@link calibrationError} with bins of equal width. */
  readonly ece: Score;
  /** {@link calibrationError} with bins of equally many rows. */
  readonly adaptiveEce: Score;
}

export interface ScoreOptions {
  /** Where the resamples are drawn from. */
  readonly key: Key;
  /** Default 15. */
  readonly bins?: number;
  /** Default 1000. */
  readonly resamples?: number;
  /** Default 0.95. */
  readonly level?: number;
}

/**
 * All scores of a classifier with bootstrap intervals over the rows.
 *
 * Randomness. The resamples depend on `key` alone: two models judged with one key see the same rows, as a comparison
 * needs.
 * Numerics. Basic bootstrap intervals, 2 value - quantiles: for the calibration errors, which are biased upwards by
 *   chance, this takes the bias that resampling adds off again. Cut at 0 (and accuracy at 1), and widened where they
 *   would miss the value itself.
 * Cost. `resamples` passes over the rows.
 *
 * @throws {TypeError | RangeError} As {@link negativeLogLikelihood}, and if an option is out of range.
 * @see Davison and Hinkley, "Bootstrap methods and their application" (1997), section 5.2.
 */
export function scores(probabilities: FloatInput, labels: Labels, options: ScoreOptions): Scores {
  const where = "scores";
  const judged = judge(where, probabilities, labels);
  const key = checkKey(where, options.key);
  const resamples = options.resamples ?? 1000;
  checkCount(where, "resamples", resamples, 1_000_000);
  const level = checkProbability(where, "level", options.level ?? 0.95);
  const measures = measuresOf(judged, options.bins === undefined ? {} : { bins: options.bins });
  const values = measures.map((measure) => measure());
  const drawn = measures.map(() => new Float64Array(resamples));
  for (let r = 0; r < resamples; r++) {
    const counts = resample(key, r, judged.rows);
    measures.forEach((measure, m) => {
      drawn[m]![r] = measure(counts);
    });
  }
  const [accuracy, nll, brier, ece, adaptiveEce] = values.map((value, m) => basicInterval(value, drawn[m]!, level));
  return { accuracy: capped(accuracy!), nll: nll!, brier: brier!, ece: ece!, adaptiveEce: adaptiveEce! };
}

type Measure = (counts?: ArrayLike<number>) => number;

function measuresOf(judged: Judged, bins: BinOptions): Measure[] {
  const width = checkBins("scores", { ...bins, binning: "width" });
  const mass = checkBins("scores", { ...bins, binning: "mass" });
  return [
    (counts) => meanOf(judged.correct, counts),
    (counts) => meanOf(judged.nll, counts),
    (counts) => meanOf(judged.brier, counts),
    (counts) => calibrationErrorOf(judged, width, counts),
    (counts) => calibrationErrorOf(judged, mass, counts),
  ];
}

/** How often each row is drawn in resample `r`: `rows` draws with replacement. */
function resample(key: Key, r: number, rows: number): Int32Array {
  const counts = new Int32Array(rows);
  // A word times n / 2^32: the probabilities of two rows differ by at most 2^-32.
  for (let i = 0; i < rows; i++) counts[Math.floor((noiseWord(key, r * rows + i) / 2 ** 32) * rows)]!++;
  return counts;
}

/** The basic bootstrap interval of a score that cannot be below 0. Sorts `drawn`. */
function basicInterval(value: number, drawn: Float64Array, level: number): Score {
  drawn.sort();
  const at = (q: number): number => drawn[Math.min(drawn.length - 1, Math.floor(q * drawn.length))]!;
  const tail = (1 - level) / 2;
  const [low, high] = [2 * value - at(1 - tail), 2 * value - at(tail)];
  return { value, interval: [Math.max(0, Math.min(low, value)), Math.max(high, value)] };
}

const capped = ({ value, interval: [low, high] }: Score): Score => ({ value, interval: [low, Math.min(1, high)] });
