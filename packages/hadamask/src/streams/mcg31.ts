// Intel MKL's MCG31m1 and the Bernoulli decisions made from it, as older x86 builds of PyTorch draw them. Knows no
// framework.

import type { PackedMask } from "../types.js";
import { multiplyHigh } from "./wide.js";

const MODULUS = 2 ** 31 - 1;
const MULTIPLIER = 1132489760;

/** `x * 1132489760 mod 2^31 - 1`. Since 2^31 is 1 there, the product's bits from 31 on are added to those below. */
function step(x: number): number {
  const low = Math.imul(x, MULTIPLIER);
  const sum = (low & MODULUS) + multiplyHigh(x, MULTIPLIER) * 2 + (low >>> 31);
  return sum < MODULUS ? sum : sum - MODULUS;
}

/**
 * Decisions of `viRngBernoulli` on a fresh stream: the seed itself is the first output. Both sides of the comparison
 * are float32: kept if and only if fl32(x / (2^31 - 1)) < fl32(keep).
 *
 * @see Intel, "Notes for Intel oneAPI Math Kernel Library Vector Statistics", MCG31m1.
 */
export function bernoulliMcg31(seed: number, n: number, keep: number): PackedMask {
  const threshold = Math.fround(keep);
  const mask = new Uint32Array(Math.ceil(n / 32));
  let x = seed % MODULUS || 1;
  for (let start = 0; start < n; start += 32) {
    const end = Math.min(32, n - start);
    let bits = 0;
    for (let k = 0; k < end; k++) {
      bits |= Number(Math.fround(x / MODULUS) < threshold) << k;
      x = step(x);
    }
    mask[start >>> 5] = bits;
  }
  return mask;
}
