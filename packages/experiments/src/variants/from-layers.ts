// Random inputs of a graph that a layer of the library makes outside of it.

import { numpy as np } from "@jax-js/jax";
import type { Draws, Place } from "../models/model.js";

/** A place, and what its layer makes of an array of this shape at a step, in place of it. */
export interface LayerAt extends Pick<Place, "name" | "shape"> {
  forward(values: Float32Array, step: number, shape: readonly number[]): Float32Array;
}

/** What the layers make of ones (the multipliers) or of zeros (what is added), under the names of their places. */
export const fromLayers =
  (start: 0 | 1, places: readonly LayerAt[]) =>
  (step: number, batch: number): Draws =>
    Object.fromEntries(
      places.map(({ name, shape: row, forward }) => {
        const shape = [batch, ...row];
        const values = new Float32Array(shape.reduce((product, size) => product * size)).fill(start);
        return [name, np.array(forward(values, step, shape), { shape })];
      }),
    );
