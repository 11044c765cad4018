// Models of TensorFlow.js with our layers: trained, saved, loaded and trained on with the same masks; converted Keras
// models.

import * as tf from "@tensorflow/tfjs";
import {
  layers,
  replaceTfjsLayers,
  TfAlphaDropout,
  type TfDropout,
  TfNoiseLayer,
  TfSpatialDropout2D,
} from "hadamask/tfjs";
import { beforeAll, describe, expect, test } from "vitest";
import { saveAndLoad, weightsOf } from "./save-and-load.js";

let x: tf.Tensor2D;
let y: tf.Tensor2D;

beforeAll(async () => {
  await tf.setBackend("cpu");
  x = tf.tensor2d(
    Array.from({ length: 32 * 6 }, (_, i) => Math.sin(i * 1.7)),
    [32, 6],
  );
  y = tf.tensor2d(
    Array.from({ length: 32 * 2 }, (_, i) => Number((i * 7) % 5 < 2)),
    [32, 2],
  );
});

function network(): tf.Sequential {
  const dense = (units: number, seed: number, first = false) =>
    tf.layers.dense({
      units,
      ...(first && { inputShape: [6] }),
      kernelInitializer: tf.initializers.glorotUniform({ seed }),
    });
  return tf.sequential({
    layers: [
      dense(16, 1, true),
      layers.dropout({ rate: 0.5, seed: 11 }),
      dense(16, 2),
      layers.alphaDropout({ rate: 0.2, seed: 12 }),
      layers.gaussianNoise({ stddev: 0.1, seed: 13 }),
      dense(2, 3),
    ],
  });
}

const compile = <M extends tf.LayersModel>(model: M): M => {
  model.compile({ optimizer: tf.train.sgd(0.1), loss: "meanSquaredError" });
  return model;
};
const fit = async (model: tf.LayersModel, epochs: number): Promise<number[]> => {
  const history = await model.fit(x, y, { epochs, batchSize: 8, shuffle: false, verbose: 0 });
  return history.history.loss as number[];
};

