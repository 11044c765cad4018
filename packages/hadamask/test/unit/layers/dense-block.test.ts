// The dense block of source 002, with the right formulas: Z = X W + b, A = phi(Z), Y = A * m / keep, and back.

import { type DenseDropoutParams, denseDropoutBackward, denseDropoutForward, key, softmaxCrossEntropy } from "hadamask";
import { checkGradient } from "hadamask/theory";
import { describe, expect, test } from "vitest";

const W = [0.5, -1, 0.25, 1, 0.75, -0.5]; // [2, 3]
const b = [0.1, -0.2, 0.3];
const x = [1, -0.5, 0.25, 2]; // two rows
const K = key(6);
const slope = (i: number): number => Math.cos(i + 1);
const weighted = (y: ArrayLike<number>): number => Array.from(y).reduce((sum, v, i) => sum + slope(i) * v, 0);

describe.each(["sigmoid", "tanh", "relu", "linear"] as const)("with %s", (activation) => {
  test.each([
    { params: { keep: 0.6, key: K }, mode: "train" },
    { params: { rate: 0.4, mask: [1, 0, 1, 1, 1, 0] }, mode: "sample" },
    { params: { keep: 0.6 }, mode: "eval" },
  ] as const)("in $mode all three gradients are those of central differences", ({ params, mode }) => {
    const at = (values: { x?: ArrayLike<number>; W?: ArrayLike<number>; b?: ArrayLike<number> }) => {
      const of = (given: ArrayLike<number> | undefined, initial: number[]) => Float64Array.from(given ?? initial);
      const all = { ...params, activation, W: of(values.W, W), b: of(values.b, b) } as DenseDropoutParams;
      return denseDropoutForward(of(values.x, x), all, mode);
    };
    const { y, cache } = at({});
    const { dx, dW, db } = denseDropoutBackward(
      y.map((_, i) => slope(i)),
      cache,
    );
    expect(checkGradient((x) => weighted(at({ x }).y), x, dx).error).toBeLessThan(1e-7);
    expect(checkGradient((W) => weighted(at({ W }).y), W, dW).error).toBeLessThan(1e-7);
    expect(checkGradient((b) => weighted(at({ b }).y), b, db).error).toBeLessThan(1e-7);
  });
});

describe("the cache", () => {
  const params = { W, b, keep: 0.5, key: K, activation: "tanh" } as const;

  test("holds X, Z, A, W, b and the key, and X is a copy", () => {
    const input = Float64Array.from(x);
    const { cache } = denseDropoutForward(input, params);
    expect(Object.keys(cache)).toEqual([
      "X",
      "Z",
      "A",
      "W",
      "b",
      "keep",
      "mode",
      "activation",
      "key",
      "mask",
      "sampleIds",
    ]);
    expect([...cache.A]).toEqual([...cache.Z].map(Math.tanh));
    const before = denseDropoutBackward([1, 1, 1, 1, 1, 1], cache);
    input.fill(0);
    expect(denseDropoutBackward([1, 1, 1, 1, 1, 1], cache)).toEqual(before);
  });

  test("of mode eval has no mask: outputs and gradients are those without dropout", () => {
    const { y, cache } = denseDropoutForward(x, params, "eval");
    expect([...y]).toEqual([...cache.A]);
    const { db } = denseDropoutBackward([1, 1, 1, 1, 1, 1], cache);
    const expected = [0, 1, 2].map((j) => [0, 1].reduce((sum, s) => sum + 1 - Math.tanh(cache.Z[s * 3 + j]!) ** 2, 0));
    db.forEach((value, j) => {
      expect(value).toBeCloseTo(expected[j]!, 14);
    });
  });

  test("a dropped output gives no gradient to its incoming weights, from that row", () => {
    const { cache } = denseDropoutForward(x, { W, b, keep: 0.5, activation: "linear", mask: [1, 0, 1, 0, 0, 1] });
    const { dW } = denseDropoutBackward([1, 1, 1, 1, 1, 1], cache);
    expect([...dW]).toEqual([2, 0, 2.5, -1, 0, 3]); // 1 / keep times the inputs of the rows that kept it
  });
});

