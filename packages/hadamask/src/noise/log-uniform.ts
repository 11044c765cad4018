// The log-uniform prior of variational dropout: the KL divergence from w = theta * N(1, alpha) to p(log |w|) = const,
// by log alpha. The prior is improper, so the divergence is known up to a constant: here it is 0 at alpha = infinity.

import { checkNumber } from "../check.js";
import { dawson } from "../special/dawson.js";

/** (Euler's constant + ln 2) / 2. */
const CONSTANT = 0.6351814227307391;

/** Below this alpha the expansion in alpha is exact to rounding; above it the series in 1 / alpha has few terms. */
const SMALL_ALPHA = 0.0125;

/**
 * KL divergence of multiplicative Gaussian noise from the log-uniform prior, exactly, for one weight.
 *
 *     KL = e^(-u) * sum over n >= 1 of  u^n / n! * (1 + 1/3 + … + 1/(2n - 1))          u = 1 / (2 alpha)
 *        = -ln(alpha) / 2 + (gamma + ln 2) / 2 - sum over n of alpha^n (2n - 1)!! / (2n)
 *        for alpha <= 0.0125, 17 terms
 *
 * It falls from infinity at alpha = 0 to 0 at infinity, so the prior favours noise.
 *
 * Numerics. Relative error below 2e-15 for alpha from 1e-300 to 1e300 (tested against 60-digit values): the series
 *   has positive terms only.
 * Cost. 17 to 130 terms.
 *
 * @param logAlpha ln of the noise variance alpha.
 * @example
 * ```ts
 * import { logUniformKl } from "hadamask/noise";
 * console.log(logUniformKl(Math.log(1)).toFixed(8)); // 0.42668560
 * ```
 * @see Kingma, Salimans and Welling, "Variational dropout and the local reparameterization trick", NIPS 2015; the
 *   closed form: Hron, Matthews and Ghahramani, "Variational Bayesian dropout: pitfalls and fixes", ICML 2018, who
 *   also show that the prior gives no proper posterior in general: take the divergence as a regulariser.
 */
export function logUniformKl(logAlpha: number): number {
  checkNumber("logUniformKl", "logAlpha", logAlpha);
  const alpha = Math.exp(logAlpha);
  return alpha <= SMALL_ALPHA ? expansion(logAlpha, alpha) : series(1 / (2 * alpha));
}

function expansion(logAlpha: number, alpha: number): number {
  let sum = 0;
  for (let n = 1, term = alpha; n <= 17; term *= alpha * (2 * n + 1), n++) sum += term / (2 * n);
  return CONSTANT - 0.5 * logAlpha - sum;
}

function series(u: number): number {
  let power = u; // u^n / n!
  let odd = 1; // 1 + 1/3 + … + 1/(2n - 1)
  let sum = u;
  for (let n = 2; power * odd > 1e-17 * sum || n < u; n++) {
    power *= u / n;
    odd += 1 / (2 * n - 1);
    sum += power * odd;
  }
  return Math.exp(-u) * sum;
}

/**
 * Derivative of {@link logUniformKl} by ln alpha: -sqrt(u) D(sqrt(u)), u = 1 / (2 alpha), D Dawson's function.
 * Between -0.55 and 0; -1/2 for small alpha.
 *
 * @example
 * ```ts
 * import { logUniformKlSlope } from "hadamask/noise";
 * console.log(logUniformKlSlope(Math.log(0.5)).toFixed(8)); // -0.53807951
 * ```
 */
export function logUniformKlSlope(logAlpha: number): number {
  checkNumber("logUniformKlSlope", "logAlpha", logAlpha);
  const root = Math.exp(-0.5 * logAlpha) * Math.SQRT1_2;
  if (root === 0) return 0;
  return root === Number.POSITIVE_INFINITY ? -0.5 : -root * dawson(root);
}

/** Coefficients of the cubic in the paper of Kingma et al., section 4. */
const CUBIC = [1.16145124, -1.50204118, 0.58629921] as const;

/**
 * The paper's approximation for alpha <= 1: KL ~ (gamma + ln 2) / 2 - ln(alpha) / 2 - c1 alpha - c2 alpha^2 - c3
 * alpha^3. Off by at most 0.041 there (at alpha = 0.12), and useless above: -0.95 off at alpha = 2, -18 at 4. For
 * comparison.
 *
 * @example
 * ```ts
 * import { logUniformKl, logUniformKlCubic } from "hadamask/noise";
 * console.log(logUniformKlCubic(Math.log(0.25)).toFixed(4), logUniformKl(Math.log(0.25)).toFixed(4)); // 1.1227 1.1555
 * ```
 */
export function logUniformKlCubic(logAlpha: number): number {
  checkNumber("logUniformKlCubic", "logAlpha", logAlpha);
  const alpha = Math.exp(logAlpha);
  return CONSTANT - 0.5 * logAlpha - alpha * (CUBIC[0] + alpha * (CUBIC[1] + alpha * CUBIC[2]));
}

/**
 * Derivative of {@link logUniformKlCubic} by ln alpha.
 *
 * @example
 * ```ts
 * import { logUniformKlCubicSlope } from "hadamask/noise";
 * console.log(logUniformKlCubicSlope(Math.log(0.25)).toFixed(4)); // -0.6301
 * ```
 */
export function logUniformKlCubicSlope(logAlpha: number): number {
  checkNumber("logUniformKlCubicSlope", "logAlpha", logAlpha);
  const alpha = Math.exp(logAlpha);
  return -0.5 - alpha * (CUBIC[0] + alpha * (2 * CUBIC[1] + 3 * alpha * CUBIC[2]));
}
