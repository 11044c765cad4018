// Choosing a given number of places at random, each choice equally likely. Knows no layer.

import { noiseWords } from "../random/plane-words.js";
import type { Key, PackedMask } from "../types.js";

/**
 * Sets the bits start … start + n - 1 of `out`, 0 so far, for `count` of `n` places: those with the smallest noise
 * words of elements 0 … n - 1 under `key`.
 *
 * Numerics. Every choice of `count` places is equally likely, but for ties of 32-bit words (once in 4·10^9 pairs),
 *   where the lower place is chosen.
 */
export function choosePlaces(out: PackedMask, start: number, n: number, count: number, key: Key): void {
  const words = new Uint32Array(n);
  noiseWords(words, n, key, 0);
  const order = Uint32Array.from({ length: n }, (_, i) => i).sort((a, b) => words[a]! - words[b]! || a - b);
  for (let k = 0; k < count; k++) {
    const bit = start + order[k]!;
    out[bit >>> 5]! |= 1 << (bit & 31);
  }
}
