// Layers for TensorFlow.js that change more than values: words, sequences that get shorter, stacks, attention,
// several masks at once.

import * as tf from "@tensorflow/tfjs";
import { Attention, Dropout, key, LayerDrop, TokenDropout, unpackMask, WordDropout } from "hadamask";
import { layers, multiSampleLoss } from "hadamask/tfjs";
import { beforeAll, describe, expect, test } from "vitest";

const training = { training: true } as const;
const values = (x: tf.Tensor | tf.Tensor[] | tf.SymbolicTensor | tf.SymbolicTensor[]): number[] => [
  ...(x as tf.Tensor).dataSync(),
];

beforeAll(async () => {
  await tf.setBackend("cpu");
});

describe("wordDropout", () => {
  const words = [5, 8, 5, 9, 8, 8, 1, 5];

  test.each(["sequence", "batch", "none"] as const)("replaces the words that the library replaces, tie %s", (tie) => {
    const settings = { rate: 0.5, replacement: 0, tie, exempt: [1] } as const;
    const layer = layers.wordDropout({ ...settings, seed: 2 });
    const library = new WordDropout({ ...settings, key: key(2) });
    const seen = new Set<string>();
    for (let t = 0; t < 4; t++) {
      const found = layer.apply(tf.tensor2d(words, [2, 4], "int32"), training) as tf.Tensor;
      expect(found.dtype).toBe("int32");
      expect(values(found)).toEqual([...library.forward(words, { shape: [2, 4] })]);
      seen.add(String(values(found)));
    }
    expect(seen.size).toBeGreaterThan(1);
    expect(values(layer.apply(tf.tensor2d(words, [2, 4])))).toEqual(words);
  });

  test("takes the numbers that TensorFlow.js's inputs are", () => {
    const layer = layers.wordDropout({ rate: 1, replacement: 3, seed: 1 });
    expect(values(layer.apply(tf.tensor2d([1, 2], [1, 2]), training))).toEqual([3, 3]);
    expect(() => layer.apply(tf.tensor2d([1.5, 2], [1, 2]), training)).toThrowError(
      "WordDropout.forward: words[0] must be a whole number in [0, 2147483648), got 1.5",
    );
  });
});

describe("tokenDropout", () => {
  test("gives sequences of unknown length to what follows, of a known one where it always drops", () => {
    const shape = (trainingOnly: boolean) =>
      layers.tokenDropout({ rate: 0.5, prefix: 1, trainingOnly }).computeOutputShape([null, 7, 2]);
    expect(shape(true)).toEqual([null, null, 2]);
    expect(shape(false)).toEqual([null, 4, 2]);
  });

  test("keeps only the prefix at rate 1, and nothing at all without one", () => {
    const x = tf.tensor3d([1, 2, 3, 4, 5, 6], [2, 3, 1]);
    const left = (prefix: number) => layers.tokenDropout({ rate: 1, prefix }).apply(x, training) as tf.Tensor;
    expect(values(left(1))).toEqual([1, 4]);
    expect(left(0).shape).toEqual([2, 0, 1]);
  });

  test("takes out what the library takes out, NaN without a trace in the gradient", () => {
    const x = Float32Array.from([1, Number.NaN, 3, Number.NaN, 5, 6]);
    const library = new TokenDropout({ rate: 0.5, key: key(1) });
    const y = library.forward(x, { shape: [1, 6, 1] });
    const layer = layers.tokenDropout({ rate: 0.5, seed: 1 });
    const gradient = tf.grad((t: tf.Tensor) => layer.apply(t, training) as tf.Tensor);
    const dx = gradient(
      tf.tensor3d(x, [1, 6, 1]),
      tf.tensor3d(
        y.map(() => 2),
        [1, 3, 1],
      ),
    );
    expect(values(dx)).toEqual([...library.backward(y.map(() => 2))]);
  });
});

