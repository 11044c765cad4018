// Alpha dropout of hidden units, or of whole feature maps, for SELU networks; inputs are dropped as by Bernoulli
// dropout.

import { alphaDropout } from "hadamask/jax";
import type { Place } from "../models/model.js";
import type { Activate } from "./active.js";
import { atPlaces, placed } from "./places.js";
import { inputSites } from "./sites.js";

const alphaPer =
  (shapeOf: (place: Place) => readonly number[]): Activate =>
  ({ rate, inputRate }, model, key) => {
    const inputs = inputSites(model, key, inputRate);
    const hidden = atPlaces(
      placed(model, key, (place, own) =>
        place.kind === "inputs" ? undefined : alphaDropout({ rate, shape: shapeOf(place), key: own }),
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

export const alpha: Activate = alphaPer(({ shape }) => shape);
export const featureAlpha: Activate = alphaPer(({ shape }) => [1, 1, shape.at(-1)!]);
