// Under which key each part of an array draws. Knows no distribution.

import { deriveKey, TAG } from "../random/derive.js";
import type { Layout, Placement } from "../shape.js";
import type { Key } from "../types.js";

/** A part of an array that draws under one key: elements from `xStart`, the draws numbered from `drawStart` over all parts. */
export type VisitPart = (key: Key, part: Placement, xStart: number, drawStart: number) => void;

/**
 * Calls `visit` for each part of the array that has a key of its own: once, or for each row with the key of its sample id.
 * In a row the draws begin at 0 under the key derived for the id, so that a row does not depend on the rest of its batch.
 */
export function forEachKey(key: Key, layout: Layout, visit: VisitPart): void {
  const { rows } = layout;
  if (rows === undefined) visit(key, layout.whole, 0, 0);
  rows?.sampleIds.forEach((id, b) => {
    visit(deriveKey(key, TAG.sampleId, id), rows.each, b * rows.each.size, b * rows.each.draws);
  });
}
