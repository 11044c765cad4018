// The fast kernel: WASM SIMD. The module works on its own memory, so arrays that lie in it (`alloc`) are worked on
// where they are, and others pass through it in pieces (stage.ts).

import type { FloatArray, Key, PackedMask } from "../types.js";
import { homeOf } from "./arena.js";
import type { Kernel } from "./kernel.js";
import { scalarKernel } from "./scalar.js";
import { DRAWS, type DrawCall, instantiate, PIECE, type SimdInstance } from "./simd-instance.js";
import { stage } from "./stage.js";

/** Below so many elements the scalar kernel is faster than two copies and a call. */
const SMALL = 256;

/** For functions that take no threshold. */
const ANY_THRESHOLD = 1;

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
      else draw(instanceFor(x, out, work), DRAWS.dropout, x, out, { key, T, offset, a: scale, b: 0 });
    },

    apply(x, out, mask, scale) {
      if (x.length < SMALL) scalarKernel.apply(x, out, mask, scale);
      else apply(instanceFor(x, out, work), x, out, mask, scale);
    },

    normals(out, key, mean, deviation, offset) {
      if (out.length < SMALL) scalarKernel.normals(out, key, mean, deviation, offset);
      else {
        const parameters = { key, T: ANY_THRESHOLD, offset, a: mean, b: deviation };
        draw(homeOf(out) ?? work, DRAWS.normals, undefined, out, parameters);
      }
    },

    multiplyByNormals(x, out, key, mean, deviation, offset) {
      if (x.length < SMALL) scalarKernel.multiplyByNormals(x, out, key, mean, deviation, offset);
      else {
        const parameters = { key, T: ANY_THRESHOLD, offset, a: mean, b: deviation };
        draw(instanceFor(x, out, work), DRAWS.multiplyByNormals, x, out, parameters);
      }
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

/** One of DRAWS on `out`, and on `x` where it has an input: in one call where both are here, else in pieces. */
function draw(
  instance: SimdInstance,
  { singles, doubles, perBlock }: (typeof DRAWS)[keyof typeof DRAWS],
  x: FloatArray | undefined,
  out: FloatArray,
  { key, T, offset, a, b }: Pick<DrawCall, "key" | "T" | "offset" | "a" | "b">,
): void {
  const name = out instanceof Float32Array ? singles : doubles;
  const size = out.BYTES_PER_ELEMENT;
  // Field by field: V8 takes 6 µs to spread an object with numbers like T into another.
  const work = (from: number, to: number, j: number, n: number): void => {
    instance.draw({ name, perBlock, key, T, x: from, out: to, n, size, offset: offset + j, a, b });
  };
  const { buffer } = instance;
  if (out.buffer !== buffer || (x !== undefined && x.buffer !== buffer)) stage(instance, x, out, offset % 64, work);
  else work(x === undefined ? out.byteOffset : x.byteOffset, out.byteOffset, 0, out.length);
}

function apply(instance: SimdInstance, x: FloatArray, out: FloatArray, mask: PackedMask, scale: number): void {
  const run = x instanceof Float32Array ? instance.run.apply32 : instance.run.apply64;
  stage(instance, x, out, 0, (from, to, j, count) => {
    instance.bits.set(mask.subarray(j / 32, Math.ceil((j + count) / 32)));
    run(from, to, count, instance.bits.byteOffset, scale);
  });
}
