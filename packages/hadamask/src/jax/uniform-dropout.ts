// Uniform dropout in a graph: nothing is learned, the multipliers themselves are the random input.

import "./navigator.js";
import { type Array as JaxArray, numpy as np } from "@jax-js/jax";
import { sizeOf } from "../check.js";
import { UniformDropout, type UniformStrength } from "../layers/uniform-dropout.js";
import { uniformNoise } from "../noise/uniform.js";
import type { Key } from "../types.js";
import { checkSizes } from "./multiplier.js";
import { type ActivationNoise, drawnUnder } from "./noise-site.js";
import { applyMultiplier } from "./sites.js";

/**
 * Multiplies by numbers evenly spread over (1 - beta, 1 + beta): of variance rate / keep, or with `beta` given.
 *
 * Shapes. `shape` is that of one row; an axis of size 1 shares one draw, as for {@link dropoutSites}.
 * Randomness. The multipliers of `UniformDropout` with the same key at the same step or pass, rounded once to float32.
 * Numerics. At rate 1 everything is +0, even NaN.
 *
 * @throws {TypeError | RangeError} If not exactly one of rate, keep and beta is given, or one is out of range.
 */
export function uniformDropout(
  options: UniformStrength & { readonly shape: readonly number[]; readonly key: Key },
): ActivationNoise<never> {
  const shape = checkSizes("uniformDropout", "shape", options.shape);
  const { beta, keep } = new UniformDropout(options); // checks what it is given
  const draw = (key: Key, batch: number): JaxArray => {
    const sizes = [batch, ...shape];
    if (keep === 0 || keep === 1) return np.full(sizes, keep);
    const multipliers = new Float64Array(sizeOf(sizes));
    uniformNoise(beta).sample(multipliers, key, 0);
    return np.array(Float32Array.from(multipliers), { shape: sizes });
  };
  return {
    ...drawnUnder("uniformDropout", options.key, draw),
    parameters: () => ({}),
    apply: (h, _parameters, drawn) => (drawn === undefined ? h : applyMultiplier(h, drawn)),
    penalty: () => np.zeros([]),
  };
}
