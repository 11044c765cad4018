// Uniform noise: multipliers evenly spread around 1.

import { drawUniforms } from "../random/uniform.js";
import type { Key } from "../types.js";
import type { Noise } from "./noise.js";

/**
 * Uniform multipliers.
 *
 *     multiplier = 1 + beta (2u - 1)          u uniform in (0, 1)          mean 1, variance beta^2 / 3
 *
 * @see Li et al., "Understanding the disharmony between dropout and batch normalization by variance shift", CVPR 2019.
 */
export function uniformNoise(beta: number): Noise {
  return {
    constant: beta === 0 ? 1 : undefined,
    mean: () => 1,
    variance: () => (beta * beta) / 3,
    evaluated: () => 1,
    sample(out: Float64Array, key: Key, offset: number): void {
      drawUniforms(out, key, offset);
      for (let i = 0; i < out.length; i++) out[i] = 1 + beta * (2 * out[i]! - 1);
    },
  };
}
