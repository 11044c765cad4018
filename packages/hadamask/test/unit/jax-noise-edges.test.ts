// Noise in jitted functions where it is easily wrong: rate 1, low temperatures, shared axes, divergences of every
// size, wrong options.

import { jit, numpy as np, valueAndGrad } from "@jax-js/jax";
import { AlphaDropout, ConcreteDropout, Dropout, GaussianDropout, MultiSampleDropout } from "hadamask";
import {
  concreteDropout,
  dropConnect,
  layerNoise,
  logitNormalDropout,
  logUniformKl,
  variationalDense,
  variationalDropout,
} from "hadamask/jax";
import { logUniformKl as klOf, logUniformKlSlope } from "hadamask/noise";
import { torchCpu } from "hadamask/streams";
import { describe, expect, test } from "vitest";
import { expectClose, flat, KEY, OUTPUTS, type Tree, UNITS } from "./jax-noise-support.js";

test("Gaussian multipliers are the layer's, rounded once; at rate 1 even NaN becomes 0", () => {
  for (const rate of [0, 0.1, 0.5, 1]) {
    const noise = layerNoise(new GaussianDropout({ rate, key: KEY }), { shape: [3, 7] });
    const layer = new GaussianDropout({ rate, key: KEY });
    const ones = new Float64Array(4 * 21).fill(1);
    expect(flat(noise.train(5, 4))).toEqual(Float32Array.from(layer.forward(ones, { step: 5 })));
  }
  const all = layerNoise(new GaussianDropout({ rate: 1, key: KEY }), { shape: [2] });
  expect(flat(all.apply(np.array([[Number.NaN, 1]]), {}, all.train(0, 1)))).toEqual(new Float32Array(2));
});

test("a layer in a graph keeps its mode and counters, follows its rate, and leaves NaN out where it drops", () => {
  const layer = new Dropout({ rate: 0.5, key: KEY, mode: "eval" });
  const noise = layerNoise(layer, { shape: [8] });
  const first = flat(noise.train(3, 2));
  expect(first).toEqual(new Dropout({ rate: 0.5, key: KEY }).forward(new Float32Array(16).fill(1), { step: 3 }));
  expect([layer.mode, layer.step, layer.pass]).toEqual(["eval", 0, 0]);
  layer.rate = 0.25;
  expect(Math.max(...flat(noise.train(3, 2)))).toBe(Math.fround(4 / 3));
  layer.rate = 1;
  const y = noise.apply(np.full([1, 8], Number.NaN), {} as never, noise.train(0, 1));
  expect(flat(y)).toEqual(new Float32Array(8));
});

test("concrete draws far out, at a low temperature, leave all gradients finite", () => {
  const noise = concreteDropout({ rate: 0.1, shape: [20_000], temperature: 0.05, key: KEY });
  const loss = (p: { h: np.Array; learned: Tree }, draw: np.Array): np.Array =>
    noise.apply(p.h, p.learned as never, draw).sum();
  const [value, gradient] = jit((p: { h: np.Array; learned: Tree }, draw: np.Array) => valueAndGrad(loss)(p, draw))(
    { h: np.ones([1, 20_000]), learned: noise.parameters() },
    noise.train(0, 1),
  );
  const layer = new ConcreteDropout({ rate: 0.1, units: 20_000, temperature: 0.05, key: KEY });
  const y = layer.forward(new Float64Array(20_000).fill(1), { step: 0 });
  expectClose([value.item()], [y.reduce((sum, v) => sum + v, 0)], 20_000 * 2 ** -24); // a sum one by one in float32
  // 20 times the error of a logit near 3
  expectClose(flat(gradient.h), layer.backward(new Float64Array(20_000).fill(1)), 1e-4);
  expect(Math.abs(flat(gradient.learned.logit!)[0]! / layer.gradients.logit[0]! - 1)).toBeLessThan(1e-3);
});

test("concrete draws under one key are shared over an axis of size 1", () => {
  const noise = concreteDropout({ rate: 0.5, shape: [1, 1, 3], key: KEY });
  const y = noise.apply(np.ones([2, 2, 2, 3]), noise.parameters(), noise.train(0, 2)).js() as number[][][][];
  for (const image of y) for (const row of image) for (const pixel of row) expect(pixel).toEqual(image[0]![0]);
  expect(y[0]).not.toEqual(y[1]);
});

test("the log-uniform divergence and its derivative are the exact ones, for every alpha", () => {
  const logAlpha = Float32Array.from({ length: 801 }, (_, i) => -40 + i / 10);
  const [value, slope] = jit((la: np.Array) => {
    const [[, each], gradient] = valueAndGrad(
      (a: np.Array): [np.Array, np.Array] => {
        const kl = logUniformKl(a);
        return [kl.ref.sum(), kl];
      },
      { hasAux: true },
    )(la);
    return [each, gradient];
  })(np.array(logAlpha)) as [np.Array, np.Array];
  const [kl, dkl] = [flat(value), flat(slope)];
  logAlpha.forEach((la, i) => {
    expect(Math.abs(kl[i]! / klOf(la) - 1)).toBeLessThan(4e-6);
    expect(Math.abs(dkl[i]! / logUniformKlSlope(la) - 1)).toBeLessThan(4e-6);
  });
});

const sizes = { inputs: UNITS, outputs: OUTPUTS, key: KEY };

describe("wrong options", () => {
  test.each([
    [() => layerNoise({} as never, { shape: [1] }), "layerNoise: layer must be a layer of hadamask, got Object"],
    [
      () => layerNoise(new AlphaDropout({ rate: 0.5 }), { shape: [4] }),
      "layerNoise: layer must be one that multiplies or adds, got AlphaDropout",
    ],
    [
      () => layerNoise(new ConcreteDropout({ rate: 0.5 }), { shape: [4] }),
      "layerNoise: layer must be one that learns nothing, got ConcreteDropout; hadamask/jax has noise that learns",
    ],
    [
      () => layerNoise(new MultiSampleDropout({ rate: 0.5, samples: 2 }), { shape: [4] }),
      "layerNoise: layer must be one that multiplies or adds, got MultiSampleDropout",
    ],
    [
      () => layerNoise(new Dropout({ rate: 0.5, stream: torchCpu(1) }), { shape: [4] }),
      "layerNoise: Dropout.key is missing",
    ],
    [
      () => layerNoise(new Dropout({ rate: 0.5 }), {} as never),
      "layerNoise: shape must be an array of sizes, got undefined",
    ],
    [() => variationalDropout({ alpha: 0, shape: [1], key: KEY }), "alpha must be a finite number above 0"],
    [() => variationalDense({ ...sizes, inputs: 0, alpha: 1 }), "variationalDense: inputs must be"],
    [() => concreteDropout({ rate: 0, shape: [1], key: KEY }), "ConcreteDropout: rate must be above 0 and below 1"],
    [() => logitNormalDropout({ sigma: -1, shape: [1], key: KEY }), "sigma must be a finite number at least 0"],
    [() => dropConnect({ ...sizes, rate: 0.5, maskPer: "row" as never }), "dropConnect: maskPer must be"],
  ])("%#", (make, message) => {
    expect(make).toThrow(message);
  });
});
