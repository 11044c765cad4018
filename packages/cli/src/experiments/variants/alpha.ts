// Alpha dropout of hidden units, for SELU networks; the inputs are dropped as by Bernoulli dropout.

import { alphaDropout } from "hadamask/jax";
import type { Activate } from "./active.js";
import { atPlaces, placed } from "./places.js";
import { inputSites } from "./sites.js";

export const alpha: Activate = ({ rate, inputRate }, model, key) => {
  const inputs = inputSites(model, key, inputRate);
  const hidden = atPlaces(
    placed(model, key, ({ kind, shape }, own) =>
      kind === "inputs" ? undefined : alphaDropout({ rate, shape, key: own }),
    ),
  );
  return {
    hooks: {
      activations: (h, place, draws, learned) =>
        (place.kind === "inputs" ? inputs : hidden).hooks.activations!(h, place, draws, learned),
    },
    train: (step, batch) => ({ ...inputs.train(step, batch), ...hidden.train(step, batch) }),
    eval: () => ({ ...inputs.eval(), ...hidden.eval() }),
  };
};
