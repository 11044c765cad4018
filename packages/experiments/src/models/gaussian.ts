// Outputs as the law of a value: its mean, with noise of one size for all rows or of each row's own.

import { type Array as JaxArray, numpy as np } from "@jax-js/jax";
import type { Likelihood } from "./likelihood.js";

/**
 * The mean alone, by squared errors: of standardised values, as a law, noise of variance 1/2.
 *
 *     loss         mean over rows of (y - m)^2
 *     divergence   mean over rows of (m - m')^2
 */
export const squared: Likelihood = {
  name: "squared",
  outputs: 1,
  targets: 1,
  loss: (outputs, y) => np.square(outputs.sub(y)).mean(),
  divergence: (p, q) => np.square(p.sub(q)).mean(),
};

/**
 * Logarithms of variances are held within ± this, in units of the training rows: deviations between 0.0009 and 1,100.
 * Without it a network that knows its training rows by heart makes them infinitely sure.
 */
export const MOST_LOG_VARIANCE = 14;

/** m and s = ln(variance), each [rows, 1]. */
function parts(outputs: JaxArray): [mean: JaxArray, logVariance: JaxArray] {
  const mean = outputs.ref.slice([], [0, 1]);
  return [mean, np.clip(outputs.slice([], [1, 2]), -MOST_LOG_VARIANCE, MOST_LOG_VARIANCE)];
}

const LOG_2_PI = Math.log(2 * Math.PI);

/**
 * The mean, and the logarithm of the variance of the noise, which is learned.
 *
 *     loss         mean over rows of (ln(2 pi) + s + (y - m)^2 / e^s) / 2
 *     divergence   mean over rows of ((m - m')^2 + v) / 4v' + ((m - m')^2 + v') / 4v - 1/2
 *
 * @see Nix and Weigend, "Estimating the mean and variance of the target probability distribution", ICNN 1994.
 */
export const gaussian: Likelihood = {
  name: "gaussian",
  outputs: 2,
  targets: 1,
  loss(outputs, y) {
    const [mean, s] = parts(outputs);
    const precision = np.exp(s.ref.neg());
    return np.square(mean.sub(y)).mul(precision).add(s).mean().add(LOG_2_PI).mul(0.5);
  },
  divergence(p, q) {
    const [[m, s], [n, t]] = [parts(p), parts(q)];
    const gap = np.square(m.sub(n));
    const there = gap.ref.add(np.exp(s.ref)).mul(np.exp(t.ref.neg()));
    const back = gap.add(np.exp(t)).mul(np.exp(s.neg()));
    return there.add(back).mean().mul(0.25).sub(0.5);
  },
};
