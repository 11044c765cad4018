// What a kernel has to do. Kernels trust their callers: lengths fit, offsets are whole, `out` is the input or apart
// from it.

import type { FloatArray, Key, PackedMask } from "../types.js";

/**
 * The work on arrays that has to be fast. Every kernel gives the same bits: masks always, products too
 * (one multiplication in the element type; a dropped element is +0 whatever it was).
 *
 * `T` is a threshold with 0 < T < 2^53: the ends are decided by the callers, without arithmetic.
 */
export interface MaskKernel {
  readonly name: string;

  /** Writes the decisions of elements offset … offset + n - 1 into `out`, bits past n as 0. */
  mask(out: PackedMask, n: number, key: Key, T: number, offset: number): void;

  /** `out[j] = kept(offset + j) ? x[j] * scale : 0`, the mask drawn on the way and stored nowhere. */
  dropout(x: FloatArray, out: FloatArray, key: Key, T: number, scale: number, offset: number): void;

  /** `out[j] = bit j of mask ? x[j] * scale : 0`. */
  apply(x: FloatArray, out: FloatArray, mask: PackedMask, scale: number): void;
}

/** Normal numbers, in float64 and rounded once: the same bits from every kernel, too. */
export interface NormalKernel {
  /** `out[j] = mean + deviation * z(offset + j)`: normal numbers (random/normal.ts), in float64 and rounded once. */
  normals(out: FloatArray, key: Key, mean: number, deviation: number, offset: number): void;

  /** `out[j] = x[j] * (mean + deviation * z(offset + j))`, the product in float64 too and rounded once. */
  multiplyByNormals(x: FloatArray, out: FloatArray, key: Key, mean: number, deviation: number, offset: number): void;
}

export interface Kernel extends MaskKernel, NormalKernel {}
