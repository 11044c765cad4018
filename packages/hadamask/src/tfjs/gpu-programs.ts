// Which program of hadamask/webgpu does what a layer of the library does. Knows no tensor.

import type { Core, Turn } from "../layers/base/made-of.js";
import { MaskLayer } from "../layers/base/mask-layer.js";
import { GaussianDropout } from "../layers/gaussian-dropout.js";
import { UniformDropout } from "../layers/uniform-dropout.js";
import { deriveKey, TAG } from "../random/derive.js";
import type { Key } from "../types.js";
import type { OnGpu } from "./on-gpu.js";

/** The key under which a layer draws in `turn`. */
export const turnKey = (key: Key, { mode, number }: Turn): Key =>
  deriveKey(key, mode === "train" ? TAG.step : TAG.pass, number);

/**
 * The program for `core` on a tensor of `shape` whose draws have the shape `drawn`, with 1 for shared axes: for layers
 * that multiply by a Bernoulli mask, by a normal or by a uniform number. Others have none.
 */
export function programOf(
  core: Core,
  turn: Turn,
  shape: readonly number[],
  drawn: readonly number[],
): OnGpu | undefined {
  if (core instanceof MaskLayer) {
    const { keep, scaling } = core;
    const sharedAxes = shape.flatMap((length, axis) => (drawn[axis] === 1 && length !== 1 ? [axis] : []));
    const laidOut = { keep, shape, sharedAxes, key: turnKey(core.key!, turn) };
    const own = scaling === "inverted" ? scaling : "classic";
    return (gpu, call) => gpu.dropout({ ...call, ...laidOut, scaling: own });
  }
  if (core instanceof GaussianDropout) {
    const strength = core.keep === 0 ? { keep: 0 } : { alpha: core.alpha };
    const key = turnKey(core.key!, turn);
    return (gpu, call) => gpu.gaussianDropout({ ...call, ...strength, key });
  }
  if (core instanceof UniformDropout) {
    const strength = core.keep === 0 ? { keep: 0 } : { beta: core.beta };
    const key = turnKey(core.key!, turn);
    return (gpu, call) => gpu.uniformDropout({ ...call, ...strength, key });
  }
  return undefined;
}
