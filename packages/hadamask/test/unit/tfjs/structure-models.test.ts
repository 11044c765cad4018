// Models of TensorFlow.js with layers of ours that change structure: trained with fit, saved, loaded, trained on with
// the same masks.

import * as tf from "@tensorflow/tfjs";
import { layers, multiSampleLoss, TfLayerDrop, TfNoiseLayer } from "hadamask/tfjs";
import { beforeAll, describe, expect, test } from "vitest";
import { saveAndLoad, weightsOf } from "./save-and-load.js";

beforeAll(async () => {
  await tf.setBackend("cpu");
});

describe("a model of layers that change structure", () => {
  const words = tf.tensor2d(
    Array.from({ length: 16 * 6 }, (_, i) => 1 + ((i * 5) % 11)),
    [16, 6],
  );
  const labels = tf.tensor2d(
    Array.from({ length: 16 }, (_, i) => i % 2),
    [16, 1],
  );
  const seeded = (seed: number) => tf.initializers.glorotUniform({ seed });

  /** Words to a number: every layer here that is not in the networks above. */
  function reader(): tf.LayersModel {
    const input = tf.input({ shape: [6] });
    const known = layers.wordDropout({ rate: 0.2, replacement: 0, exempt: [1], seed: 1 }).apply(input);
    const embedding = tf.layers.embedding({ inputDim: 12, outputDim: 4, embeddingsInitializer: seeded(1) });
    const vectors = layers
      .embeddingDropout({ rate: 0.2, tie: "batch", seed: 2 })
      .apply([embedding.apply(known) as tf.SymbolicTensor, input]) as tf.SymbolicTensor;
    const fewer = layers.tokenDropout({ rate: 0.5, prefix: 1, seed: 3 }).apply(vectors) as tf.SymbolicTensor;
    const attended = layers.attention({ rate: 0.2, seed: 4 }).apply([fewer, fewer, fewer]);
    const pooled = tf.layers.globalAveragePooling1d({}).apply(attended);
    const block = (seed: number) =>
      tf.sequential({
        layers: [
          tf.layers.dense({ units: 4, inputShape: [4], activation: "tanh", kernelInitializer: seeded(seed) }),
          layers.dropout({ rate: 0.1, seed: 20 + seed }),
        ],
      });
    const deep = layers.layerDrop({ rate: 0.3, seed: 5, layers: [block(2), block(3)] }).apply(pooled);
    const nodes = layers.nodeDropout({ rate: 0.1, seed: 6 }).apply(deep);
    const several = layers.multiSampleDropout({ rate: 0.5, samples: 3, seed: 7 }).apply(nodes);
    const output = tf.layers.dense({ units: 1, kernelInitializer: seeded(4) }).apply(several) as tf.SymbolicTensor;
    return tf.model({ inputs: input, outputs: output });
  }
  const prepare = (model: tf.LayersModel): tf.LayersModel => {
    model.compile({ optimizer: tf.train.sgd(0.1), loss: multiSampleLoss(tf.metrics.meanSquaredError) });
    return model;
  };
  const train = async (model: tf.LayersModel, epochs: number) =>
    (await model.fit(words, labels, { epochs, batchSize: 8, shuffle: false, verbose: 0 })).history.loss as number[];

  test("trains; saved and loaded half way it goes on with the same masks", async () => {
    const whole = prepare(reader());
    const uninterrupted = await train(whole, 4);
    const first = prepare(reader());
    const before = await train(first, 2);
    const loaded = prepare(await saveAndLoad(first));
    const configs = (m: tf.LayersModel) => m.layers.filter((l) => l instanceof TfNoiseLayer).map((l) => l.getConfig());
    expect(configs(loaded)).toEqual(configs(first));
    expect(configs(loaded)).toHaveLength(7);
    expect([...before, ...(await train(loaded, 2))]).toEqual(uninterrupted);
    expect(weightsOf(loaded)).toEqual(weightsOf(whole));
    expect(uninterrupted.at(-1)).toBeLessThan(uninterrupted[0]!);
  });

  test("predicts without noise and on whole sequences, the same before and after saving", async () => {
    const model = prepare(reader());
    await train(model, 1);
    const predict = (m: tf.LayersModel) => [...(m.predict(words) as tf.Tensor).dataSync()];
    expect(predict(model)).toHaveLength(16);
    expect(predict(model)).toEqual(predict(model));
    expect(predict(await saveAndLoad(model))).toEqual(predict(model));
    expect((model.evaluate(words, labels) as tf.Scalar).dataSync()[0]).toBeGreaterThan(0);
  });

  test("of a graph is trained and saved too", async () => {
    const messages = tf.input({ shape: [2] });
    const ends = tf.input({ shape: [2] });
    const kept = layers.edgeDropout({ rate: 0.5, isUndirected: true, seed: 8 }).apply([messages, ends]);
    const output = tf.layers.dense({ units: 1, kernelInitializer: seeded(1) }).apply(kept) as tf.SymbolicTensor;
    const model = tf.model({ inputs: [messages, ends], outputs: output });
    const edges = tf.tensor2d([0, 1, 1, 0, 1, 2, 2, 1], [4, 2]);
    const run = (m: tf.LayersModel) =>
      [...(m.apply([tf.ones([4, 2]), edges], { training: true }) as tf.Tensor).dataSync()] as const;
    const steps = Array.from({ length: 6 }, () => run(model));
    for (const [a, b, c, d] of steps) expect([a, c]).toEqual([b, d]);
    expect(new Set(steps.map(String)).size).toBeGreaterThan(1);
    const loaded = await saveAndLoad(model);
    expect(run(loaded)).toEqual(run(model));
  });

  test("of attention weights is saved with both outputs", async () => {
    const x3 = tf.input({ shape: [3, 2] });
    const [y3, w3] = layers
      .attention({ rate: 0.5, returnWeights: true, seed: 9 })
      .apply([x3, x3, x3]) as tf.SymbolicTensor[];
    const again = layers.attentionDropout({ rate: 0.5, seed: 10 }).apply(w3!) as tf.SymbolicTensor;
    const model = tf.model({ inputs: x3, outputs: [y3!, again] });
    const run = (m: tf.LayersModel) =>
      (m.apply(tf.ones([1, 3, 2]), { training: true }) as tf.Tensor[]).map((t) => [...t.dataSync()]);
    const first = run(model);
    expect(first).not.toEqual(run(model));
    expect(run(await saveAndLoad(model))).toEqual(run(model));
  });

  test("with a layer that nobody registered is refused in words", () => {
    const config = { rate: 0.5, layers: [{ className: "Nothing", config: {} }] };
    expect(() => TfLayerDrop.fromConfig(TfLayerDrop as never, config as never)).toThrowError(
      "LayerDrop: unknown layer Nothing; register it with tf.serialization.registerClass",
    );
  });
});
