// Moments of the logistic function of a normal variable, by quadrature: they have no closed form. Pure functions of
// numbers.

import { sigmoid } from "./activations.js";
import { normalDensity } from "./normal.js";

/** Mean and variance of m = S(u), u normal, and the derivatives of the mean. */
export interface LogisticNormal {
  readonly mean: number;
  readonly variance: number;
  /** d mean / d (mean of u) = E[m (1 - m)]. */
  readonly slope: number;
  /** d mean / d (variance of u) = E[m (1 - m) (1 - 2m)] / 2. */
  readonly slopeInVariance: number;
}

/**
 * Moments of m = 1 / (1 + exp(-u)) for u normal with the given mean and variance.
 *
 * Numerics. Absolute error near 1e-15: the trapezoid rule on ±9 standard deviations, with steps that resolve both the
 *   density and the bend of S. At mean 0 the mean is 1/2 exactly whatever the variance, by symmetry; the variance of
 *   m goes from 0 to 1/4 with that of u.
 * Cost. 47 evaluations for variances up to 1, and in proportion to the standard deviation above.
 */
export function logisticNormal(mean: number, variance: number): LogisticNormal {
  const s = Math.sqrt(variance);
  // The rule's error is exp(-2 pi d / step) for a nearest pole at distance d, here pi / s: e^-49; for the density
  // alone e^-79.
  const step = Math.min(0.5, 0.4 / s);
  const half = Math.ceil(9 / step);
  let [total, first, second, slope, bend] = [0, 0, 0, 0, 0];
  for (let i = -half; i <= half; i++) {
    const z = i * step;
    const weight = normalDensity(z);
    const m = sigmoid(mean + s * z);
    const rest = sigmoid(-mean - s * z); // 1 - m, without its cancellation
    total += weight;
    first += weight * m;
    // m - 1/2 instead of m: the variance of nearly constant m keeps its digits.
    second += weight * (m - 0.5) ** 2;
    slope += weight * m * rest;
    bend += weight * m * rest * (rest - m);
  }
  const average = mean === 0 ? 0.5 : first / total;
  return {
    mean: average,
    variance: second / total - (average - 0.5) ** 2,
    slope: slope / total,
    slopeInVariance: mean === 0 ? 0 : bend / total / 2,
  };
}
