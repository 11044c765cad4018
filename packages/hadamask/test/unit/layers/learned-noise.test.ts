// Golden numbers of the layers with learned noise, and that they learn what they are meant to learn.

import {
  ConcreteDropout,
  GaussianDropout,
  key,
  LogitNormalDropout,
  Sgld,
  SparseVariationalDense,
  uniform,
  VariationalDense,
  VariationalDropout,
  VariationalLogitNormalDropout,
} from "hadamask";
import { describe, expect, test } from "vitest";
import { normalCdf } from "../../../src/special/normal.js";
import { binomialBounds, FALSE_ALARM, normalBound } from "../../support/bounds.js";

const K = key(8);
const N = 50_000;
const ones = new Float64Array(N).fill(1);
const mean = (values: ArrayLike<number>, f = (v: number): number => v): number => {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += f(values[i]!);
  return sum / values.length;
};

describe("GaussianDropout", () => {
  test.each([
    { keep: 0.8, third: 1.75, fourth: 2.6875 },
    { keep: 0.5, third: 4, fourth: 10 },
    { keep: 0.2, third: 13, fourth: 73 },
  ])("at keep $keep has raw moments 1, 1 + alpha, $third and $fourth", ({ keep, third, fourth }) => {
    const y = new GaussianDropout({ keep, key: K }).forward(ones);
    const alpha = (1 - keep) / keep;
    [1, 1 + alpha, third, fourth].forEach((expected, i) => {
      const power = (v: number): number => v ** (i + 1);
      const error = Math.sqrt((mean(y, (v) => power(v) ** 2) - expected ** 2) / N);
      expect(Math.abs(mean(y, power) - expected)).toBeLessThan(normalBound(FALSE_ALARM / 4) * error);
    });
  });

  test.each([0.9, 0.8, 0.5, 0.2])("at keep %d is negative as often as the normal law says", (keep) => {
    const y = new GaussianDropout({ keep, key: K }).forward(ones);
    const negative = y.filter((v) => v < 0).length;
    const [low, high] = binomialBounds(N, normalCdf(-Math.sqrt(keep / (1 - keep))), FALSE_ALARM);
    expect(negative).toBeGreaterThanOrEqual(low);
    expect(negative).toBeLessThanOrEqual(high);
  });

  test("alpha 0 is the identity, and alpha given is rate / keep", () => {
    expect(new GaussianDropout({ alpha: 0, key: K }).forward([1, -2, Number.NaN])).toEqual(
      Float64Array.of(1, -2, Number.NaN),
    );
    const byAlpha = new GaussianDropout({ alpha: 0.25, key: K });
    expect(byAlpha.rate).toBeCloseTo(0.2, 15);
    const y = byAlpha.forward([1, 2, 3]);
    const byRate = new GaussianDropout({ keep: 0.8, key: K }).forward([1, 2, 3]);
    y.forEach((value, i) => {
      expect(value).toBeCloseTo(byRate[i]!, 14);
    });
  });

  test("classic with a given variance is N(keep, variance)", () => {
    const y = new GaussianDropout({ keep: 0.7, scaling: "classic", variance: 0.5, key: K }).forward(ones);
    expect(Math.abs(mean(y) - 0.7)).toBeLessThan(normalBound(FALSE_ALARM) * Math.sqrt(0.5 / N));
    expect(mean(y, (v) => (v - 0.7) ** 2)).toBeCloseTo(0.5, 1);
  });

  test("one draw a channel multiplies the whole channel", () => {
    const layer = new GaussianDropout({ rate: 0.5, sharedAxes: [2], key: K });
    const y = layer.forward([1, 2, 3, 1, 2, 3], { shape: [1, 2, 3] });
    expect(layer.multipliers).toHaveLength(2);
    expect([...y]).toEqual([1, 2, 3, 1, 2, 3].map((x, i) => x * layer.multipliers![Math.floor(i / 3)]!));
  });

  test("the multipliers can be read, row by row with sample ids", () => {
    const layer = new GaussianDropout({ rate: 0.5, key: K });
    expect(layer.multipliers).toBeUndefined();
    const y = layer.forward([1, 1, 1, 1], { sampleIds: [5, 9] });
    expect(layer.multipliers).toEqual(y);
    layer.eval().forward([1, 1]);
    expect([...layer.multipliers!]).toEqual([1, 1]);
  });
});

