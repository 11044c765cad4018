// Multipliers for one call of a session that somebody else runs: from the shape of a site's tensor and the place in a
// sequence to numbers. Knows keys and shapes, no runtime.

import { type Key, keepMask, sampleKey } from "hadamask";
import { isShared } from "../places/placement.js";
import type { Site } from "../sites.js";
import { sizeOf } from "../size.js";

/** What a site's masks are drawn for. */
export interface CallDraw {
  /** The site's key of the pass. */
  readonly key: Key;
  readonly keep: number;
  /** Entries of axis 1 that earlier calls of the sequence had. */
  readonly position: number;
  /** undefined: one mask for all rows; else an id for each. */
  readonly sampleIds: ArrayLike<number> | "by number" | undefined;
}

export interface CallMask {
  readonly values: Float32Array | Float64Array;
  readonly dims: readonly number[];
}

/** Whether calls go on along axis 1 of a site: it is then time, or whatever else is not the rows and not the units. */
const isSequence = (site: Site, dims: readonly number[]): boolean =>
  site.kind !== "weight" && dims.length >= 3 && !isShared(site.share, 1);

/** How far a call moves the place in the sequence. */
export const stepOf = (site: Site, dims: readonly number[]): number => (isSequence(site, dims) ? dims[1]! : 0);

/**
 * The multipliers of a call. Decision (i, j, …) of a row is number `position + i` of its sequence: a sequence that
 * comes in several calls has the masks of one that comes in one.
 */
export function callMask(site: Site, dims: readonly number[], draw: CallDraw): CallMask {
  const sizes = dims.map((size, axis) => (isShared(site.share, axis) ? 1 : size));
  const hasRows = site.kind !== "weight" && dims.length > 0;
  const isEach = hasRows && draw.sampleIds !== undefined && !isShared(site.share, 0);
  const rows = isEach ? dims[0]! : 1;
  const own = hasRows ? [rows, ...sizes.slice(1)] : sizes;
  const perRow = sizeOf(own) / Math.max(1, rows);
  const offset = isSequence(site, dims) ? (draw.position * perRow) / Math.max(1, dims[1]!) : 0;
  const values = site.type === "float64" ? new Float64Array(perRow * rows) : new Float32Array(perRow * rows);
  const scale = draw.keep === 0 ? 0 : 1 / draw.keep;
  for (let row = 0; row < rows; row++) {
    const bits = keepMask(perRow, { keep: draw.keep, key: isEach ? rowKey(draw, row) : draw.key, offset });
    for (let i = 0; i < perRow; i++) values[row * perRow + i] = ((bits[i >> 5]! >>> (i & 31)) & 1) * scale;
  }
  return { values, dims: own };
}

function rowKey({ key, sampleIds }: CallDraw, row: number): Key {
  return sampleKey(key, typeof sampleIds === "object" ? (sampleIds[row] ?? row) : row);
}
