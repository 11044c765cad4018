// Dense products: in SIMD where that is to be had and pays, in plain TypeScript elsewhere, with the same bits.
// Matrices lie row by row: x [rows, inputs], weights [inputs, outputs].

import type { FloatArray } from "../types.js";
import * as plain from "./dense-plain.js";
import * as simd from "./dense-simd.js";
import { isSimdSupported } from "./simd-instance.js";

export type { DrawnDense, RowMask } from "./dense-plain.js";
export { addColumnSums, addMaskedGradients, addMaskedProduct } from "./dense-plain.js";

/** Below so many products plain loops are done before the arrays are copied. */
const SMALL = 4096;

function isSimd(products: number, outputs: number): boolean {
  return products >= SMALL && outputs <= simd.MOST_OUTPUTS && isSimdSupported();
}

/** Adds x W to `out` [rows, outputs]. */
export function addProduct(
  out: Float64Array,
  x: FloatArray,
  weights: FloatArray,
  inputs: number,
  outputs: number,
): void {
  const { addProduct: add } = isSimd(x.length * outputs, outputs) ? simd : plain;
  add(out, x, weights, inputs, outputs);
}

/** Adds x' dy to `dW`, the gradient of the weights, and dy W' to `dx`, that of the input. */
export function addGradients(
  dW: Float64Array,
  dx: Float64Array,
  x: FloatArray,
  dy: FloatArray,
  weights: FloatArray,
  inputs: number,
  outputs: number,
): void {
  if (isSimd(x.length * outputs, outputs)) simd.addGradients(dW, dx, dy, { x, weights, inputs, outputs });
  else {
    plain.addWeightGradient(dW, x, dy, inputs, outputs);
    plain.addInputGradient(dx, dy, weights, inputs, outputs);
  }
}

/** Adds x_s (M_s * W) to row s of `out`, each mask M_s drawn on the way and stored nowhere. */
export function addDrawnProducts(out: Float64Array, dense: plain.DrawnDense): void {
  const { addDrawnProducts: add } = isSimd(dense.x.length * dense.outputs, dense.outputs) ? simd : plain;
  add(out, dense);
}

/** Adds the sum over the rows of M_s * (x_s' dy_s) to `dW`, and dy_s (M_s * W)' to row s of `dx`. */
export function addDrawnGradients(dW: Float64Array, dx: Float64Array, dy: FloatArray, dense: plain.DrawnDense): void {
  if (isSimd(dense.x.length * dense.outputs, dense.outputs)) simd.addGradients(dW, dx, dy, dense);
  else plain.addDrawnGradients(dW, dx, dy, dense);
}
