// What stochastic passes say of labels that do not exclude each other: each label is a question of its own.

import { checkCount, checkIndex, rangeError, toFloatArray } from "../check.js";
import { checkOptions } from "../options.js";
import type { FloatInput } from "../types.js";
import { binaryEntropy } from "./binary-entropy.js";
import { checkProbabilities } from "./distributions.js";
import { cautiousError, spreadOf, surpriseOf } from "./passes.js";

/** Statistics of rows x labels, in C order. Entropies are in nats. */
export interface LabelStatistics {
  readonly rows: number;
  readonly labels: number;
  /** How many passes each row's numbers are from. */
  readonly samples: Int32Array;
  /** Mean probability of each label. */
  readonly mean: Float64Array;
  readonly variance: Float64Array;
  /** Entropy of the mean: at most ln 2 for a label. */
  readonly predictiveEntropy: Float64Array;
  /** Mean entropy of the passes. */
  readonly expectedEntropy: Float64Array;
  /** The difference of the two: what the network does not know of this label. */
  readonly mutualInformation: Float64Array;
  /** Sums over the labels of a row, one entry a row: what rows are ranked by. */
  readonly sum: LabelEntropies;
  readonly standardError: LabelEntropies & { readonly mean: Float64Array; readonly sum: LabelEntropies };
}

export interface LabelEntropies {
  readonly predictiveEntropy: Float64Array;
  readonly expectedEntropy: Float64Array;
  readonly mutualInformation: Float64Array;
}

/**
 * Statistics of the probabilities of labels that do not exclude each other (sigmoids), over stochastic passes: each
 * label as two classes, there or not.
 *
 * Shapes. `probabilities` holds rows x passes x labels numbers in C order.
 * Numerics. The sum over labels of the mutual information bounds what the passes say of all labels together from
 *   above where labels go together, as they do within one network. Standard errors as in {@link classStatistics}.
 * Cost. Two logarithms for every probability.
 *
 * @throws {TypeError | RangeError} If the length does not fit, there are fewer than 2 passes, or a number is no
 *   probability.
 * @example
 * ```ts
 * import { labelStatistics } from "hadamask/uncertainty";
 * // One row, two passes, two labels: they contradict each other on the first and agree on the second.
 * const { mutualInformation, sum } = labelStatistics([1, 0.5, 0, 0.5], { rows: 1, labels: 2 });
 * console.log(mutualInformation[0] === Math.log(2), mutualInformation[1]); // true 0
 * console.log(sum.predictiveEntropy[0] === 2 * Math.log(2)); // true
 * ```
 */
export function labelStatistics(
  probabilities: FloatInput,
  options: { readonly rows: number; readonly labels: number },
): LabelStatistics {
  const where = "labelStatistics";
  checkOptions(where, options, ["rows", "labels"]);
  const { rows, labels } = options;
  const values = toFloatArray(where, "probabilities", probabilities);
  checkCount(where, "labels", labels);
  checkIndex(where, "rows", rows);
  const samples = rows === 0 ? 2 : values.length / (rows * labels);
  if (!(Number.isInteger(samples) && samples >= 2)) {
    throw rangeError(where, "probabilities", `${rows} rows x passes (at least 2) x ${labels} labels`, values);
  }
  checkProbabilities(where, "probabilities", values);
  const statistics = emptyLabelStatistics(rows, labels);
  const passes = new Float64Array(labels * samples);
  for (let row = 0, i = 0; row < rows; row++) {
    for (let t = 0; t < samples; t++) {
      for (let l = 0; l < labels; l++) passes[l * samples + t] = Math.min(1, values[i++]!);
    }
    fillLabelRow(statistics, row, passes);
  }
  return statistics;
}

/**
 * Statistics to be filled row by row.
 *
 * @throws {TypeError | RangeError} If a size is not a whole number.
 * @example
 * ```ts
 * import { emptyLabelStatistics } from "hadamask/uncertainty";
 * console.log(emptyLabelStatistics(2, 3).mean.length); // 6
 * ```
 */
export function emptyLabelStatistics(rows: number, labels: number): LabelStatistics {
  const where = "emptyLabelStatistics";
  checkIndex(where, "rows", rows);
  checkIndex(where, "labels", labels);
  const entropies = (size: number): LabelEntropies => ({
    predictiveEntropy: new Float64Array(size),
    expectedEntropy: new Float64Array(size),
    mutualInformation: new Float64Array(size),
  });
  const all = rows * labels;
  return {
    rows,
    labels,
    samples: new Int32Array(rows),
    mean: new Float64Array(all),
    variance: new Float64Array(all),
    ...entropies(all),
    sum: entropies(rows),
    standardError: { mean: new Float64Array(all), ...entropies(all), sum: entropies(rows) },
  };
}

