// DropBlock: squares of feature maps go, each map's its own; inputs one by one.

import { DropBlock2D, siteKey } from "hadamask";
import type { Activate } from "./active.js";
import { fromLayers, type LayerAt } from "./from-layers.js";
import { inputSites } from "./sites.js";
import { together } from "./together.js";

/** The side of a block: 3 places, as far as a kernel sees. */
const BLOCK_SIZE = 3;

export const dropBlock: Activate = ({ rate, inputRate }, model, key) => {
  const options = { rate, blockSize: BLOCK_SIZE, dataFormat: "channels-last" } as const;
  const maps = model.places
    .filter(({ kind }) => kind === "maps")
    .map(({ name, shape }): LayerAt => {
      const layer = new DropBlock2D({ ...options, key: siteKey(key, name) });
      return { name, shape, forward: (values, step, own) => layer.forward(values, { shape: own, step, out: values }) };
    });
  // The inputs' hook multiplies by whatever was drawn for a place.
  return together(inputSites(model, key, inputRate), { hooks: {}, train: fromLayers(1, maps), eval: () => ({}) });
};
