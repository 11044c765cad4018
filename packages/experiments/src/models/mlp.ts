// A multilayer perceptron: dense layers with activations between them.

import type { Array as JaxArray } from "@jax-js/jax";
import {
  ACTIVATIONS,
  changed,
  type DenseWeights,
  denseProduct,
  denseWeights,
  type Model,
  type ModelOptions,
  type Place,
} from "./model.js";

/**
 * A network of sizes features - hidden - … - outputs.
 *
 * Its first weights are PyTorch's; for SELU uniform in ±sqrt(3 / inputs), of variance 1 / inputs: that keeps mean 0
 * and variance 1 from layer to layer (Klambauer et al. 2017).
 *
 * The choice matters for what dropout gains. Begun with weights of variance 2 / inputs (He et al. 2015), the network
 * of the main job did as well without dropout as with it (test NLL 0.079 and 0.080 over 5 seeds, against 0.10 and
 * 0.08 from here).
 */
export function mlp({ features, hidden, outputs, activation }: ModelOptions): Model {
  const sizes = [features, ...hidden, outputs];
  const dense = sizes.slice(1).map((outputs, i) => [sizes[i]!, outputs] as const);
  const places = sizes.slice(0, -1).map(
    (size, i): Place => ({
      name: i === 0 ? "input" : `hidden${i}`,
      kind: i === 0 ? "inputs" : "units",
      shape: [size],
    }),
  );
  const activate = ACTIVATIONS[activation];
  return {
    inputs: features,
    outputs,
    places,
    dense,
    blocks: 0,
    initialWeights: (key) =>
      dense.map((size, i) => {
        const limit = activation === "selu" ? Math.sqrt(3 / size[0]) : undefined;
        return denseWeights(key, i, size, limit);
      }),
    forward(layers, x, pass) {
      const { hooks, draws, learned } = pass;
      const product = hooks.dense ?? ((h: JaxArray, weights: DenseWeights) => denseProduct(h, weights));
      return (layers as readonly DenseWeights[]).reduce((h, weights, i) => {
        const z = product(changed(h, places[i]!, pass), weights, i, draws, learned);
        return i < hidden.length ? activate(z) : z;
      }, x);
    },
  };
}