/**
 * Writes the statistics of one row, from labels x passes probabilities.
 *
 * @example
 * ```ts
 * import { emptyLabelStatistics, fillLabelRow } from "hadamask/uncertainty";
 * const statistics = emptyLabelStatistics(1, 1);
 * fillLabelRow(statistics, 0, Float64Array.of(0.25, 0.75)); // two passes of one label
 * console.log(statistics.mean[0]); // 0.5
 * ```
 */
export function fillLabelRow(out: LabelStatistics, row: number, passes: Float64Array): void {
  const count = passes.length / out.labels;
  out.samples[row] = count;
  const predictive = new Tally(count, out, row, "predictiveEntropy");
  const expected = new Tally(count, out, row, "expectedEntropy");
  const mutual = new Tally(count, out, row, "mutualInformation");
  for (let l = 0; l < out.labels; l++) {
    const at = row * out.labels + l;
    let mean = 0;
    for (let t = 0; t < count; t++) mean += passes[l * count + t]!;
    mean /= count;
    const [yes, no] = [Math.log(Math.max(mean, TINY)), Math.log(Math.max(1 - mean, TINY))];
    let squares = 0;
    for (let t = 0; t < count; t++) {
      const p = passes[l * count + t]!;
      squares += (p - mean) ** 2;
      predictive.now[t] = -p * yes - (1 - p) * no;
      expected.now[t] = binaryEntropy(p);
      mutual.now[t] = predictive.now[t]! - expected.now[t]!;
    }
    out.mean[at] = mean;
    out.variance[at] = squares / (count - 1);
    out.standardError.mean[at] = cautiousError(squares, count, Math.max(mean, 1 - mean));
    const surprise = surpriseOf(Math.min(mean, 1 - mean), count);
    // Half of variance / mean / T, of "yes" and of "no": entropyBias of classes.
    const bias = squares === 0 ? 0 : out.variance[at]! / (2 * count * mean * (1 - mean));
    predictive.take(at, (average) => surprise - average, 2 * bias);
    expected.take(at, (average) => Math.max(average, Math.LN2 - average), 0);
    mutual.take(at, (average) => surprise - average, 2 * bias);
  }
  for (const tally of [predictive, expected, mutual]) tally.finish();
}

/** Stands in for 0 under a logarithm that is multiplied by 0. */
const TINY = 2 ** -1022;

/** One statistic of a row: its label at hand, and the sum over labels pass by pass. */
class Tally {
  /** The statistic of the label at hand in each pass. */
  readonly now: Float64Array;
  readonly #all: Float64Array;
  readonly #out: LabelStatistics;
  readonly #row: number;
  readonly #name: keyof LabelEntropies;
  /** Squared distances of contrary passes: labels are contrary one at a time. */
  #contrary = 0;
  /** What biases add to the errors; they have one sign, so that they add up. */
  #bias = 0;

  constructor(count: number, out: LabelStatistics, row: number, name: keyof LabelEntropies) {
    this.now = new Float64Array(count);
    this.#all = new Float64Array(count);
    this.#out = out;
    this.#row = row;
    this.#name = name;
  }

  /** `farthest`: how far a contrary pass is from the mean. */
  take(at: number, farthest: (mean: number) => number, bias: number): void {
    const count = this.now.length;
    const { mean, squares } = spreadOf(this.now);
    const distance = farthest(mean);
    this.#out[this.#name][at] = Math.max(0, mean);
    this.#out.standardError[this.#name][at] = Math.hypot(cautiousError(squares, count, distance), bias);
    this.#contrary += distance ** 2;
    this.#bias += bias;
    for (let t = 0; t < count; t++) this.#all[t]! += this.now[t]!;
  }

  finish(): void {
    const { mean, squares } = spreadOf(this.#all);
    this.#out.sum[this.#name][this.#row] = Math.max(0, mean);
    const error = cautiousError(squares, this.#all.length, Math.sqrt(this.#contrary));
    this.#out.standardError.sum[this.#name][this.#row] = Math.hypot(error, this.#bias);
  }
}
