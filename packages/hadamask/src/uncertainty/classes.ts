// What stochastic passes of a classifier say about each row: how unsure it is, and why.

import { checkCount, checkIndex, rangeError, toFloatArray } from "../check.js";
import type { FloatInput } from "../types.js";
import { passMoments } from "./passes.js";

/** Statistics of rows; each array has one entry a row, `mean` and `variance` one for each row and class. Entropies are in nats. */
export interface ClassStatistics {
  readonly rows: number;
  readonly classes: number;
  /** How many passes each row's numbers are from. */
  readonly samples: Int32Array;
  /** Predictive probabilities: the mean over passes. */
  readonly mean: Float64Array;
  /** Variance of each probability over passes. */
  readonly variance: Float64Array;
  /** The class with the highest predictive probability. */
  readonly predicted: Int32Array;
  /** The highest predictive probability. */
  readonly maxProbability: Float64Array;
  /** Entropy of the predictive probabilities: all uncertainty. */
  readonly predictiveEntropy: Float64Array;
  /** Mean entropy of the passes: what is left when the network is certain of itself (noise in the data). */
  readonly expectedEntropy: Float64Array;
  /** The difference of the two (BALD): how much the passes disagree, that is, what the network does not know. */
  readonly mutualInformation: Float64Array;
  /** Share of passes that do not vote for the most voted class. */
  readonly variationRatio: Float64Array;
  readonly standardError: ClassErrors;
}

/** How far each statistic may be from its value for infinitely many passes: one standard deviation. */
export interface ClassErrors {
  readonly mean: Float64Array;
  readonly variance: Float64Array;
  readonly maxProbability: Float64Array;
  readonly predictiveEntropy: Float64Array;
  readonly expectedEntropy: Float64Array;
  readonly mutualInformation: Float64Array;
  readonly variationRatio: Float64Array;
}

/**
 * Statistics of probabilities over stochastic passes.
 *
 *     predictive entropy   H(mean over passes of p)
 *     expected entropy     mean over passes of H(p)
 *     mutual information   their difference, never below 0
 *     variation ratio      1 - votes for the most voted class / passes
 *
 * Shapes. `probabilities` holds rows x passes x classes numbers in C order.
 * Numerics. Standard errors of the entropies by linearisation around the mean probabilities; that of the variation ratio from
 *   (votes + 1) / (passes + 2), so that it is not 0 when all passes agree. The entropy of a mean of T passes lies below its limit by
 *   about (sum of variance / mean) / 2T: for the mutual information that is about 1 part in T.
 *
 * @throws {TypeError | RangeError} If the length does not fit, or there are fewer than 2 passes.
 * @example
 * ```ts
 * import { classStatistics } from "hadamask/uncertainty";
 * // One row, two passes that are certain and contradict each other: all of the uncertainty is disagreement.
 * const { predictiveEntropy, expectedEntropy } = classStatistics([1, 0, 0, 1], { rows: 1, classes: 2 });
 * console.log(predictiveEntropy[0] === Math.log(2), expectedEntropy[0]); // true 0
 * ```
 * @see Houlsby et al., "Bayesian active learning for classification and preference learning", 2011; Gal, "Uncertainty in deep learning", 2016, section 3.3.
 */
export function classStatistics(
  probabilities: FloatInput,
  { rows, classes }: { readonly rows: number; readonly classes: number },
): ClassStatistics {
  const where = "classStatistics";
  const values = toFloatArray(where, "probabilities", probabilities);
  checkCount(where, "classes", classes);
  checkIndex(where, "rows", rows);
  const samples = rows === 0 ? 2 : values.length / (rows * classes);
  if (!(Number.isInteger(samples) && samples >= 2)) {
    const rule = `${rows} rows x passes (at least 2) x ${classes} classes`;
    throw rangeError(where, "probabilities", rule, values);
  }
  const statistics = emptyClassStatistics(rows, classes);
  for (let row = 0; row < rows; row++) {
    const size = samples * classes;
    fillClassRow(statistics, row, values.subarray(row * size, (row + 1) * size));
  }
  return statistics;
}