describe("LogitNormalDropout", () => {
  test.each([0, 1, 3, 10])("at sigma %d has mean 1/2 and stays between 0 and 1", (sigma) => {
    const y = new LogitNormalDropout({ sigma, scaling: "classic", key: K }).forward(ones);
    expect(Math.abs(mean(y) - 0.5)).toBeLessThan(normalBound(FALSE_ALARM) * Math.sqrt(0.25 / N));
    expect(y.every((m) => m > 0 && m <= 1)).toBe(true);
  });

  test("for large sigma it is dropout at rate 1/2: multipliers near 0 and near 2", () => {
    const y = new LogitNormalDropout({ sigma: 1e6, key: K }).forward(ones);
    const between = y.filter((m) => m > 0.01 && m < 1.99).length;
    expect(between / N).toBeLessThan(1e-4);
    expect(Math.abs(mean(y) - 1)).toBeLessThan(normalBound(FALSE_ALARM) / Math.sqrt(N));
  });
});

describe("VariationalLogitNormalDropout", () => {
  test("starts at the prior with penalty 0, and eval multiplies by the mean of the mask", () => {
    const layer = new VariationalLogitNormalDropout({ units: 2, sigma: 1.3, key: K });
    expect(layer.penalty()).toBeCloseTo(0, 15);
    expect([...layer.eval().forward([1, 3])]).toEqual([0.5, 1.5]);
  });

  test.each([
    { mu: 1, v: 1, mean: 0.696735 },
    { mu: 2, v: 2, mean: 0.81606 },
    { mu: 4, v: 2, mean: 0.959371 },
  ])("the mean of S(N($mu, $v)) is $mean", ({ mu, v, mean: expected }) => {
    const rho = [Math.log(Math.sqrt(v - 1) || 1e-150)];
    const layer = new VariationalLogitNormalDropout({ units: 1, sigma: 1, mu: [mu], rho, mode: "eval" });
    expect(layer.forward([1])[0]).toBeCloseTo(expected, 6);
  });
});

describe("VariationalDropout and VariationalDense", () => {
  const A = [1, -2, 0.5];
  const theta = [0.5, 1, -1, 0.25, 2, -0.5]; // [3][2]
  const steps = 10_000;
  const bound = normalBound(FALSE_ALARM / 5);

  /** Mean and covariance of two outputs over training steps. */
  const moments = (draw: () => ArrayLike<number>) => {
    const outputs = Array.from({ length: steps }, draw);
    const about = [0, 1].map((i) => mean(outputs.map((b) => b[i]!)));
    const covariance = (i: number, j: number): number =>
      mean(outputs.map((b) => (b[i]! - about[i]!) * (b[j]! - about[j]!)));
    return { about, covariance: [covariance(0, 0), covariance(0, 1), covariance(1, 1)] };
  };
  const check = (value: number, expected: number, variance: number): void =>
    expect(Math.abs(value - expected)).toBeLessThan(bound * Math.sqrt(variance / steps));

  test("type A before a dense layer: mean [3.5, 0.25], covariance [[2.1, -0.3], [-0.3, 0.525]]", () => {
    const layer = new VariationalDropout({ alpha: 0.4, key: K });
    const { about, covariance } = moments(() => {
      const y = layer.forward(A);
      return [0, 1].map((j) => y.reduce((sum, value, i) => sum + value * theta[i * 2 + j]!, 0));
    });
    check(about[0]!, 3.5, 2.1);
    check(about[1]!, 0.25, 0.525);
    check(covariance[0]!, 2.1, 2 * 2.1 ** 2);
    check(covariance[1]!, -0.3, 2.1 * 0.525 + 0.09);
    check(covariance[2]!, 0.525, 2 * 0.525 ** 2);
  });

  test("type B: mean [3.5, 0.25], variances 2.1 and 0.525, no covariance", () => {
    const layer = new VariationalDense({ inputs: 3, weights: theta, alpha: 0.4, key: K });
    const { about, covariance } = moments(() => layer.forward(A));
    check(about[0]!, 3.5, 2.1);
    check(about[1]!, 0.25, 0.525);
    check(covariance[0]!, 2.1, 2 * 2.1 ** 2);
    check(covariance[1]!, 0, 2.1 * 0.525);
    check(covariance[2]!, 0.525, 2 * 0.525 ** 2);
  });

  test("the penalty counts units (type A) or weights (type B): KL(1) = 0.42668560 each", () => {
    expect(new VariationalDropout({ units: 3, alpha: 1 }).penalty()).toBeCloseTo(3 * 0.4266856, 7);
    expect(new VariationalDense({ inputs: 3, weights: theta, alpha: 1 }).penalty()).toBeCloseTo(6 * 0.4266856, 7);
    const perWeight = new VariationalDense({ inputs: 3, weights: theta, alpha: 1, alphaPer: "weight" });
    expect(perWeight.penalty()).toBeCloseTo(6 * 0.4266856, 7);
  });

  test("rows of zeros, whose noise has no variance, have finite gradients", () => {
    const layer = new VariationalDense({ inputs: 3, weights: theta, alpha: 0.4, key: K });
    expect([...layer.forward([0, 0, 0])]).toEqual([0, 0]);
    const all = [...layer.backward([1, 1]), ...layer.gradients.weights, ...layer.gradients.logAlpha];
    for (const value of all) expect(value).toSatisfy(Number.isFinite);
  });
});

