// Every continuous noise: its sample against its own mean and variance, its moments against known values, its
// derivatives against central differences at a fixed draw, and that a piece of a sample is that piece of the whole.

import { key } from "hadamask";
import {
  concreteNoise,
  gaussianNoise,
  type LearnedNoise,
  learnedGaussianNoise,
  logitNormalNoise,
  type Noise,
  normalKl,
} from "hadamask/noise";
import { describe, expect, test } from "vitest";
import { uniformNoise } from "../../../src/noise/uniform.js";
import { FALSE_ALARM, normalBound } from "../../support/bounds.js";
import values from "../../vectors/noise.json" with { type: "json" };

const K = key(5);
const sampleOf = (noise: Noise, n: number, offset = 0): Float64Array => {
  const out = new Float64Array(n);
  noise.sample(out, K, offset);
  return out;
};

/** A noise as a function of its parameters, so that they can be moved. */
interface Case {
  readonly name: string;
  readonly parameters: Readonly<Record<string, readonly number[]>>;
  readonly make: (parameters: Record<string, number[]>) => Noise | LearnedNoise;
}

const CASES: readonly Case[] = [
  { name: "uniform", parameters: {}, make: () => uniformNoise(0.8) },
  { name: "gaussian, unit mean", parameters: {}, make: () => gaussianNoise(1, 0.25) },
  { name: "gaussian, plain", parameters: {}, make: () => gaussianNoise(0.7, 0.21) },
  {
    name: "learned gaussian",
    parameters: { logAlpha: [-1, 0.5] },
    make: ({ logAlpha }) => learnedGaussianNoise(logAlpha!),
  },
  {
    name: "logit-normal",
    parameters: { mu: [0.5, -1], s: [0.8, 1.5] },
    make: ({ mu, s }) => logitNormalNoise({ mu: mu!, s: s! }),
  },
  { name: "concrete", parameters: { logit: [-1.2] }, make: ({ logit }) => concreteNoise(logit![0]!, 0.3) },
  { name: "concrete, cold", parameters: { logit: [0.4] }, make: ({ logit }) => concreteNoise(logit![0]!, 0.1) },
];

const copied = (parameters: Case["parameters"]): Record<string, number[]> =>
  Object.fromEntries(Object.entries(parameters).map(([name, list]) => [name, [...list]]));

describe.each(CASES)("$name", ({ parameters, make }) => {
  test("a sample has the mean and variance that the noise states", () => {
    const noise = make(copied(parameters));
    const n = 200_000;
    const draws = sampleOf(noise, n);
    const bound = normalBound(FALSE_ALARM / 4);
    for (const unit of [0, 1]) {
      const own = draws.filter((_, d) => d % 2 === unit);
      const centred = own.map((value) => value - noise.mean(unit));
      const average = (of: Float64Array): number => of.reduce((sum, value) => sum + value, 0) / of.length;
      expect(Math.abs(average(centred))).toBeLessThan(bound * Math.sqrt(noise.variance(unit) / own.length));
      const squares = centred.map((value) => value ** 2);
      const spread = Math.sqrt(average(squares.map((value) => (value - noise.variance(unit)) ** 2)) / own.length);
      expect(Math.abs(average(squares) - noise.variance(unit))).toBeLessThan(bound * spread);
    }
  });

  test("draws are by position: a piece of a sample is that piece of the whole", () => {
    const noise = make(copied(parameters));
    const whole = sampleOf(noise, 3000);
    expect(sampleOf(noise, 777, 1234)).toEqual(whole.slice(1234, 1234 + 777));
  });

  test("the derivatives by the parameters are those of central differences at the same draws", () => {
    const weights = Float64Array.from({ length: 10 }, (_, i) => Math.cos(i));
    const start = copied(parameters);
    const noise = make(copied(parameters));
    if (!("addGradients" in noise)) return expect(start).toEqual({});
    const gradients = Object.fromEntries(
      Object.entries(start).map(([name, list]) => [name, new Float64Array(list.length)]),
    );
    noise.addGradients(gradients, weights, K, 4);
    const evaluated = structuredClone(gradients);
    for (const gradient of Object.values(evaluated)) gradient.fill(0);
    noise.addEvaluatedGradients(evaluated, weights);
    for (const [name, list] of Object.entries(start)) {
      list.forEach((middle, i) => {
        const along = (f: (noise: Noise) => number): number => {
          const at = (value: number) => f(make({ ...copied(parameters), [name]: list.with(i, value) }));
          return (at(middle + 1e-5) - at(middle - 1e-5)) / 2e-5;
        };
        const dot = (m: ArrayLike<number>): number => weights.reduce((sum, weight, d) => sum + weight * m[d]!, 0);
        expect(gradients[name]![i]).toBeCloseTo(
          along((moved) => dot(sampleOf(moved, 10, 4))),
          8,
        );
        const atEval = along((moved) => dot(weights.map((_, d) => moved.evaluated(d))));
        expect(evaluated[name]![i]).toBeCloseTo(atEval, 8);
      });
    }
  });
});

