// The layers for TensorFlow.js against the library's own: same masks, same products, same gradients, on every back end that runs here.

import { createRequire } from "node:module";
import { dirname } from "node:path";
import * as tf from "@tensorflow/tfjs";
import { setWasmPaths } from "@tensorflow/tfjs-backend-wasm";
import {
  AlphaDropout,
  DropBlock2D,
  DropBlock3D,
  Dropout,
  DropPath,
  type FloatArray,
  GaussianDropout,
  GaussianNoise,
  key,
  SpatialDropout1D,
  SpatialDropout2D,
  SpatialDropout3D,
  UniformDropout,
} from "hadamask";
import { layers, type TfNoiseLayer } from "hadamask/tfjs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const SEED = 7;
const common = { seed: SEED, trainingOnly: false } as const;
const ours = { key: key(SEED) } as const;

interface Row {
  readonly name: string;
  readonly tf: () => TfNoiseLayer;
  readonly library: () => {
    mode: string;
    forward(x: FloatArray, options: never): FloatArray;
    backward(dy: FloatArray): FloatArray;
  };
  readonly shape: readonly number[];
}

const rows: readonly Row[] = [
  {
    name: "dropout",
    tf: () => layers.dropout({ rate: 0.4, ...common }),
    library: () => new Dropout({ rate: 0.4, ...ours }),
    shape: [3, 5],
  },
  {
    name: "spatialDropout1d",
    tf: () => layers.spatialDropout1d({ rate: 0.5, ...common }),
    library: () => new SpatialDropout1D({ rate: 0.5, ...ours }),
    shape: [2, 3, 5],
  },
  {
    name: "spatialDropout2d",
    tf: () => layers.spatialDropout2d({ rate: 0.5, ...common }),
    library: () => new SpatialDropout2D({ rate: 0.5, ...ours }),
    shape: [2, 3, 2, 5],
  },
  {
    name: "spatialDropout2d, channels first",
    tf: () => layers.spatialDropout2d({ rate: 0.5, dataFormat: "channelsFirst", ...common }),
    library: () => new SpatialDropout2D({ rate: 0.5, dataFormat: "channels-first", ...ours }),
    shape: [2, 5, 3, 2],
  },
  {
    name: "spatialDropout3d",
    tf: () => layers.spatialDropout3d({ rate: 0.5, ...common }),
    library: () => new SpatialDropout3D({ rate: 0.5, ...ours }),
    shape: [2, 2, 1, 2, 5],
  },
  {
    name: "gaussianDropout",
    tf: () => layers.gaussianDropout({ rate: 0.3, ...common }),
    library: () => new GaussianDropout({ rate: 0.3, ...ours }),
    shape: [4, 3],
  },
  {
    name: "uniformDropout",
    tf: () => layers.uniformDropout({ rate: 0.2, ...common }),
    library: () => new UniformDropout({ rate: 0.2, ...ours }),
    shape: [4, 3],
  },
  {
    name: "gaussianNoise",
    tf: () => layers.gaussianNoise({ stddev: 1.5, ...common }),
    library: () => new GaussianNoise({ deviation: 1.5, ...ours }),
    shape: [4, 3],
  },
  {
    name: "alphaDropout",
    tf: () => layers.alphaDropout({ rate: 0.4, ...common }),
    library: () => new AlphaDropout({ rate: 0.4, ...ours }),
    shape: [4, 5],
  },
  {
    name: "alphaDropout, one decision a row",
    tf: () => layers.alphaDropout({ rate: 0.4, noiseShape: [null, 1], ...common }),
    library: () => new AlphaDropout({ rate: 0.4, sharedAxes: [1], ...ours }),
    shape: [6, 3],
  },
  {
    name: "dropPath",
    tf: () => layers.dropPath({ rate: 0.5, ...common }),
    library: () => new DropPath({ rate: 0.5, ...ours }),
    shape: [6, 3],
  },
  {
    name: "dropPath, per batch",
    tf: () => layers.dropPath({ rate: 0.5, per: "batch", ...common }),
    library: () => new DropPath({ rate: 0.5, per: "batch", ...ours }),
    shape: [6, 3],
  },
  {
    name: "dropBlock2d",
    tf: () => layers.dropBlock2d({ rate: 0.3, blockSize: 2, ...common }),
    library: () => new DropBlock2D({ rate: 0.3, blockSize: 2, dataFormat: "channels-last", ...ours }),
    shape: [2, 5, 4, 3],
  },
  {
    name: "dropBlock3d",
    tf: () => layers.dropBlock3d({ rate: 0.3, blockSize: [1, 2, 2], blocks: "cut", scaleBy: "place", ...common }),
    library: () =>
      new DropBlock3D({
        rate: 0.3,
        blockSize: [1, 2, 2],
        blocks: "cut",
        scaleBy: "place",
        dataFormat: "channels-last",
        ...ours,
      }),
    shape: [1, 2, 4, 3, 2],
  },
];

