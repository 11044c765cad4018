// Masks and products with them in plain TypeScript: all that dropout by element needs where nothing faster is.

import type { FloatArray, Key, PackedMask } from "../types.js";
import { BLOCKS, drawBlocks } from "./draw-blocks.js";
import type { MaskKernel } from "./kernel.js";

/** Elements done at a time. */
const PIECE = 64 * BLOCKS;

/** The mask of a piece: a block more than it has, where it begins within one, and a word that is read when shifting. */
const piece = new Uint32Array(2 * (BLOCKS + 1) + 1);

/** Draws the mask of `count` elements into `piece`; returns the bit that belongs to the first of them. */
function drawPiece(count: number, key: Key, T: number, offset: number): number {
  const first = Math.floor(offset / 64);
  const shift = offset % 64;
  const blocks = Math.ceil((shift + count) / 64);
  // The counter's high word changes at multiples of 2^32 blocks.
  const before = Math.min(blocks, BLOCKS, 2 ** 32 - (first % 2 ** 32));
  drawBlocks(piece, before, key, T, first);
  if (before < blocks) drawBlocks(piece.subarray(2 * before), blocks - before, key, T, first + before);
  return shift;
}

/**
 * `out[j] = bit from + j of bits ? x[j] * scale : +0` for begin <= j < end, `from` counted from `begin`. First all
 * products, then a zero for each bit that is not set: no branch that is guessed wrong every other time at rate 1/2.
 */
function applyBits(
  x: FloatArray,
  out: FloatArray,
  begin: number,
  end: number,
  bits: PackedMask,
  from: number,
  scale: number,
): void {
  // A float32 times a float32 is exact in float64, so the store rounds once, as float32 arithmetic would.
  const s = x instanceof Float32Array ? Math.fround(scale) : scale;
  for (let j = begin; j < end; j++) out[j] = x[j]! * s;
  for (let j = begin, bit = from; j < end; ) {
    const first = bit & 31;
    const count = Math.min(end - j, 32 - first);
    let dropped = ~bits[bit >>> 5]! >>> first;
    if (count < 32) dropped &= (1 << count) - 1;
    for (; dropped !== 0; dropped &= dropped - 1) out[j + 31 - Math.clz32(dropped & -dropped)] = 0;
    j += count;
    bit += count;
  }
}

export const scalarMasks: MaskKernel = {
  name: "scalar",

  mask(out, n, key, T, offset) {
    for (let j = 0; j < n; j += PIECE) {
      const count = Math.min(PIECE, n - j);
      const shift = drawPiece(count, key, T, offset + j);
      copyShifted(out, j / 32, count, shift);
    }
    clearPast(out, n);
  },

  dropout(x, out, key, T, scale, offset) {
    for (let j = 0; j < x.length; j += PIECE) {
      const end = Math.min(j + PIECE, x.length);
      const shift = drawPiece(end - j, key, T, offset + j);
      applyBits(x, out, j, end, piece, shift, scale);
    }
  },

  apply(x, out, mask, scale) {
    applyBits(x, out, 0, x.length, mask, 0, scale);
  },
};

/** Clears the bits past `n` of the word that element n - 1 is in. Not n >>> 5, which forgets what is above 2^32. */
export function clearPast(out: { [word: number]: number }, n: number): void {
  if (n % 32 !== 0) out[Math.floor(n / 32)]! &= 2 ** (n % 32) - 1;
}

/** Copies `count` bits from bit `shift` of `piece` on to the words of `out` from `at` on. */
function copyShifted(out: PackedMask, at: number, count: number, shift: number): void {
  const words = Math.ceil(count / 32);
  const from = shift >>> 5;
  const right = shift & 31;
  for (let w = 0; w < words; w++) {
    const low = piece[from + w]!;
    out[at + w] = right === 0 ? low : (low >>> right) | (piece[from + w + 1]! << (32 - right));
  }
}
