import { dropout } from "hadamask";
import { checkGradient, expectation, expectedGradient, expectedGradientOfSquare } from "hadamask/theory";
import { expect, test } from "vitest";
import { sigmoid } from "../../../src/special/activations.js";
import { expectClose, expectCloseAll } from "./close.js";

const square = (y: Float64Array) => y.map((v) => 2 * v);

test("L = y^2 at x = 3: the expected gradient is 2 x / keep, not 2 x", () => {
  const half = expectedGradient([3], square, { keep: 0.5 });
  expectCloseAll([half.expected[0]!, half.clean[0]!, half.upstream[0]!], [12, 6, 6]);
  expectCloseAll(expectedGradient([3], square, { keep: 0.8 }).expected, [7.5]);
});

test("logistic loss at x = 2", () => {
  const { expected, clean, upstream } = expectedGradient([2], (y) => y.map((v) => -sigmoid(-v)), { keep: 0.5 });
  expectCloseAll([expected[0]!, clean[0]!, upstream[0]!], [-0.017986, -0.119203, -0.258993], 6e-7);
});

test("a squared loss over three inputs: one component changes sign", () => {
  const w = [1, 2, -1];
  const gradient = (y: Float64Array) => {
    const residual = y.reduce((sum, v, i) => sum + w[i]! * v, 0) - 0.5;
    return w.map((v) => v * residual);
  };
  const result = expectedGradient([1, 1, 2], gradient, { keep: 0.5 });
  expectCloseAll(result.clean, [0.5, 1, -0.5]);
  expectCloseAll(result.expected, [1.5, 5, 1.5]);
  expectCloseAll(result.upstream, [0.5, 1, -0.5]);
  expectCloseAll(expectedGradientOfSquare([1, 1, 2], w, 0.5, { keep: 0.5 }), result.expected);
  const dot = (a: ArrayLike<number>, b: ArrayLike<number>) => Array.from(a).reduce((sum, v, i) => sum + v * b[i]!, 0);
  const cosine =
    dot(result.clean, result.expected) /
    Math.sqrt(dot(result.clean, result.clean) * dot(result.expected, result.expected));
  expectClose(cosine, 0.7516, 6e-5);
});

test("a linear loss keeps its gradient", () => {
  const { expected, clean, upstream } = expectedGradient([1, 2], (y) => y.map(() => 1), { keep: 0.3 });
  expectCloseAll(expected, [1, 1]);
  expectCloseAll(clean, [1, 1]);
  expectCloseAll(upstream, [1, 1]);
});

test("it is the gradient of the expected loss, and the upstream gradient where the element is kept", () => {
  const law = { keep: 0.4 };
  const loss = (y: Float64Array) => Math.exp(y[0]! - y[1]!) + y[0]! * y[1]!;
  const gradient = (y: Float64Array) => {
    const e = Math.exp(y[0]! - y[1]!);
    return [e + y[1]!, -e + y[0]!];
  };
  const x = [0.3, -0.2];
  const result = expectedGradient(x, gradient, law);
  expectCloseAll(result.expected, result.upstreamWhereKept);
  const expectedLoss = (v: Float64Array) => expectation({ n: 2, ...law }, (mask) => loss(dropout(v, { ...law, mask })));
  expect(checkGradient(expectedLoss, x, result.expected).error).toBeLessThan(1e-9);
});

test("bad arguments get a sentence", () => {
  expect(() => expectedGradient([1, 2], () => [1], { rate: 0.5 })).toThrow(
    new RangeError("expectedGradient: gradient(y) must have 2 elements like x, got 1"),
  );
});
