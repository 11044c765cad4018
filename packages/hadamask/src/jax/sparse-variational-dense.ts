// Sparse variational dropout in a graph: weights and their noise are learned, and weights that are mostly noise are
// left out.

import "./navigator.js";
import { type Array as JaxArray, numpy as np } from "@jax-js/jax";
import { checkCount } from "../check.js";
import { PRUNING_THRESHOLD } from "../noise/sparse.js";
import type { Key } from "../types.js";
import { drawnUnder, normalArray } from "./draws.js";
import { localNoise } from "./local-noise.js";
import { logUniformKl } from "./log-uniform-kl.js";
import type { WeightNoise } from "./noise.js";

/** ln alpha of a weight of 0, which has no logarithm: far above the threshold, with no divergence and no gradient. */
const ONLY_NOISE = 80;

/**
 * A dense layer with weights w ~ N(theta, sigma^2), both learned for each weight, as `SparseVariationalDense` of
 * `hadamask`.
 *
 *     z = x theta + sqrt(x^2 sigma^2) * zeta + b          eval: weights with ln alpha >= 3 are left out
 *     penalty: sum over weights of KL(alpha), exact          ln alpha = ln sigma^2 - ln theta^2
 *
 * Shapes. x [batch, inputs], theta and `logSigma2` [inputs, outputs].
 * Randomness. The draws are zeta, [batch, outputs]: those of the layer with the same key, rounded once.
 * Numerics. jax-js's logarithm has an absolute error of 1.5e-5, so a weight that close to the threshold may fall on
 * either side.
 *
 * @param options.logSigma2 ln sigma^2 to begin with; -8 if not given.
 * @throws {TypeError | RangeError} If a size or `key` is not valid.
 * @example
 * ```ts
 * import { numpy as np } from "@jax-js/jax";
 * import { key } from "hadamask";
 * import { sparseVariationalDense } from "hadamask/jax";
 * const noise = sparseVariationalDense({ inputs: 4, outputs: 2, key: key(1) });
 * const weights = { w: np.ones([4, 2]), b: np.zeros([2]) };
 * const z = noise.apply(np.ones([3, 4]), weights, noise.parameters(), noise.train(0, 3));
 * console.log(z.shape); // [ 3, 2 ]
 * ```
 * @see Molchanov, Ashukha and Vetrov, "Variational dropout sparsifies deep neural networks", ICML 2017.
 */
export function sparseVariationalDense(options: {
  readonly inputs: number;
  readonly outputs: number;
  readonly logSigma2?: number;
  readonly key: Key;
}): WeightNoise<"logSigma2"> {
  const where = "sparseVariationalDense";
  const inputs = checkCount(where, "inputs", options.inputs);
  const outputs = checkCount(where, "outputs", options.outputs);
  const { logSigma2: initial = -8 } = options;
  return {
    ...drawnUnder(where, options.key, (key, batch) => normalArray([batch, outputs], key)),
    parameters: () => ({ logSigma2: np.full([inputs, outputs], initial) }),
    apply(x, { w, b }, { logSigma2 }, draw) {
      if (draw !== undefined) return localNoise(x, w, np.exp(logSigma2), draw).add(b);
      const isKept = logAlphaOf(w.ref, logSigma2).less(PRUNING_THRESHOLD);
      return np.dot(x, np.where(isKept, w, 0)).add(b);
    },
    penalty: (w, { logSigma2 }) => logUniformKl(logAlphaOf(w, logSigma2)).sum(),
  };
}

function logAlphaOf(w: JaxArray, logSigma2: JaxArray): JaxArray {
  const isZero = w.ref.equal(0);
  const size = np.abs(np.where(isZero.ref, 1, w));
  return np.where(isZero, ONLY_NOISE, logSigma2.sub(np.log(size).mul(2)));
}
