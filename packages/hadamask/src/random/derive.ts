// Keys that the library derives for itself. All tags are listed here, and nowhere else, so that no two uses collide
// with each other, with the user's foldIn and split (counters below 2^53), or with draws (counters with the top bit set).

import type { Key } from "../types.js";
import { block } from "./threefry.js";

/** What a derived key is for. The numbers are part of mask stream 1. */
export const TAG = { step: 1, sampleId: 2, pass: 3 } as const;

/** `block(key, 0x40000000 | tag << 22 | d div 2^32, d mod 2^32)` for whole d in [0, 2^53). */
export function deriveKey(key: Key, tag: number, d: number): Key {
  return block(key, 0x40000000 | (tag << 22) | Math.floor(d / 2 ** 32), d % 2 ** 32);
}
