// A residual network of dense layers: a stream of constant width, to which each block adds what its branch makes of it.

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
 * One block for each size, of so many units inside; the stream is as wide as the first.
 *
 *     h = x w + b                               into the stream
 *     h = h + φ(h w + b) w' + b'                for each block
 *     logits = h w + b
 */
export function residual({ features, hidden, outputs, activation }: ModelOptions): Model {
  const width = hidden[0]!;
  const input: Place = { name: "input", kind: "inputs", shape: [features] };
  const units = hidden.map((size, i): Place => ({ name: `hidden${i + 1}`, kind: "units", shape: [size] }));
  // biome-ignore format: a pair a layer
  const sizes = [[features, width], ...hidden.flatMap((size) => [[width, size], [size, width]]), [width, outputs]];
  const activate = ACTIVATIONS[activation];
  return {
    inputs: features,
    outputs,
    places: [input, ...units],
    dense: [],
    blocks: hidden.length,
    initialWeights: (key) => sizes.map((size, i) => denseWeights(key, i, size as [number, number])),
    forward(layers, x, pass) {
      const weights = layers as readonly DenseWeights[];
      const stream = denseProduct(changed(x, input, pass), weights[0]!);
      const last = units.reduce((h, place, block) => {
        const inside = activate(denseProduct(h.ref, weights[1 + 2 * block]!));
        const branch = denseProduct(changed(inside, place, pass), weights[2 + 2 * block]!);
        return h.add(pass.hooks.branch?.(branch, block, pass.draws) ?? branch);
      }, stream);
      return denseProduct(last, weights.at(-1)!);
    },
  };
}
