// Exact expectations over masks: all 2^n of them, each with its probability. Knows no noise but independent bits.

import { checkIndex, checkKeep, checkProbability, rangeError, typeError } from "../check.js";
import type { RateOption } from "../types.js";
import { CompensatedSum } from "./sum.js";

/** Independent Bernoulli bits: `n` that share one probability, or one probability of keeping each. */
export type Bits = ({ readonly n: number } & RateOption) | { readonly keeps: readonly number[] };

/** Mean and covariance of a random vector of d numbers. */
export interface Moments {
  readonly mean: Float64Array;
  /** d x d in C order: entry `i * d + j` belongs to components i and j. */
  readonly covariance: Float64Array;
}

/** More bits than this are refused: 2^24 masks take seconds, and each further bit doubles them. */
export const MAX_BITS = 24;

/**
 * Calls `visit` once for each of the 2^n masks, with the mask's probability.
 *
 *     weight(m) = product over i of   keep_i   if m_i = 1   else   1 - keep_i
 *
 * With one probability for all bits that is keep^|m| * rate^(n - |m|). Masks come in binary order, bit 0 fastest.
 *
 * Cost. 2^n calls; the mask handed over is one array, changed in place between calls.
 *
 * @throws {TypeError | RangeError} If there are more than 24 bits, or a probability is not in [0, 1].
 * @example
 * ```ts
 * import { enumerateMasks } from "hadamask/theory";
 * let total = 0;
 * enumerateMasks({ n: 2, keep: 0.75 }, (mask, weight) => {
 *   if (mask[0] === 1) total += weight;
 * });
 * console.log(total); // 0.75
 * ```
 */
export function enumerateMasks(bits: Bits, visit: (mask: Uint8Array, weight: number) => void): void {
  visitMasks(checkBits("enumerateMasks", bits), visit);
}

/**
 * The expected value of `f(mask)`, exactly: the sum over all 2^n masks of weight times value. The example shows that
 * dropout keeps the mean of its input but not the mean square, which becomes x^2 / keep.
 *
 * Numerics. Compensated summation: the error stays near one unit in the last place of the largest term. Masks of
 *   weight 0 are left out, so that a value that is infinite where it cannot occur does no harm.
 * Cost. At most 2^n calls of `f`.
 *
 * @param f What to average; gets one 0 or 1 a bit, in an array that changes between calls.
 * @throws {TypeError | RangeError} As {@link enumerateMasks}.
 * @example
 * ```ts
 * import { dropout } from "hadamask";
 * import { expectation } from "hadamask/theory";
 * const square = expectation({ n: 1, keep: 0.5 }, (mask) => dropout([3], { keep: 0.5, mask })[0]! ** 2);
 * console.log(square); // 18
 * ```
 */
export function expectation(bits: Bits, f: (mask: Uint8Array) => number): number {
  const sum = new CompensatedSum();
  visitMasks(checkBits("expectation", bits), (mask, weight) => sum.add(weight * f(mask)));
  return sum.value;
}

/**
 * The expected value of a vector `f(mask)`, component by component.
 *
 * @throws {TypeError | RangeError} As {@link enumerateMasks}, or if `f` returns vectors of different lengths.
 * @example
 * ```ts
 * import { dropout } from "hadamask";
 * import { expectedVector } from "hadamask/theory";
 * const mean = expectedVector({ n: 2, keep: 0.5 }, (mask) => dropout([3, -1], { keep: 0.5, mask }));
 * console.log(mean); // Float64Array(2) [ 3, -1 ]
 * ```
 */
export function expectedVector(bits: Bits, f: (mask: Uint8Array) => ArrayLike<number>): Float64Array {
  return meanOf("expectedVector", checkBits("expectedVector", bits), f);
}

/**
 * Mean and covariance of a vector `f(mask)`.
 *
 *     mean_i = E[f_i]      covariance_ij = E[(f_i - mean_i)(f_j - mean_j)]
 *
 * Numerics. Two passes: deviations are taken from the finished mean, so that a small variance around a large mean
 * keeps its digits.
 * Cost. Two calls of `f` a mask.
 *
 * @throws {TypeError | RangeError} As {@link expectedVector}.
 * @example
 * ```ts
 * import { dropout } from "hadamask";
 * import { expectedMoments } from "hadamask/theory";
 * const law = { n: 1, keep: 0.5 };
 * const { mean, covariance } = expectedMoments(law, (mask) => dropout([3], { keep: 0.5, mask }));
 * console.log(mean[0], covariance[0]); // 3 9
 * ```
 */
export function expectedMoments(bits: Bits, f: (mask: Uint8Array) => ArrayLike<number>): Moments {
  const keeps = checkBits("expectedMoments", bits);
  const mean = meanOf("expectedMoments", keeps, f);
  const d = mean.length;
  const sums = Array.from({ length: d * d }, () => new CompensatedSum());
  visitMasks(keeps, (mask, weight) => {
    const y = f(mask);
    for (let i = 0; i < d; i++) {
      for (let j = 0; j < d; j++) sums[i * d + j]!.add(weight * (y[i]! - mean[i]!) * (y[j]! - mean[j]!));
    }
  });
  return { mean, covariance: Float64Array.from(sums, (sum) => sum.value) };
}

function meanOf(where: string, keeps: Float64Array, f: (mask: Uint8Array) => ArrayLike<number>): Float64Array {
  let sums: CompensatedSum[] | undefined;
  visitMasks(keeps, (mask, weight) => {
    const y = f(mask);
    sums ??= Array.from({ length: y.length }, () => new CompensatedSum());
    if (y.length !== sums.length) {
      throw rangeError(where, "the length of f(mask)", `the same for all masks (${sums.length})`, y.length);
    }
    for (let i = 0; i < sums.length; i++) sums[i]!.add(weight * y[i]!);
  });
  return Float64Array.from(sums ?? [], (sum) => sum.value);
}

function visitMasks(keeps: Float64Array, visit: (mask: Uint8Array, weight: number) => void): void {
  const n = keeps.length;
  const mask = new Uint8Array(n);
  for (let code = 0; code < 2 ** n; code++) {
    let weight = 1;
    for (let i = 0; i < n; i++) {
      const bit = (code >>> i) & 1;
      mask[i] = bit;
      weight *= bit === 1 ? keeps[i]! : 1 - keeps[i]!;
    }
    if (weight > 0) visit(mask, weight);
  }
}

function checkBits(where: string, bits: Bits): Float64Array {
  if (typeof bits !== "object" || bits === null) {
    throw typeError(where, "bits", "an object { n, rate }, { n, keep } or { keeps }", bits);
  }
  if ("keeps" in bits) {
    checkIndex(where, "the number of bits", bits.keeps.length, MAX_BITS + 1);
    return Float64Array.from(bits.keeps, (keep, i) => checkProbability(where, `keeps[${i}]`, keep));
  }
  return new Float64Array(checkIndex(where, "n", bits.n, MAX_BITS + 1)).fill(checkKeep(where, bits));
}
