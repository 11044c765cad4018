// What stochastic passes say of each pixel, token or anchor of one row. Passes are added one after the other and none
// is kept, so that memory does not grow with their number.

import { checkCount, checkIndex, checkLength, rangeError, toFloatArray } from "../check.js";
import { checkOptions } from "../options.js";
import type { FloatInput } from "../types.js";
import { binaryEntropy } from "./binary-entropy.js";
import { checkDistributions } from "./distributions.js";
import { interpolated } from "./quantiles.js";

/** Where the classes of a position lie: [classes, positions] (pixels of most networks) or [positions, classes]. */
export type ClassAxis = "first" | "last";

export interface PositionSizes {
  /** Pixels, tokens or anchors of a row. */
  readonly positions: number;
  /** 1 is the probability of class 1 of two. */
  readonly classes: number;
  /** Default "first". */
  readonly classAxis?: ClassAxis;
  /** What passes are. Default "probabilities"; of logits the softmax (of one, the sigmoid) is taken here. */
  readonly input?: "probabilities" | "logits";
}

/** A map in three numbers, to rank rows by. */
export interface MapScore {
  readonly mean: number;
  readonly max: number;
  /** The 95th percentile over the positions. */
  readonly high: number;
}

/** Statistics of one row; each map has one entry a position. Entropies are in nats. */
export interface PositionStatistics {
  readonly samples: number;
  readonly positions: number;
  readonly classes: number;
  /** The class with the highest mean probability. */
  readonly predicted: Int32Array;
  readonly maxProbability: Float32Array;
  readonly predictiveEntropy: Float32Array;
  readonly mutualInformation: Float32Array;
  readonly score: { readonly predictiveEntropy: MapScore; readonly mutualInformation: MapScore };
}

/**
 * Statistics of the positions of rows, over stochastic passes.
 *
 *     predictive entropy   of position i: H(mean over passes of p[i])
 *     mutual information   of position i: that, less the mean over passes of H(p[i])
 *
 * Shapes. `answers` holds rows x passes x classes x positions numbers in C order, or rows x passes x positions x
 *   classes with `classAxis` "last".
 * Numerics. Sums are float64, maps float32. As for {@link classStatistics} the two entropies of a mean of T passes lie
 *   below their limit, the mutual information by about 1 part in T and more where passes are sure. Maps have no
 *   standard errors: those would need the passes themselves.
 * Cost. One logarithm a probability, or one exponential a logit. {@link PositionCounter} takes the passes one by one.
 *
 * @throws {TypeError | RangeError} If a length does not fit, there are fewer than 2 passes, or a pass gives no
 *   probabilities.
 * @example
 * ```ts
 * import { positionStatistics } from "hadamask/uncertainty";
 * // One row, two passes, two classes (first) of three pixels. Only the middle pixel is a matter of dispute.
 * const passes = [1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 1, 1];
 * const [row] = positionStatistics(passes, { rows: 1, positions: 3, classes: 2 });
 * console.log([...row!.mutualInformation].map((nats) => nats.toFixed(2)).join(" ")); // 0.00 0.69 0.00
 * ```
 */
export function positionStatistics(
  answers: FloatInput,
  options: PositionSizes & { readonly rows: number },
): PositionStatistics[] {
  const where = "positionStatistics";
  checkOptions(where, options, ["rows", "positions", "classes", "classAxis", "input"]);
  const values = toFloatArray(where, "answers", answers);
  const rows = checkIndex(where, "rows", options.rows);
  const counter = new PositionCounter(options);
  const samples = rows === 0 ? 2 : values.length / (rows * counter.size);
  if (!(Number.isInteger(samples) && samples >= 2)) {
    const rule = `${rows} rows x passes (at least 2) x ${options.classes} classes x ${options.positions} positions`;
    throw rangeError(where, "answers", rule, values);
  }
  return Array.from({ length: rows }, (_, row) => {
    counter.reset();
    for (let t = 0; t < samples; t++) {
      const from = (row * samples + t) * counter.size;
      counter.add(values.subarray(from, from + counter.size));
    }
    return counter.statistics();
  });
}

/**
 * Adds up the passes of one row.
 *
 * Cost. Holds classes x positions sums and two numbers a position, however many passes there are.
 */
export class PositionCounter {
  /** Numbers of one pass. */
  readonly size: number;
  readonly #sizes: Required<PositionSizes>;
  readonly #sums: Float64Array;
  readonly #own: Float64Array;
  readonly #scratch: Float64Array;
  #samples = 0;

  /** @throws {TypeError | RangeError} If a size or option is out of range. */
  constructor({ positions, classes, classAxis = "first", input = "probabilities" }: PositionSizes) {
    const where = "PositionCounter";
    checkCount(where, "positions", positions);
    checkCount(where, "classes", classes);
    if (classAxis !== "first" && classAxis !== "last") {
      throw rangeError(where, "classAxis", '"first" or "last"', classAxis);
    }
    if (input !== "probabilities" && input !== "logits") {
      throw rangeError(where, "input", '"probabilities" or "logits"', input);
    }
    this.#sizes = { positions, classes, classAxis, input };
    this.size = positions * classes;
    this.#sums = new Float64Array(this.size);
    this.#own = new Float64Array(positions);
    this.#scratch = new Float64Array(classes);
  }

  /** How many passes were added. */
  get samples(): number {
    return this.#samples;
  }

  /** Forgets all passes, for the next row. */
  reset(): void {
    this.#samples = 0;
    this.#sums.fill(0);
    this.#own.fill(0);
  }

