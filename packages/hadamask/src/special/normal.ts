// The normal distribution: density, distribution function, and the moments of its positive part. Pure functions of
// numbers.

/** 1 / sqrt(2 pi). */
const DENSITY_AT_ZERO = 0.3989422804014327;

/**
 * Density of the standard normal distribution.
 *
 * @example
 * ```ts
 * import { normalDensity } from "hadamask/theory";
 * console.log(normalDensity(0).toFixed(4)); // 0.3989
 * ```
 */
export function normalDensity(z: number): number {
  return DENSITY_AT_ZERO * Math.exp(-0.5 * z * z);
}

/** Where the series hands over to the continued fraction: both give 1e-14 there. */
const TAIL = 2.5;

/**
 * Probability that a standard normal variable is below `z`.
 *
 * Numerics. Relative error below 4e-14 for z >= -37.5, where the value leaves the range of normal doubles; 0 far
 * below, 1 far above.
 * Cost. Up to 60 terms of a series or a continued fraction.
 *
 * @example
 * ```ts
 * import { normalCdf } from "hadamask/theory";
 * console.log(normalCdf(1.96).toFixed(4)); // 0.9750
 * ```
 */
export function normalCdf(z: number): number {
  if (Number.isNaN(z)) return Number.NaN;
  if (z < -TAIL) return lowerTail(-z);
  if (z > TAIL) return 1 - lowerTail(z);
  // 1/2 + density * (z + z^3 / 3 + z^5 / 15 + …): terms of one sign, so nothing cancels within the sum.
  let term = z;
  let sum = z;
  for (let n = 3; Math.abs(term) > 1e-17 * Math.abs(sum); n += 2) {
    term *= (z * z) / n;
    sum += term;
  }
  return 0.5 + normalDensity(z) * sum;
}

/** P(Z > z) for z > 2.5: density / (z + 1 / (z + 2 / (z + 3 / …))), evaluated from the inside out. */
function lowerTail(z: number): number {
  if (z === Number.POSITIVE_INFINITY) return 0;
  let fraction = z;
  for (let n = 60; n >= 1; n--) fraction = z + n / fraction;
  return normalDensity(z) / fraction;
}

/**
 * Mean and variance of max(0, u) for u normal with the given mean and variance.
 *
 *     E = mean * P(mean / s) + s * density(mean / s)          s = sqrt(variance)
 *     E of the square = (mean^2 + variance) * P(mean / s) + mean * s * density(mean / s)
 *
 * Numerics. Variance 0 gives max(0, mean) and 0. Absolute error near 1e-15 of the larger of |mean| and s.
 *
 * @example
 * ```ts
 * import { rectifiedNormal } from "hadamask/theory";
 * const { mean, variance } = rectifiedNormal(0, 1); // of max(0, u)
 * console.log(mean.toFixed(4), variance.toFixed(4)); // 0.3989 0.3408
 * ```
 * @see Wang and Manning, "Fast dropout training", ICML 2013; Wan et al., "Regularization of neural networks using
 *   DropConnect", ICML 2013.
 */
export function rectifiedNormal(mean: number, variance: number): { mean: number; variance: number } {
  if (variance === 0) return { mean: Math.max(0, mean), variance: 0 };
  const s = Math.sqrt(variance);
  const above = normalCdf(mean / s);
  const edge = s * normalDensity(mean / s);
  const first = mean * above + edge;
  const second = (mean * mean + variance) * above + mean * edge;
  return { mean: Math.max(0, first), variance: Math.max(0, second - first * first) };
}
