// Any layer that multiplies, or adds, in a graph: its multipliers are what it makes of ones. Knows no distribution.

import "./navigator.js";
import { type Array as JaxArray, numpy as np } from "@jax-js/jax";
import { checkKey, sizeOf, typeError } from "../check.js";
import { type Core, madeOf } from "../layers/base/made-of.js";
import type { Key, Mode } from "../types.js";
import { drawnAt } from "./draws.js";
import { checkSizes } from "./multiplier.js";
import type { ActivationNoise } from "./noise.js";
import { applyMultiplier } from "./sites.js";

/** A layer that {@link layerNoise} takes: one with a key, that learns nothing. */
export interface NoiseSource {
  readonly name: string;
  readonly key: Key | undefined;
  readonly parameters: Readonly<Record<string, unknown>>;
  mode: Mode;
  step: number;
  pass: number;
  forward(x: never, options: never): unknown;
}

/** How a layer acts on what goes through it. */
type Action = "multiplies" | "adds";

/**
 * Takes a layer of `hadamask` into jitted functions: what it multiplies by, or adds, becomes a random input.
 *
 *     multiplies   h * m, and +0 where m is 0      m is what the layer makes of ones
 *     adds         h + s                           s is what it makes of zeros (GaussianNoise)
 *     eval         what the layer does in mode "eval"
 *
 * Shapes. `shape` is that of one row; the layer sees [batch, ...shape]. A size of 1 is broadcast over that axis of h.
 * Randomness. The draws of the layer at that step or pass, to the bit; in float32.
 * Numerics. Selected where the multiplier is 0, so that a NaN there has no effect.
 * Cost. One forward pass of the layer outside of the graph and one copy to the device; one operation in the graph.
 *
 * @param layer `Dropout`, `SpatialDropout`, `DropBlock2D`, `GaussianDropout`, …, or a layer of your own: anything that
 *   multiplies or adds and takes `shape`. Its mode and counters are left as they are; its rate may change between
 *   steps.
 * @throws {TypeError | RangeError} If the layer learns, has no key, or does something else (alpha dropout, attention
 *   weights, word dropout), or `shape` does not fit it.
 * @example
 * ```ts
 * import { jit, numpy as np } from "@jax-js/jax";
 * import { GaussianDropout, key } from "hadamask";
 * import { layerNoise } from "hadamask/jax";
 * const noise = layerNoise(new GaussianDropout({ rate: 0.5, key: key(1) }), { shape: [4] });
 * const f = jit((h: np.Array, draw: np.Array) => noise.apply(h, {}, draw).sum());
 * console.log(f(np.ones([3, 4]), noise.train(0, 3)).js() !== 12); // true
 * ```
 */
export function layerNoise(layer: NoiseSource, options: { readonly shape: readonly number[] }): ActivationNoise<never> {
  const where = "layerNoise";
  if (typeof layer?.forward !== "function") throw typeError(where, "layer", "a layer of hadamask", layer);
  const shape = checkSizes(where, "shape", options?.shape);
  if (Object.keys(layer.parameters ?? {}).length > 0) {
    throw new TypeError(
      `${where}: layer must be one that learns nothing, got ${layer.name}; hadamask/jax has noise that learns`,
    );
  }
  const key = checkKey(where, layer.key, `${layer.name}.key`);
  const made = (mode: Mode, number: number, batch: number, value: 0 | 1): Float32Array =>
    keepingPlace(layer, () => {
      const sizes = [batch, ...shape];
      if (mode !== "eval") return madeOf(layer as unknown as Core, { mode, number }, sizes, value);
      layer.mode = "eval";
      const values = new Float32Array(sizeOf(sizes)).fill(value);
      return layer.forward(values as never, { shape: sizes } as never) as Float32Array;
    });
  const action = actionOf(where, layer.name, sizeOf(shape), (value) => made("train", 0, 1, value));
  const start = action === "multiplies" ? 1 : 0;
  const isPlain = made("eval", 0, 1, 1).every((value) => value === 1);
  return {
    ...drawnAt(key, (tag, number, batch) => {
      const values = made(tag === "step" ? "train" : "sample", number, batch, start);
      return np.array(values, { shape: [batch, ...shape] });
    }),
    parameters: () => ({}),
    apply(h, _parameters, drawn) {
      if (drawn !== undefined) return action === "multiplies" ? applyMultiplier(h, drawn) : h.add(drawn);
      if (isPlain) return h;
      return applyMultiplier(h, np.array(made("eval", 0, 1, 1), { shape: [1, ...shape] }));
    },
    penalty: (): JaxArray => np.zeros([]),
  };
}

/** Leaves mode and counters of a layer as they were. */
function keepingPlace<T>(layer: NoiseSource, run: () => T): T {
  const { mode, step, pass } = layer;
  try {
    return run();
  } finally {
    layer.mode = mode;
    layer.step = step;
    layer.pass = pass;
  }
}

/** Whether a layer multiplies or adds, by what it makes of one row of zeros and of ones. */
function actionOf(where: string, name: string, n: number, make: (value: 0 | 1) => ArrayLike<number>): Action {
  const [zeros, ones] = [make(0), make(1)];
  const isSame = zeros.length === n && ones.length === n;
  const all = Array.from(zeros);
  if (isSame && all.every((value) => value === 0)) return "multiplies";
  // In float32, near 1: a sum of 1 and noise is off by half a unit in its last place.
  const adds = all.every((value, i) => Math.abs(ones[i]! - value - 1) <= 2 ** -22 * (1 + Math.abs(value)));
  if (isSame && adds) return "adds";
  throw new TypeError(`${where}: layer must be one that multiplies or adds, got ${name}`);
}
