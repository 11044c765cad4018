// The fast paths of foreign streams: packed decisions, at most 65,536 a call, written to MASK. src/streams/fast.ts
// calls them.

import { base, WORDS } from "../layout";
import { hash, key0, key1, setKey } from "../threefry";
import { MASK, RAW } from "./layout";

export { mtDecisions } from "./mt19937";
export { pcgDecisions } from "./pcg64";
export { philoxDecisions } from "./philox";

/**
 * Writes to MASK whether the exclusive or of the two words of counters (hi, lo), (hi, lo + 1), … is below T: JAX's
 * layout.
 */
export function threefryDecisions(word0: u32, word1: u32, n: i32, hi: u32, lo: u32, T: u32): void {
  setKey(word0, word1);
  const threshold = i32x4.splat(T);
  const first = i32x4.splat(hi + key0);
  for (let start = 0; start < n; start += 16) {
    const counter = i32x4.add(i32x4.splat(lo + start + key1), i32x4(0, 1, 2, 3));
    v128.store(RAW, counter);
    v128.store(RAW, i32x4.add(counter, i32x4.splat(4)), 16);
    v128.store(RAW, i32x4.add(counter, i32x4.splat(8)), 32);
    v128.store(RAW, i32x4.add(counter, i32x4.splat(12)), 48);
    hash(RAW, first);
    let bits: u32 = 0;
    for (let chain: usize = 0; chain < 4; chain++) {
      const words = base + WORDS + 32 * chain;
      const word = v128.xor(v128.load(words), v128.load(words, 16));
      bits |= i32x4.bitmask(i32x4.lt_u(word, threshold)) << (4 * <u32>chain);
    }
    store<u16>(MASK + <usize>(start >> 3), <u16>bits);
  }
}
