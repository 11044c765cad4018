// The local reparameterisation in a graph: Gaussian weights, drawn where they add up.

import { type Array as JaxArray, numpy as np } from "@jax-js/jax";
import { safeSqrt } from "./finite.js";

/** x w + sqrt(x^2 variance) * zeta, for weights w with variances of their own. Takes over its arguments. */
export function localNoise(x: JaxArray, w: JaxArray, variance: JaxArray, zeta: JaxArray): JaxArray {
  const deviation = safeSqrt(np.dot(np.square(x.ref), variance));
  return np.dot(x, w).add(deviation.mul(zeta));
}