describe("a trained model", () => {
  test("that is saved and loaded half way goes on with the same masks: losses and weights do not change", async () => {
    const whole = compile(network());
    const uninterrupted = await fit(whole, 4);

    const first = compile(network());
    const before = await fit(first, 2);
    const loaded = compile(await saveAndLoad(first));
    expect((loaded.layers[1] as TfDropout).step).toBe(8); // two epochs of four batches
    const after = await fit(loaded, 2);

    expect([...before, ...after]).toEqual(uninterrupted);
    expect(weightsOf(loaded)).toEqual(weightsOf(whole));
    expect(uninterrupted.at(-1)).toBeLessThan(uninterrupted[0]!);
  });

  test("without its counters would not: the masks of the first steps again", async () => {
    const first = compile(network());
    await fit(first, 2);
    const loaded = compile(await saveAndLoad(first));
    for (const layer of loaded.layers) if (layer instanceof TfNoiseLayer) layer.step = 0;
    const whole = compile(network());
    await fit(whole, 4);
    await fit(loaded, 2);
    expect(weightsOf(loaded)).not.toEqual(weightsOf(whole));
  });

  test("predicts without noise, the same before and after saving", async () => {
    const model = compile(network());
    await fit(model, 1);
    const predict = (m: tf.LayersModel) => [...(m.predict(x) as tf.Tensor).dataSync()];
    expect(predict(model)).toEqual(predict(model));
    expect(predict(await saveAndLoad(model))).toEqual(predict(model));
  });

  test("with trainingOnly: false predicts with masks of its own, that differ and that can be repeated", async () => {
    const model = (): tf.Sequential =>
      tf.sequential({ layers: [layers.dropout({ rate: 0.5, seed: 5, trainingOnly: false, inputShape: [6] })] });
    const predict = (m: tf.LayersModel) => String((m.predict(x, { batchSize: 32 }) as tf.Tensor).dataSync());
    const one = model();
    const passes = [predict(one), predict(one), predict(one)];
    expect(new Set(passes).size).toBe(3);
    const other = model();
    const again = [predict(other), predict(await saveAndLoad(other))];
    expect(again).toEqual(passes.slice(0, 2));
  });

  test("of every layer survives saving: the configuration is the same", async () => {
    const model = tf.sequential({
      layers: [
        layers.dropBlock2d({
          rate: 0.2,
          blockSize: [2, 3],
          blocks: "cut",
          channels: "shared",
          scaleBy: "place",
          seed: 1,
          inputShape: [6, 6, 4],
        }),
        layers.spatialDropout2d({ rate: 0.2, dataFormat: "channelsFirst", seed: 2 }),
        layers.dropPath({ rate: 0.1, per: "batch", seed: 3 }),
        layers.gaussianDropout({ rate: 0.1, seed: 4 }),
        layers.uniformDropout({ rate: 0.1, seed: 5 }),
        layers.dropout({ rate: 0.1, seed: 6, noiseShape: [null, 1, 1, null] }),
        tf.layers.reshape({ targetShape: [36, 4] }),
        layers.spatialDropout1d({ rate: 0.1, seed: 7 }),
        tf.layers.reshape({ targetShape: [6, 6, 2, 2] }),
        layers.spatialDropout3d({ rate: 0.1, seed: 8 }),
        layers.dropBlock3d({ rate: 0.1, blockSize: 2, seed: 9 }),
        layers.featureAlphaDropout({ rate: 0.1, dataFormat: "channelsFirst", seed: 10 }),
      ],
    });
    const train = (m: tf.LayersModel) => [
      ...(m.apply(tf.ones([2, 6, 6, 4]), { training: true }) as tf.Tensor).dataSync(),
    ];
    train(model);
    const loaded = await saveAndLoad(model);
    expect(loaded.layers.map((layer) => layer.getConfig())).toEqual(model.layers.map((layer) => layer.getConfig()));
    expect(train(loaded)).toEqual(train(model));
  });
});

describe("a converted Keras model", () => {
  const keras = (name: string, config: object) => ({
    class_name: "Sequential",
    keras_version: "2.15.0",
    backend: "tensorflow",
    config: {
      name: "sequential",
      layers: [
        {
          class_name: name,
          config: { name: "drop", trainable: true, dtype: "float32", batch_input_shape: [null, 4, 4, 3], ...config },
        },
      ],
    },
  });

  test("with SpatialDropout2D loads and trains, in either data format", async () => {
    for (const format of ["channels_last", "channels_first"]) {
      const model = await tf.models.modelFromJSON(
        keras("SpatialDropout2D", { rate: 0.5, noise_shape: null, seed: 3, data_format: format }) as never,
      );
      const layer = model.layers.at(-1) as TfSpatialDropout2D;
      expect(layer).toBeInstanceOf(TfSpatialDropout2D);
      expect(layer.dataFormat).toBe(format === "channels_last" ? "channelsLast" : "channelsFirst");
      const dropped = model.apply(tf.ones([2, 4, 4, 3]), { training: true }) as tf.Tensor;
      expect(new Set(dropped.dataSync())).toEqual(new Set([0, 2]));
    }
  });

  test("gets our layers in place of TensorFlow.js's where that is asked for, and theirs again afterwards", async () => {
    const load = async () =>
      (
        await tf.models.modelFromJSON(keras("AlphaDropout", { rate: 0.5, noise_shape: null, seed: 3 }) as never)
      ).layers.at(-1)!;
    expect(await load()).not.toBeInstanceOf(TfAlphaDropout);
    const restore = replaceTfjsLayers();
    const replaced = await load();
    restore();
    expect(replaced).toBeInstanceOf(TfAlphaDropout);
    expect(replaced.getConfig().key).toEqual([0, 3]);
    expect(await load()).not.toBeInstanceOf(TfAlphaDropout);
  });
});
