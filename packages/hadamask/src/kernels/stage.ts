// The way of arrays that lie elsewhere through the memory of the SIMD kernel: a piece at a time is copied to its stage,
// worked on, and copied from there. Knows neither what the work is nor how it is done.
//
// Arrays above 1 MiB pass in pieces of 512 KiB to 1 MiB, and the module draws and multiplies by 32,768 elements within
// them. Where the stage begins decides how fast a copy is. Processors of AMD (measured: EPYC, family 25 model 1) move
// bytes by their string instruction at a quarter of the speed where the target lies up to some 32 bytes after its
// source, modulo 4096; the C library takes that instruction up to 512 KiB. Buffers of some size begin 16 bytes into a
// page, so a stage at the beginning of a page met it on the way out of every piece: 16M elements in and out took 3.4
// copies in pieces of 128 KiB, and take 1.2 from half a page away.

import type { FloatArray } from "../types.js";
import { type SimdInstance, STAGE, STAGE_BYTES } from "./simd-instance.js";

/** Elements of a block of masks: pieces end where blocks do. */
const BLOCK = 64;

/** How far from the output the stage begins, modulo 4096, and the bits of an address that name a line of a page. */
const HALF_PAGE = 2048;
const LINES = 4032;

/**
 * Calls `work` with addresses for `count` elements of `x` and `out` from number j on, until all are done: their own
 * where they lie in the instance's memory, those of its stage where not. `skew` is the number of the first element in
 * its block.
 */
export function stage(
  instance: SimdInstance,
  x: FloatArray | undefined,
  out: FloatArray,
  skew: number,
  work: (from: number, to: number, j: number, count: number) => void,
): void {
  const { buffer } = instance;
  const size = out.BYTES_PER_ELEMENT;
  const n = out.length;
  const isOutHere = out.buffer === buffer;
  const copied = x?.buffer === buffer ? undefined : x;
  const at = STAGE + ((out.byteOffset + HALF_PAGE) & LINES);
  const most = evenPiece(n, size);
  for (let j = 0; j < n; ) {
    const count = Math.min(most - ((skew + j) % BLOCK), n - j);
    const piece = size === 4 ? new Float32Array(buffer, at, count) : new Float64Array(buffer, at, count);
    if (copied !== undefined) piece.set(count === n ? copied : copied.subarray(j, j + count));
    const from = copied === undefined && x !== undefined ? x.byteOffset + j * size : at;
    work(from, isOutHere ? out.byteOffset + j * size : at, j, count);
    if (!isOutHere) out.set(piece, j);
    j += count;
  }
}

/** Elements of a piece, such that all pieces are about as large and end where blocks do. */
function evenPiece(n: number, size: number): number {
  const pieces = Math.ceil(n / (STAGE_BYTES / size - BLOCK));
  return Math.ceil(n / pieces / BLOCK) * BLOCK;
}
