// Philox-4x32 with 10 rounds, which CUDA and TensorFlow draw from. Knows no framework.

import { multiplyHigh } from "./wide.js";

/** Multipliers and key increments of Philox4x32 (Salmon et al. 2011; Random123's philox.h). */
const M0 = 0xd2511f53;
const M1 = 0xcd9e8d57;
const W0 = 0x9e3779b9;
const W1 = 0xbb67ae85;

/** Four words, the least significant first. */
export type Words4 = readonly [number, number, number, number];

/**
 * Hashes a counter under a key of two words, and writes four words to `out`.
 *
 * @see Salmon, Moraes, Dror, Shaw: "Parallel random numbers: as easy as 1, 2, 3", SC 2011. Known answers: Random123,
 *   kat_vectors.
 */
export function philox4x32(out: Uint32Array, counter: ArrayLike<number>, key: readonly [number, number]): void {
  let c0 = counter[0]!;
  let c1 = counter[1]!;
  let c2 = counter[2]!;
  let c3 = counter[3]!;
  let k0 = key[0];
  let k1 = key[1];
  for (let round = 0; round < 10; round++) {
    const high0 = multiplyHigh(M0, c0);
    const high1 = multiplyHigh(M1, c2);
    const low0 = Math.imul(M0, c0);
    c0 = high1 ^ c1 ^ k0;
    c1 = Math.imul(M1, c2);
    c2 = high0 ^ c3 ^ k1;
    c3 = low0;
    k0 = (k0 + W0) | 0;
    k1 = (k1 + W1) | 0;
  }
  out[0] = c0;
  out[1] = c1;
  out[2] = c2;
  out[3] = c3;
}
