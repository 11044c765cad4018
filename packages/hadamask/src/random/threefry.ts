// The one source of randomness: Threefry-2x32 with 20 rounds. Knows nothing of masks or layers.

import type { Key } from "../types.js";

/** Key-schedule parity constant of Threefish (Skein 1.3), low 32 bits, as in Random123's threefry.h. */
const PARITY = 0x1bd11bda;

/** Rotation distances of Threefry-2x32, one per round, repeating after eight (Salmon et al. 2011, table 2). */
const ROTATIONS = [13, 15, 26, 6, 17, 29, 16, 24] as const;

/**
 * Hashes the 64-bit counter `(hi, lo)` under `key` to two 32-bit words: Threefry-2x32, 20 rounds.
 *
 * Randomness. A pure function: for a fixed key it is a bijection of the counter.
 * Cost. About 20 ns; kernels have their own, vectorised form.
 *
 * @see Salmon, Moraes, Dror, Shaw: "Parallel random numbers: as easy as 1, 2, 3", SC 2011. Known answers: Random123,
 *   kat_vectors.
 */
export function block(key: Key, hi: number, lo: number): [number, number] {
  const schedule = [key[0], key[1], key[0] ^ key[1] ^ PARITY] as const;
  let x0 = (hi + schedule[0]) | 0;
  let x1 = (lo + schedule[1]) | 0;
  for (let round = 0; round < 20; round++) {
    const distance = ROTATIONS[(round & 7) as 0];
    x0 = (x0 + x1) | 0;
    x1 = ((x1 << distance) | (x1 >>> (32 - distance))) ^ x0;
    if ((round & 3) === 3) {
      // After every fourth round the key schedule is injected, rotated by one, with the injection's number.
      const injection = (round + 1) >> 2;
      x0 = (x0 + schedule[(injection % 3) as 0]) | 0;
      x1 = (x1 + schedule[((injection + 1) % 3) as 0] + injection) | 0;
    }
  }
  return [x0 >>> 0, x1 >>> 0];
}
