// The masks of weights of one pass: one for each row of a batch, or one for all rows. Drawn one at a time, into one
// array.

import type { DrawnDense, RowMask } from "../../kernels/dense.js";
import { drawLaidOut, drawMask } from "../../noise/bernoulli.js";
import { sliceBits } from "../../placement/mask-bits.js";
import type { Layout } from "../../placement/shape.js";
import { deriveKey, TAG } from "../../random/derive.js";
import { KEEP_ALL, threshold } from "../../random/threshold.js";
import type { Key, PackedMask } from "../../types.js";

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

/** The decisions that row s takes: from number `offset` on under `key`, which is undefined where they are given. */
function decisionsOf({ decisions, layout, key }: MaskSource, s: number): { key: Key | undefined; offset: number } {
  const id = layout.rows?.sampleIds[s];
  if (id !== undefined) return { key: deriveKey(key!, TAG.sampleId, id), offset: 0 };
  const isOneForAll = layout.whole.draws === decisions;
  return { key, offset: isOneForAll ? 0 : s * decisions };
}

/**
 * Where kernels find the masks that they draw on the way; undefined where nothing is drawn, because the decisions are
 * given or the rate is 0 or 1.
 */
export function drawnMasks(source: MaskSource): Pick<DrawnDense, "masks" | "T"> | undefined {
  const T = threshold(source.keep);
  if (source.given !== undefined || T === 0 || T === KEEP_ALL) return undefined;
  return { masks: Array.from({ length: source.rows }, (_, s) => decisionsOf(source, s) as RowMask), T };
}

/**
 * Calls `visit` for each row with `n` of its decisions from number `first` on; the array is the same each time.
 * By default with all of them.
 */
export function forEachWeightMask(
  source: MaskSource,
  visit: (mask: PackedMask, row: number) => void,
  first = 0,
  n: number = source.decisions,
): void {
  const mask = new Uint32Array(Math.ceil(n / 32));
  for (let s = 0; s < source.rows; s++) {
    const { key, offset } = decisionsOf(source, s);
    if (source.given !== undefined) sliceBits(source.given, offset + first, mask, n);
    else drawMask(mask, n, source.keep, key!, offset + first);
    visit(mask, s);
  }
}

/** All masks of a pass, packed one after another. */
export function allWeightMasks({ keep, layout, key, given }: MaskSource): PackedMask {
  return given?.slice() ?? drawLaidOut(keep, key!, layout);
}
