// Packed masks: in and out of the form people write by hand. Knows nothing of randomness.

import { checkIndex, checkLength, describe, rangeError, typeError } from "../check.js";
import { forEachRun, isElementwise, type Placement } from "../shape.js";
import type { PackedMask } from "../types.js";

/** A mask given by hand: one 0 or 1 an element, or packed (`Uint32Array`). */
export type GivenMask = PackedMask | ArrayLike<number | boolean>;

/**
 * Packs decisions, 1 bit an element: element i becomes bit `i mod 32` of word `i div 32`.
 *
 * @param bits 0 or 1 (or booleans) for each element.
 * @throws {RangeError} If an element is neither 0 nor 1.
 */
export function packMask(bits: ArrayLike<number | boolean>): PackedMask {
  const packed = new Uint32Array(Math.ceil(bits.length / 32));
  for (let i = 0; i < bits.length; i++) {
    const bit = Number(bits[i]);
    if (bit !== 0 && bit !== 1) throw rangeError("packMask", `bits[${i}]`, "0 or 1", bits[i]);
    packed[i >> 5]! |= bit << (i & 31);
  }
  return packed;
}

/**
 * Unpacks the first `n` decisions to one byte each, 0 or 1.
 *
 * @throws {RangeError} If the mask holds fewer than `n` bits.
 */
export function unpackMask(mask: PackedMask, n: number): Uint8Array {
  checkIndex("unpackMask", "n", n);
  if (!(mask instanceof Uint32Array)) throw typeError("unpackMask", "mask", "a packed mask (Uint32Array)", mask);
  if (!(mask.length * 32 >= n)) {
    throw new RangeError(`unpackMask: mask must hold ${n} bits, got ${describe(mask)} (${mask.length * 32} bits)`);
  }
  return Uint8Array.from({ length: n }, (_, i) => (mask[i >> 5]! >>> (i & 31)) & 1);
}

/** Copies the first `n` bits of `from` to bits `start` … of `to`, which are 0 so far. Bits past `n` of `from` are 0. */
export function copyBits(from: PackedMask, n: number, to: PackedMask, start: number): void {
  const shift = start % 32;
  let word = Math.floor(start / 32);
  for (let w = 0; w * 32 < n; w++, word++) {
    to[word]! |= from[w]! << shift;
    if (shift > 0 && word + 1 < to.length) to[word + 1]! |= from[w]! >>> (32 - shift);
  }
}

/** One bit an element from one bit a draw. */
export function expandMask(mask: PackedMask, placement: Placement): PackedMask {
  if (isElementwise(placement)) return mask;
  const out = new Uint32Array(Math.ceil(placement.size / 32));
  forEachRun(placement, (xStart, length, drawStart, isShared) => {
    for (let j = 0; j < length; j++) {
      const draw = isShared ? drawStart : drawStart + j;
      const i = xStart + j;
      out[i >>> 5]! |= ((mask[draw >>> 5]! >>> (draw & 31)) & 1) << (i & 31);
    }
  });
  return out;
}

/** A mask given by a caller, packed (`Uint32Array`) or one entry an element, for `n` elements. */
export function toPackedMask(where: string, mask: GivenMask, n: number): PackedMask {
  if (mask instanceof Uint32Array) {
    checkLength(where, "mask", mask.length, Math.ceil(n / 32), `(packed, 32 decisions a word, for ${n} elements)`);
    return mask;
  }
  if (typeof mask !== "object" || mask === null || typeof mask.length !== "number") {
    throw typeError(where, "mask", "an array of 0 and 1, or a packed mask", mask);
  }
  checkLength(where, "mask", mask.length, n, "like the input");
  return packMask(mask);
}
