// Masks of stream 1 as jax-js arrays: drawn by the library's kernels and handed over, or drawn on a GPU where it needs
// them. Knows no network.

import "./navigator.js";
import { type Array as JaxArray, numpy as np } from "@jax-js/jax";
import { checkCount, checkKeep, checkKey, checkOffset, sizeOf, typeError } from "../check.js";
import { multiply } from "../noise/bernoulli.js";
import type { Key, RateOption } from "../types.js";
import { isOnGpu, writtenOnGpu } from "./on-device.js";

/**
 * A jax-js array of what inverted dropout multiplies by: 1 / keep where an element is kept, 0 where it is dropped.
 *
 *     m[i] = scale   if element i is kept      scale = 1 / keep, rounded once to float32
 *     m[i] = 0       if it is dropped
 *
 * Pass it into a jitted function as an input and use it as `where(m != 0, h * m, 0)`, which drops NaN and infinities
 * too.
 *
 * Shapes. float32 of shape `shape`, its elements numbered in C order.
 * Randomness. The mask is `keepMask(n, { rate, key, offset })` to the bit: a pure function of `key`, `rate` and the
 * element's index.
 * Numerics. Rate 0 gives ones and rate 1 zeros, with nothing drawn.
 * Cost. On the WASM device the factors are made in JavaScript memory and copied; on WebGPU they are
 *   drawn in a new array on the device, and nothing is sent.
 *
 * @param shape Sizes, each at least 1.
 * @returns A new array; like every jax-js array it belongs to the caller, and is freed by the first use that takes it
 *   over.
 * @throws {TypeError | RangeError} If `shape` is not a list of sizes, rate or keep is not in [0, 1], or `key` is not a
 *   key.
 * @example
 * ```ts
 * import { key } from "hadamask";
 * import { multiplier } from "hadamask/jax";
 * console.log(multiplier([2, 4], { rate: 0.5, key: key(0) }).js()); // [ [ 0, 2, 0, 2 ], [ 2, 2, 2, 2 ] ]
 * ```
 */
export function multiplier(
  shape: readonly number[],
  options: RateOption & { readonly key: Key; readonly offset?: number },
): JaxArray {
  const where = "multiplier";
  const sizes = checkSizes(where, "shape", shape);
  const n = sizeOf(sizes);
  const keep = checkKeep(where, options);
  const key = checkKey(where, options.key);
  return drawMultiplier(sizes, keep, key, checkOffset(where, options.offset, n));
}

/**
 * {@link multiplier} without the checks.
 *
 * @param room For at least as many factors as the shape has, which are written over: jax-js has copied them when this
 *   returns. Where masks are drawn again and again, fresh memory costs more than the draws.
 */
export function drawMultiplier(
  shape: readonly number[],
  keep: number,
  key: Key,
  offset: number,
  room?: Float32Array,
): JaxArray {
  if (isOnGpu()) {
    return writtenOnGpu(shape, np.float32, (gpu, out, length) => gpu.multiplier({ out, length, keep, key, offset }));
  }
  const size = sizeOf(shape);
  const factors = room === undefined ? new Float32Array(size) : room.subarray(0, size);
  factors.fill(1);
  multiply(factors, factors, keep, key, 1 / keep, offset);
  return np.array(factors, { shape: [...shape] });
}

/** Checks a list of sizes. An array without elements has no mask, and jax-js no buffer for it. */
export function checkSizes(where: string, name: string, shape: unknown): readonly number[] {
  if (!Array.isArray(shape)) throw typeError(where, name, "an array of sizes", shape);
  for (let axis = 0; axis < shape.length; axis++) checkCount(where, `${name}[${axis}]`, shape[axis]);
  return shape as number[];
}