describe("logit-normal", () => {
  // Var(m) as 003 writes the mask, log alpha ~ N(0, sigma^2): quadrature.
  test.each([
    [0, 0.04337904],
    [0.5, 0.05071225],
    [1, 0.06841908],
    [2, 0.1087563],
    [3, 0.13970536],
    [5, 0.17615792],
    [10, 0.21092923],
  ])("at location 0 and sigma %d the mean is 1/2 and the variance %d", (sigma, variance) => {
    const noise = logitNormalNoise({ mu: [0], s: [sigma] });
    expect(noise.mean(0)).toBe(0.5);
    expect(noise.variance(0)).toBeCloseTo(variance, 8);
  });

  test("the KL divergence is 0 at the prior, and the integral of its definition elsewhere", () => {
    expect(normalKl(0, 1.7, 1.7)).toBe(0);
    const [mu, s, sigma] = [0.4, 0.6, 1.3];
    let integral = 0;
    for (let z = -10; z <= 10; z += 1e-3) {
      const w = mu + s * z;
      const q = Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
      integral += 1e-3 * q * (-(z * z) / 2 - Math.log(s) + (w * w) / (2 * sigma * sigma) + Math.log(sigma));
    }
    expect(normalKl(mu, s, sigma)).toBeCloseTo(integral, 10);
  });
});

describe("concrete", () => {
  test.each(values.concrete)("at rate $rate and temperature $temperature has the moments of quadrature", (row) => {
    const noise = concreteNoise(Math.log(row.rate / (1 - row.rate)), row.temperature);
    expect(noise.mean(0)).toBeCloseTo(row.moments[0]!, 11);
    expect(noise.variance(0)).toBeCloseTo(row.moments[1]!, 10);
  });

  test.each([
    [0.1, 0.998685, 0.101084],
    [0.3, 0.99806, 0.387003],
    [0.5, 1, 0.900804],
  ])("at rate %d the scale keeps the mean only nearly: %d, with variance %d", (rate, mean, variance) => {
    const noise = concreteNoise(Math.log(rate / (1 - rate)), 0.1);
    expect(noise.mean(0)).toBeCloseTo(mean, 6);
    expect(noise.variance(0)).toBeCloseTo(variance, 6);
  });

  test("z exceeds 1/2 for exactly the uniforms above 1 - rate, whatever the temperature", () => {
    const rate = 0.3;
    const logit = Math.log(rate / (1 - rate));
    const dropped = (temperature: number): number[] =>
      [...sampleOf(concreteNoise(logit, temperature), 1000)].map((m) => Number(m * (1 - rate) < 0.5));
    expect(dropped(0.01)).toEqual(dropped(1));
    expect(dropped(0.1)).toEqual(dropped(1));
  });

  test("becomes Bernoulli noise as the temperature falls: mean 1, variance rate / keep, values 0 and 1 / keep", () => {
    const noise = concreteNoise(Math.log(0.25 / 0.75), 1e-3);
    expect(noise.mean(0)).toBeCloseTo(1, 5);
    expect(noise.variance(0)).toBeCloseTo(1 / 3, 2);
    const values = [...sampleOf(noise, 1000)].filter((m) => Math.abs(m) > 1e-6 && Math.abs(m - 4 / 3) > 1e-6);
    expect(values.length).toBeLessThan(20);
  });

  test("beyond the precision of a double the rate is 0 or 1, with nothing drawn and nothing learned", () => {
    expect(concreteNoise(-50, 0.1).constant).toBe(1);
    expect(concreteNoise(50, 0.1).constant).toBe(0);
    expect(concreteNoise(39, 1).constant).toBeUndefined();
    for (const m of sampleOf(concreteNoise(39, 1), 100)) expect(m).toSatisfy(Number.isFinite);
  });
});

test("the makers of noises name what they cannot take", () => {
  expect(() => gaussianNoise(Number.NaN, 1)).toThrowError("gaussianNoise: mean must be a finite number, got NaN");
  expect(() => gaussianNoise(1, -1)).toThrowError("gaussianNoise: variance must be a finite number at least 0, got -1");
  expect(() => learnedGaussianNoise([0, Number.POSITIVE_INFINITY])).toThrowError(
    "learnedGaussianNoise: logAlpha[1] must be a finite number, got Infinity",
  );
  expect(() => logitNormalNoise({ mu: [1], s: [1, 2] })).toThrowError(
    "logitNormalNoise: s must have 1 element like mu, got 2",
  );
  expect(() => concreteNoise(Number.NaN, 1)).toThrowError("concreteNoise: logit must be a number, got NaN");
  expect(() => concreteNoise(0, 0)).toThrowError("concreteNoise: temperature must be a finite number above 0, got 0");
});
