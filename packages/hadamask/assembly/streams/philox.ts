// Decisions from Philox-4x32, a word an element: blocks of four words under counters that follow one another.
//
// Decorators are AssemblyScript; TypeScript takes none of functions: hence each `@ts-ignore: decorator`.

import { MASK, STATE } from "./layout";

const M0: i32 = 0xd2511f53;
const M1: i32 = 0xcd9e8d57;
const W0: i32 = 0x9e3779b9;
const W1: i32 = 0xbb67ae85;

/**
 * Writes to MASK whether (word >> shift) & maskWord is below T, for n words. STATE: a counter of four words, the
 * least significant first, then a key of two; the counter moves on by a block for every four words. The lanes of a
 * vector are four counters.
 */
export function philoxDecisions(n: i32, shift: i32, maskWord: i32, T: i32): void {
  const threshold = i32x4.splat(T), mask = i32x4.splat(maskWord);
  const multiplier0 = i32x4.splat(M0), multiplier1 = i32x4.splat(M1);
  for (let start = 0; start < n; start += 16) {
    // Four counters; only where the lowest word wraps do the others differ between lanes.
    for (let lane: usize = 0; lane < 4; lane++) {
      for (let word: usize = 0; word < 4; word++) {
        store<u32>(STATE + 64 + 16 * word + 4 * lane, load<u32>(STATE + 4 * word));
      }
      for (let word: usize = 0; word < 4; word++) {
        const next = load<u32>(STATE + 4 * word) + 1;
        store<u32>(STATE + 4 * word, next);
        if (next != 0) break;
      }
    }
    let c0 = v128.load(STATE, 64), c1 = v128.load(STATE, 80), c2 = v128.load(STATE, 96), c3 = v128.load(STATE, 112);
    let k0 = i32x4.splat(load<i32>(STATE, 16)), k1 = i32x4.splat(load<i32>(STATE, 20));
    for (let round = 0; round < 10; round++) {
      const a0 = i64x2.extmul_low_i32x4_u(c0, multiplier0), b0 = i64x2.extmul_high_i32x4_u(c0, multiplier0);
      const a1 = i64x2.extmul_low_i32x4_u(c2, multiplier1), b1 = i64x2.extmul_high_i32x4_u(c2, multiplier1);
      c0 = v128.xor(v128.xor(v128.shuffle<i32>(a1, b1, 1, 3, 5, 7), c1), k0);
      c1 = v128.shuffle<i32>(a1, b1, 0, 2, 4, 6);
      c2 = v128.xor(v128.xor(v128.shuffle<i32>(a0, b0, 1, 3, 5, 7), c3), k1);
      c3 = v128.shuffle<i32>(a0, b0, 0, 2, 4, 6);
      k0 = i32x4.add(k0, i32x4.splat(W0));
      k1 = i32x4.add(k1, i32x4.splat(W1));
    }
    // Lane j holds elements 4 j … 4 j + 3: spread the bits of word w to places w, 4 + w, 8 + w, 12 + w.
    const bits =
      spread(c0, shift, mask, threshold) |
      (spread(c1, shift, mask, threshold) << 1) |
      (spread(c2, shift, mask, threshold) << 2) |
      (spread(c3, shift, mask, threshold) << 3);
    store<u16>(MASK + <usize>(start >> 3), <u16>bits);
  }
}

/** The four decisions of a vector, in bits 0, 4, 8 and 12. */
// @ts-ignore: decorator
@inline function spread(words: v128, shift: i32, mask: v128, threshold: v128): u32 {
  const bits = <u32>i32x4.bitmask(i32x4.lt_u(v128.and(i32x4.shr_u(words, shift), mask), threshold));
  return (bits & 1) | ((bits & 2) << 3) | ((bits & 4) << 6) | ((bits & 8) << 9);
}
