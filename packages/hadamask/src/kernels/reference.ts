// The kernel to read first: obvious, slow, and what the others are held to.

import { noiseWord, planeWord } from "../random/draw.js";
import { normalOfWord } from "../random/normal.js";
import { thresholdBits } from "../random/threshold.js";
import type { FloatArray, Key, PackedMask } from "../types.js";
import type { Kernel } from "./kernel.js";

/** The 32 decisions of word `w`: lane j is 1 if and only if the integer U of element 32 w + j is below T. */
function keepWord(key: Key, bits: Uint8Array, w: number): number {
  let kept = 0;
  let undecided = -1; // all 32 lanes equal T so far
  for (let k = 0; k < bits.length && undecided !== 0; k++) {
    const word = planeWord(key, k, w);
    if (bits[k] === 1) {
      kept |= undecided & ~word; // 0 where T has 1: below T
      undecided &= word;
    } else {
      undecided &= ~word; // 1 where T has 0: above T
    }
  }
  return kept >>> 0;
}

function mask(out: PackedMask, n: number, key: Key, T: number, offset: number): void {
  const bits = thresholdBits(T);
  out.fill(0, 0, Math.ceil(n / 32));
  for (let j = 0; j < n; j++) {
    const w = Math.floor((offset + j) / 32);
    const bit = (keepWord(key, bits, w) >>> ((offset + j) % 32)) & 1;
    out[j >> 5]! |= bit << (j & 31);
  }
}

function apply(x: FloatArray, out: FloatArray, packed: PackedMask, scale: number): void {
  // A float32 times a float32 is exact in float64, so the store below rounds once, as float32 arithmetic would.
  const s = x instanceof Float32Array ? Math.fround(scale) : scale;
  for (let j = 0; j < x.length; j++) {
    const isKept = (packed[j >> 5]! >>> (j & 31)) & 1;
    out[j] = isKept ? x[j]! * s : 0;
  }
}

export const referenceKernel: Kernel = {
  name: "reference",
  mask,
  apply,
  dropout(x, out, key, T, scale, offset) {
    const packed = new Uint32Array(Math.ceil(x.length / 32));
    mask(packed, x.length, key, T, offset);
    apply(x, out, packed, scale);
  },
  normals(out, key, mean, deviation, offset) {
    for (let j = 0; j < out.length; j++) out[j] = mean + deviation * normalOfWord(noiseWord(key, offset + j));
  },
  multiplyByNormals(x, out, key, mean, deviation, offset) {
    for (let j = 0; j < x.length; j++) {
      out[j] = x[j]! * (mean + deviation * normalOfWord(noiseWord(key, offset + j)));
    }
  },
};
