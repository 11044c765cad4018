// A small convolutional network: 3 × 3 convolutions, each with its activation and a halving of the picture, and a
// dense layer at the end.

import { cnnPrediction } from "./cnn-simd.js";
import { convolve, pool } from "./convolution.js";
import { KERNEL, pooledLength } from "./kernel-size.js";
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
 * A network with as many feature maps in convolution i as `hidden[i]` says. Noise acts on maps before the picture is
 * halved.
 */
export function cnn({ features, image, hidden, outputs, activation }: ModelOptions): Model {
  let [height, width] = [image!.height, image!.width];
  const input: Place = { name: "input", kind: "inputs", shape: [features] };
  const maps = hidden.map((count, i): Place => {
    const place: Place = { name: `maps${i + 1}`, kind: "maps", shape: [height, width, count] };
    [height, width] = [pooledLength(height), pooledLength(width)];
    return place;
  });
  const kernels = hidden.map((count, i) => [KERNEL * KERNEL * (hidden[i - 1] ?? 1), count] as const);
  const head = [height * width * hidden.at(-1)!, outputs] as const;
  const activate = ACTIVATIONS[activation];
  return {
    inputs: features,
    outputs,
    places: [input, ...maps],
    dense: [],
    blocks: 0,
    initialWeights: (key) => [...kernels, head].map((size, i) => denseWeights(key, i, size)),
    forward(layers, x, pass) {
      const weights = layers as readonly DenseWeights[];
      const picture = changed(x, input, pass).reshape([-1, image!.height, image!.width, 1]);
      const last = maps.reduce((h, place, i) => {
        const found = activate(convolve(h, weights[i]!));
        return pool(changed(found, place, pass));
      }, picture);
      return denseProduct(last.reshape([-1, head[0]]), weights.at(-1)!);
    },
    ...(activation === "relu" && { plainPrediction: () => cnnPrediction({ image: image!, hidden, outputs }) }),
  };
}
