// Gaussian dropout in a graph: nothing is learned, the multipliers themselves are the random input.

import "./navigator.js";
import { type Array as JaxArray, numpy as np } from "@jax-js/jax";
import { sizeOf } from "../check.js";
import { GaussianDropout, type GaussianStrength } from "../layers/gaussian-dropout.js";
import { gaussianNoise } from "../noise/gaussian.js";
import type { Key } from "../types.js";
import { checkSizes } from "./multiplier.js";
import { type ActivationNoise, drawnUnder } from "./noise-site.js";
import { applyMultiplier } from "./sites.js";

/**
 * Multiplies by normal numbers of mean 1 and variance rate / keep, or `alpha`.
 *
 * Shapes. `shape` is that of one row; an axis of size 1 shares one draw, as for {@link dropoutSites}.
 * Randomness. The multipliers of `GaussianDropout` with the same key at the same step or pass, rounded once to float32.
 * Numerics. At rate 1 everything is +0, even NaN.
 *
 * @throws {TypeError | RangeError} If not exactly one of rate, keep and alpha is given, or one is out of range.
 * @example
 * ```ts
 * import { jit, numpy as np } from "@jax-js/jax";
import { sizeOf } from "../check.js";
 * import { key } from "hadamask";
 * import { gaussianDropout } from "hadamask/jax";
 * const noise = gaussianDropout({ rate: 0.5, shape: [4], key: key(1) });
 * const f = jit((h: np.Array, draw: np.Array) => noise.apply(h, {}, draw).sum());
 * console.log(f(np.ones([3, 4]), noise.train(0, 3)).js() !== 12); // true
 * ```
 */
export function gaussianDropout(
  options: GaussianStrength & { readonly shape: readonly number[]; readonly key: Key },
): ActivationNoise<never> {
  const shape = checkSizes("gaussianDropout", "shape", options.shape);
  const { alpha, keep } = new GaussianDropout(options); // checks what it is given
  const noise = keep === 0 ? gaussianNoise(0, 0) : gaussianNoise(1, alpha);
  const draw = (key: Key, batch: number): JaxArray => {
    const sizes = [batch, ...shape];
    if (noise.constant !== undefined) return np.full(sizes, noise.constant);
    const multipliers = new Float64Array(sizeOf(sizes));
    noise.sample(multipliers, key, 0);
    return np.array(Float32Array.from(multipliers), { shape: sizes });
  };
  return {
    ...drawnUnder("gaussianDropout", options.key, draw),
    parameters: () => ({}),
    apply: (h, _parameters, drawn) => (drawn === undefined ? h : applyMultiplier(h, drawn)),
    penalty: () => np.zeros([]),
  };
}
