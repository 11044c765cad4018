// What stochastic passes of a classifier say about each row: how unsure it is, and why.

import { checkCount, checkIndex } from "../check.js";
import { checkOptions } from "../options.js";
import type { FloatInput } from "../types.js";
import { passesOf } from "./pass-table.js";
import { cautiousError, cautiousVarianceError, type Spread, spreadOf, surpriseOf } from "./passes.js";

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
  /**
   * By how much `predictiveEntropy` and `mutualInformation` lie below their values for infinitely many passes, on
   * average and to first order: (sum over classes of variance / mean) / 2T. Add it to either to take the bias off.
   */
  readonly entropyBias: Float64Array;
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
 * Shapes. `probabilities` holds rows x passes x classes numbers in C order. With `classes` 1 the one number is the
 *   probability of class 1 of two, and the statistics have two classes.
 * Numerics. Standard errors count two passes more than were made, which are certain of the contrary: for entropies, of
 *   the runner-up; for the expected entropy they know nothing, or everything. Those of entropies hold their bias too,
 *   twice, since it spreads as much; entropies are linearised around the mean probabilities. From 32 passes on, ± 1.96
 *   of these standard errors cover in 92 % of cases or more, in sure rows and where passes flip, whatever their share;
 *   ± 1.96 of the plain ones do so in 15 to 94 %. The price: for rows that hardly move, that of the mutual information
 *   is many times its spread, since 100 passes that agree do not tell whether one in 100 would not.
 *   The entropy of a mean of T passes lies below its limit by `entropyBias` on average. Of the mutual information of
 *   confident rows that is a fifth to a quarter at T = 10, and 3 % at T = 100.
 *
 * @throws {TypeError | RangeError} If the length does not fit, there are fewer than 2 passes, or a pass gives no
 *   probabilities.
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
  options: { readonly rows: number; readonly classes: number },
): ClassStatistics {
  const where = "classStatistics";
  checkOptions(where, options, ["rows", "classes"]);
  const { rows, classes: columns } = options;
  checkCount(where, "classes", columns);
  checkIndex(where, "rows", rows);
  const { values, classes, passes: samples } = passesOf(where, "probabilities", probabilities, rows, columns);
  const statistics = emptyClassStatistics(rows, classes);
  const counter = new ClassCounter(statistics, samples);
  for (let row = 0, i = 0; row < rows; row++) {
    for (let t = 0; t < samples; t++) for (let c = 0; c < classes; c++) counter.passes[c * samples + t] = values[i++]!;
    counter.take(row);
  }
  return statistics;
}

/**
 * Statistics to be filled row by row.
 *
 * @throws {TypeError | RangeError} If a size is not a whole number.
 * @example
 * ```ts
 * import { emptyClassStatistics } from "hadamask/uncertainty";
 * console.log(emptyClassStatistics(2, 3).mean.length); // 6
 * ```
 */
export function emptyClassStatistics(rows: number, classes: number): ClassStatistics {
  const where = "emptyClassStatistics";
  checkIndex(where, "rows", rows);
  checkIndex(where, "classes", classes);
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
    entropyBias: each(),
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
    let bias = 0;
    for (let c = 0; c < out.classes; c++) bias += this.#addClass(c, row * out.classes + c);
    out.entropyBias[row] = bias / (2 * this.#count);
    const first = row * out.classes;
    let [best, second] = [0, -1];
    for (let c = 1; c < out.classes; c++) {
      if (out.mean[first + c]! > out.mean[first + best]!) [best, second] = [c, best];
      else if (second < 0 || out.mean[first + c]! > out.mean[first + second]!) second = c;
    }
    out.samples[row] = this.#count;
    out.predicted[row] = best;
    out.maxProbability[row] = out.mean[first + best]!;
    out.standardError.maxProbability[row] = out.standardError.mean[first + best]!;
    this.#writeEntropies(row, second < 0 ? 1 : out.mean[first + second]!);
    this.#writeVotes(row);
  }

  /** Moments of one class, and its part of each pass's entropies. Returns variance / mean. */
  #addClass(c: number, at: number): number {
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
    const farthest = Math.max(average, 1 - average);
    standardError.mean[at] = cautiousError(second, count, farthest);
    standardError.variance[at] = cautiousVarianceError(spread, fourth, count, farthest);
    return average > 0 ? spread / average : 0;
  }

  /**
   * The mean of the cross-entropies is the predictive entropy, and their spread is that entropy's linearised error.
   * The contrary passes are certain of the runner-up class, whose mean probability is `second`; those of the expected
   * entropy know nothing, or everything.
   */
  #writeEntropies(row: number, second: number): void {
    const out = this.#out;
    const count = this.#count;
    const surprise = surpriseOf(second, count);
    const predictive = spreadOf(this.#cross);
    const expected = spreadOf(this.#own);
    for (let t = 0; t < count; t++) this.#cross[t]! -= this.#own[t]!; // the divergence of each pass from the mean
    const mutual = spreadOf(this.#cross);
    out.predictiveEntropy[row] = predictive.mean;
    out.expectedEntropy[row] = expected.mean;
    out.mutualInformation[row] = Math.max(0, mutual.mean);
    const errors = out.standardError;
    const cautious = ({ mean, squares }: Spread): number =>
      Math.hypot(cautiousError(squares, count, surprise - mean), 2 * out.entropyBias[row]!);
    errors.predictiveEntropy[row] = cautious(predictive);
    errors.mutualInformation[row] = cautious(mutual);
    const farthest = Math.max(expected.mean, Math.log(out.classes) - expected.mean);
    errors.expectedEntropy[row] = cautiousError(expected.squares, count, farthest);
  }

  #writeVotes(row: number): void {
    const { variationRatio, standardError } = this.#out;
    const count = this.#count;
    this.#votes.fill(0);
    for (let t = 0; t < count; t++) this.#votes[this.#voted[t]!]!++;
    let most = 0;
    for (let c = 0; c < this.#votes.length; c++) most = Math.max(most, this.#votes[c]!);
    const ratio = (count - most) / count;
    variationRatio[row] = ratio;
    standardError.variationRatio[row] = cautiousError(ratio * most, count, Math.max(ratio, 1 - ratio));
  }
}
