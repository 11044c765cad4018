// Draws laid out over arrays: under which key each part draws, and products with what was drawn. Knows no distribution.

import { deriveKey, TAG } from "../random/derive.js";
import type { FloatArray, Key } from "../types.js";
import { forEachRun, type Layout, type Placement } from "./shape.js";

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

/** `out = x * draws`, each draw for all elements of `part` that share it. */
export function multiplyByDraws(
  x: FloatArray,
  out: FloatArray,
  draws: Float64Array,
  part: Placement,
  xStart: number,
): void {
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