describe("ConcreteDropout", () => {
  test("learns the rate that its penalty wants: 1/2, where the entropy is largest", () => {
    const layer = new ConcreteDropout({ rate: 0.05, units: 100, key: K });
    for (let t = 0; t < 4000; t++) {
      layer.forward([0]);
      layer.backward([0], { penaltyWeight: 1 });
      layer.parameters.logit[0]! -= (0.1 / 100) * layer.gradients.logit[0]!;
    }
    expect(layer.rate).toBeCloseTo(0.5, 6);
  });

  test("copies or gives +0 where the learned rate has reached the end of double precision", () => {
    const low = new ConcreteDropout({ logit: -100, key: K });
    expect([...low.forward([1, -2, 3])]).toEqual([1, -2, 3]);
    const high = new ConcreteDropout({ logit: 800, key: K });
    expect([...high.forward([1, Number.POSITIVE_INFINITY, -3])]).toEqual([0, 0, 0]);
    expect([...high.backward([1, 1, 1], { penaltyWeight: 1 }), high.gradients.logit[0], high.penalty()]).toSatisfy(
      (values: number[]) => values.every(Number.isFinite),
    );
  });
});

describe("SparseVariationalDense", () => {
  test("drives the weights of inputs that mean nothing above the threshold, and keeps the others", () => {
    // y = 2 x_0 - x_1 + noise; x_2 … x_5 mean nothing.
    const [rows, inputs, steps] = [50, 6, 1000];
    const x = uniform(rows * inputs, { key: key(1) }).map((u) => 2 * u - 1);
    const noise = uniform(rows, { key: key(2) }).map((u) => 0.2 * (u - 0.5));
    const target = noise.map((e, s) => 2 * x[s * inputs]! - x[s * inputs + 1]! + e);
    const layer = new SparseVariationalDense({ inputs, weights: new Float64Array(inputs).fill(0.5), key: K });
    const precision = 30; // of the noise in y
    const squares = new Map<string, Float64Array>();
    for (let t = 0; t < steps; t++) {
      const y = layer.forward(x);
      layer.backward(
        y.map((value, s) => (precision * (value - target[s]!)) / rows),
        { penaltyWeight: 1 / rows },
      );
      for (const [name, parameter] of Object.entries(layer.parameters)) {
        const gradient = layer.gradients[name as "weights"];
        const square = squares.get(name) ?? new Float64Array(parameter.length);
        squares.set(name, square);
        // RMSProp, its step falling to 0.
        for (let i = 0; i < parameter.length; i++) {
          square[i] = 0.99 * square[i]! + 0.01 * gradient[i]! ** 2;
          parameter[i]! -= (0.05 * (1 - t / steps) * gradient[i]!) / (Math.sqrt(square[i]!) + 1e-8);
        }
      }
    }
    expect([...layer.logAlpha].map((logAlpha) => logAlpha >= 3)).toEqual([false, false, true, true, true, true]);
    expect(layer.pruned).toEqual({ count: 4, share: 4 / 6 });
    expect(layer.weights[0]).toBeCloseTo(2, 1);
    expect(layer.weights[1]).toBeCloseTo(-1, 1);
    const y = layer.eval().forward([1, 1, 7, 7, 7, 7]);
    expect(y[0]).toBeCloseTo(layer.weights[0]! + layer.weights[1]!, 12);
  });

  test("a weight of exactly 0 is noise alone: pruned, without penalty, with finite gradients", () => {
    const layer = new SparseVariationalDense({ inputs: 2, weights: [0, 1], key: K });
    expect(layer.logAlpha[0]).toBe(Number.POSITIVE_INFINITY);
    layer.forward([1, 1]);
    layer.backward([1], { penaltyWeight: 1 });
    for (const value of [...layer.gradients.weights, ...layer.gradients.logSigma2, layer.penalty()]) {
      expect(value).toSatisfy(Number.isFinite);
    }
    expect(layer.pruned.count).toBe(1);
  });
});

test("the parameters of a layer can be sampled by SGLD as they are", () => {
  const layer = new VariationalDropout({ units: 2, alpha: 0.5, key: K });
  layer.forward([1, 2]);
  layer.backward([1, 1], { penaltyWeight: 1 });
  const before = [...layer.parameters.logAlpha];
  new Sgld({ stepSize: 1e-4, key: K }).update(layer.parameters, layer.gradients);
  expect([...layer.parameters.logAlpha]).not.toEqual(before);
});
