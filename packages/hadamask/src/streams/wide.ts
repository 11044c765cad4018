// Multiplication wider than JavaScript's own, and doubles from pairs of words. Knows no generator.

import type { PairLayout } from "./fast.js";

/** The high 32 bits of `a * b` for 32-bit words, by 16-bit halves; the low ones are `Math.imul(a, b)`. */
export function multiplyHigh(a: number, b: number): number {
  const aLow = a & 0xffff;
  const aHigh = a >>> 16;
  const bLow = b & 0xffff;
  const bHigh = b >>> 16;
  const middle = aHigh * bLow + ((aLow * bLow) >>> 16); // below 2^32
  const carry = aLow * bHigh + (middle & 0xffff); // below 2^32
  return (aHigh * bHigh + (middle >>> 16) + (carry >>> 16)) >>> 0;
}

/** A double in [0, 1) from the top 53 bits of a 64-bit number given as two words. */
export const high53 = (high: number, low: number): number => (high * 2 ** 21 + (low >>> 11)) * 2 ** -53;

/** A double in [0, 1) from 27 bits of one word and 26 of the next: MT19937's own `genrand_res53`, which NumPy uses. */
export const res53 = (first: number, second: number): number => ((first >>> 5) * 2 ** 26 + (second >>> 6)) * 2 ** -53;

/** Where the bits of {@link res53} are. */
export const RES53: PairLayout = { shiftHigh: 5, maskHigh: 0x7ffffff, shiftLow: 6, lowBits: 26 };