  /**
   * Adds one pass: classes x positions numbers, or positions x classes.
   *
   * @throws {RangeError} If the length does not fit, or a number is not a probability; the counter is of no use then.
   */
  add(pass: ArrayLike<number>): void {
    const where = "PositionCounter.add";
    checkLength(where, "pass", pass.length, this.size, "(classes x positions)");
    const { classes, input } = this.#sizes;
    if (classes === 1) this.#addBinary(pass, input === "logits");
    else if (input === "logits") this.#addLogits(pass);
    else this.#addProbabilities(where, pass);
    this.#samples++;
  }

  /** @throws {RangeError} If fewer than two passes were added. */
  statistics(): PositionStatistics {
    if (this.#samples < 2) {
      throw rangeError("PositionCounter.statistics", "the number of passes", "at least 2", this.#samples);
    }
    const { positions, classes } = this.#sizes;
    const predicted = new Int32Array(positions);
    const maxProbability = new Float32Array(positions);
    const predictiveEntropy = new Float32Array(positions);
    const mutualInformation = new Float32Array(positions);
    const [stride, step] = this.#strides();
    for (let i = 0; i < positions; i++) {
      let [entropy, most] = [0, -1];
      for (let c = 0, at = i * step; c < classes; c++, at += stride) {
        const p = this.#sums[at]! / this.#samples;
        if (p > 0) entropy -= p * Math.log(p);
        if (p > most) [most, predicted[i]] = [p, c];
      }
      if (classes === 1) {
        entropy = binaryEntropy(most);
        predicted[i] = most > 0.5 ? 1 : 0;
        most = Math.max(most, 1 - most);
      }
      maxProbability[i] = most;
      predictiveEntropy[i] = Math.max(0, entropy);
      mutualInformation[i] = Math.max(0, entropy - this.#own[i]! / this.#samples);
    }
    const score = {
      predictiveEntropy: mapScore(predictiveEntropy),
      mutualInformation: mapScore(mutualInformation),
    };
    const sizes = { samples: this.#samples, positions, classes: Math.max(2, classes) };
    return { ...sizes, predicted, maxProbability, predictiveEntropy, mutualInformation, score };
  }

  /**
   * The mean probability of one class at each position: the right one, for instance.
   *
   * @throws {TypeError | RangeError} If there is not one class number a position, or there were no passes.
   */
  probabilityOf(of: ArrayLike<number>): Float32Array {
    const where = "PositionCounter.probabilityOf";
    const { positions, classes } = this.#sizes;
    checkLength(where, "of", of.length, positions, "one a position");
    if (this.#samples === 0) throw rangeError(where, "passes", "at least 1", 0);
    const [stride, step] = this.#strides();
    return Float32Array.from({ length: positions }, (_, i) => {
      const c = checkIndex(where, `of[${i}]`, of[i], Math.max(2, classes));
      if (classes > 1) return this.#sums[i * step + c * stride]! / this.#samples;
      const p = this.#sums[i]! / this.#samples;
      return c === 1 ? p : 1 - p;
    });
  }

  /** From class to class, and from position to position. */
  #strides(): [number, number] {
    const { positions, classes, classAxis } = this.#sizes;
    return classAxis === "first" ? [positions, 1] : [1, classes];
  }

  #addProbabilities(where: string, pass: ArrayLike<number>): void {
    const { positions, classes } = this.#sizes;
    const [stride, step] = this.#strides();
    for (let i = 0; i < positions; i++) {
      let [entropy, sum, least] = [0, 0, 1];
      for (let c = 0, at = i * step; c < classes; c++, at += stride) {
        const p = pass[at]!;
        this.#sums[at]! += p;
        sum += p;
        if (!(p >= least)) least = p;
        if (p > 0) entropy -= p * Math.log(p);
      }
      // Position by position: the check words the error, and knows how exact float32 sums are.
      if (!(least >= 0 && Math.abs(sum - 1) <= 1e-4)) this.#check(where, pass, i);
      this.#own[i]! += entropy;
    }
  }

  #check(where: string, pass: ArrayLike<number>, i: number): void {
    const [stride, step] = this.#strides();
    const own = this.#scratch.map((_, c) => pass[i * step + c * stride]!);
    checkDistributions(where, "pass", own, own.length, () => `position ${i} of pass`);
  }

  /** H = log Z - sum of p (z - max): one exponential a logit, one logarithm a position. */
  #addLogits(pass: ArrayLike<number>): void {
    const { positions, classes } = this.#sizes;
    const [stride, step] = this.#strides();
    const weights = this.#scratch;
    for (let i = 0; i < positions; i++) {
      const first = i * step;
      let largest = pass[first]!;
      for (let c = 1, at = first + stride; c < classes; c++, at += stride) {
        if (pass[at]! > largest) largest = pass[at]!;
      }
      let [total, products] = [0, 0];
      for (let c = 0, at = first; c < classes; c++, at += stride) {
        const z = pass[at]! - largest;
        const weight = Math.exp(z);
        weights[c] = weight;
        total += weight;
        if (weight > 0) products += weight * z;
      }
      for (let c = 0, at = first; c < classes; c++, at += stride) this.#sums[at]! += weights[c]! / total;
      this.#own[i]! += Math.log(total) - products / total;
    }
  }

  #addBinary(pass: ArrayLike<number>, isLogit: boolean): void {
    if (!isLogit) checkDistributions("PositionCounter.add", "pass", pass, 1);
    for (let i = 0; i < pass.length; i++) {
      const p = isLogit ? 1 / (1 + Math.exp(-pass[i]!)) : Math.min(1, pass[i]!);
      this.#sums[i]! += p;
      this.#own[i]! += binaryEntropy(p);
    }
  }
}

function mapScore(map: Float32Array): MapScore {
  const sorted = map.slice().sort();
  let sum = 0;
  for (let i = 0; i < map.length; i++) sum += map[i]!;
  return { mean: sum / map.length, max: sorted.at(-1)!, high: interpolated(sorted, 0.95) };
}
