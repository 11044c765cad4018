// Variational dropout on activations: Gaussian noise of learned variance, one a unit.

import { VariationalDropout } from "hadamask";
import { variationalDropout } from "hadamask/jax";
import type { Activate } from "./active.js";
import { describePlace, learningAtPlaces, placed } from "./places.js";

/** The noise of hidden units to begin with: rate 0.2. At the cut-off, 1, it could not learn. */
const ALPHA = 0.25;

export const variational: Activate = ({ inputRate }, model, key) => {
  const places = placed(model, key, ({ kind, shape }, own) => {
    const alpha = kind === "inputs" ? inputRate / (1 - inputRate) : ALPHA;
    return alpha === 0 ? undefined : variationalDropout({ alpha, shape, key: own });
  });
  return learningAtPlaces(places, (learned) => {
    const layers = places.map(({ name, units }) => ({
      name,
      layer: new VariationalDropout({ units, logAlpha: learned[name]!.logAlpha! }),
    }));
    return {
      penalty: layers.reduce((sum, { layer }) => sum + layer.penalty(), 0),
      places: layers.map(({ name, layer }) => describePlace(name, "alpha", layer.alpha)),
    };
  });
};
