// What PyTorch makes of the words of MT19937: uniforms from the LOW bits, and 53-bit decisions. Knows no tensor and no layer.

import type { PackedMask } from "../types.js";
import { type Mt19937, temper } from "./mt19937.js";
import { PIECE } from "./stream.js";

/** A float32 uniform: the low 24 bits of a word. */
export const low24 = (word: number): number => (word & 0xffffff) * 2 ** -24;

/** A float64 uniform: the low 53 bits of two words, the first as the high half. */
export const low53 = (first: number, second: number): number => ((first & 0x1fffff) * 2 ** 32 + second) * 2 ** -53;

/**
 * Decisions `u < keep` for 53-bit uniforms, two words an element, without forming them: u = U / 2^53, so u < keep if and only if
 * U < T = ceil(keep * 2^53), compared by its two halves. The high half decides but once in 2^21.
 */
export function below53(mt: Mt19937, n: number, keep: number): PackedMask {
  const T = Math.ceil(keep * 2 ** 53);
  const highT = Math.floor(T / 2 ** 32);
  const lowT = T % 2 ** 32;
  const mask = new Uint32Array(Math.ceil(n / 32));
  const raw = new Uint32Array(2 * Math.min(n, PIECE));
  for (let start = 0; start < n; start += PIECE) {
    const count = Math.min(PIECE, n - start);
    mt.fillRaw(count === PIECE ? raw : raw.subarray(0, 2 * count));
    for (let j = 0; j < count; j += 32) {
      mask[(start + j) >>> 5] = decide(raw, 2 * j, Math.min(32, count - j), highT, lowT);
    }
  }
  return mask;
}

/** Decisions of up to 32 elements, whose raw words begin at `first`. Low words are tempered only where the high half ties. */
function decide(raw: Uint32Array, first: number, count: number, highT: number, lowT: number): number {
  let bits = 0;
  for (let k = 0; k < count; k++) {
    const high = temper(raw[first + 2 * k]!) & 0x1fffff;
    bits |= ((high - highT) >>> 31) << k; // the sign bit: no branch to mispredict at rate 1/2
    if (high === highT && temper(raw[first + 2 * k + 1]!) >>> 0 < lowT) bits |= 1 << k;
  }
  return bits;
}