/** Statistics to be filled row by row. */
export function emptyClassStatistics(rows: number, classes: number): ClassStatistics {
  const each = (): Float64Array => new Float64Array(rows);
  const all = (): Float64Array => new Float64Array(rows * classes);
  return {
    rows,
    classes,
    samples: new Int32Array(rows),
    mean: all(),
    variance: all(),
    predicted: new Int32Array(rows),
    maxProbability: each(),
    predictiveEntropy: each(),
    expectedEntropy: each(),
    mutualInformation: each(),
    variationRatio: each(),
    standardError: {
      mean: all(),
      variance: all(),
      maxProbability: each(),
      predictiveEntropy: each(),
      expectedEntropy: each(),
      mutualInformation: each(),
      variationRatio: each(),
    },
  };
}

/** Writes the statistics of one row, from passes x classes probabilities. */
export function fillClassRow(out: ClassStatistics, row: number, passes: ArrayLike<number>): void {
  const { classes, standardError } = out;
  const count = passes.length / classes;
  const first = row * classes;
  out.samples[row] = count;
  let best = 0;
  for (let c = 0; c < classes; c++) {
    const moments = passMoments(passes, count, c, classes);
    out.mean[first + c] = moments.mean;
    out.variance[first + c] = moments.variance;
    standardError.mean[first + c] = moments.standardError.mean;
    standardError.variance[first + c] = moments.standardError.variance;
    if (moments.mean > out.mean[first + best]!) best = c;
  }
  out.predicted[row] = best;
  out.maxProbability[row] = out.mean[first + best]!;
  standardError.maxProbability[row] = standardError.mean[first + best]!;
  fillEntropies(out, row, passes, count);
  fillVotes(out, row, passes, count);
}

/** p log p, with its limit at 0. */
const entropyTerm = (p: number): number => (p > 0 ? p * Math.log(p) : 0);

function fillEntropies(out: ClassStatistics, row: number, passes: ArrayLike<number>, count: number): void {
  const { classes, standardError } = out;
  const logs = Float64Array.from(out.mean.subarray(row * classes, (row + 1) * classes), (p) =>
    p > 0 ? Math.log(p) : 0,
  );
  // Per pass: its cross-entropy with the mean, whose mean is the predictive entropy and whose spread is that entropy's
  // linearised error; its own entropy; and the difference, its divergence from the mean.
  const cross = new Float64Array(count);
  const own = new Float64Array(count);
  for (let t = 0; t < count; t++) {
    for (let c = 0; c < classes; c++) {
      const p = passes[t * classes + c]!;
      cross[t]! -= p * logs[c]!;
      own[t]! -= entropyTerm(p);
    }
  }
  const predictive = passMoments(cross, count);
  const expected = passMoments(own, count);
  const mutual = passMoments(
    cross.map((value, t) => value - own[t]!),
    count,
  );
  out.predictiveEntropy[row] = predictive.mean;
  out.expectedEntropy[row] = expected.mean;
  out.mutualInformation[row] = Math.max(0, mutual.mean);
  standardError.predictiveEntropy[row] = predictive.standardError.mean;
  standardError.expectedEntropy[row] = expected.standardError.mean;
  standardError.mutualInformation[row] = mutual.standardError.mean;
}

function fillVotes(out: ClassStatistics, row: number, passes: ArrayLike<number>, count: number): void {
  const { classes } = out;
  const votes = new Int32Array(classes);
  for (let t = 0; t < count; t++) {
    let best = 0;
    for (let c = 1; c < classes; c++) if (passes[t * classes + c]! > passes[t * classes + best]!) best = c;
    votes[best]!++;
  }
  const against = count - votes.reduce((most, value) => Math.max(most, value), 0);
  const share = (against + 1) / (count + 2);
  out.variationRatio[row] = against / count;
  out.standardError.variationRatio[row] = Math.sqrt((share * (1 - share)) / count);
}
