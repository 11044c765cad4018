// Monte-Carlo dropout with models of TensorFlow.js: masks by key, layer, pass and row, whatever the batch size; the
// model as it was afterwards; models without our layers.

import * as tf from "@tensorflow/tfjs";
import { Dropout, key, siteKey } from "hadamask";
import { layers, monteCarlo, type TfNoiseLayer, withoutHadamask } from "hadamask/tfjs";
import { beforeAll, describe, expect, test } from "vitest";
import { saveAndLoad, weightsOf } from "./save-and-load.js";

beforeAll(async () => {
  await tf.setBackend("cpu");
});

const seeded = (seed: number) => tf.initializers.glorotUniform({ seed });
const dense = (units: number, seed: number, more: object = {}) =>
  tf.layers.dense({ units, kernelInitializer: seeded(seed), ...more });
const x = (rows = 7): tf.Tensor2D =>
  tf.tensor2d(
    Array.from({ length: rows * 4 }, (_, i) => Math.sin(3.1 * i)),
    [rows, 4],
  );

/** Dropout of ours or of TensorFlow.js, under one name, and batch normalisation that a batch would move. */
const classifier = (drop: tf.layers.Layer): tf.Sequential =>
  tf.sequential({
    layers: [
      dense(16, 1, { inputShape: [4], activation: "relu" }),
      tf.layers.batchNormalization({ name: "norm" }),
      drop,
      dense(3, 2, { activation: "softmax" }),
    ],
  });
const ours = () => classifier(layers.dropout({ rate: 0.4, name: "drop" }));
const theirs = () => classifier(tf.layers.dropout({ rate: 0.4, name: "drop" }));

describe("monteCarlo", () => {
  test("draws in our layers and TensorFlow.js's as the library does under the key of the layer's name", async () => {
    const identity = tf.sequential({ layers: [layers.dropout({ rate: 0.4, name: "drop", inputShape: [4] })] });
    const own = tf.sequential({ layers: [tf.layers.dropout({ rate: 0.4, name: "drop", inputShape: [4] })] });
    const options = { samples: 3, key: key(5), masks: "independent" } as const;
    const found = await monteCarlo(identity, x(), options);
    expect(found.kind).toBe("values");
    const layer = new Dropout({ rate: 0.4, key: siteKey(key(5), "drop"), mode: "sample" });
    const ids = Float64Array.from({ length: 7 }, (_, i) => i);
    for (let pass = 0; pass < 3; pass++) {
      const want = layer.forward(x().dataSync() as Float32Array, { pass, shape: [7, 4], sampleIds: ids } as never);
      for (let row = 0; row < 7; row++)
        expect(found.passes.slice((row * 3 + pass) * 4, (row * 3 + pass + 1) * 4)).toEqual(
          (want as Float32Array).slice(4 * row, 4 * row + 4),
        );
    }
    expect((await monteCarlo(own, x(), options)).passes).toEqual(found.passes);
  });

  test.each(["consistent", "independent"] as const)(
    "%s masks do not depend on the batch size; statistics are those of the passes",
    async (masks) => {
      for (const model of [ours(), theirs()]) {
        const options = { samples: 12, key: key(1), masks };
        const whole = await monteCarlo(model, x(), options);
        const one = await monteCarlo(model, x(), { ...options, batchSize: 1 });
        const three = await monteCarlo(model, x(), { ...options, batchSize: 3 });
        expect(one.passes).toEqual(whole.passes);
        expect(three.passes).toEqual(whole.passes);
        if (whole.kind !== "classes") throw new Error("a softmax makes classes");
        expect(whole.classes).toBe(3);
        expect(Math.min(...whole.mutualInformation)).toBeGreaterThan(0);
        const plain = (model.predict(x()) as tf.Tensor).dataSync();
        expect([...whole.plain]).toEqual([...plain]); // batch normalisation in inference, no dropout
      }
    },
  );

  test("leaves the model as it was: counters, calls, its own prediction", async () => {
    const model = ours();
    const drop = model.layers[2] as TfNoiseLayer;
    drop.step = 4;
    const before = (model.predict(x()) as tf.Tensor).dataSync();
    await monteCarlo(model, x(), { samples: 2 });
    expect([drop.step, drop.pass, drop.sampling]).toEqual([4, 0, undefined]);
    expect((model.predict(x()) as tf.Tensor).dataSync()).toEqual(before);
    const other = theirs();
    await monteCarlo(other, x(), { samples: 2 });
    expect(Object.hasOwn(other.layers[2]!, "call")).toBe(false);
    const tensors = tf.memory().numTensors;
    const input = x();
    await monteCarlo(other, input, { samples: 2 });
    expect(tf.memory().numTensors).toBe(tensors + 1);
  });

  test("reaches into nested models and wrappers, shares what a layer shares, takes several inputs", async () => {
    const inner = tf.sequential({
      layers: [dense(6, 3, { inputShape: [5] }), layers.dropPath({ rate: 0.5, per: "batch" })],
    });
    const [a, b] = [tf.input({ shape: [3, 5] }), tf.input({ shape: [4] })];
    const steps = tf.layers.timeDistributed({ layer: tf.layers.dropout({ rate: 0.5, name: "inside" }) }).apply(a);
    const pooled = tf.layers.globalAveragePooling1d({}).apply(steps) as tf.SymbolicTensor;
    const both = tf.layers.concatenate().apply([inner.apply(pooled) as tf.SymbolicTensor, b]);
    const end = dense(2, 4, { activation: "sigmoid" }).apply(both) as tf.SymbolicTensor;
    const model = tf.model({ inputs: [a, b], outputs: end });
    const inputs = [tf.randomUniform([5, 3, 5], 0, 1, "float32", 1), tf.randomUniform([5, 4], 0, 1, "float32", 2)];
    const options = { samples: 6, key: key(2), masks: "independent" } as const;
    const found = await monteCarlo(model, inputs, options);
    expect(found.kind).toBe("labels");
    expect((await monteCarlo(model, inputs, { ...options, batchSize: 2 })).passes).toEqual(found.passes);
    expect(new Set(found.passes).size).toBeGreaterThan(10);
  });

  test.each<[string, () => Promise<unknown>, string]>([
    [
      "no noise layer",
      () => monteCarlo(tf.sequential({ layers: [dense(2, 1, { inputShape: [4] })] }), x()),
      "monteCarlo: the model must have a noise layer, got none",
    ],
    [
      "dropout inside an LSTM alone",
      () =>
        monteCarlo(
          tf.sequential({ layers: [tf.layers.lstm({ units: 2, inputShape: [3, 4], dropout: 0.5, name: "cell" })] }),
          tf.ones([1, 3, 4]),
        ),
      "monteCarlo: the model must have a noise layer, got none; dropout inside cell draws in training only",
    ],
    ["one pass", () => monteCarlo(ours(), x(), { samples: 1 }), "monteCarlo: samples must be at least 2, got 1"],
    [
      "another kind of masks",
      () => monteCarlo(ours(), x(), { masks: "fixed" as never }),
      'monteCarlo: masks must be "consistent" or "independent", got "fixed"',
    ],
    ["no model", () => monteCarlo({} as never, x()), "monteCarlo: model must be a model of TensorFlow.js layers, got "],
  ])("%s is refused", async (_, call, message) => {
    await expect(call()).rejects.toThrow(message);
  });
});

