import { normalExpectation } from "hadamask/theory";
import { expect, test } from "vitest";
import { sigmoid } from "../../../src/special/activations.js";
import { rectifiedNormal } from "../../../src/special/normal.js";
import { expectClose } from "./close.js";

test("moments of the normal distribution", () => {
  const law = { mean: 2, variance: 3 };
  expectClose(
    normalExpectation(() => 1, law),
    1,
  );
  expectClose(
    normalExpectation((u) => u, law),
    2,
  );
  expectClose(
    normalExpectation((u) => (u - 2) ** 4, law),
    27,
  );
  expectClose(normalExpectation(Math.exp, { mean: 0, variance: 1 }), Math.exp(0.5));
});

test("the mean of a ReLU, which is not smooth, to the square of the step", () => {
  expectClose(
    normalExpectation((u) => Math.max(0, u), { mean: 0.3, variance: 2 }),
    rectifiedNormal(0.3, 2).mean,
    1e-5,
  );
});

test.each([
  [0, 0.04337904],
  [0.5, 0.05071225],
  [1, 0.06841908],
  [2, 0.1087563],
  [3, 0.13970536],
  [5, 0.17615792],
  [10, 0.21092923],
])("the variance of a logit-normal with sigma %d", (sigma, variance) => {
  const law = { mean: 0, variance: 1 + sigma ** 2 };
  expectClose(normalExpectation(sigmoid, law), 0.5);
  expectClose(
    normalExpectation((u) => (sigmoid(u) - 0.5) ** 2, law),
    variance,
    6e-9,
  );
});

test("no variance: the value at the mean", () => {
  expectClose(
    normalExpectation((u) => u ** 2, { mean: 3, variance: 0 }),
    9,
  );
  expect(() => normalExpectation(() => 1, { mean: 0, variance: -1 })).toThrow(
    new RangeError("normalExpectation: variance must be at least 0, got -1"),
  );
});
