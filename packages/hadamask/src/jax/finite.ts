// Functions of a graph whose gradients stay finite where jax-js's own would be NaN, which spreads over every gradient.

import "./navigator.js";
import { type Array as JaxArray, nn, numpy as np } from "@jax-js/jax";

/** sqrt(v) with the derivative 0 at 0, where the root has none. */
export function safeSqrt(v: JaxArray): JaxArray {
  const isPositive = v.ref.greater(0);
  return np.where(isPositive.ref, np.sqrt(np.where(isPositive, v, 1)), 0);
}

/** Beyond this the logistic function is 0 or 1 in float32, and jax-js's overflows on its way there. */
const FLAT = 80;

/** The logistic function. */
export const safeSigmoid = (z: JaxArray): JaxArray => nn.sigmoid(np.clip(z, -FLAT, FLAT));