const valuesOf = (shape: readonly number[]): Float32Array =>
  Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => Math.sin(i + 1) * 3);
const near = (found: ArrayLike<number>, expected: ArrayLike<number>): void => {
  expect(found.length).toBe(expected.length);
  // The multiplier is rounded to float32 before the product, the library's product after it: two roundings against one.
  for (let i = 0; i < found.length; i++) {
    expect(Math.abs(found[i]! - expected[i]!)).toBeLessThanOrEqual(4 * 2 ** -24 * Math.max(1, Math.abs(expected[i]!)));
    expect(found[i] === 0).toBe(expected[i] === 0);
  }
};

describe.each(["cpu", "wasm"])("on the %s back end", (backend) => {
  beforeAll(async () => {
    const folder = dirname(createRequire(import.meta.url).resolve("@tensorflow/tfjs-backend-wasm/package.json"));
    setWasmPaths(`${folder}/dist/`);
    await tf.setBackend(backend);
    expect(tf.getBackend()).toBe(backend);
  });
  afterAll(async () => {
    await tf.setBackend("cpu");
  });

  describe.each(rows)("$name", (row) => {
    test("is the library's layer in training, step after step, and in prediction pass after pass", () => {
      const layer = row.tf();
      const library = row.library();
      const x = valuesOf(row.shape);
      const input = tf.tensor(x, [...row.shape]);
      for (const training of [true, true, false, true, false]) {
        library.mode = training ? "train" : "sample";
        const y = layer.apply(input, { training }) as tf.Tensor;
        near(y.dataSync(), library.forward(x, { shape: row.shape } as never));
        y.dispose();
      }
      input.dispose();
    });

    test("has the library's gradient", () => {
      const layer = row.tf();
      const library = row.library();
      const x = valuesOf(row.shape);
      const dy = valuesOf(row.shape).map((v, i) => v + i);
      const gradient = tf.tidy(() => {
        const f = (input: tf.Tensor): tf.Tensor => layer.apply(input, { training: true }) as tf.Tensor;
        return tf
          .grad(f)(tf.tensor(x, [...row.shape]), tf.tensor(dy, [...row.shape]))
          .dataSync();
      });
      library.forward(x, { shape: row.shape } as never);
      near(gradient, library.backward(dy));
    });

    test("keeps no tensors", () => {
      const layer = row.tf();
      const input = tf.tensor(valuesOf(row.shape), [...row.shape]);
      layer.apply(input, { training: true });
      const before = tf.memory().numTensors;
      tf.tidy(() => {
        for (let t = 0; t < 3; t++) layer.apply(input, { training: true });
      });
      expect(tf.memory().numTensors).toBe(before);
    });
  });

  test("dropped places are +0 in value and gradient where NaN and infinities were", () => {
    const layer = layers.dropout({ rate: 0.5, seed: SEED });
    const kept = new Dropout({ rate: 0.5, ...ours }).forward(new Float32Array(64).fill(1));
    const bad = Float32Array.from({ length: 64 }, (_, i) => (kept[i] === 0 ? [Number.NaN, -1 / 0][i % 2]! : 1));
    const [y, dx] = tf.tidy(() => {
      const f = (x: tf.Tensor): tf.Tensor => layer.apply(x, { training: true }) as tf.Tensor;
      const value = f(tf.tensor1d(bad)).dataSync();
      layer.step = 0;
      return [value, tf.grad(f)(tf.tensor1d(bad), tf.tensor1d(bad)).dataSync()];
    });
    expect([...y]).toEqual([...kept]);
    expect([...dx]).toEqual([...kept]);
  });
});

