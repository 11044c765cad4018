// What refusing to answer is worth: risk among the rows that are answered, as the least certain ones are left out.

import { checkLength, toFloatArray } from "../check.js";
import type { FloatInput } from "../types.js";

/** Risk at every coverage: entry i - 1 is for the i most certain rows. */
export interface RiskCoverage {
  /** Share of rows that are answered: 1 / n, 2 / n, … 1. */
  readonly coverage: Float64Array;
  /** Mean loss among them. */
  readonly risk: Float64Array;
  /** Area under the curve: the mean of `risk`. */
  readonly aurc: number;
  /** The area if rows were refused in the order of their losses: the best that any uncertainty could do. */
  readonly best: number;
  /** The area if rows were refused at random: the mean loss. */
  readonly random: number;
}

/**
 * The risk-coverage curve of an uncertainty: the more it says about the loss, the lower the curve.
 *
 *     risk[i - 1] = mean loss of the i rows with the lowest uncertainty
 *
 * Shapes. One uncertainty and one loss a row; for the error rate the loss is 1 where the prediction is wrong, else 0.
 * Numerics. Rows of equal uncertainty count with their mean loss each, so that their order does not matter.
 *
 * @throws {TypeError | RangeError} If the two differ in length or are empty, or an uncertainty is NaN.
 * @example
 * ```ts
 * import { riskCoverage } from "hadamask/uncertainty";
 * // The second row is the wrong one, and the least certain.
 * const { risk } = riskCoverage([0.1, 0.9, 0.2, 0.8], [0, 1, 0, 0]);
 * console.log(risk[2], risk[3]); // 0 0.25
 * ```
 * @see Geifman, El-Yaniv, "Selective classification for deep neural networks", NeurIPS 2017.
 */
export function riskCoverage(uncertainty: FloatInput, losses: FloatInput): RiskCoverage {
  const where = "riskCoverage";
  const scores = toFloatArray(where, "uncertainty", uncertainty);
  const loss = toFloatArray(where, "losses", losses);
  checkLength(where, "losses", loss.length, scores.length, "like uncertainty");
  if (scores.length === 0) throw new RangeError(`${where}: uncertainty must have at least one row, got 0`);
  if (scores.some(Number.isNaN)) throw new RangeError(`${where}: uncertainty must be numbers, got NaN`);
  const order = Int32Array.from(scores, (_, row) => row).sort((a, b) => scores[a]! - scores[b]! || a - b);
  const risk = runningMean(spreadTies(order, scores, loss));
  const best = runningMean(Float64Array.from(loss).sort());
  const coverage = risk.map((_, i) => (i + 1) / risk.length);
  return { coverage, risk, aurc: average(risk), best: average(best), random: risk.at(-1)! };
}

/**
 * Mean loss of the answered rows when the least certain `share` of them is refused.
 * Of n rows, floor(share * n) are refused.
 *
 * @throws {RangeError} If `share` is not in [0, 1).
 * @example
 * ```ts
 * import { riskCoverage, riskWhenRefusing } from "hadamask/uncertainty";
 * const curve = riskCoverage([0.1, 0.9, 0.2, 0.8], [0, 1, 0, 0]); // the second row is wrong, and the least certain
 * console.log(riskWhenRefusing(curve, 0), riskWhenRefusing(curve, 0.25)); // 0.25 0
 * ```
 */
export function riskWhenRefusing(curve: RiskCoverage, share: number): number {
  if (!(share >= 0 && share < 1)) throw new RangeError(`riskWhenRefusing: share must be in [0, 1), got ${share}`);
  const n = curve.risk.length;
  return curve.risk[n - Math.floor(share * n) - 1]!;
}

/** Losses in the given order, each group of equal scores replaced by its mean. */
function spreadTies(order: Int32Array, scores: ArrayLike<number>, loss: ArrayLike<number>): Float64Array {
  const sorted = Float64Array.from(order, (row) => loss[row]!);
  for (let start = 0; start < order.length; ) {
    let end = start + 1;
    while (end < order.length && scores[order[end]!] === scores[order[start]!]) end++;
    if (end - start > 1) sorted.fill(average(sorted.subarray(start, end)), start, end);
    start = end;
  }
  return sorted;
}

function runningMean(values: Float64Array): Float64Array {
  let sum = 0;
  return values.map((value, i) => {
    sum += value;
    return sum / (i + 1);
  });
}

const average = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0) / values.length;
