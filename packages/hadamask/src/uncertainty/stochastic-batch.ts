// Batches by chance: rows drawn by their scores, so that a batch is not the top of one list.

import { checkAbove, checkCount, checkKey, rangeError, toFloatArray } from "../check.js";
import { checkOptions } from "../options.js";
import { drawUniforms } from "../random/uniform.js";
import type { FloatInput, Key } from "../types.js";

export interface StochasticBatchOptions {
  /** How many rows to choose: at most as many as there are. */
  readonly count: number;
  /** "power": chances go with score^beta. "softmax": with e^(beta * score). Default "power". */
  readonly kind?: "power" | "softmax";
  /** How sharply: 0 draws evenly, a large one takes the top. Default 1. */
  readonly beta?: number;
  readonly key: Key;
}

/**
 * Draws a batch of rows without putting any back, each next one with chances that grow with its score (its mutual
 * information, EPIG, or what one likes). As good as {@link batchBald} in the experiments of its authors, at the cost of
 * a sort.
 *
 *     power     P(next is i) ~ score[i]^beta
 *     softmax   P(next is i) ~ exp(beta * score[i])
 *
 * Shapes. One score a row; for "power" none below 0.
 * Randomness. Depends on `key` alone: the rows with the largest log weight plus Gumbel noise.
 *
 * @throws {TypeError | RangeError} If `count` is above the number of rows, or a score is not a number or below 0.
 * @example
 * ```ts
 * import { key } from "hadamask";
 * import { stochasticBatch } from "hadamask/uncertainty";
 * console.log(stochasticBatch([0.1, 0, 0.7, 0.3], { count: 2, key: key(1) }).includes(1)); // false
 * ```
 * @see Kirsch, Farquhar, Atighehchian, Jesson, Branchaud-Charron and Gal, "Stochastic batch acquisition: a simple
 *   baseline for deep active learning", TMLR 2023.
 */
export function stochasticBatch(scores: FloatInput, options: StochasticBatchOptions): Int32Array {
  const where = "stochasticBatch";
  checkOptions(where, options, ["count", "key", "kind", "beta"]);
  const values = toFloatArray(where, "scores", scores);
  const count = checkCount(where, "count", options.count, values.length);
  const beta = checkAbove(where, "beta", options.beta ?? 1, 0, true);
  const { kind = "power" } = options;
  if (kind !== "power" && kind !== "softmax") throw rangeError(where, "kind", '"power" or "softmax"', kind);
  values.forEach((score, i) => {
    if (!(Number.isFinite(score) && (kind === "softmax" || score >= 0))) {
      throw rangeError(
        where,
        `scores[${i}]`,
        kind === "power" ? "a finite number at least 0" : "a finite number",
        score,
      );
    }
  });
  const noise = new Float64Array(values.length);
  drawUniforms(noise, checkKey(where, options.key), 0);
  const places = noise.map((u, i) => {
    const score = values[i]!;
    const weight = beta === 0 ? 0 : beta * (kind === "power" ? Math.log(score) : score);
    return weight - Math.log(-Math.log(u)); // Gumbel noise: the largest is i with a chance of e^weight
  });
  const order = Int32Array.from(places.keys()).sort((a, b) => compare(places[b]!, places[a]!) || a - b);
  return order.slice(0, count);
}

/** Two -Infinity (scores of 0) are equal. */
const compare = (a: number, b: number): number => (a === b ? 0 : a - b);
