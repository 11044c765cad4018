// The loss of R-Drop: its gradients, its ends, its errors. Values of PyTorch: test/vectors/family.test.ts.

import { Dropout, key, rDropLoss, softmaxCrossEntropy } from "hadamask";
import { checkGradient } from "hadamask/theory";
import { describe, expect, test } from "vitest";

const first = [0.5, -1, 2, 0.3, 0.1, -0.4];
const second = [1, -0.5, 1.5, 0.2, 0.4, 0.6];
const labels = [2, 0];

describe("rDropLoss", () => {
  test.each([0, 0.5, 5])("has the gradients of central differences at weight %d", (weight) => {
    const { dFirst, dSecond } = rDropLoss(first, second, labels, { weight });
    const at = (a: ArrayLike<number>, b: ArrayLike<number>) =>
      rDropLoss(Float64Array.from(a), Float64Array.from(b), labels, { weight }).loss;
    expect(checkGradient((x) => at(x, second), first, dFirst).error).toBeLessThan(1e-7);
    expect(checkGradient((x) => at(first, x), second, dSecond).error).toBeLessThan(1e-7);
  });

  test("at weight 0 is the sum of two cross-entropies", () => {
    const { loss, dFirst } = rDropLoss(first, second, labels, { weight: 0 });
    const [a, b] = [softmaxCrossEntropy(first, labels), softmaxCrossEntropy(second, labels)];
    expect(loss).toBeCloseTo(a.loss + b.loss, 14);
    dFirst.forEach((value, i) => {
      expect(value).toBeCloseTo(a.gradient[i]!, 14);
    });
  });

  test("two equal passes have no divergence, and do not depend on its weight", () => {
    const one = rDropLoss(first, first, labels, { weight: 1 });
    const many = rDropLoss(first, first, labels, { weight: 100 });
    expect(one.divergence).toBe(0);
    expect(many).toEqual(one);
  });

  test("is the same when the passes change places", () => {
    const there = rDropLoss(first, second, labels, { weight: 2 });
    const back = rDropLoss(second, first, labels, { weight: 2 });
    expect(back.loss).toBeCloseTo(there.loss, 14);
    expect(back.dFirst).toEqual(there.dSecond);
  });

  test("takes the two passes of a layer through steps of their own", () => {
    const layer = new Dropout({ rate: 0.5, key: key(1) });
    const a = layer.forward(first, { step: 0 });
    const b = layer.forward(first, { step: 1 });
    expect(rDropLoss(a, b, labels, { weight: 1 }).divergence).toBeGreaterThan(0);
  });

  test("rows of padding change nothing, wherever they are; without other rows all is 0", () => {
    const { dFirst, ...whole } = rDropLoss(first, second, labels, { weight: 1 });
    const padded = rDropLoss([...first, 9, 9, 9], [...second, 1, 2, 3], [...labels, -100], {
      weight: 1,
      padding: -100,
    });
    expect(padded.loss).toBe(whole.loss);
    expect([...padded.dFirst]).toEqual([...dFirst, 0, 0, 0]);
    const none = rDropLoss([1, 2], [3, 4], [-1], { weight: 1, padding: -1 });
    expect([none.loss, ...none.dFirst]).toEqual([0, 0, 0]);
  });

  test("stays finite for logits far apart, and keeps float32", () => {
    const { loss, dFirst } = rDropLoss(Float32Array.of(1000, 0), Float32Array.of(0, 1000), [0], { weight: 1 });
    expect(loss).toBeCloseTo(2000, 6);
    expect(dFirst).toBeInstanceOf(Float32Array);
    for (const value of dFirst) expect(value).toSatisfy(Number.isFinite);
  });

  test.each([
    [() => rDropLoss([1, 2], [1], [0], { weight: 1 }), "rDropLoss: second must have 2 elements like first, got 1"],
    [
      () => rDropLoss([1, 2], [1, 2], [0], { weight: -1 }),
      "rDropLoss: weight must be a finite number at least 0, got -1",
    ],
    [() => rDropLoss([1, 2], [1, 2], [2], { weight: 1 }), "rDropLoss: labels[0] must be a class in [0, 2), got 2"],
    [
      () => rDropLoss([1, 2, 3], [1, 2, 3], [0, 1], { weight: 1 }),
      "rDropLoss: the number of logits must be a multiple of the number of labels (2), got 3",
    ],
    [() => rDropLoss([1], [1], 0 as never, { weight: 1 }), "rDropLoss: labels must be an array of classes, got 0"],
  ])("%# says what is wrong", (call, message) => {
    expect(call).toThrowError(expect.objectContaining({ message }));
  });
});
