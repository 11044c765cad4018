// The kernel in C, of @hadamask/native: works on arrays where they lie, heap, shared and WASM memory alike. Knows how
// its numbers are handed over, and nothing of what it does with them.

import type { FloatArray } from "../types.js";
import { sharedHomeOf } from "./arena.js";
import type { Kernel } from "./kernel.js";
import { type NativeAddon, PARAMETER } from "./native-addon.js";
import { scalarKernel } from "./scalar.js";
import { simdKernel } from "./simd.js";
import { DRAW_NAMES, type DrawCall, isSimdSupported } from "./simd-instance.js";

/** Below so many elements plain TypeScript is faster: a call takes some 100 ns, and as much again for each array. */
const SMALL = { mask: 32, dropout: 32, apply: 128, normals: 32 };

export function nativeKernel(addon: NativeAddon): Kernel {
  const { parameters } = addon;
  let inPool: Kernel | undefined;

  /** The kernel that shares its work among threads, if these arrays are of a pool: it calls the addon again there. */
  const poolOf = (x: FloatArray, out: FloatArray): Kernel | undefined => {
    const home = sharedHomeOf(out) ?? (x === out ? undefined : sharedHomeOf(x));
    if (home === undefined || !isSimdSupported()) return undefined;
    inPool ??= simdKernel();
    return inPool;
  };

  const place = (key: readonly [number, number], T: number, offset: number, a: number, b: number): void => {
    parameters[PARAMETER.key0] = key[0];
    parameters[PARAMETER.key1] = key[1];
    parameters[PARAMETER.T] = T;
    parameters[PARAMETER.offset] = offset;
    parameters[PARAMETER.a] = a;
    parameters[PARAMETER.b] = b;
  };

  return {
    name: "native",

    mask(out, n, key, T, offset) {
      if (n < SMALL.mask) scalarKernel.mask(out, n, key, T, offset);
      else {
        place(key, T, offset, 0, 0);
        parameters[PARAMETER.count] = n;
        addon.mask(out);
      }
    },

    dropout(x, out, key, T, scale, offset) {
      const pool = poolOf(x, out);
      if (pool !== undefined) pool.dropout(x, out, key, T, scale, offset);
      else if (x.length < SMALL.dropout) scalarKernel.dropout(x, out, key, T, scale, offset);
      else {
        place(key, T, offset, scale, 0);
        addon.dropout(x, out);
      }
    },

    apply(x, out, mask, scale) {
      if (x.length < SMALL.apply) scalarKernel.apply(x, out, mask, scale);
      else {
        parameters[PARAMETER.a] = scale;
        addon.apply(x, out, mask);
      }
    },

    normals(out, key, mean, deviation, offset) {
      const pool = poolOf(out, out);
      if (pool !== undefined) pool.normals(out, key, mean, deviation, offset);
      else if (out.length < SMALL.normals) scalarKernel.normals(out, key, mean, deviation, offset);
      else {
        place(key, 1, offset, mean, deviation);
        addon.normals(out);
      }
    },

    multiplyByNormals(x, out, key, mean, deviation, offset) {
      const pool = poolOf(x, out);
      if (pool !== undefined) pool.multiplyByNormals(x, out, key, mean, deviation, offset);
      else if (x.length < SMALL.normals) scalarKernel.multiplyByNormals(x, out, key, mean, deviation, offset);
      else {
        place(key, 1, offset, mean, deviation);
        addon.multiplyByNormals(x, out);
      }
    },
  };
}

/** Elements j … j + count - 1 of a call by addresses in a memory: what drawPart is for the WASM module. */
export function drawNatively(addon: NativeAddon, memory: Uint8Array, call: DrawCall, j: number, count: number): void {
  const p = addon.parameters;
  p[PARAMETER.key0] = call.key[0];
  p[PARAMETER.key1] = call.key[1];
  p[PARAMETER.T] = call.T;
  p[PARAMETER.offset] = call.offset + j;
  p[PARAMETER.a] = call.a;
  p[PARAMETER.b] = call.b;
  p[PARAMETER.count] = count;
  p[PARAMETER.name] = DRAW_NAMES.indexOf(call.name);
  p[PARAMETER.x] = call.x + j * call.size;
  p[PARAMETER.out] = call.out + j * call.size;
  p[PARAMETER.total] = call.n;
  addon.draw(memory);
}