describe("modes and ends", () => {
  let ones: tf.Tensor;

  beforeAll(async () => {
    await tf.setBackend("cpu");
    ones = tf.ones([4, 8]);
  });

  test("without training nothing changes, unless asked for", () => {
    const layer = layers.dropout({ rate: 0.5, seed: 1 });
    expect([...(layer.apply(ones) as tf.Tensor).dataSync()]).toEqual([...ones.dataSync()]);
    expect(layer.step).toBe(0);
    const always = layers.dropout({ rate: 0.5, seed: 1, trainingOnly: false });
    expect((always.apply(ones) as tf.Tensor).dataSync()).toContain(0);
  });

  test("seeded masks differ from step to step, where those of TensorFlow.js repeat", () => {
    const masks = (layer: tf.layers.Layer): Set<string> =>
      new Set([0, 1, 2].map(() => String((layer.apply(ones, { training: true }) as tf.Tensor).dataSync())));
    expect(masks(layers.dropout({ rate: 0.5, seed: 1 })).size).toBe(3);
    expect(masks(tf.layers.dropout({ rate: 0.5, seed: 1 })).size).toBe(1);
  });

  test("rate 1 drops everything, where TensorFlow.js does nothing; other rates are refused", () => {
    const train = (layer: tf.layers.Layer): number[] => [
      ...(layer.apply(ones, { training: true }) as tf.Tensor).dataSync(),
    ];
    expect(train(layers.dropout({ rate: 1 }))).toEqual(new Array(32).fill(0));
    expect(train(layers.alphaDropout({ rate: 1 }))).toEqual(new Array(32).fill(0));
    expect(train(tf.layers.dropout({ rate: 1 }))).toEqual(new Array(32).fill(1));
    expect(() => layers.dropout({ rate: 1.5 })).toThrowError("Dropout: rate must be in [0, 1], got 1.5");
    expect(() => layers.dropout({ rate: Number.NaN })).toThrowError("Dropout: rate must be in [0, 1], got NaN");
  });

  test("alpha dropout keeps mean 0 and variance 1, where that of TensorFlow.js does not", () => {
    const n = 200_000;
    const x = tf.randomNormal([n], 0, 1, "float32", 3);
    const meanOf = (layer: tf.layers.Layer): number =>
      (tf.mean(layer.apply(x, { training: true }) as tf.Tensor) as tf.Scalar).dataSync()[0]!;
    // The outputs have variance 1, so six standard errors of their mean are 0.014.
    expect(Math.abs(meanOf(layers.alphaDropout({ rate: 0.5, seed: 1 })))).toBeLessThan(0.014);
    expect(meanOf(tf.layers.alphaDropout({ rate: 0.5 }))).toBeGreaterThan(1.5);
    x.dispose();
  });

  test("noiseShape shares decisions", () => {
    const y = layers
      .dropout({ rate: 0.5, seed: 2, noiseShape: [null, 1] })
      .apply(ones, { training: true }) as tf.Tensor;
    for (const row of y.arraySync() as number[][]) expect(new Set(row).size).toBe(1);
    const wrong = layers.dropout({ rate: 0.5, noiseShape: [2, 8] });
    expect(() => wrong.apply(ones, { training: true })).toThrowError(
      "HadamaskDropout: noiseShape must have 1, null or the length of each axis of [4,8], got [2,8]",
    );
  });

  test("wrong settings are refused in words", () => {
    expect(() => layers.spatialDropout2d({ rate: 0.5, dataFormat: "NHWC" as never })).toThrowError(
      'SpatialDropout2D: dataFormat must be "channelsFirst" or "channelsLast", got "NHWC"',
    );
    expect(() => layers.dropout({ rate: 0.5, step: -1 })).toThrowError(
      "HadamaskDropout: step must be a whole number in [0, 2^53), got -1",
    );
    expect(() => layers.dropout({ rate: 0.5, trainingOnly: "no" as never })).toThrowError(
      'HadamaskDropout: trainingOnly must be true or false, got "no"',
    );
    expect(() => layers.dropout({ rate: 0.5, key: 5 as never })).toThrowError(
      "HadamaskDropout: key must be a key of two 32-bit words, got 5; make one with key(seed)",
    );
    expect(() => layers.spatialDropout2d({ rate: 0.5 }).apply(ones)).toThrowError(/expected ndim=4/);
  });
});
