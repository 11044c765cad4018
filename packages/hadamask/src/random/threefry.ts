// The one source of randomness: Threefry-2x32 with 20 rounds. Knows nothing of masks or layers.

import type { Key } from "../types.js";

/** Key-schedule parity constant of Threefish (Skein 1.3), low 32 bits, as in Random123's threefry.h. */
const PARITY = 0x1bd11bda;

/**
 * Hashes the counter `(hi, lo)` under the key `(k0, k1)`, all of them 32-bit integers of either sign, and writes the
 * two words to `out[at]` and `out[at + 1]`.
 *
 * The 20 rounds are written out: constant distances (13, 15, 26, 6, 17, 29, 16, 24 in turn; Salmon et al. 2011,
 * table 2) become rotations. As a loop over the five groups of four it takes twice as long. After every fourth round
 * the key schedule is injected, rotated by one, with the injection's number.
 */
export function hash(out: Uint32Array, at: number, k0: number, k1: number, hi: number, lo: number): void {
  const k2 = k0 ^ k1 ^ PARITY;
  let x0 = (hi + k0) | 0;
  let x1 = (lo + k1) | 0;
  x0 = (x0 + x1) | 0;
  x1 = ((x1 << 13) | (x1 >>> 19)) ^ x0;
  x0 = (x0 + x1) | 0;
  x1 = ((x1 << 15) | (x1 >>> 17)) ^ x0;
  x0 = (x0 + x1) | 0;
  x1 = ((x1 << 26) | (x1 >>> 6)) ^ x0;
  x0 = (x0 + x1) | 0;
  x1 = ((x1 << 6) | (x1 >>> 26)) ^ x0;
  x0 = (x0 + k1) | 0;
  x1 = (x1 + k2 + 1) | 0;

  x0 = (x0 + x1) | 0;
  x1 = ((x1 << 17) | (x1 >>> 15)) ^ x0;
  x0 = (x0 + x1) | 0;
  x1 = ((x1 << 29) | (x1 >>> 3)) ^ x0;
  x0 = (x0 + x1) | 0;
  x1 = ((x1 << 16) | (x1 >>> 16)) ^ x0;
  x0 = (x0 + x1) | 0;
  x1 = ((x1 << 24) | (x1 >>> 8)) ^ x0;
  x0 = (x0 + k2) | 0;
  x1 = (x1 + k0 + 2) | 0;

  x0 = (x0 + x1) | 0;
  x1 = ((x1 << 13) | (x1 >>> 19)) ^ x0;
  x0 = (x0 + x1) | 0;
  x1 = ((x1 << 15) | (x1 >>> 17)) ^ x0;
  x0 = (x0 + x1) | 0;
  x1 = ((x1 << 26) | (x1 >>> 6)) ^ x0;
  x0 = (x0 + x1) | 0;
  x1 = ((x1 << 6) | (x1 >>> 26)) ^ x0;
  x0 = (x0 + k0) | 0;
  x1 = (x1 + k1 + 3) | 0;

  x0 = (x0 + x1) | 0;
  x1 = ((x1 << 17) | (x1 >>> 15)) ^ x0;
  x0 = (x0 + x1) | 0;
  x1 = ((x1 << 29) | (x1 >>> 3)) ^ x0;
  x0 = (x0 + x1) | 0;
  x1 = ((x1 << 16) | (x1 >>> 16)) ^ x0;
  x0 = (x0 + x1) | 0;
  x1 = ((x1 << 24) | (x1 >>> 8)) ^ x0;
  x0 = (x0 + k1) | 0;
  x1 = (x1 + k2 + 4) | 0;

  x0 = (x0 + x1) | 0;
  x1 = ((x1 << 13) | (x1 >>> 19)) ^ x0;
  x0 = (x0 + x1) | 0;
  x1 = ((x1 << 15) | (x1 >>> 17)) ^ x0;
  x0 = (x0 + x1) | 0;
  x1 = ((x1 << 26) | (x1 >>> 6)) ^ x0;
  x0 = (x0 + x1) | 0;
  x1 = ((x1 << 6) | (x1 >>> 26)) ^ x0;
  x0 = (x0 + k2) | 0;
  x1 = (x1 + k0 + 5) | 0;
  out[at] = x0;
  out[at + 1] = x1;
}

const pair = new Uint32Array(2);

/**
 * Hashes the 64-bit counter `(hi, lo)` under `key` to two 32-bit words: Threefry-2x32, 20 rounds.
 *
 * Randomness. A pure function: for a fixed key it is a bijection of the counter.
 * Cost. About 30 ns; kernels have their own, vectorised form.
 *
 * @see Salmon, Moraes, Dror, Shaw: "Parallel random numbers: as easy as 1, 2, 3", SC 2011. Known answers: Random123,
 *   kat_vectors.
 */
export function block(key: Key, hi: number, lo: number): [number, number] {
  hash(pair, 0, key[0] | 0, key[1] | 0, hi | 0, lo | 0);
  return [pair[0]!, pair[1]!];
}
