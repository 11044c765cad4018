// DropConnect in a graph: single weights are dropped, for each row of a batch anew or for all rows alike.

import "./navigator.js";
import { type Array as JaxArray, numpy as np } from "@jax-js/jax";
import { checkCount, checkKeep, rangeError, sizeOf } from "../check.js";
import { drawMask } from "../noise/bernoulli.js";
import type { Key, RateOption } from "../types.js";
import { drawnUnder } from "./draws.js";
import { drawMultiplier } from "./multiplier.js";
import type { WeightNoise } from "./noise.js";
import { isOnGpu, writtenOnGpu } from "./on-device.js";
import { applyMultiplier } from "./sites.js";

export type DropConnectOptions = RateOption & {
  readonly inputs: number;
  readonly outputs: number;
  /** A mask for each row ("sample", default, as in the paper) or one for all rows of a batch ("batch"). */
  readonly maskPer?: "sample" | "batch";
  readonly key: Key;
};

/** Decisions from which on masks are passed as bits: 256 MB of floats. Below, floats take half the time on WASM. */
const MOST_FLOATS = 2 ** 26;

/**
 * A dense layer of which each weight is dropped on its own, as `DropConnect` of `hadamask`.
 *
 *     z = x (M * w) / keep + b          eval: z = x w + b
 *
 * Shapes. x [batch, inputs], w [inputs, outputs].
 * Randomness. The masks of the layer with the same key and `maskPer`.
 * Numerics. A dropped weight counts for nothing even where it or x is NaN.
 * Cost. "batch": one mask of the size of w, about as dropout. "sample": batch * inputs * outputs decisions, drawn
 *   outside and passed as floats up to 2^26 of them and as bits above; the product of x, mask and w is summed as it
 *   is formed and never stored. A step of batch 50 with 256 x 256 weights takes some 50 ms, against 3 without masks.
 *
 * @throws {TypeError | RangeError} If rate or keep is not in [0, 1] or both are given, or a size or `key` is not valid.
 * @example
 * ```ts
 * import { numpy as np } from "@jax-js/jax";
 * import { key } from "hadamask";
 * import { dropConnect } from "hadamask/jax";
 * const noise = dropConnect({ rate: 0.5, inputs: 4, outputs: 2, key: key(1) });
 * const weights = { w: np.ones([4, 2]), b: np.zeros([2]) };
 * const z = noise.apply(np.ones([3, 4]), weights, noise.parameters(), noise.train(0, 3));
 * console.log(z.shape); // [ 3, 2 ]
 * ```
 * @see Wan, Zeiler, Zhang, LeCun and Fergus, "Regularization of neural networks using DropConnect", ICML 2013.
 */
export function dropConnect(options: DropConnectOptions): WeightNoise<never> {
  const where = "dropConnect";
  const inputs = checkCount(where, "inputs", options.inputs);
  const outputs = checkCount(where, "outputs", options.outputs);
  const keep = checkKeep(where, options);
  const { maskPer = "sample" } = options;
  if (maskPer !== "sample" && maskPer !== "batch") throw rangeError(where, "maskPer", '"sample" or "batch"', maskPer);
  const draw = (key: Key, batch: number): JaxArray => {
    const shape = maskPer === "batch" ? [inputs, outputs] : [batch, inputs, outputs];
    if (maskPer === "batch" || !isSentAsBits(shape)) return drawMultiplier(shape, keep, key, 0);
    const n = sizeOf(shape);
    if (isOnGpu()) {
      return writtenOnGpu([Math.ceil(n / 32)], np.uint32, (gpu, out) => gpu.keepMask({ out, length: n, keep, key }));
    }
    const packed = new Uint32Array(Math.ceil(n / 32));
    drawMask(packed, n, keep, key, 0);
    return np.array(packed);
  };
  return {
    ...drawnUnder(where, options.key, draw),
    parameters: () => ({}),
    apply(x, { w, b }, _parameters, mask) {
      if (mask === undefined) return np.dot(x, w).add(b);
      if (maskPer === "batch") return np.dot(x, applyMultiplier(w, mask)).add(b);
      return sumKept(x, w.mul(keep === 0 ? 1 : 1 / keep), mask).add(b);
    },
    penalty(w) {
      w.dispose();
      return np.zeros([]);
    },
  };
}

/** On a GPU bits are cheaper to read. */
const isSentAsBits = (shape: readonly number[]): boolean => sizeOf(shape) > MOST_FLOATS || isOnGpu();

/** Sum over inputs of x w where kept: as one reduction, which jax-js computes without storing its terms. */
function sumKept(x: JaxArray, w: JaxArray, mask: JaxArray): JaxArray {
  const [batch, inputs] = x.shape as [number, number];
  const outputs = w.shape[1]!;
  const isKept = (mask.dtype === np.uint32 ? bitsOf(mask, [batch, inputs, outputs]) : mask).notEqual(0);
  return np.where(isKept, x.reshape([batch, inputs, 1]).mul(w), 0).sum(1);
}

function bitsOf(packed: JaxArray, shape: number[]): JaxArray {
  const lanes = np.arange(0, 32, 1, { dtype: np.uint32 });
  const bits = np.bitwiseAnd(np.rightShift(packed.reshape([-1, 1]), lanes), np.array(1, { dtype: np.uint32 }));
  return bits
    .reshape([-1])
    .slice([0, sizeOf(shape)])
    .reshape(shape);
}
