// Dropout inside a jitted function, with jax-js's own random numbers: for those who want the key traced.

import "./navigator.js";
import { type Array as JaxArray, numpy as np, random } from "@jax-js/jax";
import { checkKeep } from "../check.js";
import type { RateOption } from "../types.js";

/**
 * Drops elements of `x` with JAX's own Bernoulli draw under `key`, a jax-js key, which may be traced.
 *
 *     y = where(bernoulli(key, keep, shape(x)), x / keep, 0)
 *
 * Shapes. `x` has any shape, y the same.
 * Randomness. The mask is JAX's, as Equinox's dropout draws it (and Flax's, once its own key is derived): not mask
 * stream 1.
 * Numerics. A dropped NaN or infinity becomes 0. Rate 0 returns `x`, rate 1 zeros; the gradient is finite for every
 * rate.
 * Cost. 32 random bits an element, drawn in the graph: about 20 times a ready multiplier on WASM; see
 * {@link dropoutSites}.
 *
 * Takes over `x` and `key`, as jax-js functions do.
 *
 * @throws {TypeError | RangeError} If rate or keep is not in [0, 1], or both or neither are given.
 * @example
 * ```ts
 * import { grad, jit, numpy as np, random } from "@jax-js/jax";
 * import { dropout } from "hadamask/jax";
 * const gradient = jit(grad((x: np.Array, k: np.Array) => dropout(x, k, { rate: 0.5 }).sum()));
 * console.log(gradient(np.ones([4]), random.key(0)).js()); // [ 0, 0, 2, 2 ]
 * ```
 * @see Flax, `flax.linen.Dropout`: select, and the two ends decided without a draw.
 */
export function dropout(x: JaxArray, key: JaxArray, options: RateOption): JaxArray {
  const keep = checkKeep("dropout", options);
  if (keep === 1 || keep === 0) {
    key.dispose();
    return keep === 1 ? x : np.zerosLike(x);
  }
  const isKept = random.bernoulli(key, keep, x.shape);
  return np.where(isKept, x.div(keep), 0);
}
