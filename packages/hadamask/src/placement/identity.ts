// Decisions that belong to things rather than to places: a word, an edge. What has the same identity shares one
// decision, which is the element of the mask stream with that number, so no table of all words or edges is needed.

import { planeWord } from "../random/draw.js";
import { KEEP_ALL, threshold, thresholdBits } from "../random/threshold.js";
import type { Key, PackedMask } from "../types.js";
import { bitAt } from "./mask-bits.js";

/**
 * Whether element `i` of the stream is kept: the same bit as `keepMask` gives for it.
 *
 * Cost. Two random words on average, since the comparison stops at the first bit that differs.
 */
export function isKept(key: Key, keep: number, i: number): boolean {
  const T = threshold(keep);
  if (T === 0 || T === KEEP_ALL) return T === KEEP_ALL;
  const bits = thresholdBits(T);
  for (let k = 0; k < bits.length; k++) {
    const bit = (planeWord(key, k, Math.floor(i / 32)) >>> (i % 32)) & 1;
    if (bit !== bits[k]) return bit < bits[k]!;
  }
  return false; // U equals T
}

/** Which places belong together. */
export interface Identities {
  /** The number of each place's identity, counted in the order of first appearance. */
  readonly drawOf: Int32Array;
  /** The identities themselves, in that order. */
  readonly distinct: readonly number[];
}

/** Groups places by identity. */
export function identify(ids: ArrayLike<number>): Identities {
  const numbers = new Map<number, number>();
  const drawOf = Int32Array.from(ids, (id) => {
    const known = numbers.get(id);
    if (known !== undefined) return known;
    numbers.set(id, numbers.size);
    return numbers.size - 1;
  });
  return { drawOf, distinct: [...numbers.keys()] };
}

/** The decisions of `distinct` identities under one key, as bits `start` … of `out`, which are 0 so far. */
export function drawIdentities(
  out: PackedMask,
  start: number,
  key: Key,
  keep: number,
  distinct: readonly number[],
): void {
  distinct.forEach((id, d) => {
    const bit = start + d;
    if (isKept(key, keep, id)) out[bit >>> 5]! |= 1 << (bit & 31);
  });
}

/** One bit a place from one bit an identity. */
export function spreadDecisions(kept: PackedMask, drawOf: Int32Array): PackedMask {
  const out = new Uint32Array(Math.ceil(drawOf.length / 32));
  drawOf.forEach((draw, i) => {
    out[i >>> 5]! |= bitAt(kept, draw) << (i & 31);
  });
  return out;
}
