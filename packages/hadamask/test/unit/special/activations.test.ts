import { expect, test } from "vitest";
import {
  ACTIVATIONS,
  type Activation,
  logSumExp,
  sigmoid,
  softmax,
  softplus,
} from "../../../src/special/activations.js";

test.each(["linear", "relu", "tanh", "sigmoid"] as Activation[])("the derivative of %s is its slope", (name) => {
  const { value, derivative } = ACTIVATIONS[name];
  for (const z of [-3, -0.7, 0.2, 1.5]) {
    expect(Math.abs((value(z + 1e-5) - value(z - 1e-5)) / 2e-5 - derivative(z))).toBeLessThan(1e-9);
  }
});

test("sigmoid, softplus and softmax hold at the ends of the range", () => {
  expect([sigmoid(-1000), sigmoid(1000), softplus(-1000), softplus(1000)]).toEqual([0, 1, 0, 1000]);
  expect(sigmoid(-700)).toBe(Math.exp(-700));
  expect([...softmax([1000, 1000])]).toEqual([0.5, 0.5]);
  expect([...softmax([-1000, 0])]).toEqual([0, 1]);
  expect(logSumExp([])).toBe(Number.NEGATIVE_INFINITY);
});

test("softplus is the integral of sigmoid", () => {
  for (const z of [-2, 0, 3]) {
    expect(Math.abs((softplus(z + 1e-5) - softplus(z - 1e-5)) / 2e-5 - sigmoid(z))).toBeLessThan(1e-10);
  }
});

test("softmax sums to 1 and keeps ratios", () => {
  const p = softmax([1, 2, 3]);
  expect(Math.abs(p[0]! + p[1]! + p[2]! - 1)).toBeLessThan(1e-15);
  expect(Math.abs(p[2]! / p[1]! - Math.E)).toBeLessThan(1e-14);
});
