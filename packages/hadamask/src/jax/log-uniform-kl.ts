// The log-uniform KL divergence in a graph. Knows no layer.

import "./navigator.js";
import { type Array as JaxArray, lax, numpy as np } from "@jax-js/jax";

/** (Euler's constant + ln 2) / 2. */
const CONSTANT = 0.6351814227307391;

/** u = 1 / (2 alpha) up to which rational functions of u stand, and beyond which polynomials in alpha. */
const LARGEST_U = 12;

/** Constant terms first; found by oracles/log_uniform_fit.py. Errors: 7e-9, 3e-9, 6e-9, 2e-8. */
const KL_ABOVE = [0.999999994, 0.1596755534, 0.03329873953, 0.002106096632, 9.451920827e-5];
const KL_BELOW = [1, 0.4930086645, 0.1087473666, 0.01357697603, 0.0009614042116, 2.640117033e-5];
const SLOPE_ABOVE = [0.999999998, -0.0444269453, 0.03518792575, 0.001049971809, 0.0002217411832, 9.83762861e-6];
const SLOPE_BELOW = [1, 0.6222396049, 0.1833487263, 0.03353863748, 0.004172117311, 0.0003527895607, 2.088076859e-5];
const KL_SMALL = [0.4999998975, 0.750197046, 2.439969732, 19.57258671, -197.1046006, 5932.342023];
const SLOPE_SMALL = [
  0.5000003342, 1.498994108, 7.98886, -35.81977802, 8004.012022, -320446.256, 6887628.113, -51748798.84,
];

/** A polynomial by Horner's rule. */
function polynomial(coefficients: readonly number[], x: JaxArray): JaxArray {
  let sum = np.full(x.shape, coefficients.at(-1)!);
  for (const coefficient of coefficients.slice(0, -1).reverse()) sum = sum.mul(x.ref).add(coefficient);
  x.dispose();
  return sum;
}

/**
 * The exact KL divergence of multiplicative Gaussian noise from the log-uniform prior, element by element of
 * `logAlpha`; its gradient is the exact derivative. Takes over `logAlpha`.
 *
 *     KL = 2 * integral of D(t) for t from 0 to sqrt(u)    d KL / d ln alpha = -sqrt(u) D(sqrt(u))
 *     u = 1 / (2 alpha)
 *
 * Numerics. Relative error of both below 4e-6, most of it that of jax-js's exp in float32. Value and derivative are
 *   approximated each for itself and joined by stopGradient, so second derivatives are not right.
 * @example
 * ```ts
 * import { numpy as np } from "@jax-js/jax";
 * import { logUniformKl } from "hadamask/jax";
 * const kl = logUniformKl(np.array([0])).js() as number[]; // alpha 1
 * console.log(kl[0]!.toFixed(4)); // 0.4267
 * ```
 * @see `logUniformKl` of `hadamask/noise`, in float64; Hron, Matthews and Ghahramani, "Variational Bayesian dropout:
 *   pitfalls and fixes", ICML 2018.
 */
export function logUniformKl(logAlpha: JaxArray): JaxArray {
  const fixed = lax.stopGradient(logAlpha.ref);
  const alpha = np.exp(fixed.ref);
  // beyond LARGEST_U it is not used, but may not overflow
  const u = np.minimum(np.exp(fixed.ref.neg()).mul(0.5), 2 * LARGEST_U);
  const isLarge = u.ref.less(LARGEST_U);
  const small = np.minimum(alpha, 1 / LARGEST_U);
  const rational = (above: readonly number[], below: readonly number[]): JaxArray =>
    u.ref.mul(polynomial(above, u.ref)).div(polynomial(below, u.ref));
  const value = np.where(
    isLarge.ref,
    rational(KL_ABOVE, KL_BELOW),
    fixed.ref
      .mul(-0.5)
      .add(CONSTANT)
      .sub(small.ref.mul(polynomial(KL_SMALL, small.ref))),
  );
  const slope = np.where(
    isLarge,
    rational(SLOPE_ABOVE, SLOPE_BELOW),
    small.ref.mul(polynomial(SLOPE_SMALL, small)).add(0.5),
  );
  u.dispose();
  return value.sub(logAlpha.sub(fixed).mul(slope));
}

/**
 * ln alpha cut off at `most`; above it with the gradient of `most` itself (straight-through). Takes over `logAlpha`.
 */
export const cutOff = (logAlpha: JaxArray, most: number): JaxArray => {
  const above = np.maximum(lax.stopGradient(logAlpha.ref).sub(most), 0);
  return logAlpha.sub(above);
};