describe("withoutHadamask", () => {
  test("predicts the same, names no layer of ours, and is saved as TensorFlow.js's own", async () => {
    const stack = [dense(8, 5, { activation: "tanh" }), dense(8, 6)];
    const model = tf.sequential({
      layers: [
        tf.layers.reshape({ targetShape: [2, 2, 1], inputShape: [4] }),
        layers.spatialDropout2d({ rate: 0.2 }),
        layers.dropBlock2d({ rate: 0.1, blockSize: 1 }),
        tf.layers.flatten(),
        layers.dropConnect({ rate: 0.3, units: 8, kernelInitializer: seeded(9) }),
        layers.alphaDropout({ rate: 0.1 }),
        layers.layerDrop({ rate: 0.5, layers: stack }),
        layers.dropout({ keep: 0.5, noiseShape: [null, 1] }),
        layers.gaussianNoise({ stddev: 0.1 }),
        dense(3, 7),
        layers.attentionDropout({ rate: 0.1 }),
      ],
    });
    const plain = await withoutHadamask(model);
    const predict = (m: tf.LayersModel) => [...(m.predict(x()) as tf.Tensor).dataSync()];
    predict(plain).forEach((value, i) => {
      expect(value).toBeCloseTo(predict(model)[i]!, 6);
    });
    expect(plain.layers.map((layer) => layer.getClassName())).toEqual(
      "Reshape Dropout Activation Flatten Dense Activation Sequential Dropout GaussianNoise Dense Softmax".split(" "),
    );
    expect(plain.layers[7]!.getConfig()).toMatchObject({ rate: 0.5, noiseShape: [null, 1] });
    expect(JSON.stringify(plain.toJSON(null, false))).not.toMatch(
      /"class_name":"(Hadamask|DropBlock|DropConnect|LayerDrop)/,
    );
    const loaded = await saveAndLoad(plain);
    expect(weightsOf(loaded)).toEqual(weightsOf(model));
    expect(predict(loaded)).toEqual(predict(plain));
  });

  test("trains on where TensorFlow.js has the layer, and refuses what it has nothing for", async () => {
    const plain = await withoutHadamask(ours());
    const dropped = plain.apply(x(), { training: true }) as tf.Tensor;
    expect([...dropped.dataSync()]).not.toEqual([...(plain.predict(x()) as tf.Tensor).dataSync()]);
    const input = tf.input({ shape: [3, 2] });
    const attended = layers.attention({ rate: 0.5, name: "heads" }).apply([input, input, input]) as tf.SymbolicTensor;
    await expect(withoutHadamask(tf.model({ inputs: input, outputs: attended }))).rejects.toThrow(
      "withoutHadamask: the model must not have layers that TensorFlow.js has no match for, got " +
        "HadamaskAttention heads",
    );
  });
});
