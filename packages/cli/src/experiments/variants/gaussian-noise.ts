// Normal numbers added to inputs and activations: not dropout, but what stands beside it in every framework.

import { numpy as np } from "@jax-js/jax";
import { GaussianNoise, siteKey } from "hadamask";
import type { Activate } from "./active.js";

export const gaussianNoise: Activate = ({ sigma = 0.1 }, model, key) => {
  const places = model.places.map(({ name, shape }) => ({
    name,
    shape,
    layer: new GaussianNoise({ deviation: sigma, key: siteKey(key, name) }),
  }));
  return {
    hooks: {
      activations(h, { name }, draws) {
        const added = draws[name];
        return added === undefined ? h : h.add(added);
      },
    },
    train: (step, batch) =>
      Object.fromEntries(
        places.map(({ name, shape: row, layer }) => {
          const shape = [batch, ...row];
          const zeros = new Float32Array(shape.reduce((product, size) => product * size));
          return [name, np.array(layer.forward(zeros, { step, out: zeros }), { shape })];
        }),
      ),
    eval: () => ({}),
  };
};
