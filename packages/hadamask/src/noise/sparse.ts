// Sparse variational dropout: the fit of its KL divergence, and the threshold at which a weight is pruned. The exact
// divergence is that of the log-uniform prior (log-uniform.ts).

import { checkNumber } from "../check.js";
import { sigmoid, softplus } from "../special/activations.js";

/** Constants of the fit: Molchanov et al., section 4.2. */
const K1 = 0.63576;
const K2 = 1.8732;
const K3 = 1.48695;

/** A weight whose log alpha reaches this is dropped for good: alpha = 20.1, as noisy as dropout at rate 0.953. */
export const PRUNING_THRESHOLD = 3;

/**
 * The fit to the log-uniform KL divergence of one weight, for all alpha.
 *
 *     KL ~ k1 - k1 S(k2 + k3 ln alpha) + ln(1 + 1 / alpha) / 2
 *
 * Numerics. Within 0.0094 of the exact divergence for ln alpha from -8 to 8.
 *
 * @example
 * ```ts
 * import { logUniformKl, sparseKlFit } from "hadamask/noise";
 * console.log(sparseKlFit(Math.log(1)).toFixed(4), logUniformKl(Math.log(1)).toFixed(4)); // 0.4312 0.4267
 * ```
 * @see Molchanov, Ashukha and Vetrov, "Variational dropout sparsifies deep neural networks", ICML 2017.
 */
export function sparseKlFit(logAlpha: number): number {
  checkNumber("sparseKlFit", "logAlpha", logAlpha);
  return K1 * sigmoid(-K2 - K3 * logAlpha) + 0.5 * softplus(-logAlpha);
}

/**
 * Derivative of {@link sparseKlFit} by ln alpha.
 *
 * @example
 * ```ts
 * import { sparseKlFitSlope } from "hadamask/noise";
 * console.log(sparseKlFitSlope(0).toFixed(4)); // -0.3591
 * ```
 */
export function sparseKlFitSlope(logAlpha: number): number {
  checkNumber("sparseKlFitSlope", "logAlpha", logAlpha);
  const s = sigmoid(K2 + K3 * logAlpha);
  return -K1 * K3 * s * (1 - s) - 0.5 * sigmoid(-logAlpha);
}
