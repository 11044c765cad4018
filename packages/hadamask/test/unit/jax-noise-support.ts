// What the tests of noise in jitted functions have in common: sizes, values, tolerances, and the library's layers as
// far as they go.

import type { numpy as np } from "@jax-js/jax";
import { key } from "hadamask";
import { expect } from "vitest";

export const ROWS = 6;
export const UNITS = 5;
export const OUTPUTS = 4;
/** The number of the training step or the pass. */
export const STEP = 3;
/** Of the penalty in the loss. */
export const WEIGHT = 0.01;
export const KEY = key(21);

/** Values that are not round, in (-1, 1). */
export const values = (n: number, seed: number): Float32Array =>
  Float32Array.from({ length: n }, (_, i) => Math.sin(seed * 12.9898 + i * 78.233));
export const flat = (array: np.Array): Float32Array => array.dataSync() as Float32Array;

/** Float32 against float64: jax-js's exp has a relative error of 1.3e-6, its logarithm an absolute one of 1.5e-5. */
export const TOLERANCE = 1e-5;
export const WITH_LOGARITHM = 1e-4;

export function expectClose(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance = TOLERANCE): void {
  expect(actual.length).toBe(expected.length);
  const scale = Math.max(...Array.from(expected, Math.abs), 1e-3);
  for (let i = 0; i < expected.length; i++) expect(Math.abs(actual[i]! - expected[i]!)).toBeLessThan(tolerance * scale);
}

export type Tree = { [name: string]: np.Array };

export interface AnyLayer {
  mode: string;
  forward(x: Float64Array, options?: object): Float64Array;
  backward(dy: Float64Array, options?: object): Float64Array;
  penalty(): number;
  readonly gradients: Readonly<Record<string, ArrayLike<number>>>;
}
