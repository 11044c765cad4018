// Products of arrays and a continuous noise, with its draws laid out by placement. Knows no distribution.

import { forEachKey, multiplyByDraws } from "../placement/draws.js";
import { isElementwise, type Layout } from "../placement/shape.js";
import type { FloatArray, Key } from "../types.js";
import type { Noise } from "./noise.js";

/** Draws made at a time where no more are needed at once: small enough for the fastest cache. */
const PIECE = 1024;

/**
 * `out = x * multiplier`, the product formed in float64 and rounded once, with the draws of `noise` laid out by
 * `layout`.
 */
export function multiplyByNoise(x: FloatArray, out: FloatArray, noise: Noise, key: Key, layout: Layout): void {
  forEachKey(key, layout, (partKey, part, xStart) => {
    if (isElementwise(part) && noise.multiply !== undefined) {
      const from = x.subarray(xStart, xStart + part.size);
      noise.multiply(from, out === x ? from : out.subarray(xStart, xStart + part.size), partKey);
      return;
    }
    if (isElementwise(part)) {
      const piece = new Float64Array(Math.min(PIECE, part.size));
      for (let done = 0; done < part.size; done += PIECE) {
        const n = Math.min(PIECE, part.size - done);
        const multipliers = n === piece.length ? piece : piece.subarray(0, n);
        noise.sample(multipliers, partKey, done);
        for (let i = 0, j = xStart + done; i < n; i++, j++) out[j] = x[j]! * multipliers[i]!;
      }
      return;
    }
    const multipliers = new Float64Array(part.draws);
    noise.sample(multipliers, partKey, 0);
    multiplyByDraws(x, out, multipliers, part, xStart);
  });
}

/** `out = x * (the multiplier of mode "eval")`. */
export function multiplyByEvaluated(x: FloatArray, out: FloatArray, noise: Noise, layout: Layout): void {
  if ((noise.units ?? 1) === 1) {
    const factor = noise.evaluated(0);
    for (let i = 0; i < x.length; i++) out[i] = x[i]! * factor;
    return;
  }
  const factors = Float64Array.from({ length: layout.whole.draws }, (_, d) => noise.evaluated(d));
  multiplyByDraws(x, out, factors, layout.whole, 0);
}
