// Convolution and pooling of pictures [batch, height, width, maps], of operations that jax-js is quick at.

import { type Array as JaxArray, numpy as np } from "@jax-js/jax";
import type { DenseWeights } from "./model.js";

/** Places of a kernel along each axis. */
export const KERNEL = 3;

/**
 * Convolution with 3 × 3 kernels, zeros around the picture, so that it keeps its size. Row (i * 3 + j) * maps + m of
 * the weights [9 * maps, outputs] is for map m at row i and column j of the kernel.
 *
 * A sum of nine dense products of shifted pictures. `lax.conv` of jax-js 0.1.25 took 137 to 207 ms a training step of
 * the network of cnn.ts on digits (batch 50), one product of nine shifted pictures side by side 18 ms, and this 13
 * ms.
 */
export function convolve(x: JaxArray, { w, b }: DenseWeights): JaxArray {
  const [batch, height, width, maps] = x.shape as [number, number, number, number];
  const padded = np.pad(x, [[0, 0], [1, 1], [1, 1], [0, 0]]); // biome-ignore format: one pair an axis
  const products: JaxArray[] = [];
  for (let at = 0; at < KERNEL * KERNEL; at++) {
    const [i, j] = [Math.floor(at / KERNEL), at % KERNEL];
    const shifted = padded.ref.slice([], [i, i + height], [j, j + width], []).reshape([-1, maps]);
    products.push(np.dot(shifted, w.ref.slice([at * maps, (at + 1) * maps], [])));
  }
  padded.dispose();
  w.dispose();
  const sum = products.reduce((total, product) => total.add(product));
  return sum.add(b).reshape([batch, height, width, -1]);
}

/** How long a side is after {@link pool}. */
export const pooledLength = (length: number): number => Math.max(1, Math.floor(length / 2));

/**
 * Means of 2 × 2 places; the last row or column of an odd side is left out, and a side of 1 stays. Being linear it
 * passes the mean of noise on, which a maximum would not: what follows sees in prediction what it saw on average in
 * training.
 */
export function pool(x: JaxArray): JaxArray {
  const [batch, height, width, maps] = x.shape as [number, number, number, number];
  const [rows, columns] = [pooledLength(height), pooledLength(width)];
  const [down, across] = [height > 1 ? 2 : 1, width > 1 ? 2 : 1];
  const even = x.slice([], [0, rows * down], [0, columns * across], []);
  return even.reshape([batch, rows, down, columns, across, maps]).mean([2, 4]);
}
