// The fast kernel: WASM SIMD. The module works on its own memory, so arrays that lie in it (`alloc`) are worked on where they
// are, and others are copied through it in pieces that stay in the cache.

import type { FloatArray, Key, PackedMask } from "../types.js";
import { homeOf } from "./arena.js";
import type { Kernel } from "./kernel.js";
import { scalarKernel } from "./scalar.js";
import { instantiate, PIECE, type SimdInstance, STAGE } from "./simd-instance.js";

/** Below so many elements the scalar kernel is faster than two copies and a call. */
const SMALL = 256;

/** A kernel with a small memory of its own. Only where `isSimdSupported()`. */
export function simdKernel(): Kernel {
  const work = instantiate(0);
  return {
    name: "simd",

    mask(out, n, key, T, offset) {
      if (n < SMALL) scalarKernel.mask(out, n, key, T, offset);
      else drawMask(work, out, n, key, T, offset);
    },

    dropout(x, out, key, T, scale, offset) {
      if (x.length < SMALL) scalarKernel.dropout(x, out, key, T, scale, offset);
      else dropout(instanceFor(x, out, work), x, out, key, T, scale, offset);
    },

    apply(x, out, mask, scale) {
      if (x.length < SMALL) scalarKernel.apply(x, out, mask, scale);
      else apply(instanceFor(x, out, work), x, out, mask, scale);
    },

    normals(out, key, mean, deviation, offset) {
      if (out.length < SMALL) scalarKernel.normals(out, key, mean, deviation, offset);
      else normals(homeOf(out) ?? work, out, key, mean, deviation, offset);
    },

    multiplyByNormals(x, out, key, mean, deviation, offset) {
      if (x.length < SMALL) scalarKernel.multiplyByNormals(x, out, key, mean, deviation, offset);
      else multiplyByNormals(instanceFor(x, out, work), x, out, key, mean, deviation, offset);
    },
  };
}

/** The instance with the least to copy. */
function instanceFor(x: FloatArray, out: FloatArray, work: SimdInstance): SimdInstance {
  return homeOf(out) ?? homeOf(x) ?? work;
}

function drawMask(work: SimdInstance, out: PackedMask, n: number, key: Key, T: number, offset: number): void {
  work.run.prepare(key[0], key[1], T);
  const shift = offset % 64;
  // Whole words of `out` at a time, with room to shift.
  const size = shift === 0 ? PIECE : PIECE - 64;
  for (let j = 0; j < n; j += size) {
    const count = Math.min(size, n - j);
    const block = Math.floor((offset + j) / 64);
    const at = work.run.mask(Math.floor(block / 2 ** 32), block % 2 ** 32, shift, count);
    out.set(new Uint32Array(work.buffer, at, Math.ceil(count / 32)), j / 32);
  }
}

function dropout(
  instance: SimdInstance,
  x: FloatArray,
  out: FloatArray,
  key: Key,
  T: number,
  scale: number,
  offset: number,
): void {
  const run = x instanceof Float32Array ? instance.run.dropout32 : instance.run.dropout64;
  const isHere = x.buffer === instance.buffer && out.buffer === instance.buffer;
  instance.run.prepare(key[0], key[1], T);
  for (let j = 0; j < x.length; ) {
    const shift = (offset + j) % 64;
    const block = Math.floor((offset + j) / 64);
    const count = isHere ? x.length : Math.min(PIECE - shift, x.length - j);
    stage(instance, x, out, j, count, (from, to) => {
      run(from, to, count, Math.floor(block / 2 ** 32), block % 2 ** 32, shift, scale);
    });
    j += count;
  }
}

function apply(instance: SimdInstance, x: FloatArray, out: FloatArray, mask: PackedMask, scale: number): void {
  const run = x instanceof Float32Array ? instance.run.apply32 : instance.run.apply64;
  for (let j = 0; j < x.length; j += PIECE) {
    const count = Math.min(PIECE, x.length - j);
    instance.bits.set(mask.subarray(j / 32, Math.ceil((j + count) / 32)));
    stage(instance, x, out, j, count, (from, to) => run(from, to, count, instance.bits.byteOffset, scale));
  }
}

/** Normals take no threshold; any is as good. */
const ANY_THRESHOLD = 1;

function normals(
  instance: SimdInstance,
  out: FloatArray,
  key: Key,
  mean: number,
  deviation: number,
  offset: number,
): void {
  const run = out instanceof Float32Array ? instance.run.normals32 : instance.run.normals64;
  instance.run.prepare(key[0], key[1], ANY_THRESHOLD);
  for (let j = 0; j < out.length; j += PIECE) {
    const count = Math.min(PIECE, out.length - j);
    const block = Math.floor((offset + j) / 2);
    const place = placeOf(instance, out, j);
    run(place, count, Math.floor(block / 2 ** 32), block % 2 ** 32, (offset + j) % 2, mean, deviation);
    if (place === STAGE) out.set(stageOf(instance, out, count), j);
  }
}

function multiplyByNormals(
  instance: SimdInstance,
  x: FloatArray,
  out: FloatArray,
  key: Key,
  mean: number,
  deviation: number,
  offset: number,
): void {
  const run = x instanceof Float32Array ? instance.run.multiplyByNormals32 : instance.run.multiplyByNormals64;
  instance.run.prepare(key[0], key[1], ANY_THRESHOLD);
  for (let j = 0; j < x.length; j += PIECE) {
    const count = Math.min(PIECE, x.length - j);
    const block = Math.floor((offset + j) / 2);
    stage(instance, x, out, j, count, (from, to) => {
      run(from, to, count, Math.floor(block / 2 ** 32), block % 2 ** 32, (offset + j) % 2, mean, deviation);
    });
  }
}

/**
 * Calls `work` with addresses for x[j … j + count - 1] and the same part of `out`: their own in the instance's memory, or
 * those of the stage, to which the input is copied before and from which the output is copied after.
 */
function stage(
  instance: SimdInstance,
  x: FloatArray,
  out: FloatArray,
  j: number,
  count: number,
  work: (from: number, to: number) => void,
): void {
  const from = placeOf(instance, x, j);
  const to = placeOf(instance, out, j);
  if (from === STAGE) stageOf(instance, x, count).set(count === x.length ? x : x.subarray(j, j + count));
  work(from, to);
  if (to === STAGE) out.set(stageOf(instance, out, count), j);
}

/** Where element `j` of an array is, or will be. */
function placeOf(instance: SimdInstance, array: FloatArray, j: number): number {
  return array.buffer === instance.buffer ? array.byteOffset + j * array.BYTES_PER_ELEMENT : STAGE;
}

/** The stage as `count` elements of the type of `array`. */
function stageOf(instance: SimdInstance, array: FloatArray, count: number): FloatArray {
  const whole = array instanceof Float32Array ? instance.singles : instance.doubles;
  return count === PIECE ? whole : whole.subarray(0, count);
}
