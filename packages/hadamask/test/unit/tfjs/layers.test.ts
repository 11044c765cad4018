// The layers for TensorFlow.js against the library's own: same masks, same products, same gradients, on every back
// end that runs in Node. (test/browser/tfjs.test.ts has those that a browser adds.)

import { createRequire } from "node:module";
import { dirname } from "node:path";
import * as tf from "@tensorflow/tfjs";
import { setWasmPaths } from "@tensorflow/tfjs-backend-wasm";
import { Dropout, GaussianDropout, key } from "hadamask";
import { layers } from "hadamask/tfjs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { holdRows } from "./hold-rows.js";
import { ours, SEED } from "./rows.js";

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

  holdRows();

  test("products and gradients are the library's to the bit", () => {
    const n = 1000;
    const x = Float32Array.from({ length: n }, (_, i) => Math.sin(i));
    const layer = layers.dropout({ rate: 0.1, seed: SEED });
    const library = new Dropout({ rate: 0.1, ...ours });
    const [y, dx] = tf.tidy(() => {
      const f = (t: tf.Tensor): tf.Tensor => layer.apply(t, { training: true }) as tf.Tensor;
      const value = f(tf.tensor1d(x)).dataSync();
      layer.step = 0;
      return [value, tf.grad(f)(tf.tensor1d(x), tf.tensor1d(x)).dataSync()];
    });
    expect([...y]).toEqual([...library.forward(x)]);
    expect([...dx]).toEqual([...library.backward(x)]);
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

  test("rates may change between steps, as from a schedule; wrong ones are refused and change nothing", () => {
    const layer = layers.gaussianDropout({ rate: 0.5, seed: 4 });
    const at = (rate: number): number[] => {
      layer.rate = rate;
      layer.step = 3;
      return [...(layer.apply(ones, { training: true }) as tf.Tensor).dataSync()];
    };
    expect(at(0)).toEqual(new Array(32).fill(1));
    const library = new GaussianDropout({ rate: 0.25, key: key(4) });
    expect(at(0.25)).toEqual([...library.forward(new Float32Array(32).fill(1), { step: 3 })]);
    expect(() => {
      layer.rate = 2;
    }).toThrowError("GaussianDropout: rate must be in [0, 1], got 2; pass 0.02 for 2 %");
    expect(layer.rate).toBe(0.25);
    expect(layer.getConfig().rate).toBe(0.25);
  });

  test("a call that fails counts no step", () => {
    const layer = layers.dropout({ rate: 0.5, noiseShape: [2, 8] });
    expect(() => layer.apply(ones, { training: true })).toThrowError(/noiseShape/);
    expect(layer.step).toBe(0);
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
