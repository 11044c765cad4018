// DropBlock: squares of feature maps go, each map's its own; inputs one by one.

import { numpy as np } from "@jax-js/jax";
import { DropBlock2D, siteKey } from "hadamask";
import type { Draws } from "../models/model.js";
import type { Activate } from "./active.js";
import { inputSites } from "./sites.js";
import { together } from "./together.js";

/** The side of a block: 3 places, as far as a kernel sees. */
const BLOCK_SIZE = 3;

export const dropBlock: Activate = ({ rate, inputRate }, model, key) => {
  const options = { rate, blockSize: BLOCK_SIZE, dataFormat: "channels-last" } as const;
  const maps = model.places
    .filter(({ kind }) => kind === "maps")
    .map((place) => ({ ...place, layer: new DropBlock2D({ ...options, key: siteKey(key, place.name) }) }));
  /** What the layer makes of ones is what it multiplies by. */
  const train = (step: number, batch: number): Draws =>
    Object.fromEntries(
      maps.map(({ name, shape: map, layer }) => {
        const shape = [batch, ...map];
        const ones = new Float32Array(shape.reduce((product, size) => product * size)).fill(1);
        return [name, np.array(layer.forward(ones, { shape, step }), { shape })];
      }),
    );
  // The inputs' hook multiplies by whatever was drawn for a place.
  return together(inputSites(model, key, inputRate), { hooks: {}, train, eval: () => ({}) });
};
