// Moments through noise and a linear map, in closed form, and on through a ReLU under the Gaussian approximation.

import { checkLength } from "../check.js";
import { rectifiedNormal } from "../special/normal.js";
import type { FloatInput } from "../types.js";
import type { Moments } from "./enumerate.js";
import { affine, checkMatrix, type Matrix, toVector } from "./matrix.js";
import type { Multiplier } from "./moments.js";

/**
 * Moments of z = W (xi * x) + b: noise on the inputs of a linear map.
 *
 *     E[z] = mean * W x + b      Cov(z_i, z_l) = variance * sum over j of W_ij W_lj x_j^2
 *
 * The outputs are correlated: they share the noise of their inputs.
 *
 * @param weights Rows [out][in].
 * @throws {TypeError | RangeError} If shapes do not fit.
 * @example
 * ```ts
 * import { bernoulliMultiplier, linearMoments } from "hadamask/theory";
 * const { mean, covariance } = linearMoments([1, 2], [[1, 1]], bernoulliMultiplier({ keep: 0.5 }));
 * console.log(mean[0], covariance[0]); // 3 5
 * ```
 */
export function linearMoments(x: FloatInput, weights: Matrix, noise: Multiplier, bias?: FloatInput): Moments {
  return throughWeights("linearMoments", x, weights, noise, bias, (a, b, values) => {
    let sum = 0;
    for (let j = 0; j < values.length; j++) sum += a[j]! * b[j]! * values[j]! ** 2;
    return noise.variance * sum;
  });
}

/**
 * Moments of z = (Xi * W) x + b: independent noise on every weight, as in DropConnect.
 *
 *     E[z] = mean * W x + b      Var(z_i) = variance * sum over j of W_ij^2 x_j^2      covariances 0
 *
 * The same means and variances as {@link linearMoments}; only the correlation between outputs is gone.
 *
 * @example
 * ```ts
 * import { bernoulliMultiplier, weightNoiseMoments } from "hadamask/theory";
 * const { covariance } = weightNoiseMoments([1, 2], [[1, 1], [1, 0]], bernoulliMultiplier({ keep: 0.5 }));
 * console.log(covariance); // Float64Array(4) [ 5, 0, 0, 1 ]
 * ```
 * @see Wan et al., "Regularization of neural networks using DropConnect", ICML 2013.
 */
export function weightNoiseMoments(x: FloatInput, weights: Matrix, noise: Multiplier, bias?: FloatInput): Moments {
  return throughWeights("weightNoiseMoments", x, weights, noise, bias, (a, b, values) => {
    if (a !== b) return 0;
    let sum = 0;
    for (let j = 0; j < values.length; j++) sum += (a[j]! * values[j]!) ** 2;
    return noise.variance * sum;
  });
}

function throughWeights(
  where: string,
  x: FloatInput,
  weights: Matrix,
  noise: Multiplier,
  bias: FloatInput | undefined,
  covary: (a: ArrayLike<number>, b: ArrayLike<number>, x: ArrayLike<number>) => number,
): Moments {
  const values = toVector(where, "x", x);
  const rows = checkMatrix(where, "weights", weights, values.length);
  if (bias !== undefined) checkLength(where, "bias", bias.length, rows.length, "like the outputs");
  const mean = affine(
    rows,
    Float64Array.from(values, (v) => noise.mean * v),
    bias,
  );
  return { mean, covariance: Float64Array.from(rows.flatMap((a) => rows.map((b) => covary(a, b, values)))) };
}

/** Means and variances of independent numbers, one of each a component. */
export interface Marginals {
  readonly mean: Float64Array;
  readonly variance: Float64Array;
}

/**
 * The diagonal of a covariance matrix beside its means.
 *
 * @example
 * ```ts
 * import { marginals } from "hadamask/theory";
 * const moments = { mean: Float64Array.of(1, 2), covariance: Float64Array.of(4, 1, 1, 9) };
 * console.log(marginals(moments).variance); // Float64Array(2) [ 4, 9 ]
 * ```
 */
export function marginals({ mean, covariance }: Moments): Marginals {
  const d = mean.length;
  return { mean, variance: Float64Array.from({ length: d }, (_, i) => covariance[i * d + i]!) };
}

/**
 * Means and variances of max(0, z), with every z_i taken for normal: exact for normal z, and close for sums of many
 * masked terms.
 *
 *     E = m P(m / s) + s density(m / s)
 *
 * @example
 * ```ts
 * import { rectifiedMarginals } from "hadamask/theory";
 * const { mean } = rectifiedMarginals({ mean: Float64Array.of(0), variance: Float64Array.of(1) });
 * console.log(mean[0]!.toFixed(4)); // 0.3989
 * ```
 * @see Wang and Manning, "Fast dropout training", ICML 2013.
 */
export function rectifiedMarginals(z: Marginals): Marginals {
  checkLength("rectifiedMarginals", "z.variance", z.variance.length, z.mean.length, "like z.mean");
  const each = Array.from(z.mean, (mean, i) => rectifiedNormal(mean, z.variance[i]!));
  return {
    mean: Float64Array.from(each, (moments) => moments.mean),
    variance: Float64Array.from(each, (moments) => moments.variance),
  };
}
