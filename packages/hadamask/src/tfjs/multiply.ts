// Products of tensors and noise with the gradients that they should have. The noise comes from a layer of the library.

import * as tf from "@tensorflow/tfjs";
import { type Core, madeOf, runCore, type Turn } from "../layers/base/made-of.js";
import { hasArrays, mapArrays, type OnArrays } from "./arrays.js";
import { programOf } from "./gpu-programs.js";
import { isOnGpu, type OnGpu, writeOnGpu } from "./on-gpu.js";

/** One number for all elements of a tensor, or for each group of elements that shares a draw (axes of length 1). */
export interface Drawn {
  readonly values: Float32Array;
  readonly shape: readonly number[];
}

/**
 * What one pass makes of a tensor: on arrays where they can be reached, on a GPU by a program where there is one, and
 * else by operations of the engine.
 */
export interface NoiseMap {
  readonly onArrays: OnArrays;
  readonly onGpu?: OnGpu | undefined;
  readonly inGraph: (x: tf.Tensor) => tf.Tensor;
}

/** What `core` makes of `shape` filled with `value`. */
export const drawn = (core: Core, turn: Turn, shape: readonly number[], value: 0 | 1, rest: object = {}): Drawn => ({
  values: madeOf(core, turn, shape, value, rest),
  shape,
});

export const tensorOf = ({ values, shape }: Drawn): tf.Tensor => tf.tensor(values, [...shape]);

/**
 * Applies `value` to `x`, and `gradient` to what comes back: the engine's own product would turn NaN at dropped
 * places into NaN.
 */
export function applyNoise(x: tf.Tensor, value: NoiseMap, gradient: NoiseMap): tf.Tensor {
  const run = (t: tf.Tensor, { onArrays, onGpu, inGraph }: NoiseMap): tf.Tensor => {
    if (hasArrays()) return mapArrays(t, onArrays);
    return isOnGpu() && onGpu !== undefined ? writeOnGpu(t, onGpu) : inGraph(t);
  };
  const op = tf.customGrad((input) => ({
    value: run(input as tf.Tensor, value),
    // The gradient is linear and acts on each element by itself, so it is its own gradient: for second derivatives.
    gradFunc: (dy: tf.Tensor) => applyNoise(dy, gradient, gradient),
  }));
  return op(x.toFloat());
}

/**
 * `x` times the multipliers that `core` draws, and +0 where they are 0, whatever x is there; the gradient is the same
 * map. Nothing is stored for it: the same turn gives the same draws.
 *
 * `shape` is that of the draws, with 1 for shared axes; `rest` is what else the core's forward takes.
 */
export function multiply(
  x: tf.Tensor,
  core: Core,
  turn: Turn,
  shape: readonly number[] = x.shape,
  rest: object = {},
): tf.Tensor {
  const map: NoiseMap = {
    onArrays: (values, out) => void runCore(core, turn, values, { ...rest, shape: x.shape, out }),
    onGpu: turn.sampleIds === undefined ? programOf(core, turn, x.shape, shape) : undefined,
    inGraph: (t) => select(t, drawn(core, turn, shape, 1, rest), 0, 0),
  };
  return applyNoise(x, map, map);
}

/** `x * factor + shift` where the factor is not 0, and `dropped` elsewhere, by operations of the engine. */
export function select(x: tf.Tensor, factor: Drawn, shift: number, dropped: number): tf.Tensor {
  return tf.tidy(() => {
    const m = tensorOf(factor);
    const kept = shift === 0 ? x.mul(m) : x.mul(m).add(shift);
    return tf.where(m.notEqual(0), kept, tf.scalar(dropped));
  });
}
