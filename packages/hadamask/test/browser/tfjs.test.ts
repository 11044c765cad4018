// The layers for TensorFlow.js on its "webgl" and "webgpu" back ends, in Chromium with both in software: the masks of
// Node's "cpu" back end, bit for bit.

import * as tf from "@tensorflow/tfjs";
import { Dropout, key } from "hadamask";
import { layers } from "hadamask/tfjs";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { hasChromium, type Opened, openChromium, reason, SOFTWARE_GPU } from "./chromium.js";

if (!hasChromium) console.log(`hadamask/tfjs is not run on WebGL here: ${reason}`);

/** A layer, and the lengths of its inputs; whole numbers where the layer reads them. */
interface Case {
  readonly name: string;
  readonly layer: string;
  readonly config: object;
  readonly inputs: readonly { readonly shape: readonly number[]; readonly below?: number }[];
}

const maps = [{ shape: [2, 4, 5, 3] }];
const heads = [{ shape: [2, 2, 3, 4] }, { shape: [2, 2, 5, 4] }, { shape: [2, 2, 5, 4] }];
const cases: readonly Case[] = [
  { name: "dropout", layer: "dropout", config: { rate: 0.3 }, inputs: [{ shape: [7, 333] }] },
  { name: "dropout, shared", layer: "dropout", config: { rate: 0.3, noiseShape: [null, 1, null, 1] }, inputs: maps },
  { name: "spatialDropout2d", layer: "spatialDropout2d", config: { rate: 0.5 }, inputs: maps },
  { name: "alphaDropout", layer: "alphaDropout", config: { rate: 0.4 }, inputs: [{ shape: [9, 11] }] },
  { name: "featureAlphaDropout", layer: "featureAlphaDropout", config: { rate: 0.4 }, inputs: maps },
  { name: "gaussianDropout", layer: "gaussianDropout", config: { rate: 0.4 }, inputs: [{ shape: [9, 11] }] },
  { name: "uniformDropout", layer: "uniformDropout", config: { rate: 0.2 }, inputs: [{ shape: [9, 11] }] },
  { name: "gaussianNoise", layer: "gaussianNoise", config: { stddev: 1.5 }, inputs: [{ shape: [9, 11] }] },
  { name: "dropPath", layer: "dropPath", config: { rate: 0.5 }, inputs: [{ shape: [40, 3, 2] }] },
  { name: "dropBlock2d", layer: "dropBlock2d", config: { rate: 0.3, blockSize: 2 }, inputs: maps },
  { name: "nodeDropout", layer: "nodeDropout", config: { rate: 0.5 }, inputs: [{ shape: [40, 4] }] },
  {
    name: "edgeDropout",
    layer: "edgeDropout",
    config: { rate: 0.5, isUndirected: true },
    inputs: [{ shape: [40, 3] }, { shape: [40, 2], below: 19 }],
  },
  {
    name: "wordDropout",
    layer: "wordDropout",
    config: { rate: 0.5, replacement: 0 },
    inputs: [{ shape: [3, 9], below: 7 }],
  },
  {
    name: "embeddingDropout",
    layer: "embeddingDropout",
    config: { rate: 0.5 },
    inputs: [{ shape: [3, 9, 2] }, { shape: [3, 9], below: 7 }],
  },
  { name: "tokenDropout", layer: "tokenDropout", config: { rate: 0.5, prefix: 1 }, inputs: [{ shape: [3, 9, 2] }] },
  { name: "attentionDropout", layer: "attentionDropout", config: { rate: 0.3 }, inputs: [{ shape: [2, 2, 3, 5] }] },
  { name: "attention", layer: "attention", config: { rate: 0.3 }, inputs: heads },
  {
    name: "multiSampleDropout",
    layer: "multiSampleDropout",
    config: { rate: 0.5, samples: 3 },
    inputs: [{ shape: [4, 5] }],
  },
];

/**
 * Two training steps, a prediction with noise, and the gradient of step 0. Text, so that it runs here and in the
 * page.
 */
const RUN = `async (tf, layers, { layer: name, config, inputs }) => {
  const tensors = tf.tidy(() => {
    const layer = layers[name]({ ...config, seed: 11, trainingOnly: false });
    const xs = inputs.map(({ shape, below }, k) => {
      const n = shape.reduce((a, b) => a * b, 1);
      const value = (i) => (below === undefined ? Math.sin(i + 1 + k) : (i * i + i) % below);
      return tf.tensor(Array.from({ length: n }, (_, i) => value(i)), shape);
    });
    const f = (x, training) => layer.apply([x, ...xs.slice(1)], { training });
    const outputs = [true, true, false].map((training) => f(xs[0], training));
    if (name === "wordDropout") return outputs;
    const dy = tf.tensor(Array.from({ length: outputs[0].size }, (_, i) => Math.cos(i)), outputs[0].shape);
    layer.step = 0;
    return [...outputs, tf.grad((x) => f(x, true))(xs[0], dy)];
  });
  return await Promise.all(tensors.map(async (tensor) => Array.from(await tensor.data())));
}`;

