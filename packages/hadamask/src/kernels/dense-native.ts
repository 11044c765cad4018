// Dense products by the native kernel, on arrays where they lie.

import type { FloatArray } from "../types.js";
import type { DrawnDense } from "./dense-plain.js";
import { type NativeAddon, PARAMETER } from "./native-addon.js";

/** Numbers of a row's place in the stream: key words, threshold, offset. */
const ROW = 4;

/** What is multiplied, with masks on the weights or without. */
export type Dense = Omit<DrawnDense, "masks" | "T"> & Partial<DrawnDense>;

function open({ parameters }: NativeAddon, { inputs, outputs, masks, T }: Dense): Float64Array | undefined {
  parameters[PARAMETER.inputs] = inputs;
  parameters[PARAMETER.outputs] = outputs;
  if (masks === undefined || T === undefined) return undefined;
  const rows = new Float64Array(ROW * masks.length);
  masks.forEach(({ key, offset }, s) => {
    rows[ROW * s] = key[0];
    rows[ROW * s + 1] = key[1];
    rows[ROW * s + 2] = T;
    rows[ROW * s + 3] = offset;
  });
  return rows;
}

/** Adds x (M * W) to `out` [rows, outputs]. */
export function addProducts(addon: NativeAddon, out: Float64Array, dense: Dense): void {
  const rows = open(addon, dense);
  addon.addProducts(out, dense.x, dense.weights, rows);
}

/** Adds the sum over the rows of M_s * (x_s' dy_s) to `dW`, and dy_s (M_s * W)' to row s of `dx`. */
export function addGradients(
  addon: NativeAddon,
  dW: Float64Array,
  dx: Float64Array,
  dy: FloatArray,
  dense: Dense,
): void {
  const rows = open(addon, dense);
  addon.addGradients(dW, dx, dy, dense.x, dense.weights, rows);
}
