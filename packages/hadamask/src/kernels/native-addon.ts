// What the addon of @hadamask/native has, and whether it is here. Knows no kernel.

import type { FloatArray } from "../types.js";
import { loadNative } from "./load-native.js";

/** Functions take arrays where they lie, and numbers through `parameters`. */
export interface NativeAddon {
  /** In the order of PARAMETER. */
  readonly parameters: Float64Array;
  /** What the processor has, the fastest first. */
  readonly levels: readonly string[];
  /** Where it was found: threads of a pool load it by that. */
  readonly file: string;
  use(level: string): string;
  mask(out: Uint32Array): void;
  dropout(x: FloatArray, out: FloatArray): void;
  apply(x: FloatArray, out: FloatArray, mask: Uint32Array): void;
  normals(out: FloatArray): void;
  multiplyByNormals(x: FloatArray, out: FloatArray): void;
  /** One of the functions that draw, by addresses in `memory`. */
  draw(memory: Uint8Array): void;
  addProducts(sums: Float64Array, x: FloatArray, weights: FloatArray, rows: Float64Array | undefined): void;
  addGradients(
    dw: Float64Array,
    dx: Float64Array,
    dy: FloatArray,
    x: FloatArray,
    weights: FloatArray,
    rows: Float64Array | undefined,
  ): void;
}

/** Places in `parameters`. Those from `name` on are of `draw`: see DrawCall in simd-instance.ts. */
export const PARAMETER = {
  key0: 0,
  key1: 1,
  T: 2,
  offset: 3,
  a: 4,
  b: 5,
  count: 6,
  inputs: 7,
  outputs: 8,
  name: 9,
  x: 10,
  out: 11,
  total: 12,
} as const;

let found: { readonly addon?: NativeAddon; readonly cause?: unknown } | undefined;

function look(): { readonly addon?: NativeAddon; readonly cause?: unknown } {
  try {
    return { addon: loadNative() as NativeAddon };
  } catch (cause) {
    return { cause };
  }
}

/** The addon, if @hadamask/native is installed and has one for this platform. */
export function findNative(): NativeAddon | undefined {
  found ??= look();
  return found.addon;
}

/** {@link findNative} where it was asked for. @throws {Error} If there is none, with the reason. */
export function needNative(): NativeAddon {
  const addon = findNative();
  if (addon !== undefined) return addon;
  const { cause } = found!;
  const reason = cause instanceof Error ? cause.message.split("\n")[0] : String(cause);
  throw new Error(`HADAMASK_KERNEL=native: needs @hadamask/native; ${reason}`, { cause });
}
