// Dense products, plain and with a mask on every weight. Sums are formed in float64; callers round them once at the end.
// Matrices lie row by row: x [rows, inputs], weights [inputs, outputs].

import type { FloatArray, PackedMask } from "../types.js";

/** Adds x W to `out` [rows, outputs]. */
export function addProduct(
  out: Float64Array,
  x: FloatArray,
  weights: FloatArray,
  inputs: number,
  outputs: number,
): void {
  const rows = inputs === 0 ? 0 : x.length / inputs;
  for (let s = 0; s < rows; s++) {
    for (let i = 0; i < inputs; i++) {
      const value = x[s * inputs + i]!;
      // Row i of W into row s of the output: both are read in the order in which they lie.
      for (let j = 0, w = i * outputs, o = s * outputs; j < outputs; j++) out[o + j]! += value * weights[w + j]!;
    }
  }
}

/** Adds x' dy to `out` [inputs, outputs]: the gradient of the weights. */
export function addWeightGradient(
  out: Float64Array,
  x: FloatArray,
  dy: FloatArray,
  inputs: number,
  outputs: number,
): void {
  const rows = inputs === 0 ? 0 : x.length / inputs;
  for (let s = 0; s < rows; s++) {
    for (let i = 0; i < inputs; i++) {
      const value = x[s * inputs + i]!;
      for (let j = 0, w = i * outputs, o = s * outputs; j < outputs; j++) out[w + j]! += value * dy[o + j]!;
    }
  }
}

/** Adds dy W' to `out` [rows, inputs]: the gradient of the input. */
export function addInputGradient(
  out: Float64Array,
  dy: FloatArray,
  weights: FloatArray,
  inputs: number,
  outputs: number,
): void {
  const rows = inputs === 0 ? 0 : out.length / inputs;
  for (let s = 0; s < rows; s++) {
    for (let i = 0; i < inputs; i++) {
      let sum = 0;
      for (let j = 0, w = i * outputs, o = s * outputs; j < outputs; j++) sum += dy[o + j]! * weights[w + j]!;
      out[s * inputs + i]! += sum;
    }
  }
}

/** Adds the sums of the columns of dy [rows, outputs] to `out` [outputs]: the gradient of the bias. */
export function addColumnSums(out: Float64Array, dy: FloatArray, outputs: number): void {
  for (let o = 0; o < dy.length; o += outputs) {
    for (let j = 0; j < outputs; j++) out[j]! += dy[o + j]!;
  }
}

/** Adds x (M * W) to `out` for one row x: weight (i, j) counts if bit i * outputs + j of `mask` is 1, whatever it holds if not. */
export function addMaskedProduct(
  out: Float64Array,
  x: FloatArray,
  weights: FloatArray,
  mask: PackedMask,
  outputs: number,
): void {
  for (let i = 0, w = 0; i < x.length; i++) {
    const value = x[i]!;
    for (let j = 0; j < outputs; j++, w++) {
      if (((mask[w >>> 5]! >>> (w & 31)) & 1) === 1) out[j]! += value * weights[w]!;
    }
  }
}

/** For one row: adds M * (x' dy) to `weightGradient` and dy (M * W)' to `dx`, in one walk over the mask. */
export function addMaskedGradients(
  weightGradient: Float64Array,
  dx: Float64Array,
  x: FloatArray,
  dy: FloatArray,
  weights: FloatArray,
  mask: PackedMask,
): void {
  for (let i = 0, w = 0; i < x.length; i++) {
    const value = x[i]!;
    let sum = 0;
    for (let j = 0; j < dy.length; j++, w++) {
      if (((mask[w >>> 5]! >>> (w & 31)) & 1) === 0) continue;
      weightGradient[w]! += value * dy[j]!;
      sum += dy[j]! * weights[w]!;
    }
    dx[i]! += sum;
  }
}
