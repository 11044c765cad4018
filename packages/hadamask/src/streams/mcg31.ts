// Intel MKL's MCG31m1 and the Bernoulli decisions made from it, as older x86 builds of PyTorch draw them. Knows no framework.

import type { PackedMask } from "../types.js";

const MODULUS = 2 ** 31 - 1;
const MULTIPLIER = 1132489760;

/** MULTIPLIER in two pieces of 16 bits, so that products of a 31-bit number stay below 2^53. */
const HIGH = Math.floor(MULTIPLIER / 2 ** 16);
const LOW = MULTIPLIER % 2 ** 16;

/** `x * 1132489760 mod 2^31 - 1`. The low piece is added before the last reduction: at most 2^47 + 2^47. */
function step(x: number): number {
  return (((x * HIGH) % MODULUS) * 2 ** 16 + x * LOW) % MODULUS;
}

/**
 * Decisions of `viRngBernoulli` on a fresh stream: the seed itself is the first output. Both sides of the comparison are
 * float32: kept if and only if fl32(x / (2^31 - 1)) < fl32(keep).
 *
 * @see Intel, "Notes for Intel oneAPI Math Kernel Library Vector Statistics", MCG31m1.
 */
export function bernoulliMcg31(seed: number, n: number, keep: number): PackedMask {
  const threshold = Math.fround(keep);
  const mask = new Uint32Array(Math.ceil(n / 32));
  let x = seed % MODULUS || 1;
  for (let i = 0; i < n; i++) {
    if (Math.fround(x / MODULUS) < threshold) mask[i >>> 5]! |= 1 << (i & 31);
    x = step(x);
  }
  return mask;
}
