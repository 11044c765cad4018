// Dropout before batch normalisation: the variance that training measures is not the variance that prediction sees.

import { checkLength, rangeError } from "../check.js";
import type { FloatInput } from "../types.js";
import { toVector } from "./matrix.js";
import { bernoulliMultiplier, type DropoutLaw } from "./moments.js";

/** Mean and variance of one feature over the data, and the correlation between features where a linear map follows. */
export interface Feature {
  readonly mean: number;
  readonly variance: number;
}

export interface VarianceShift {
  /** Variance that batch normalisation measures in training. */
  readonly train: number;
  /** Variance of what it is given at prediction. */
  readonly eval: number;
  /** eval / train: 1 means no shift; the normalised output then has standard deviation sqrt(ratio) instead of 1. */
  readonly ratio: number;
}

/**
 * The shift between training and prediction for dropout directly before batch normalisation.
 *
 *     train = E[xi^2] (mean^2 + variance) - E[xi]^2 mean^2          eval = variance * E[xi]^2
 *
 * For "inverted" E[xi] is 1 and E[xi^2] is 1 / keep: at mean 0 the ratio is keep, and it is lower for any other mean.
 *
 * @throws {RangeError} If the variance is below 0.
 * @example
 * ```ts
 * import { varianceShift } from "hadamask/theory";
 * const { train, eval: test, ratio } = varianceShift({ mean: 0, variance: 1 }, { keep: 0.5 });
 * console.log(train, test, ratio); // 2 1 0.5
 * ```
 * @see Li, Chen, Hu and Yang, "Understanding the disharmony between dropout and batch normalization by variance
 *   shift", CVPR 2019.
 */
export function varianceShift(feature: Feature, law: DropoutLaw): VarianceShift {
  const { train, evaluation } = shifted("varianceShift", feature, law);
  return { train, eval: evaluation, ratio: evaluation / train };
}

/**
 * The shift where a linear map stands between dropout and batch normalisation, for features of one law and one
 * pairwise correlation.
 *
 *     train = |w|^2 (t + rho e c)    eval = |w|^2 e (1 + rho c)    c = (sum w)^2 / |w|^2 - 1,
 *     t and e as without the map
 *
 * Correlated features keep their covariance, so wide layers with rho and c above 0 have a ratio near 1.
 *
 * @param weights Incoming weights of one unit.
 * @param correlation Of any two features, in [-1, 1].
 * @throws {RangeError} If a value is out of range.
 * @example
 * ```ts
 * import { varianceShiftAfterLinear } from "hadamask/theory";
 * const { ratio } = varianceShiftAfterLinear({ mean: 0.4, variance: 0.35 }, [1, 1, 1, 1], 0, { keep: 0.5 });
 * console.log(ratio.toFixed(4)); // 0.4070
 * ```
 */
export function varianceShiftAfterLinear(
  feature: Feature,
  weights: FloatInput,
  correlation: number,
  law: DropoutLaw,
): VarianceShift {
  const where = "varianceShiftAfterLinear";
  const w = toVector(where, "weights", weights);
  if (w.length === 0) checkLength(where, "weights", 0, 1, "or more");
  if (!(correlation >= -1 && correlation <= 1)) throw rangeError(where, "correlation", "in [-1, 1]", correlation);
  const { train, evaluation } = shifted(where, feature, law);
  const squares = w.reduce((sum, v) => sum + v * v, 0);
  const cross = w.reduce((sum, v) => sum + v, 0) ** 2 - squares; // sum over pairs i != j of w_i w_j
  const before = squares * train + correlation * evaluation * cross;
  const after = evaluation * (squares + correlation * cross);
  return { train: before, eval: after, ratio: after / before };
}

function shifted(where: string, { mean, variance }: Feature, law: DropoutLaw): { train: number; evaluation: number } {
  if (!(variance >= 0)) throw rangeError(where, "variance", "at least 0", variance);
  const noise = bernoulliMultiplier(law);
  const scale = noise.mean ** 2;
  return { train: scale * variance + noise.variance * (mean ** 2 + variance), evaluation: scale * variance };
}
