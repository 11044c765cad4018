import { logisticPenalty, quadraticLogisticPenalty } from "hadamask/theory";
import { expect, test } from "vitest";
import { expectClose } from "./close.js";

const x = [
  [1, 2, 0.5],
  [-1, 0, 1.5],
  [0.5, -1, 2],
  [2, 1, -0.5],
  [-0.5, 1.5, 1],
];

test.each([
  [0.1, 1, 0.047286, 0.04671],
  [0.3, 1, 0.178947, 0.180169],
  [0.5, 1, 0.401007, 0.420394],
  [0.5, 3, 2.252253, 2.723009],
])("rate %d, weights times %d: exact and quadratic penalty", (rate, factor, exact, quadratic) => {
  const beta = [0.5 * factor, -0.4 * factor, 0.3 * factor];
  expectClose(logisticPenalty(x, beta, { rate }), exact, 6e-7);
  expectClose(quadraticLogisticPenalty(x, beta, { rate }), quadratic, 6e-7);
});

test("no dropout, no penalty", () => {
  expect(logisticPenalty(x, [1, 2, 3], { rate: 0 })).toBe(0);
  expect(quadraticLogisticPenalty(x, [1, 2, 3], { rate: 0 })).toBe(0);
});

test("for small weights the quadratic penalty becomes exact", () => {
  const beta = [5e-4, -4e-4, 3e-4];
  const ratio = quadraticLogisticPenalty(x, beta, { rate: 0.5 }) / logisticPenalty(x, beta, { rate: 0.5 });
  expect(Math.abs(ratio - 1)).toBeLessThan(1e-6);
});
