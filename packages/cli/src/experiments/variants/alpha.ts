// Alpha dropout of hidden units, for SELU networks; the inputs are dropped as by Bernoulli dropout.

import { alphaDropout, dropoutSites } from "hadamask/jax";
import type { Activate } from "./active.js";
import { atPlaces, nameOf, placed } from "./places.js";

export const alpha: Activate = ({ rate, inputRate }, shape, key) => {
  const input = nameOf(0);
  const sites = dropoutSites({ [input]: { rate: inputRate, shape: [shape.inputs] } }, { key });
  const hidden = atPlaces(
    placed(shape, key, (place, units, own) =>
      place === 0 ? undefined : alphaDropout({ rate, shape: units, key: own }),
    ),
  );
  return {
    hooks: {
      activations: (h, place, draws, learned) =>
        place === 0 ? sites.apply(h, draws[input]!) : hidden.hooks.activations!(h, place, draws, learned),
    },
    train: (step, batch) => ({ ...sites.train(step, batch), ...hidden.train(step, batch) }),
    eval: () => ({ ...sites.eval(), ...hidden.eval() }),
  };
};
