// Keys that the library derives for itself. All tags are listed here, and nowhere else, so that no two uses collide
// with each other, with the user's foldIn and split (counters below 2^53), or with draws (counters with the top bit
// set).

import type { Key } from "../types.js";
import { block } from "./threefry.js";

/** What a derived key is for. The numbers are part of mask stream 1. */
export const TAG = { step: 1, sampleId: 2, pass: 3, site: 4 } as const;

/** `block(key, 0x40000000 | tag << 22 | d div 2^32, d mod 2^32)` for whole d in [0, 2^53). */
export function deriveKey(key: Key, tag: number, d: number): Key {
  return block(key, derivedHigh(tag, d), d % 2 ** 32);
}

/** The high word of the counter that a derived key is made from. */
export const derivedHigh = (tag: number, d: number): number => 0x40000000 | (tag << 22) | Math.floor(d / 2 ** 32);

/**
 * The key of a place that has a name ("h1", "encoder/attention"): the name's UTF-8 bytes, four to a word (little
 * endian, padded with zeros), folded one after the other into the key derived with tag 4 for the number of bytes. It
 * depends on the name alone, so adding or reordering places leaves the masks of the others as they are.
 */
export function deriveSiteKey(key: Key, name: string): Key {
  const bytes = new TextEncoder().encode(name);
  let site = deriveKey(key, TAG.site, bytes.length);
  for (let i = 0; i < bytes.length; i += 4) {
    const word = bytes[i]! | (bytes[i + 1]! << 8) | (bytes[i + 2]! << 16) | (bytes[i + 3]! << 24); // past the end: 0
    site = block(site, 0, word >>> 0);
  }
  return site;
}
