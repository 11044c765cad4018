// Normal numbers added to inputs and activations: not dropout, but what stands beside it in every framework.

import { GaussianNoise, siteKey } from "hadamask";
import type { Activate } from "./active.js";
import { fromLayers, type LayerAt } from "./from-layers.js";

export const gaussianNoise: Activate = ({ sigma = 0.1 }, model, key) => {
  const places = model.places.map(({ name, shape }): LayerAt => {
    const layer = new GaussianNoise({ deviation: sigma, key: siteKey(key, name) });
    return { name, shape, forward: (values, step) => layer.forward(values, { step, out: values }) };
  });
  return {
    hooks: {
      activations(h, { name }, draws) {
        const added = draws[name];
        return added === undefined ? h : h.add(added);
      },
    },
    train: fromLayers(0, places),
    eval: () => ({}),
  };
};