describe("layerDrop", () => {
  const scale = (by: number) =>
    tf.layers.dense({
      units: 1,
      useBias: false,
      inputShape: [1],
      kernelInitializer: tf.initializers.constant({ value: by }),
    });
  const stack = (trainingOnly = true) =>
    layers.layerDrop({ rate: 0.5, seed: 6, layers: [2, 3, 5, 7].map(scale), trainingOnly });

  test("runs the layers that the library's runs, and all of them in prediction", () => {
    const twice = (by: number) => ({ forward: (x: number[]) => x.map((v) => by * v), backward: (dy: number[]) => dy });
    const library = new LayerDrop({ rate: 0.5, key: key(6), layers: [2, 3, 5, 7].map(twice) as never });
    const layer = stack();
    const found = Array.from({ length: 8 }, () => values(layer.apply(tf.ones([1, 1]), training))[0]);
    expect(found).toEqual(Array.from({ length: 8 }, () => library.forward([1])[0]));
    expect(new Set(found).size).toBeGreaterThan(2);
    expect(values(layer.apply(tf.ones([1, 1])))).toEqual([210]);
  });

  test("trains the layers that ran, and leaves the others as they are", async () => {
    const layer = stack();
    const model = tf.sequential({ layers: [tf.layers.inputLayer({ inputShape: [1] }), layer] });
    expect(model.trainableWeights).toHaveLength(4);
    model.compile({ optimizer: tf.train.sgd(1e-4), loss: "meanSquaredError" });
    await model.fit(tf.ones([1, 1]), tf.zeros([1, 1]), { verbose: 0 });
    const decisions = new Dropout({ rate: 0.5, key: key(6) }).forward(new Float32Array(4).fill(1), { step: 0 });
    const moved = layer.getWeights().map((w, l) => values(w)[0] !== [2, 3, 5, 7][l]);
    expect(moved).toEqual([...decisions].map((d) => d !== 0));
    expect(new Set(moved).size).toBe(2);
  });

  test("passes training on to what it holds", () => {
    const layer = layers.layerDrop({ rate: 0, layers: [layers.dropout({ rate: 1 })] });
    expect(values(layer.apply(tf.ones([1, 2]), training))).toEqual([0, 0]);
    expect(values(layer.apply(tf.ones([1, 2])))).toEqual([1, 1]);
  });

  test("refuses what is no stack", () => {
    expect(() => layers.layerDrop({ rate: 0.5, layers: 3 as never })).toThrowError(
      "LayerDrop: layers must be an array of layers, got 3",
    );
    expect(() => layers.layerDrop({ rate: 0.5, layers: [3 as never] })).toThrowError(
      "LayerDrop: layers[0] must be a layer of TensorFlow.js, got 3",
    );
    const wider = layers.layerDrop({ rate: 0.5, layers: [tf.layers.dense({ units: 3 })] });
    expect(() => wider.apply(tf.ones([1, 2]))).toThrowError(
      "LayerDrop: layers[0] must give the shape it takes, [1,2], got [1,3]",
    );
  });
});

