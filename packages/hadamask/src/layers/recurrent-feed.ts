// What feeds the gates: a product with weights [width, gates * hidden], the vector masked on the way, for all gates alike or for each.

import type { FloatArray } from "../types.js";
import type { Multipliers } from "./recurrent-dropout.js";

/** Adds (m_g * values) W_g to gate g of `out`. A multiplier of 0 drops whatever the value is. */
export function feed(
  out: Float64Array,
  values: FloatArray,
  weights: FloatArray,
  hidden: number,
  masks: Multipliers | undefined,
  b: number,
  t: number,
): void {
  const width = out.length;
  for (let gate = 0; gate < width; gate += hidden) {
    const mask = masks?.offset(b, t, gate / hidden) ?? 0;
    for (let f = 0; f < values.length; f++) {
      const multiplier = masks === undefined ? 1 : masks.values[mask + f]!;
      if (multiplier === 0) continue;
      const value = values[f]! * multiplier;
      const row = f * width + gate;
      for (let j = 0; j < hidden; j++) out[gate + j]! += value * weights[row + j]!;
    }
  }
}

/** From the gradient `d` of {@link feed}'s output: adds to the gradients of the weights and of the values. */
export function feedBack(
  d: Float64Array,
  values: FloatArray,
  weights: FloatArray,
  hidden: number,
  masks: Multipliers | undefined,
  b: number,
  t: number,
  ofWeights: Float64Array,
  ofValues: Float64Array,
): void {
  const width = d.length;
  for (let gate = 0; gate < width; gate += hidden) {
    const mask = masks?.offset(b, t, gate / hidden) ?? 0;
    for (let f = 0; f < values.length; f++) {
      const multiplier = masks === undefined ? 1 : masks.values[mask + f]!;
      if (multiplier === 0) continue;
      const value = values[f]! * multiplier;
      const row = f * width + gate;
      let sum = 0;
      for (let j = 0; j < hidden; j++) {
        ofWeights[row + j]! += value * d[gate + j]!;
        sum += weights[row + j]! * d[gate + j]!;
      }
      ofValues[f]! += multiplier * sum;
    }
  }
}
