// The masks of weights of one pass: one for each row of a batch, or one for all rows. Drawn one at a time, into one array.

import { drawLaidOut, drawMask } from "../noise/bernoulli.js";
import { sliceBits } from "../noise/mask-bits.js";
import { deriveKey, TAG } from "../random/derive.js";
import type { Layout } from "../shape.js";
import type { Key, PackedMask } from "../types.js";

/** Where the masks of a pass come from. */
export interface MaskSource {
  readonly keep: number;
  /** Decisions of one mask. */
  readonly decisions: number;
  readonly rows: number;
  /** How the decisions lie in [rows, decisions]: axis 0 is shared where one mask serves all rows. */
  readonly layout: Layout;
  readonly key: Key | undefined;
  /** Decisions given by hand or taken from a foreign stream, all masks one after another. */
  readonly given: PackedMask | undefined;
}

/** Calls `visit` with the mask of each row; the array is the same each time. */
export function forEachWeightMask(source: MaskSource, visit: (mask: PackedMask, row: number) => void): void {
  const { keep, decisions, rows, layout, key, given } = source;
  const mask = new Uint32Array(Math.ceil(decisions / 32));
  const isOneForAll = layout.whole.draws === decisions;
  for (let s = 0; s < rows; s++) {
    const start = isOneForAll ? 0 : s * decisions;
    const id = layout.rows?.sampleIds[s];
    if (given !== undefined) sliceBits(given, start, mask, decisions);
    else if (id !== undefined) drawMask(mask, decisions, keep, deriveKey(key!, TAG.sampleId, id), 0);
    else if (s === 0 || !isOneForAll) drawMask(mask, decisions, keep, key!, start);
    visit(mask, s);
  }
}

/** All masks of a pass, packed one after another. */
export function allWeightMasks({ keep, layout, key, given }: MaskSource): PackedMask {
  return given?.slice() ?? drawLaidOut(keep, key!, layout);
}
