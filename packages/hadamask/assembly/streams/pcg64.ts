// Decisions from PCG64: a 128-bit linear congruential generator, stepped before each output (XSL-RR).
//
// Decorators are AssemblyScript; TypeScript takes none of functions: hence each `@ts-ignore: decorator`.

import { MASK, STATE } from "./layout";

/** The multiplier 0x2360ed051fc65da44385df649fccf645. */
const HIGH: u64 = 0x2360ed051fc65da4;
const LOW: u64 = 0x4385df649fccf645;

/** The high half of a product of 64-bit numbers. */
// @ts-ignore: decorator
@inline function multiplyHigh(a: u64, b: u64): u64 {
  const aLow = a & 0xffffffff, aHigh = a >> 32, bLow = b & 0xffffffff, bHigh = b >> 32;
  const middle = aHigh * bLow + ((aLow * bLow) >> 32);
  return aHigh * bHigh + (middle >> 32) + ((aLow * bHigh + (middle & 0xffffffff)) >> 32);
}

/**
 * Writes to MASK which of the next n outputs have their top 53 bits below T. STATE: state and increment, low halves
 * first.
 */
export function pcgDecisions(n: i32, highT: u32, lowT: u32): void {
  const T = (<u64>highT << 32) | lowT;
  let low = load<u64>(STATE), high = load<u64>(STATE, 8);
  const incrementLow = load<u64>(STATE, 16), incrementHigh = load<u64>(STATE, 24);
  for (let start = 0; start < n; start += 32) {
    const count = min(32, n - start);
    let bits: u32 = 0;
    for (let k = 0; k < count; k++) {
      const product = low * LOW;
      high = high * LOW + low * HIGH + multiplyHigh(low, LOW) + incrementHigh;
      low = product + incrementLow;
      high += <u64>(low < product);
      const output = rotr<u64>(high ^ low, high >> 58);
      bits |= <u32>(output >> 11 < T) << k;
    }
    store<u32>(MASK + <usize>(start >> 3), bits);
  }
  store<u64>(STATE, low);
  store<u64>(STATE, high, 8);
}
