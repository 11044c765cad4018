// A layer of the library at every place of a network, as one variant: anything that multiplies or adds. What is special
// about a variant is its row in entries.ts.

import { Dropout, type Key } from "hadamask";
import { layerNoise, type NoiseSource } from "hadamask/jax";
import type { Activate } from "./active.js";
import { atPlaces, placed } from "./places.js";

/** How the layer of a place is made. */
export interface LayerEntry {
  make(options: { readonly rate: number; readonly sigma: number; readonly key: Key }): NoiseSource;
  /** At the inputs: the same layer, at the rate for inputs ("same"), or dropout one by one ("elements"). */
  readonly inputs: "same" | "elements";
}

export const ofLayer =
  ({ make, inputs }: LayerEntry): Activate =>
  ({ rate, inputRate, sigma = 0 }, model, key) =>
    atPlaces(
      placed(model, key, ({ kind, shape }, own) => {
        const isInput = kind === "inputs";
        const options = { rate: isInput ? inputRate : rate, sigma, key: own };
        const layer = isInput && inputs === "elements" ? new Dropout({ rate: inputRate, key: own }) : make(options);
        return layerNoise(layer, { shape });
      }),
    );
