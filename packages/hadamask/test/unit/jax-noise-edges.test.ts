// Noise in jitted functions where it is easily wrong: rate 1, low temperatures, shared axes, divergences of every
// size, wrong options.

import { jit, numpy as np, valueAndGrad } from "@jax-js/jax";
import { ConcreteDropout, GaussianDropout } from "hadamask";
import {
  concreteDropout,
  dropConnect,
  gaussianDropout,
  logitNormalDropout,
  logUniformKl,
  variationalDense,
  variationalDropout,
} from "hadamask/jax";
import { logUniformKl as klOf, logUniformKlSlope } from "hadamask/noise";
import { describe, expect, test } from "vitest";
import { expectClose, flat, KEY, OUTPUTS, type Tree, UNITS } from "./jax-noise-support.js";

test("Gaussian multipliers are the layer's, rounded once; at rate 1 even NaN becomes 0", () => {
  for (const rate of [0, 0.1, 0.5, 1]) {
    const noise = gaussianDropout({ rate, shape: [3, 7], key: KEY });
    const layer = new GaussianDropout({ rate, key: KEY });
    const ones = new Float64Array(4 * 21).fill(1);
    expect(flat(noise.train(5, 4))).toEqual(Float32Array.from(layer.forward(ones, { step: 5 })));
  }
  const all = gaussianDropout({ rate: 1, shape: [2], key: KEY });
  expect(flat(all.apply(np.array([[Number.NaN, 1]]), {}, all.train(0, 1)))).toEqual(new Float32Array(2));
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
    [() => gaussianDropout({ rate: 2, shape: [1], key: KEY }), "GaussianDropout: rate must be in [0, 1], got 2"],
    [() => variationalDropout({ alpha: 0, shape: [1], key: KEY }), "alpha must be a finite number above 0"],
    [() => variationalDense({ ...sizes, inputs: 0, alpha: 1 }), "variationalDense: inputs must be"],
    [() => concreteDropout({ rate: 0, shape: [1], key: KEY }), "ConcreteDropout: rate must be above 0 and below 1"],
    [() => logitNormalDropout({ sigma: -1, shape: [1], key: KEY }), "sigma must be a finite number at least 0"],
    [() => dropConnect({ ...sizes, rate: 0.5, maskPer: "row" as never }), "dropConnect: maskPer must be"],
    [() => gaussianDropout({ rate: 0.5, shape: [1] } as never), "gaussianDropout: key is missing"],
  ])("%#", (make, message) => {
    expect(make).toThrow(message);
  });
});
