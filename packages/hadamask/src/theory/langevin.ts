// Stochastic gradient Langevin dynamics at a constant step: how far its stationary variance is from the posterior's.

import { rangeError } from "../check.js";

export interface LangevinChain {
  /** Precision (1 / variance) of the Gaussian target. */
  readonly precision: number;
  /** Step size: theta += step / 2 * gradient of the log density + sqrt(step) * standard normal. */
  readonly step: number;
  /** Variance of the estimate of the full gradient, from minibatches; 0 for full gradients. */
  readonly gradientVariance?: number;
}

/**
 * The variance that SGLD with a constant step settles at for a Gaussian target.
 *
 *     (step + step^2 V / 4) / (1 - (1 - step * precision / 2)^2)          V = gradientVariance
 *
 * With V = 0 that is 1 / (precision (1 - step * precision / 4)): above the target's 1 / precision, and right only as
 * the step goes to 0. In several dimensions it holds for each eigenvalue of the precision.
 *
 * @throws {RangeError} If precision or step is not above 0, the variance is below 0, or step >= 4 / precision, where
 *   the chain diverges.
 * @example
 * ```ts
 * import { stationaryVariance } from "hadamask/theory";
 * console.log(stationaryVariance({ precision: 4, step: 0.01 }).toFixed(4)); // 0.2525
 * ```
 * @see Welling and Teh, "Bayesian learning via stochastic gradient Langevin dynamics", ICML 2011.
 */
export function stationaryVariance({ precision, step, gradientVariance = 0 }: LangevinChain): number {
  const where = "stationaryVariance";
  if (!(precision > 0)) throw rangeError(where, "precision", "above 0", precision);
  if (!(gradientVariance >= 0)) throw rangeError(where, "gradientVariance", "at least 0", gradientVariance);
  if (!(step > 0 && step * precision < 4)) {
    throw rangeError(where, "step", `above 0 and below 4 / precision = ${4 / precision}`, step);
  }
  return (step + (step * step * gradientVariance) / 4) / (1 - (1 - (step * precision) / 2) ** 2);
}
