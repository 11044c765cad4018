// Dense products: native or in SIMD where that is to be had and pays, in plain TypeScript elsewhere, with the same
// bits. Matrices lie row by row: x [rows, inputs], weights [inputs, outputs].

import type { FloatArray } from "../types.js";
import * as native from "./dense-native.js";
import * as plain from "./dense-plain.js";
import * as simd from "./dense-simd.js";
import { findNative, type NativeAddon } from "./native-addon.js";
import { kernelName } from "./select.js";

export type { DrawnDense, RowMask } from "./dense-plain.js";
export { addColumnSums, addMaskedGradients, addMaskedProduct } from "./dense-plain.js";

/** Below so many products plain loops are done before the arrays are copied. */
const SMALL = 4096;

function nativeFor(products: number): NativeAddon | undefined {
  return products >= SMALL && kernelName() === "native" ? findNative() : undefined;
}

function isSimd(products: number, outputs: number): boolean {
  return products >= SMALL && outputs <= simd.MOST_OUTPUTS && kernelName() === "simd";
}

/** Adds x W to `out` [rows, outputs]. */
export function addProduct(
  out: Float64Array,
  x: FloatArray,
  weights: FloatArray,
  inputs: number,
  outputs: number,
): void {
  const addon = nativeFor(x.length * outputs);
  if (addon !== undefined) native.addProducts(addon, out, { x, weights, inputs, outputs });
  else if (isSimd(x.length * outputs, outputs)) simd.addProduct(out, x, weights, inputs, outputs);
  else plain.addProduct(out, x, weights, inputs, outputs);
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
  const addon = nativeFor(x.length * outputs);
  if (addon !== undefined) native.addGradients(addon, dW, dx, dy, { x, weights, inputs, outputs });
  else if (isSimd(x.length * outputs, outputs)) simd.addGradients(dW, dx, dy, { x, weights, inputs, outputs });
  else {
    plain.addWeightGradient(dW, x, dy, inputs, outputs);
    plain.addInputGradient(dx, dy, weights, inputs, outputs);
  }
}

/** Adds x_s (M_s * W) to row s of `out`, each mask M_s drawn on the way and stored nowhere. */
export function addDrawnProducts(out: Float64Array, dense: plain.DrawnDense): void {
  const { x, outputs } = dense;
  const addon = nativeFor(x.length * outputs);
  if (addon !== undefined) native.addProducts(addon, out, dense);
  else if (isSimd(x.length * outputs, outputs)) simd.addDrawnProducts(out, dense);
  else plain.addDrawnProducts(out, dense);
}

/** Adds the sum over the rows of M_s * (x_s' dy_s) to `dW`, and dy_s (M_s * W)' to row s of `dx`. */
export function addDrawnGradients(dW: Float64Array, dx: Float64Array, dy: FloatArray, dense: plain.DrawnDense): void {
  const { x, outputs } = dense;
  const addon = nativeFor(x.length * outputs);
  if (addon !== undefined) native.addGradients(addon, dW, dx, dy, dense);
  else if (isSimd(x.length * outputs, outputs)) simd.addGradients(dW, dx, dy, dense);
  else plain.addDrawnGradients(dW, dx, dy, dense);
}
