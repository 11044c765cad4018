// Masks on the recurrent path: what tying them over time does to the mean.

import { checkIndex } from "../check.js";
import { checkLaw, type DropoutLaw, type Multiplier } from "./moments.js";

/**
 * Mean and variance of h_T in the chain h_t = xi_t * h_(t-1), h_0 = 1, by which masks on a recurrent path act on a
 * value.
 *
 *     "fresh" (a new mask each step)    inverted: 1,    keep^-T - 1    classic: keep^T, keep^T - keep^2T
 *     "tied" (one mask a sequence)    inverted: keep^(1-T),  keep^(1-2T) - keep^(2-2T)    classic: keep,
 *     keep - keep^2
 *
 * Inverted scaling does not keep the mean of a tied mask on the recurrent path: it grows by 1 / keep each step.
 *
 * @param steps T, the number of times the state passes through the mask, at least 1.
 * @throws {RangeError} If a number is out of range.
 * @example
 * ```ts
 * import { recurrentChain } from "hadamask/theory";
 * console.log(recurrentChain(5, "tied", { keep: 0.8 }).mean.toFixed(4)); // 2.4414
 * ```
 */
export function recurrentChain(steps: number, masks: "fresh" | "tied", law: DropoutLaw): Multiplier {
  checkIndex("recurrentChain", "steps - 1", steps - 1);
  const { keep, scaling } = checkLaw("recurrentChain", law);
  if (keep === 0) return { mean: 0, variance: 0 };
  // Probability that the value survives all steps, and what it is multiplied by if it does.
  const survives = masks === "fresh" ? keep ** steps : keep;
  const factor = scaling === "inverted" ? keep ** -steps : 1;
  const mean = survives * factor;
  return { mean, variance: mean * (factor - mean) };
}