type Run = (tf: unknown, layers: unknown, item: Case) => Promise<number[][]>;

describe.skipIf(!hasChromium).each(["webgl", "webgpu"])(`on %s (${reason})`, (backend) => {
  let browser: Opened | undefined;
  let page: Page;
  let hasBackend = false;

  beforeAll(async () => {
    browser = await openChromium(SOFTWARE_GPU);
    page = await browser.newPage();
    hasBackend = (await page.evaluate(`(async () => {
      globalThis.tf = await import("@tensorflow/tfjs");
      globalThis.layers = (await import("hadamask/tfjs")).layers;
      if ("${backend}" === "webgpu") {
        if (!(await navigator.gpu?.requestAdapter())) return false;
        await import("@tensorflow/tfjs-backend-webgpu");
      }
      return await tf.setBackend("${backend}");
    })()`)) as boolean;
    if (!hasBackend) console.log(`hadamask/tfjs is not run on ${backend} here: this Chromium has none`);
    await tf.setBackend("cpu");
  }, 60_000);
  afterAll(() => browser?.close());
  beforeEach(({ skip }) => skip(!hasBackend, `this Chromium has no ${backend}`));

  test.each(cases)("$name drops what it drops in Node, in values and gradients", async (item) => {
    const here = await (new Function(`return ${RUN}`)() as Run)(tf, layers, item);
    const there = (await page.evaluate(`(${RUN})(tf, layers, ${JSON.stringify(item)})`)) as number[][];
    expect(there.length).toBe(here.length);
    there.forEach((values, i) => {
      const expected = here[i]!;
      expect(values.map((value) => value === 0)).toEqual(expected.map((value) => value === 0));
      // A GPU need not round divisions, exponentials and products of matrices as IEEE 754 asks: 2^-16 of the numbers
      // here, all below 8.
      values.forEach((value, j) => {
        expect(Math.abs(value - expected[j]!)).toBeLessThan(8 * 2 ** -16);
      });
    });
    if (item.layer !== "gaussianNoise") expect(new Set(here.slice(0, 2).map(String)).size).toBe(2);
  });

  test("dropped NaN and infinities are +0", async () => {
    const found = await page.evaluate(`(async () => {
      const layer = layers.dropout({ rate: 1 });
      const y = layer.apply(tf.tensor1d([NaN, Infinity, -Infinity, -1]), { training: true });
      return Array.from(await y.data(), (value) => (Object.is(value, 0) ? "+0" : String(value)));
    })()`);
    expect(found).toEqual(["+0", "+0", "+0", "+0"]);
  });

  test("on webgpu a program of ours works on the tensor's buffer, forward and backward, to the bit", async ({
    skip,
  }) => {
    skip(backend !== "webgpu", "no such program on WebGL");
    const [calls, y, dx] = (await page.evaluate(`(async () => {
      const kernel = tf.getKernel("HadamaskOnGpu", "webgpu");
      const { kernelFunc } = kernel;
      let calls = 0;
      kernel.kernelFunc = (...args) => (calls++, kernelFunc(...args));
      const layer = layers.dropout({ rate: 0.3, seed: 11 });
      const x = tf.tensor1d(Array.from({ length: 1000 }, (_, i) => Math.sin(i)));
      const f = (t) => layer.apply(t.mul(1), { training: true });
      const y = await f(x).data();
      layer.step = 0;
      const dx = await tf.grad(f)(x, x).data();
      kernel.kernelFunc = kernelFunc;
      return [calls, Array.from(y), Array.from(dx)];
    })()`)) as [number, number[], number[]];
    expect(calls).toBe(3); // a value, and a value with its gradient
    const library = new Dropout({ rate: 0.3, key: key(11) });
    const x = Float32Array.from({ length: 1000 }, (_, i) => Math.sin(i));
    expect(y).toEqual([...library.forward(x)]);
    expect(dx).toEqual([...library.backward(x)]);
  });

  test("a model trains with fit", async () => {
    const losses = (await page.evaluate(`(async () => {
      const model = tf.sequential({ layers: [
        tf.layers.dense({
          units: 16, inputShape: [4], activation: "relu", kernelInitializer: tf.initializers.glorotUniform({ seed: 1 }),
        }),
        layers.dropout({ rate: 0.2, seed: 1 }),
        tf.layers.dense({ units: 1, kernelInitializer: tf.initializers.glorotUniform({ seed: 2 }) }),
      ] });
      model.compile({ optimizer: tf.train.sgd(0.05), loss: "meanSquaredError" });
      const x = tf.tensor2d(Array.from({ length: 128 }, (_, i) => Math.sin(i)), [32, 4]);
      const { history } = await model.fit(x, x.sum(1, true), { epochs: 6, batchSize: 8, shuffle: false, verbose: 0 });
      return [...history.loss, model.layers[1].step];
    })()`)) as number[];
    expect(losses.at(-1)).toBe(24);
    expect(losses.at(-2)).toBeLessThan(losses[0]!);
  });
});
