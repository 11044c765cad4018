// Draws laid out over arrays: under which key each part draws, and products with what was drawn. Knows no distribution.

import { deriveKey, TAG } from "../random/derive.js";
import { forEachRun, isElementwise, type Layout, type Placement } from "../shape.js";
import type { FloatArray, Key } from "../types.js";
import type { Noise } from "./noise.js";

/**
 * A part of an array that draws under one key: elements from `xStart`, the draws numbered from `drawStart` over all
 * parts.
 */
export type VisitPart = (key: Key, part: Placement, xStart: number, drawStart: number) => void;

/**
 * Calls `visit` for each part of the array that has a key of its own: once, or for each row with the key of its
 * sample id. In a row the draws begin at 0 under the key derived for the id, so that a row does not depend on the
 * rest of its batch.
 */
export function forEachKey(key: Key, layout: Layout, visit: VisitPart): void {
  const { rows } = layout;
  if (rows === undefined) visit(key, layout.whole, 0, 0);
  rows?.sampleIds.forEach((id, b) => {
    visit(deriveKey(key, TAG.sampleId, id), rows.each, b * rows.each.size, b * rows.each.draws);
  });
}

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

function multiplyByDraws(x: FloatArray, out: FloatArray, draws: Float64Array, part: Placement, xStart: number): void {
  forEachRun(part, (runStart, length, drawStart, isShared) => {
    const start = xStart + runStart;
    for (let i = 0; i < length; i++) out[start + i] = x[start + i]! * draws[isShared ? drawStart : drawStart + i]!;
  });
}

/**
 * For each draw of `part` the sum of x * dy over its elements: what the derivative of its multiplier is weighted
 * with.
 */
export function drawWeights(x: FloatArray, dy: FloatArray, part: Placement, xStart: number): Float64Array {
  const weights = new Float64Array(part.draws);
  forEachRun(part, (runStart, length, drawStart, isShared) => {
    const start = xStart + runStart;
    for (let i = 0; i < length; i++) weights[isShared ? drawStart : drawStart + i]! += x[start + i]! * dy[start + i]!;
  });
  return weights;
}
