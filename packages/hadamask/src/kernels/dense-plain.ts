// Dense products, plain and with a mask on every weight, in plain TypeScript: what the SIMD ones (dense-simd.ts) are
// held to. Sums are formed in float64, in the order that is stated; callers round them once at the end. Matrices lie
// row by row: x [rows, inputs], weights [inputs, outputs].

import type { FloatArray, Key, PackedMask } from "../types.js";
import { scalarMasks } from "./scalar-masks.js";

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

/**
 * Adds dy W' to `out` [rows, inputs]: the gradient of the input. Each sum is that of eight partial ones, see
 * `sumOfEight`.
 */
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
      partial.fill(0);
      for (let j = 0, w = i * outputs, o = s * outputs; j < outputs; j++)
        partial[j & 7]! += dy[o + j]! * weights[w + j]!;
      out[s * inputs + i]! += sumOfEight();
    }
  }
}

/** Partial sums over j, by j modulo 8: what vectors add at the same time. */
const partial = new Float64Array(8);

function sumOfEight(): number {
  const p = partial;
  return p[0]! + p[4]! + (p[2]! + p[6]!) + (p[1]! + p[5]! + (p[3]! + p[7]!));
}

/** Adds the sums of the columns of dy [rows, outputs] to `out` [outputs]: the gradient of the bias. */
export function addColumnSums(out: Float64Array, dy: FloatArray, outputs: number): void {
  for (let o = 0; o < dy.length; o += outputs) {
    for (let j = 0; j < outputs; j++) out[j]! += dy[o + j]!;
  }
}

/** Which decisions a row's mask is made of: that of weight (i, j) is number offset + i * outputs + j under the key. */
export interface RowMask {
  readonly key: Key;
  readonly offset: number;
}

/**
 * What is multiplied: rows of x with weights, the mask of row s with threshold T (0 < T < 2^53) being that of
 * masks[s].
 */
export interface DrawnDense {
  readonly x: FloatArray;
  readonly weights: FloatArray;
  readonly inputs: number;
  readonly outputs: number;
  readonly masks: readonly RowMask[];
  readonly T: number;
}

/** Adds x_s (M_s * W) to row s of `out`: a weight counts where its bit is 1, whatever it holds where it is not. */
export function addDrawnProducts(out: Float64Array, dense: DrawnDense): void {
  const { x, weights, inputs, outputs } = dense;
  forEachMask(dense, (mask, s) => {
    addMaskedProduct(
      out.subarray(s * outputs, (s + 1) * outputs),
      x.subarray(s * inputs, (s + 1) * inputs),
      weights,
      mask,
      outputs,
    );
  });
}

/** Adds the sum over the rows of M_s * (x_s' dy_s) to `dW`, and dy_s (M_s * W)' to row s of `dx`. */
export function addDrawnGradients(dW: Float64Array, dx: Float64Array, dy: FloatArray, dense: DrawnDense): void {
  const { x, weights, inputs, outputs } = dense;
  forEachMask(dense, (mask, s) => {
    const [from, to] = [s * inputs, (s + 1) * inputs];
    const delta = dy.subarray(s * outputs, (s + 1) * outputs);
    addMaskedGradients(dW, dx.subarray(from, to), x.subarray(from, to), delta, weights, mask);
  });
}

function forEachMask({ weights, masks, T }: DrawnDense, visit: (mask: PackedMask, s: number) => void): void {
  const n = weights.length;
  const mask = new Uint32Array(Math.ceil(n / 32));
  masks.forEach(({ key, offset }, s) => {
    scalarMasks.mask(mask, n, key, T, offset);
    visit(mask, s);
  });
}

/** Adds x (M * W) to `out` for one row x and a mask that is there: weight (i, j) counts if bit i * outputs + j is 1. */
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

/**
 * For one row: adds M * (x' dy) to `dW` and dy (M * W)' to `dx`, in one walk over the mask; sums over j as
 * `sumOfEight`.
 */
export function addMaskedGradients(
  dW: Float64Array,
  dx: Float64Array,
  x: FloatArray,
  dy: FloatArray,
  weights: FloatArray,
  mask: PackedMask,
): void {
  for (let i = 0, w = 0; i < x.length; i++) {
    const value = x[i]!;
    partial.fill(0);
    for (let j = 0; j < dy.length; j++, w++) {
      if (((mask[w >>> 5]! >>> (w & 31)) & 1) === 0) continue;
      dW[w]! += value * dy[j]!;
      partial[j & 7]! += dy[j]! * weights[w]!;
    }
    dx[i]! += sumOfEight();
  }
}
