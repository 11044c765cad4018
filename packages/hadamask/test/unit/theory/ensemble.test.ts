import { dropout } from "hadamask";
import { expectation, submodelAverages } from "hadamask/theory";
import { expect, test } from "vitest";
import { softmax } from "../../../src/special/activations.js";
import { expectClose, expectCloseAll } from "./close.js";

const W = [
  [1, -1, 0.5, 2],
  [0, 1, -0.5, 0.5],
  [-1, 0.5, 1, -1],
];
const x = [1, 2, -1, 0.5];
const logits = (h: ArrayLike<number>) => W.map((row) => row.reduce((sum, w, j) => sum + w * h[j]!, 0));

test.each([
  [0.8, [0.144305, 0.836358, 0.019337]],
  [0.5, [0.2986, 0.662561, 0.038839]],
])("one softmax layer at keep %d: the geometric mean is the full model, the arithmetic mean is not", (keep, mean) => {
  const { arithmetic, geometric } = submodelAverages({ n: 4, keep }, (mask) =>
    softmax(logits(dropout(x, { keep, mask }))),
  );
  expectCloseAll(arithmetic, mean, 6e-7);
  expectCloseAll(geometric, softmax(logits(x)));
  expectCloseAll(geometric, [0.036821, 0.949633, 0.013546], 6e-7);
});

test("classic scaling: the geometric mean is the model with halved inputs", () => {
  const { arithmetic, geometric } = submodelAverages({ n: 4, keep: 0.5 }, (mask) =>
    softmax(logits(dropout(x, { keep: 0.5, scaling: "classic", mask }))),
  );
  expectCloseAll(geometric, [0.14959, 0.759679, 0.090731], 6e-7);
  expectCloseAll(arithmetic, [0.279125, 0.623371, 0.097504], 6e-7);
});

test("a class that one submodel rules out has no geometric mean", () => {
  const { geometric } = submodelAverages({ n: 1, keep: 0.5 }, ([bit]) => (bit === 1 ? [0.5, 0.5] : [0, 1]));
  expect([...geometric]).toEqual([0, 1]);
});

test.each([
  [0.6, 2.25, 1.8],
  [0.5, 2.25, 2.25],
  [0.2, 2.25, 3.6],
])("the uniform mean over submodels at rate %d is right only at 1/2", (rate, uniform, weighted) => {
  const output = (mask: Uint8Array) =>
    [...dropout([1, 2, 3], { rate, scaling: "classic", mask })].reduce((sum, a, j) => sum + a * [0.5, -1, 2][j]!, 0);
  expectClose(expectation({ n: 3, rate: 0.5 }, output), uniform);
  expectClose(expectation({ n: 3, rate }, output), weighted);
});
