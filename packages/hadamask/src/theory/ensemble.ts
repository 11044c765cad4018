// A network with dropout as an ensemble of 2^n submodels: its averages.

import { type Bits, expectedVector } from "./enumerate.js";

export interface SubmodelAverages {
  /** E[p]: the mean over masks, each with its probability. */
  readonly arithmetic: Float64Array;
  /** exp(E[log p]), divided by its sum: the normalised weighted geometric mean. */
  readonly geometric: Float64Array;
}

/**
 * Averages the predictions of all submodels, each weighted by the probability of its mask.
 *
 * For a linear output with inverted scaling the arithmetic mean is the full model. For one softmax layer on masked
 * inputs the geometric mean is the softmax of the full model, exactly; the arithmetic mean is not. In deeper networks
 * neither is more than close. (An unweighted mean over the 2^n submodels is right only at rate 1/2, where all masks
 * are equally likely.)
 *
 * Numerics. A probability of 0 in any submodel of positive weight makes that class's geometric mean 0.
 * Cost. 2 * 2^n predictions.
 *
 * @param predict The probabilities that the submodel of a mask gives to each class: above 0, summing to 1.
 * @throws {TypeError | RangeError} As `expectedVector`.
 * @example
 * ```ts
 * import { submodelAverages } from "hadamask/theory";
 * const averages = submodelAverages({ n: 1, keep: 0.5 }, ([bit]) => (bit === 1 ? [0.9, 0.1] : [0.5, 0.5]));
 * console.log(averages.arithmetic[0]!.toFixed(3), averages.geometric[0]!.toFixed(3)); // 0.700 0.750
 * ```
 * @see Hinton et al., arXiv:1207.0580 (2012); Baldi and Sadowski, "Understanding dropout", NIPS 2013.
 */
export function submodelAverages(bits: Bits, predict: (mask: Uint8Array) => ArrayLike<number>): SubmodelAverages {
  const arithmetic = expectedVector(bits, predict);
  const logs = expectedVector(bits, (mask) => Float64Array.from(predict(mask), Math.log));
  const powers = logs.map(Math.exp);
  const total = powers.reduce((sum, p) => sum + p, 0);
  return { arithmetic, geometric: powers.map((p) => p / total) };
}
