// SGLD: its stationary law on Gaussian targets, and that it can be stopped and resumed.

import { key, normal, Sgld } from "hadamask";
import { stationaryVariance } from "hadamask/theory";
import { describe, expect, test } from "vitest";
import { FALSE_ALARM, normalBound } from "../../support/bounds.js";

const K = key(12);
const CHAINS = 20_000;

/** `CHAINS` independent chains on the energy precision * theta^2 / 2, after `steps` steps from the target's own law. */
function chains(precision: number, stepSize: number, steps: number, noise = 0): Float64Array {
  const theta = normal(CHAINS, { key: key(1) }).map((z) => z / Math.sqrt(precision));
  const sgld = new Sgld({ stepSize, key: K });
  for (let t = 0; t < steps; t++) {
    const gradient = theta.map((v) => precision * v);
    if (noise > 0)
      normal(CHAINS, { key: key(1000 + t) }).forEach((z, i) => {
        gradient[i]! += noise * z;
      });
    sgld.update({ theta }, { theta: gradient });
  }
  return theta;
}

/** The variance of n normal numbers of variance v is within this of v, but for once in 1e9 times. */
const near = (values: Float64Array, variance: number): void => {
  const measured = values.reduce((sum, v) => sum + v * v, 0) / values.length;
  const bound = normalBound(FALSE_ALARM) * variance * Math.sqrt(2 / values.length);
  expect(Math.abs(measured - variance)).toBeLessThan(bound);
};

describe("the stationary variance on a Gaussian target of precision 2", () => {
  test.each([
    { stepSize: 0.5, steps: 40, variance: 0.6667 },
    { stepSize: 0.1, steps: 120, variance: 0.5263 },
    { stepSize: 0.01, steps: 400, variance: 0.5025 },
  ])("at step $stepSize is $variance, above the target's 0.5", ({ stepSize, steps, variance }) => {
    const theory = stationaryVariance({ precision: 2, step: stepSize });
    expect(theory).toBeCloseTo(variance, 4);
    // What is left of the start after `steps`: (1 - step)^(2 steps) of 4 % at most, below 2e-5 of the variance.
    near(chains(2, stepSize, steps), theory);
  });

  test("grows with the noise of minibatch gradients", () => {
    const theory = stationaryVariance({ precision: 2, step: 0.1, gradientVariance: 9 });
    near(chains(2, 0.1, 120, 3), theory);
  });

  test("diverges beyond step 4 / precision", () => {
    const far = chains(2, 2.2, 100);
    expect(Math.max(...far.map(Math.abs))).toBeGreaterThan(1e6);
  });
});

test("the gradient of a mean counts for all N examples, and the prior pulls to 0", () => {
  const quiet = (options: object): number => {
    const theta = new Float64Array([3]);
    const noisy = new Float64Array([3]);
    new Sgld({ stepSize: 0.01, key: K, ...options }).update({ theta }, { theta: [1] as never });
    new Sgld({ stepSize: 0.01, key: K }).update({ theta: noisy }, { theta: [0] as never });
    return theta[0]! - noisy[0]!; // the drift: the same key gives the same noise
  };
  expect(quiet({})).toBeCloseTo(-0.005, 14);
  expect(quiet({ dataSize: 100 })).toBeCloseTo(-0.5, 14);
  expect(quiet({ priorPrecision: 2 })).toBeCloseTo(-0.005 - 0.005 * 6, 14);
});

test("a decaying step is a (b + t)^(-gamma)", () => {
  const sgld = new Sgld({ stepSize: { a: 0.5, b: 10, gamma: 0.55 }, key: K });
  expect([sgld.stepSizeAt(0), sgld.stepSizeAt(90)]).toEqual([0.5 * 10 ** -0.55, 0.5 * 100 ** -0.55]);
});

test("parameters draw by name: adding one leaves the others as they are, in any order", () => {
  const run = (names: readonly string[]): Record<string, Float64Array> => {
    const parameters = Object.fromEntries(names.map((name) => [name, new Float64Array(3)]));
    new Sgld({ stepSize: 0.1, key: K }).update(parameters, parameters);
    return parameters;
  };
  const [one, two] = [run(["w"]), run(["b", "w"])];
  expect(two.w).toEqual(one.w);
  expect(two.b).not.toEqual(two.w);
});

test("resumes from its state with the same noise", () => {
  const start = (): Float64Array => new Float64Array([1, 2, 3]);
  const [whole, parted] = [start(), start()];
  const sgld = new Sgld({ stepSize: { a: 1, b: 5, gamma: 1 }, dataSize: 10, priorPrecision: 1, key: K });
  const first = Sgld.fromState(sgld.state);
  for (let t = 0; t < 6; t++) sgld.update({ w: whole }, { w: whole });
  for (let t = 0; t < 3; t++) first.update({ w: parted }, { w: parted });
  const second = Sgld.fromState(JSON.parse(JSON.stringify(first.state)));
  for (let t = 0; t < 3; t++) second.update({ w: parted }, { w: parted });
  expect(parted).toEqual(whole);
  expect(second.state).toEqual(sgld.state);
});

test.each([
  [{ stepSize: 0 }, "Sgld: stepSize must be a finite number above 0, got 0"],
  [{ stepSize: { a: 1, b: 1, gamma: 0.5 } }, "Sgld: stepSize.gamma must be above 0.5 and at most 1, got 0.5"],
  [{ stepSize: { a: 0, b: 1, gamma: 1 } }, "Sgld: stepSize.a must be a finite number above 0, got 0"],
  [{ stepSize: 1, dataSize: 0 }, "Sgld: dataSize must be a finite number above 0, got 0"],
  [{ stepSize: 1, priorPrecision: -1 }, "Sgld: priorPrecision must be a finite number at least 0, got -1"],
])("says what is wrong with %o", (options, message) => {
  expect(() => new Sgld(options as never)).toThrowError(message);
});

test("a missing gradient, or one of another length, is an error before anything moves", () => {
  const sgld = new Sgld({ stepSize: 1, key: K });
  const w = new Float64Array(2);
  expect(() => sgld.update({ w }, {})).toThrowError('Sgld.update: the gradient of "w" is missing');
  expect(() => sgld.update({ w }, { w: new Float64Array(3) })).toThrowError(
    'Sgld.update: the gradient of "w" must have 2 elements like the parameter, got 3',
  );
  expect([[...w], sgld.step]).toEqual([[0, 0], 0]);
});
