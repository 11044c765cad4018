// Learned parameters of noise as arrays of a graph.

import "./navigator.js";
import { type Array as JaxArray, numpy as np } from "@jax-js/jax";

/** Parameters in float32. */
export const parameterArray = (values: ArrayLike<number>): JaxArray => np.array(Float32Array.from(values));

/**
 * Numbers below the shape of a row that a learned parameter may have: one for all, or one for each place on the last
 * axis.
 */
export function unitsOf(shape: readonly number[], per: "unit" | "layer"): number {
  return per === "layer" ? 1 : (shape.at(-1) ?? 1);
}
