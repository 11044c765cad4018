// Variational dropout in a graph: Gaussian noise whose variance is learned, on activations (type A) or on weights
// (type B).

import "./navigator.js";
import { numpy as np } from "@jax-js/jax";
import { checkCount } from "../check.js";
import { VariationalDropout } from "../layers/variational-dropout.js";
import { VariationalDense, type VariationalDenseOptions } from "../layers/weights/variational-dense.js";
import type { Key } from "../types.js";
import { drawnUnder, normalArray } from "./draws.js";
import { localNoise } from "./local-noise.js";
import { cutOff, logUniformKl } from "./log-uniform-kl.js";
import { checkSizes } from "./multiplier.js";
import type { ActivationNoise, WeightNoise } from "./noise.js";
import { parameterArray, unitsOf } from "./parameters.js";

export interface VariationalOptions {
  /** The noise variance to begin with. */
  readonly alpha: number;
  /** Where alpha is cut off; 1 if not given, as in the paper. */
  readonly maxAlpha?: number;
  readonly key: Key;
}

/**
 * Variational dropout on activations (type A), as `VariationalDropout` of `hadamask`.
 *
 *     h * (1 + sqrt(alpha) * e)          e standard normal          penalty: sum of KL(alpha) over units
 *
 * Shapes. `shape` is that of one row; an axis of size 1 shares one draw. `logAlpha` has one element a place of the
 *   last axis (`per: "unit"`, default) or one in all ("layer").
 * Randomness. The draws are e: the normal numbers that the layer takes with the same key at the same step or pass,
 * rounded once.
 *
 * @throws {TypeError | RangeError} If alpha or maxAlpha is not a finite number above 0, or `shape` or `key` is not
 *   valid.
 * @example
 * ```ts
 * import { numpy as np } from "@jax-js/jax";
 * import { key } from "hadamask";
 * import { variationalDropout } from "hadamask/jax";
 * const noise = variationalDropout({ alpha: 0.25, shape: [4], key: key(1) });
 * const y = noise.apply(np.ones([3, 4]), noise.parameters(), noise.train(0, 3));
 * console.log(y.shape, noise.penalty(noise.parameters()).shape); // [ 3, 4 ] []
 * ```
 * @see Kingma, Salimans and Welling, "Variational dropout and the local reparameterization trick", NIPS 2015, section
 *   3.2.
 */
export function variationalDropout(
  options: VariationalOptions & { readonly shape: readonly number[]; readonly per?: "unit" | "layer" },
): ActivationNoise<"logAlpha"> {
  const shape = checkSizes("variationalDropout", "shape", options.shape);
  const { alpha, maxAlpha } = options;
  const units = unitsOf(shape, options.per ?? "unit");
  const layer = new VariationalDropout({ alpha, units, ...(maxAlpha !== undefined && { maxAlpha }) }); // checks
  const most = Math.log(layer.maxAlpha);
  return {
    ...drawnUnder("variationalDropout", options.key, (key, batch) => normalArray([batch, ...shape], key)),
    parameters: () => ({ logAlpha: parameterArray(layer.parameters.logAlpha) }),
    apply(h, { logAlpha }, draw) {
      if (draw === undefined) {
        logAlpha.dispose();
        return h;
      }
      const deviation = np.exp(cutOff(logAlpha, most).mul(0.5));
      return h.mul(draw.mul(deviation).add(1));
    },
    penalty: ({ logAlpha }) => logUniformKl(cutOff(logAlpha, most)).sum(),
  };
}

/**
 * Variational dropout on weights (type B), as `VariationalDense` of `hadamask`: w * N(1, alpha) for each weight,
 * drawn at the pre-activations.
 *
 *     z = x w + sqrt(x^2 (alpha w^2)) * zeta + b    zeta standard normal    penalty: sum of KL(alpha) over weights
 *
 * Shapes. x [batch, inputs], w [inputs, outputs]; `logAlpha` has one element ("layer", default) or the shape of w
 * ("weight").
 * Randomness. The draws are zeta, [batch, outputs]: those of the layer with the same key, rounded once.
 *
 * @throws {TypeError | RangeError} If alpha or maxAlpha is not a finite number above 0, or a size or `key` is not
 *   valid.
 * @example
 * ```ts
 * import { numpy as np } from "@jax-js/jax";
 * import { key } from "hadamask";
 * import { variationalDense } from "hadamask/jax";
 * const noise = variationalDense({ alpha: 0.25, inputs: 4, outputs: 2, key: key(1) });
 * const weights = { w: np.ones([4, 2]), b: np.zeros([2]) };
 * const z = noise.apply(np.ones([3, 4]), weights, noise.parameters(), noise.train(0, 3));
 * console.log(z.shape); // [ 3, 2 ]
 * ```
 * @see Kingma, Salimans and Welling, "Variational dropout and the local reparameterization trick", NIPS 2015,
 *   sections 2.3 and 3.1.
 */
export function variationalDense(
  options: VariationalOptions & {
    readonly inputs: number;
    readonly outputs: number;
    readonly alphaPer?: VariationalDenseOptions["alphaPer"];
  },
): WeightNoise<"logAlpha"> {
  const where = "variationalDense";
  const inputs = checkCount(where, "inputs", options.inputs);
  const outputs = checkCount(where, "outputs", options.outputs);
  const { alpha, maxAlpha, alphaPer = "layer" } = options;
  const weights = new Float32Array(inputs * outputs);
  const layer = new VariationalDense({
    inputs,
    weights,
    alpha,
    alphaPer,
    ...(maxAlpha !== undefined && { maxAlpha }),
  }); // checks
  const most = Math.log(layer.maxAlpha);
  const copies = alphaPer === "layer" ? weights.length : 1;
  return {
    ...drawnUnder(where, options.key, (key, batch) => normalArray([batch, outputs], key)),
    parameters() {
      const logAlpha = parameterArray(layer.parameters.logAlpha);
      return { logAlpha: alphaPer === "layer" ? logAlpha : logAlpha.reshape([inputs, outputs]) };
    },
    apply(x, { w, b }, { logAlpha }, draw) {
      if (draw === undefined) {
        logAlpha.dispose();
        return np.dot(x, w).add(b);
      }
      const variance = np.exp(cutOff(logAlpha, most)).mul(np.square(w.ref));
      return localNoise(x, w, variance, draw).add(b);
    },
    penalty(w, { logAlpha }) {
      w.dispose();
      return logUniformKl(cutOff(logAlpha, most)).sum().mul(copies);
    },
  };
}
