// Threefry-2x32 with 20 rounds (Salmon et al. 2011; Random123), CHAINS vectors of counters at once. Knows no masks.
//
// A round of one chain waits for the round before it; with four chains in turn the processor always has something to
// do, and their state still fits 16 registers.

#ifndef HADAMASK_THREEFRY_H
#define HADAMASK_THREEFRY_H

#include "lanes.h"

#define CHAINS 4
/** Blocks hashed at once. */
#define CHUNK (CHAINS * LANES)

/** Key-schedule parity constant of Threefish (Skein 1.3), low 32 bits. */
#define PARITY 0x1bd11bdau

#define EACH_CHAIN _Pragma("GCC unroll 4") for (int c = 0; c < CHAINS; c++)

#define ROUND(distance) \
  EACH_CHAIN { \
    x0[c] += x1[c]; \
    x1[c] = rotate(x1[c], distance) ^ x0[c]; \
  }

/** After every fourth round; injection j adds schedule word j mod 3 to x0, and word j + 1 mod 3, plus j, to x1. */
#define INJECT(j) \
  EACH_CHAIN { \
    x0[c] += key[(j) % 3]; \
    x1[c] += key[((j) + 1) % 3] + (j); \
  }

/** Hashes the counters (x0, x1) of each lane in place. */
INLINE void hash(words x0[CHAINS], words x1[CHAINS], uint32_t key0, uint32_t key1) {
  const uint32_t key[3] = {key0, key1, key0 ^ key1 ^ PARITY};
  EACH_CHAIN {
    x0[c] += key0;
    x1[c] += key1;
  }
  ROUND(13) ROUND(15) ROUND(26) ROUND(6) INJECT(1)
  ROUND(17) ROUND(29) ROUND(16) ROUND(24) INJECT(2)
  ROUND(13) ROUND(15) ROUND(26) ROUND(6) INJECT(3)
  ROUND(17) ROUND(29) ROUND(16) ROUND(24) INJECT(4)
  ROUND(13) ROUND(15) ROUND(26) ROUND(6) INJECT(5)
}

#undef ROUND
#undef INJECT

#endif
