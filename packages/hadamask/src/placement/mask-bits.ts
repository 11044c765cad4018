// Packed masks: in and out of the form people write by hand. Knows nothing of randomness.

import { checkIndex, checkLength, describe, rangeError, typeError } from "../check.js";
import type { PackedMask } from "../types.js";
import { isElementwise, type MergedAxis, type Placement } from "./shape.js";

/** A mask given by hand: one 0 or 1 an element, or packed (`Uint32Array`). */
export type GivenMask = PackedMask | ArrayLike<number | boolean>;

/** Decision `i` of a packed mask, 0 or 1. Right up to 2^37 decisions, the most that one mask may have. */
export function bitAt(mask: PackedMask, i: number): number {
  // Not i >>> 5, which forgets what is above 2^32.
  return (mask[(i / 32) >>> 0]! >>> (i & 31)) & 1;
}

/**
 * Packs decisions, 1 bit an element: element i becomes bit `i mod 32` of word `i div 32`.
 *
 * @param bits 0 or 1 (or booleans) for each element.
 * @throws {RangeError} If an element is neither 0 nor 1.
 * @example
 * ```ts
 * import { packMask } from "hadamask";
 * console.log(packMask([1, 0, 1])); // Uint32Array(1) [ 5 ]
 * ```
 */
export function packMask(bits: ArrayLike<number | boolean>): PackedMask {
  return pack("packMask", "bits", bits);
}

function pack(where: string, name: string, bits: ArrayLike<number | boolean>): PackedMask {
  if (typeof bits?.length !== "number") throw typeError(where, name, "an array of 0 and 1", bits);
  const packed = new Uint32Array(Math.ceil(bits.length / 32));
  for (let i = 0; i < bits.length; i++) {
    const value: unknown = bits[i];
    const bit = typeof value === "symbol" ? Number.NaN : Number(value); // a symbol throws where it is made a number
    if (bit !== 0 && bit !== 1) throw rangeError(where, `${name}[${i}]`, "0 or 1", value);
    packed[i >> 5]! |= bit << (i & 31);
  }
  return packed;
}

/**
 * Unpacks the first `n` decisions to one byte each, 0 or 1.
 *
 * @throws {RangeError} If the mask holds fewer than `n` bits.
 * @example
 * ```ts
 * import { unpackMask } from "hadamask";
 * console.log(unpackMask(Uint32Array.of(5), 3)); // Uint8Array(3) [ 1, 0, 1 ]
 * ```
 */
export function unpackMask(mask: PackedMask, n: number): Uint8Array {
  checkIndex("unpackMask", "n", n);
  if (!(mask instanceof Uint32Array)) throw typeError("unpackMask", "mask", "a packed mask (Uint32Array)", mask);
  if (!(mask.length * 32 >= n)) {
    throw new RangeError(`unpackMask: mask must hold ${n} bits, got ${describe(mask)} (${mask.length * 32} bits)`);
  }
  return Uint8Array.from({ length: n }, (_, i) => bitAt(mask, i));
}

/**
 * Copies `n` bits of `from` from bit `start` on to bits `toStart` … of `to`, which are 0 so far; other bits stay.
 * The two may be one array, where the ranges are apart.
 */
export function copyBits(from: PackedMask, start: number, to: PackedMask, toStart: number, n: number): void {
  let done = 0;
  if (start % 32 === 0 && toStart % 32 === 0) {
    done = n - (n % 32);
    to.set(from.subarray(start / 32, (start + done) / 32), toStart / 32);
  }
  while (done < n) {
    // As many bits as one word of `to` still takes.
    const at = toStart + done;
    const room = 32 - (at & 31);
    const count = Math.min(room, n - done);
    const bits = bitsAt(from, start + done) & (0xffffffff >>> (32 - count));
    to[at >>> 5]! |= bits << (at & 31);
    done += count;
  }
}

/** Copies bits start … start + n - 1 of `from` to the beginning of `to`; bits past n are 0. */
export function sliceBits(from: PackedMask, start: number, to: PackedMask, n: number): void {
  to.fill(0);
  copyBits(from, start, to, 0, n);
}

/** The 32 bits from bit `i` on; past the end they are 0. */
function bitsAt(bits: PackedMask, i: number): number {
  const right = i & 31;
  const low = bits[i >>> 5]! >>> right;
  return right === 0 ? low : low | ((bits[(i >>> 5) + 1] ?? 0) << (32 - right));
}

/** Sets bits start … start + n - 1. */
function setBits(bits: PackedMask, start: number, n: number): void {
  const end = start + n;
  const first = start >>> 5;
  const last = (end - 1) >>> 5;
  const head = 0xffffffff << (start & 31);
  const tail = 0xffffffff >>> (31 - ((end - 1) & 31));
  if (first === last) bits[first]! |= head & tail;
  else {
    bits[first]! |= head;
    bits.fill(0xffffffff, first + 1, last);
    bits[last]! |= tail;
  }
}

/** `count` runs of `n` < 32 bits, each a copy of one bit of `mask`: without a call for each of what may be millions. */
function setShortRuns(mask: PackedMask, draw: number, count: number, out: PackedMask, start: number, n: number): void {
  const ones = 2 ** n - 1;
  for (let d = draw, at = start; d < draw + count; d++, at += n) {
    const run = -bitAt(mask, d) & ones;
    const left = at & 31;
    out[at >>> 5]! |= run << left;
    if (left + n > 32) out[(at >>> 5) + 1]! |= run >>> (32 - left);
  }
}

/** One bit an element from one bit a draw. */
export function expandMask(mask: PackedMask, placement: Placement): PackedMask {
  if (isElementwise(placement)) return mask;
  const out = new Uint32Array(Math.ceil(placement.size / 32));
  if (placement.size > 0) expand(mask, out, placement.axes, 0, 0, 0);
  return out;
}

/** Axis `level` and those inside it, from element `x` and draw `draw` on. */
function expand(
  mask: PackedMask,
  out: PackedMask,
  axes: readonly MergedAxis[],
  level: number,
  x: number,
  draw: number,
): void {
  const { length, isShared, elements, draws } = axes[level]!;
  if (level === axes.length - 1) {
    if (!isShared) copyBits(mask, draw, out, x, length);
    else if (bitAt(mask, draw) === 1) setBits(out, x, length);
    return;
  }
  if (!isShared) {
    if (level === axes.length - 2 && elements < 32) setShortRuns(mask, draw, length, out, x, elements);
    else for (let k = 0; k < length; k++) expand(mask, out, axes, level + 1, x + k * elements, draw + k * draws);
    return;
  }
  expand(mask, out, axes, level + 1, x, draw);
  // The rest repeats the first; what is there is doubled, so that even short ones are copied by whole words.
  for (let done = 1; done < length; done *= 2) {
    copyBits(out, x, out, x + done * elements, Math.min(done, length - done) * elements);
  }
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
  return pack(where, "mask", mask);
}
