// Decisions from pairs of words of MT19937, 53 bits of each pair. Knows no framework but by where it takes the bits.

import type { PackedMask } from "../types.js";
import { fastPairs, halvesOf, type PairLayout } from "./fast.js";
import { type Mt19937, temper } from "./mt19937.js";
import { PIECE } from "./stream.js";

/**
 * Decisions `u < keep` for 53-bit uniforms, two words an element, without forming them: u = U / 2^53, so u < keep if
 * and only if U < T = ceil(keep * 2^53), compared by its two halves. The high half decides but once in 2^21 or more.
 */
export function belowPairs(mt: Mt19937, n: number, keep: number, layout: PairLayout): PackedMask {
  let mask: PackedMask | undefined;
  mt.lend((words, next) => {
    const drawn = fastPairs(n, keep, layout, words, next);
    mask = drawn?.mask;
    return drawn?.next ?? next;
  });
  return mask ?? belowPairsPlain(mt, n, keep, layout);
}

/** {@link belowPairs} without WASM. */
export function belowPairsPlain(mt: Mt19937, n: number, keep: number, layout: PairLayout): PackedMask {
  const [highT, lowT] = halvesOf(keep, layout.lowBits);
  const mask = new Uint32Array(Math.ceil(n / 32));
  const raw = new Uint32Array(2 * Math.min(n, PIECE));
  for (let start = 0; start < n; start += PIECE) {
    const count = Math.min(PIECE, n - start);
    mt.fillRaw(count === PIECE ? raw : raw.subarray(0, 2 * count));
    for (let j = 0; j < count; j += 32) {
      mask[(start + j) >>> 5] = decide(raw, 2 * j, Math.min(32, count - j), layout, highT, lowT);
    }
  }
  return mask;
}

/**
 * Decisions of up to 32 elements, whose raw words begin at `first`. Low words are tempered only where the high half
 * ties.
 */
function decide(
  raw: Uint32Array,
  first: number,
  count: number,
  { shiftHigh, maskHigh, shiftLow }: PairLayout,
  highT: number,
  lowT: number,
): number {
  let bits = 0;
  for (let k = 0; k < count; k++) {
    const high = (temper(raw[first + 2 * k]!) >>> shiftHigh) & maskHigh;
    bits |= ((high - highT) >>> 31) << k; // the sign bit: no branch to mispredict at rate 1/2
    if (high === highT && temper(raw[first + 2 * k + 1]!) >>> shiftLow < lowT) bits |= 1 << k;
  }
  return bits;
}
