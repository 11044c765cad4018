// Uniform and additive normal noise: which numbers they use, and their ends.

import { GaussianNoise, key, normal, UniformDropout, uniform } from "hadamask";
import { describe, expect, test } from "vitest";
import { uniformNoise } from "../../../src/noise/uniform.js";
import { deriveKey, TAG } from "../../../src/random/derive.js";

describe("GaussianNoise", () => {
  test("adds the normal numbers of the step's key", () => {
    const z = normal(5, { key: deriveKey(key(1), TAG.step, 2) });
    const y = new GaussianNoise({ deviation: 0.5, key: key(1) }).forward([1, 2, 3, 4, 5], { step: 2 });
    expect([...y]).toEqual(Array.from(z, (value, i) => i + 1 + 0.5 * value));
  });

  test("with deviation 0 copies at every step, and takes deviations above 1", () => {
    const layer = new GaussianNoise({ deviation: 0, key: key(1) });
    expect([...layer.forward([1, -0, Number.NaN])]).toEqual([1, -0, Number.NaN]);
    expect(new GaussianNoise({ deviation: 1000 }).deviation).toBe(1000);
  });

  test("with shared axes adds one number to a channel", () => {
    const layer = new GaussianNoise({ deviation: 1, sharedAxes: [1], key: key(1) });
    const y = layer.forward(new Float64Array(6), { shape: [2, 3] });
    expect(new Set(y.slice(0, 3)).size).toBe(1);
    expect(y[0]).not.toBe(y[3]);
    expect(layer.state.sharedAxes).toEqual([1]);
  });
});

describe("UniformDropout", () => {
  test("multiplies by the uniform numbers of the step's key, spread over (1 - beta, 1 + beta)", () => {
    const u = uniform(4, { key: deriveKey(key(1), TAG.step, 0) });
    const y = new UniformDropout({ beta: 0.1, key: key(1) }).forward([1, 2, 3, 4]);
    expect([...y]).toEqual(Array.from(u, (value, i) => (i + 1) * (1 + 0.1 * (2 * value - 1))));
  });

  test("from a rate has the variance of Bernoulli dropout, and says its beta", () => {
    const layer = new UniformDropout({ rate: 0.25 });
    expect(layer.beta).toBeCloseTo(1, 14);
    expect(uniformNoise(layer.beta).variance(0)).toBeCloseTo(0.25 / 0.75, 14);
    expect(new UniformDropout({ beta: 1 }).rate).toBeCloseTo(0.25, 14);
    expect([uniformNoise(0.3).mean(0), uniformNoise(0.3).evaluated(0)]).toEqual([1, 1]);
  });
});
