// Alpha dropout in a graph: the mask is the random input, scale and shift are constants.

import "./navigator.js";
import { type Array as JaxArray, numpy as np } from "@jax-js/jax";
import { checkKeep } from "../check.js";
import { alphaAffine } from "../noise/alpha.js";
import type { Key, RateOption } from "../types.js";
import { drawnUnder } from "./draws.js";
import { checkSizes, drawMultiplier } from "./multiplier.js";
import type { ActivationNoise } from "./noise.js";

/**
 * Alpha dropout for networks of SELU units: dropped activations take the value that SELU saturates at, and all are
 * scaled and shifted so that mean 0 and variance 1 stay.
 *
 * Shapes. `shape` is that of one row; an axis of size 1 shares one decision, as for {@link dropoutSites}.
 * Randomness. The masks of `AlphaDropout` with the same key at the same step or pass.
 * Numerics. Selected, so that a NaN at a dropped place has no effect; rate 0 changes nothing, rate 1 gives +0.
 *
 * @throws {TypeError | RangeError} If rate or keep is not in [0, 1] or both are given.
 * @example
 * ```ts
 * import { nn, numpy as np } from "@jax-js/jax";
 * import { key } from "hadamask";
 * import { alphaDropout } from "hadamask/jax";
 * const noise = alphaDropout({ rate: 0.1, shape: [4], key: key(1) });
 * const h = nn.selu(np.ones([3, 4]));
 * console.log(noise.apply(h, {}, noise.train(0, 3)).shape); // [ 3, 4 ]
 * ```
 * @see Klambauer et al., "Self-normalizing neural networks", NIPS 2017.
 */
export function alphaDropout(
  options: RateOption & { readonly shape: readonly number[]; readonly key: Key },
): ActivationNoise<never> {
  const where = "alphaDropout";
  const shape = checkSizes(where, "shape", options.shape);
  const keep = checkKeep(where, options);
  const { gain, shift, dropped } = alphaAffine(keep);
  const draw = (key: Key, batch: number): JaxArray => drawMultiplier([batch, ...shape], keep, key, 0);
  return {
    ...drawnUnder(where, options.key, draw),
    parameters: () => ({}),
    apply(h, _parameters, drawn) {
      if (drawn === undefined) return h;
      return np.where(drawn.notEqual(0), h.mul(gain).add(shift), dropped);
    },
    penalty: () => np.zeros([]),
  };
}
