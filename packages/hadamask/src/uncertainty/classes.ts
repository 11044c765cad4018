// What stochastic passes of a classifier say about each row: how unsure it is, and why.

import { checkCount, checkIndex, rangeError, toFloatArray } from "../check.js";
import type { FloatInput } from "../types.js";
import { passMoments, varianceErrorOf } from "./passes.js";

/**
 * Statistics of rows; each array has one entry a row, `mean` and `variance` one for each row and class. Entropies are
 * in nats.
 */
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
 * Numerics. Standard errors of the entropies by linearisation around the mean probabilities; that of the variation
 *   ratio from (votes + 1) / (passes + 2), so that it is not 0 when all passes agree. The entropy of a mean of T
 *   passes lies below its limit by about (sum of variance / mean) / 2T: for the mutual information that is about 1
 *   part in T.
 *
 * @throws {TypeError | RangeError} If the length does not fit, or there are fewer than 2 passes.
 * @example
 * ```ts
 * import { classStatistics } from "hadamask/uncertainty";
 * // One row, two passes that are certain and contradict each other: all of the uncertainty is disagreement.
 * const { predictiveEntropy, expectedEntropy } = classStatistics([1, 0, 0, 1], { rows: 1, classes: 2 });
 * console.log(predictiveEntropy[0] === Math.log(2), expectedEntropy[0]); // true 0
 * ```
 * @see Houlsby et al., "Bayesian active learning for classification and preference learning", 2011; Gal, "Uncertainty
 *   in deep learning", 2016, section 3.3.
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
  const counter = new ClassCounter(statistics, samples);
  for (let row = 0, i = 0; row < rows; row++) {
    for (let t = 0; t < samples; t++) for (let c = 0; c < classes; c++) counter.passes[c * samples + t] = values[i++]!;
    counter.take(row);
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

/**
 * Turns the passes of one row after the other into statistics.
 *
 * Cost. One look at every probability, most of it the logarithm: about 20 ns each. Classes lie in the outer loop, so
 *   that sums stay in registers (a sixth faster than passes in the outer loop).
 */
export class ClassCounter {
  /** classes x passes probabilities of one row in C order, to be filled in before each {@link ClassCounter.take}. */
  readonly passes: Float64Array;
  readonly #count: number;
  readonly #out: ClassStatistics;
  /** Per pass: its cross-entropy with the mean, its own entropy, its highest probability and whose that is. */
  readonly #cross: Float64Array;
  readonly #own: Float64Array;
  readonly #most: Float64Array;
  readonly #voted: Int32Array;
  readonly #votes: Int32Array;

  constructor(out: ClassStatistics, count: number) {
    this.#out = out;
    this.#count = count;
    this.passes = new Float64Array(out.classes * count);
    this.#cross = new Float64Array(count);
    this.#own = new Float64Array(count);
    this.#most = new Float64Array(count);
    this.#voted = new Int32Array(count);
    this.#votes = new Int32Array(out.classes);
  }

  /** Writes the statistics of the row whose passes are in. */
  take(row: number): void {
    const out = this.#out;
    this.#cross.fill(0);
    this.#own.fill(0);
    this.#most.fill(-1);
    for (let c = 0; c < out.classes; c++) this.#addClass(c, row * out.classes + c);
    const first = row * out.classes;
    let best = 0;
    for (let c = 1; c < out.classes; c++) if (out.mean[first + c]! > out.mean[first + best]!) best = c;
    out.samples[row] = this.#count;
    out.predicted[row] = best;
    out.maxProbability[row] = out.mean[first + best]!;
    out.standardError.maxProbability[row] = out.standardError.mean[first + best]!;
    this.#writeEntropies(row);
    this.#writeVotes(row);
  }

  /** Moments of one class, as `passMoments` has them, and its part of each pass's entropies. */
  #addClass(c: number, at: number): void {
    const { mean, variance, standardError } = this.#out;
    const [passes, count, cross, own, most] = [this.passes, this.#count, this.#cross, this.#own, this.#most];
    const from = c * count;
    let average = 0;
    for (let t = 0; t < count; t++) average += passes[from + t]!;
    average /= count;
    const log = average > 0 ? Math.log(average) : 0;
    let [second, fourth] = [0, 0];
    for (let t = 0; t < count; t++) {
      const p = passes[from + t]!;
      const distance = p - average;
      const square = distance * distance;
      second += square;
      fourth += square * square;
      cross[t]! -= p * log;
      if (p > 0) own[t]! -= p * Math.log(p);
      if (p > most[t]!) {
        most[t] = p;
        this.#voted[t] = c;
      }
    }
    const spread = second / (count - 1);
    mean[at] = average;
    variance[at] = spread;
    standardError.mean[at] = Math.sqrt(spread / count);
    standardError.variance[at] = varianceErrorOf(spread, fourth, count);
  }

  /** The mean of the cross-entropies is the predictive entropy, and their spread is that entropy's linearised error. */
  #writeEntropies(row: number): void {
    const out = this.#out;
    const predictive = passMoments(this.#cross);
    const expected = passMoments(this.#own);
    for (let t = 0; t < this.#count; t++) this.#cross[t]! -= this.#own[t]!; // the divergence of each pass from the mean
    const mutual = passMoments(this.#cross);
    out.predictiveEntropy[row] = predictive.mean;
    out.expectedEntropy[row] = expected.mean;
    out.mutualInformation[row] = Math.max(0, mutual.mean);
    out.standardError.predictiveEntropy[row] = predictive.standardError.mean;
    out.standardError.expectedEntropy[row] = expected.standardError.mean;
    out.standardError.mutualInformation[row] = mutual.standardError.mean;
  }

  #writeVotes(row: number): void {
    const { variationRatio, standardError } = this.#out;
    const count = this.#count;
    this.#votes.fill(0);
    for (let t = 0; t < count; t++) this.#votes[this.#voted[t]!]!++;
    let most = 0;
    for (let c = 0; c < this.#votes.length; c++) most = Math.max(most, this.#votes[c]!);
    const share = (count - most + 1) / (count + 2);
    variationRatio[row] = (count - most) / count;
    standardError.variationRatio[row] = Math.sqrt((share * (1 - share)) / count);
  }
}
