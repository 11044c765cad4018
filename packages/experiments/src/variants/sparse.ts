// Sparse variational dropout on every layer: weights that come out as noise are left out.

import { SparseVariationalDense } from "hadamask";
import { sparseVariationalDense } from "hadamask/jax";
import type { WeightArray } from "../models/model.js";
import type { Activate, LearnedValues } from "./active.js";
import { learningWeightNoise, onLayers } from "./weights.js";

export const sparse: Activate = (_spec, model, key) => {
  const layers = onLayers(model, key, (_layer, sizes) => sparseVariationalDense(sizes));
  const dense = (learned: LearnedValues, weights: readonly WeightArray[]): SparseVariationalDense[] =>
    layers.map(({ name, inputs }, i) => {
      const { logSigma2 } = learned[name] as { logSigma2: Float32Array };
      return new SparseVariationalDense({ inputs, weights: weights[2 * i]!.values, logSigma2 });
    });
  return {
    ...learningWeightNoise(layers),
    summary(learned, weights) {
      const all = dense(learned, weights);
      const count = all.reduce((sum, layer) => sum + layer.weights.length, 0);
      return {
        penalty: all.reduce((sum, layer) => sum + layer.penalty(), 0),
        places: [],
        prunedShare: all.reduce((sum, layer) => sum + layer.pruned.count, 0) / count,
      };
    },
    deployed: (learned, weights) =>
      dense(learned, weights).reduce(
        (all, layer, i) => {
          const { shape: size, values } = all[2 * i]!;
          const { logAlpha, threshold } = layer;
          return all.with(2 * i, { shape: size, values: values.map((w, at) => (logAlpha[at]! < threshold ? w : 0)) });
        },
        [...weights],
      ),
  };
};
