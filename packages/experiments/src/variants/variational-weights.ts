// Variational dropout on weights: Gaussian noise of every weight's own, its variance learned for each layer.

import { VariationalDense } from "hadamask";
import { variationalDense } from "hadamask/jax";
import type { Activate } from "./active.js";
import { describePlace } from "./places.js";
import { learningWeightNoise, onLayers } from "./weights.js";

/** The noise to begin with: rate 0.2. At the cut-off, 1, it could not learn. */
const ALPHA = 0.25;

export const variationalWeights: Activate = (_spec, model, key) => {
  const layers = onLayers(model, key, (_layer, sizes) => variationalDense({ ...sizes, alpha: ALPHA }));
  return {
    ...learningWeightNoise(layers),
    summary(learned, weights) {
      const dense = layers.map(({ name, inputs }, i) => {
        const { logAlpha } = learned[name] as { logAlpha: Float32Array };
        return { name, layer: new VariationalDense({ inputs, weights: weights[2 * i]!.values, logAlpha }) };
      });
      return {
        penalty: dense.reduce((sum, { layer }) => sum + layer.penalty(), 0),
        places: dense.map(({ name, layer }) => describePlace(name, "alpha", layer.alpha)),
      };
    },
  };
};
