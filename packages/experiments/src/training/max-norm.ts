// Max-norm: the incoming weights of a hidden unit are kept within a ball, as functions on trees of jax-js arrays, to be
// called inside of a jitted step.

import { type Array as JaxArray, numpy as np } from "@jax-js/jax";
import type { LayerWeights } from "../models/model.js";

/**
 * Scales the incoming weights of each unit down to norm `limit` where they are longer; those of the last layer, whose
 * units are the answers, stay. Takes over its arrays.
 *
 *     w_j = w_j · min(1, limit / |w_j|)     for each column w_j of w [inputs, units]
 *
 * @see Srivastava et al., "Dropout", JMLR 15 (2014), section 5.1; appendix B.1 has limits of 2 to 4.
 */
export function withinNorm<Layers extends readonly LayerWeights[]>(layers: Layers, limit: number): Layers {
  const scaled = (w: JaxArray): JaxArray => {
    const norm = np.sqrt(np.square(w.ref).sum(0));
    return w.mul(np.where(norm.ref.greater(limit), np.reciprocal(norm).mul(limit), 1));
  };
  // Trees are told apart by the order of their names too: it stays.
  const bounded = (layer: LayerWeights): LayerWeights =>
    Object.fromEntries(Object.entries(layer).map(([name, array]) => [name, name === "w" ? scaled(array) : array]));
  // A map forgets how many layers there are, and what each has: neither changes.
  return layers.map((layer, i) => (i === layers.length - 1 ? layer : bounded(layer))) as unknown as Layers;
}