describe("attention", () => {
  const shape = { batch: 2, heads: 2, queries: 3, keys: 4, width: 2, valueWidth: 5 } as const;
  const numbers = (n: number, phase: number) => Float32Array.from({ length: n }, (_, i) => Math.sin(i + phase));
  const [q, k, v] = [numbers(24, 0), numbers(32, 1), numbers(80, 2)];
  const tensors = () => [tf.tensor(q, [2, 2, 3, 2]), tf.tensor(k, [2, 2, 4, 2]), tf.tensor(v, [2, 2, 4, 5])];
  const close = (found: number[], expected: ArrayLike<number>) => {
    expect(found).toHaveLength(expected.length);
    // Sums of up to 5 products of numbers below 2 in float32, where the library adds in float64.
    found.forEach((value, i) => {
      expect(Math.abs(value - expected[i]!)).toBeLessThan(32 * 2 ** -24);
    });
  };

  test("is the library's: output, weights before the mask, gradients; nothing is dropped in prediction", () => {
    const layer = layers.attention({ rate: 0.5, seed: 3, returnWeights: true });
    const library = new Attention({ rate: 0.5, key: key(3) });
    const bias = tf.tensor2d([0, 0, 0, Number.NEGATIVE_INFINITY, 0, 0, 0, 0, 0, 1, 2, 3], [3, 4]);
    const options = { shape, bias: bias.dataSync() as Float32Array };
    for (const isTraining of [true, true, false]) {
      library.mode = isTraining ? "train" : "eval";
      const [y, weights] = layer.apply([...tensors(), bias], { training: isTraining }) as tf.Tensor[];
      const expected = library.forward(q, k, v, options);
      close(values(y!), expected.output);
      close(values(weights!), expected.weights);
      expect(y!.shape).toEqual([2, 2, 3, 5]);
    }
    library.mode = "train";
    library.forward(q, k, v, { ...options, step: 0 });
    const back = numbers(60, 5);
    const { dq, dk, dv } = library.backward(back);
    layer.step = 0;
    const f = (...inputs: tf.Tensor[]) => (layer.apply([...inputs, bias], training) as tf.Tensor[])[0]!;
    const found = tf.grads(f)(tensors(), tf.tensor(back, [2, 2, 3, 5]));
    [dq, dk, dv].forEach((expected, i) => {
      close(values(found[i]!), expected);
    });
  });

  test.each(["weights", "keys", "heads"] as const)(
    "is the library's where it drops %s of causal attention",
    (drops) => {
      const layer = layers.attention({ rate: 0.5, seed: 3, drops, isCausal: true, returnWeights: true });
      const library = new Attention({ rate: 0.5, key: key(3), drops, isCausal: true });
      for (const isTraining of [true, true, false]) {
        library.mode = isTraining ? "train" : "eval";
        const [y, weights] = layer.apply(tensors(), { training: isTraining }) as tf.Tensor[];
        const expected = library.forward(q, k, v, { shape });
        close(values(y!), expected.output);
        close(values(weights!), expected.weights);
      }
      library.mode = "train";
      library.forward(q, k, v, { shape, step: 1 });
      const back = numbers(60, 5);
      const { dq, dk, dv } = library.backward(back);
      layer.step = 1;
      const f = (...inputs: tf.Tensor[]) => (layer.apply(inputs, training) as tf.Tensor[])[0]!;
      const found = tf.grads(f)(tensors(), tf.tensor(back, [2, 2, 3, 5]));
      [dq, dk, dv].forEach((expected, i) => {
        close(values(found[i]!), expected);
      });
      expect(layer.getConfig()).toMatchObject({ drops, isCausal: true });
    },
  );

  test("refuses what it does not know", () => {
    expect(() => layers.attention({ rate: 0.5, drops: "queries" as never })).toThrowError(
      'HadamaskAttention: drops must be "weights", "keys" or "heads", got "queries"',
    );
    expect(() => layers.attention({ rate: 0.5, isCausal: 1 as never })).toThrowError(
      "HadamaskAttention: isCausal must be true or false, got 1",
    );
    const three = tf.ones([1, 2, 2]);
    expect(() => layers.attention({ rate: 0.5, drops: "heads" }).apply([three, three, three])).toThrowError(
      'HadamaskAttention: queries must be [batch,heads,length,width] with drops "heads", got [1,2,2]',
    );
  });

  test("gives a query that sees no key the weights 0", () => {
    const hidden = tf.fill([1, 2], Number.NEGATIVE_INFINITY);
    const layer = layers.attention({ rate: 0, returnWeights: true });
    const [y, weights] = layer.apply([
      tf.ones([1, 1, 2]),
      tf.ones([1, 2, 2]),
      tf.ones([1, 2, 3]),
      hidden,
    ]) as tf.Tensor[];
    expect(values(weights!)).toEqual([0, 0]);
    expect(values(y!)).toEqual([0, 0, 0]);
  });

  test("says its shapes to models", () => {
    const shapes = [
      [null, 3, 2],
      [null, 4, 2],
      [null, 4, 5],
    ] as tf.Shape[];
    expect(layers.attention({ rate: 0.1 }).computeOutputShape(shapes)).toEqual([null, 3, 5]);
    expect(layers.attention({ rate: 0.1, returnWeights: true }).computeOutputShape(shapes)).toEqual([
      [null, 3, 5],
      [null, 3, 4],
    ]);
  });
});

test("attentionDropout in prediction is the softmax", () => {
  const scores = tf.tensor2d([0, 0, Math.log(3), 0], [2, 2]);
  const weights = values(layers.attentionDropout({ rate: 0.5 }).apply(scores));
  [0.5, 0.5, 0.75, 0.25].forEach((w, i) => {
    expect(weights[i]).toBeCloseTo(w, 6);
  });
});

test("multiSampleLoss is the mean over the copies of a batch, and the loss itself without copies", () => {
  const layer = layers.multiSampleDropout({ rate: 0.5, samples: 2, seed: 1 });
  const x = tf.tensor2d([1, 2, 3, 4], [4, 1]);
  const y = layer.apply(x, training) as tf.Tensor;
  const kept = unpackMask(layerMask(8), 8);
  expect(values(y)).toEqual([1, 2, 3, 4, 1, 2, 3, 4].map((value, i) => (kept[i] ? 2 * value : 0)));
  const loss = multiSampleLoss(tf.metrics.meanSquaredError);
  expect(values(loss(x, y))).toEqual(values(y).map((value, i) => (value - values(x)[i % 4]!) ** 2));
  expect(values(loss(x, x))).toEqual([0, 0, 0, 0]);
  expect(() => layers.multiSampleDropout({ rate: 0.5, samples: 0 })).toThrowError(
    /MultiSampleDropout: samples must be/,
  );
});

function layerMask(n: number): Uint32Array {
  const library = new Dropout({ rate: 0.5, key: key(1) });
  library.forward(new Float32Array(n));
  return library.mask!;
}
