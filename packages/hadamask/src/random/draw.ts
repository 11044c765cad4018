// Random words by position: the planes that masks compare, and the words that continuous noise is made of.
// Counters of draws have the top bit set, which keeps them apart from every derived key.

import type { Key } from "../types.js";
import { block } from "./threefry.js";

/** In place of a plane's number: continuous noise. (Elements past 2^49 reach into 65 to 79, which stay unused.) */
export const NOISE_PLANE = 64;

/**
 * Word `w` of plane `k`: bit j of it belongs to element 32 w + j. `w` is a whole number in [0, 2^53), below 2^48
 * where masks need it.
 */
export function planeWord(key: Key, k: number, w: number): number {
  const B = Math.floor(w / 2);
  const hi = 0x80000000 | (k << 16) | Math.floor(B / 2 ** 32);
  return block(key, hi, B % 2 ** 32)[(w % 2) as 0 | 1];
}

/** The 32-bit noise word of element `i`. */
export function noiseWord(key: Key, i: number): number {
  return planeWord(key, NOISE_PLANE, i);
}
