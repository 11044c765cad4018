// DropConnect for TensorFlow.js against the library's own layer.

import * as tf from "@tensorflow/tfjs";
import { DropConnect, key } from "hadamask";
import { layers } from "hadamask/tfjs";
import { beforeAll, describe, expect, test } from "vitest";
import { saveAndLoad } from "./save-and-load.js";

const training = { training: true } as const;
const values = (x: unknown): number[] => [...(x as tf.Tensor).dataSync()];

beforeAll(async () => {
  await tf.setBackend("cpu");
});

describe.each(["sample", "batch"] as const)("dropConnect, a mask a %s", (maskPer) => {
  const weights = Float32Array.from({ length: 12 }, (_, i) => Math.sin(i + 1));
  const x = Float32Array.from({ length: 20 }, (_, i) => Math.cos(i));
  const build = () => {
    const layer = layers.dropConnect({ rate: 0.4, seed: 5, units: 3, maskPer, biasInitializer: "ones" });
    layer.apply(tf.zeros([1, 4]));
    layer.setWeights([tf.tensor2d(weights, [4, 3]), tf.tensor1d([1, 2, 3])]);
    return layer;
  };
  const library = () =>
    new DropConnect({ rate: 0.4, inputs: 4, weights, bias: Float32Array.of(1, 2, 3), maskPer, key: key(5) });
  const close = (found: number[], expected: ArrayLike<number>) => {
    expect(found).toHaveLength(expected.length);
    // Sums of up to 5 products of numbers below 5 in float32, where the library adds in float64.
    found.forEach((value, i) => {
      expect(Math.abs(value - expected[i]!)).toBeLessThan(64 * 2 ** -24);
    });
  };

  test("gives the library's pre-activations, step after step, and the dense layer's in prediction", () => {
    const layer = build();
    const own = library();
    for (let t = 0; t < 3; t++) close(values(layer.apply(tf.tensor2d(x, [5, 4]), training)), own.forward(x));
    close(values(layer.apply(tf.tensor2d(x, [5, 4]))), own.eval().forward(x));
  });

  test("has the library's gradients, of the input and of what it learns", () => {
    const layer = build();
    const own = library();
    const dz = Float32Array.from({ length: 15 }, (_, i) => Math.sin(3 * i));
    own.forward(x);
    const dx = own.backward(dz);
    const f = (input: tf.Tensor) => layer.apply(input, training) as tf.Tensor;
    close(values(tf.grad(f)(tf.tensor2d(x, [5, 4]), tf.tensor2d(dz, [5, 3]))), dx);
    layer.step = 0;
    const loss = () =>
      f(tf.tensor2d(x, [5, 4]))
        .mul(tf.tensor2d(dz, [5, 3]))
        .sum() as tf.Scalar;
    const found = Object.values(
      tf.variableGrads(
        loss,
        layer.trainableWeights.map((w) => w.read() as tf.Variable),
      ).grads,
    );
    close(values(found[0]!), own.gradients.weights);
    close(values(found[1]!), own.gradients.bias!);
  });

  test("is saved with its weights", async () => {
    const model = tf.sequential({
      layers: [layers.dropConnect({ rate: 0.5, units: 3, maskPer, seed: 1, inputShape: [4] })],
    });
    const run = (m: tf.LayersModel) => values(m.apply(tf.tensor2d(x, [5, 4]), training));
    run(model);
    const loaded = await saveAndLoad(model);
    expect(loaded.getWeights()).toHaveLength(2);
    expect(run(loaded)).toEqual(run(model));
  });
});

test("a mask of no such kind is refused", () => {
  expect(() => layers.dropConnect({ rate: 0.5, units: 1, maskPer: "row" as never })).toThrowError(
    'DropConnect: maskPer must be "sample" or "batch", got "row"',
  );
});