test("with sample ids a row has the mask of its id, forward and back, in any batch", () => {
  const params = { W, b, keep: 0.5, key: K, activation: "tanh" } as const;
  const both = denseDropoutForward(x, { ...params, sampleIds: [3, 8] });
  const second = denseDropoutForward(x.slice(2), { ...params, sampleIds: [8] });
  expect(both.y.slice(3)).toEqual(second.y);
  const [dx, alone] = [
    denseDropoutBackward([1, 1, 1, 2, 2, 2], both.cache),
    denseDropoutBackward([2, 2, 2], second.cache),
  ];
  expect(dx.dx.slice(2)).toEqual(alone.dx);
});

describe("errors", () => {
  const params = { W, b, keep: 0.5, key: K, activation: "relu" } as const;
  test.each([
    [{ ...params, b: [1, 2, 3, 4] }, "the number of weights must be a multiple of the number of biases (4), got 6"],
    [{ ...params, W: [1, 2, 3, 4, 5, 6, 7, 8, 9] }, "x must have a multiple of 3 elements (rows of W), got 4"],
    [{ ...params, activation: "gelu" }, 'activation must be one of linear, relu, tanh, sigmoid, got "gelu"'],
    [{ ...params, key: undefined }, "key is missing; pass one made with key(seed), for instance key(42)"],
    [{ ...params, mask: [1, 1, 1, 1, 1, 1] }, "pass either key or mask, not both"],
    [{ ...params, rate: 0.5 }, "pass either rate or keep, not both; keep is 1 - rate"],
  ])("forward says what is wrong with %o", (options, message) => {
    expect(() => denseDropoutForward(x, options as never)).toThrowError(`denseDropoutForward: ${message}`);
  });

  test("mode and the length of dy are checked", () => {
    expect(() => denseDropoutForward(x, params, "test" as never)).toThrowError(
      'denseDropoutForward: mode must be "train", "eval" or "sample", got "test"',
    );
    const { cache } = denseDropoutForward(x, params);
    expect(() => denseDropoutBackward([1], cache)).toThrowError(
      "denseDropoutBackward: dy must have 6 elements like y, got 1",
    );
  });
});

describe("softmaxCrossEntropy", () => {
  test("has the gradient of central differences, and gradients that sum to 0 in each row", () => {
    const logits = [1, -2, 0.5, 3, 0, 1];
    const { gradient } = softmaxCrossEntropy(logits, [2, 0]);
    expect(checkGradient((z) => softmaxCrossEntropy(z, [2, 0]).loss, logits, gradient).error).toBeLessThan(1e-7);
    expect(gradient[0]! + gradient[1]! + gradient[2]!).toBeCloseTo(0, 15);
  });

  test("is ln(classes) for equal logits, and finite for huge ones", () => {
    expect(softmaxCrossEntropy([5, 5, 5, 5], [3]).loss).toBeCloseTo(Math.log(4), 14);
    expect(softmaxCrossEntropy([1e4, 0], [1]).loss).toBe(1e4);
    expect([...softmaxCrossEntropy(new Float32Array([1e30, 0]), [0]).gradient]).toEqual([0, 0]);
  });

  test("names what does not fit", () => {
    expect(() => softmaxCrossEntropy([1, 2, 3], [0, 1])).toThrowError(
      "softmaxCrossEntropy: the number of logits must be a multiple of the number of labels (2), got 3",
    );
    expect(() => softmaxCrossEntropy([1, 2], [2])).toThrowError(
      "softmaxCrossEntropy: labels[0] must be a class in [0, 2), got 2",
    );
  });
});

test("a two-layer network with both blocks and the head: every gradient through both masks", () => {
  const first = { W, b, keep: 0.7, key: key(1), activation: "tanh" } as const;
  const second = {
    W: [1, -1, 0.5, 0.25, -0.75, 2],
    b: [0, 0.1],
    keep: 0.8,
    key: key(2),
    activation: "linear",
  } as const;
  const run = (input: ArrayLike<number>) => {
    const hidden = denseDropoutForward(Float64Array.from(input), first);
    const out = denseDropoutForward(hidden.y, second);
    return { hidden, out, head: softmaxCrossEntropy(out.y, [1, 0]) };
  };
  const { hidden, out, head } = run(x);
  const upper = denseDropoutBackward(head.gradient, out.cache);
  const lower = denseDropoutBackward(upper.dx, hidden.cache);
  expect(checkGradient((at) => run(at).head.loss, x, lower.dx).error).toBeLessThan(1e-7);
});
