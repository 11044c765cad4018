import { dropout } from "hadamask";
import { enumerateMasks, expectation, expectedMoments, expectedVector } from "hadamask/theory";
import { expect, test } from "vitest";

/** 1e-12 of the value, as STYLE.md asks of expectations by enumeration. */
const close = (actual: number, expected: number) =>
  expect(Math.abs(actual - expected)).toBeLessThanOrEqual(1e-12 * Math.max(1, Math.abs(expected)));

test("visits each mask once, with a weight that sums to 1", () => {
  const seen = new Set<string>();
  let total = 0;
  enumerateMasks({ n: 5, rate: 0.3 }, (mask, weight) => {
    const kept = mask.reduce((sum, bit) => sum + bit, 0);
    close(weight, 0.7 ** kept * 0.3 ** (5 - kept));
    seen.add(mask.join(""));
    total += weight;
  });
  expect(seen.size).toBe(32);
  close(total, 1);
});

test("bits with their own probabilities of keeping", () => {
  const keeps = [0.2, 0.5, 0.9];
  expectedVector({ keeps }, (mask) => mask).forEach((mean, i) => {
    close(mean, keeps[i]!);
  });
});

test("independent bits: the mean of a product is the product of the means (9.4.2)", () => {
  const f = [(m: number) => Math.exp(m), (m: number) => (m - 2) ** 2, (m: number) => 1 / (1 + m)];
  const joint = expectation({ n: 3, keep: 0.3 }, (mask) => f.reduce((p, fj, j) => p * fj(mask[j]!), 1));
  const separate = f.reduce((p, fj) => p * expectation({ n: 1, keep: 0.3 }, (mask) => fj(mask[0]!)), 1);
  close(joint, 3.9933017853968744);
  close(separate, 3.9933017853968744);
});

test("moments of inverted dropout: mean x, diagonal covariance (1 - keep) / keep * x^2", () => {
  const { mean, covariance } = expectedMoments({ n: 3, keep: 0.7 }, (mask) => dropout([2, 4, 6], { keep: 0.7, mask }));
  [2, 4, 6].forEach((x, i) => {
    close(mean[i]!, x);
  });
  const expected = [12 / 7, 0, 0, 0, 48 / 7, 0, 0, 0, 108 / 7];
  expected.forEach((v, i) => {
    close(covariance[i]!, v);
  });
});

test("a small variance around a large mean keeps its digits", () => {
  const { covariance } = expectedMoments({ n: 1, keep: 0.5 }, (mask) => [1e8 + mask[0]!]);
  expect(covariance[0]).toBe(0.25);
});

test("a million masks sum without losing digits", () => {
  close(
    expectation({ n: 20, rate: 0.1 }, () => 1),
    1,
  );
});

test("no bits: one empty mask; rate 0 and 1: one mask each", () => {
  expect(expectation({ n: 0, rate: 0.5 }, (mask) => 7 + mask.length)).toBe(7);
  expect(expectation({ n: 3, rate: 0 }, (mask) => (mask.includes(0) ? Number.NaN : 1))).toBe(1);
  expect(expectation({ n: 3, rate: 1 }, (mask) => (mask.includes(1) ? Number.NaN : 1))).toBe(1);
});

test("an infinite value gives an infinite expectation, not NaN", () => {
  expect(expectation({ n: 2, rate: 0.5 }, (mask) => 1 / mask[0]!)).toBe(Number.POSITIVE_INFINITY);
});

test("bad arguments get a sentence", () => {
  expect(() => expectation({ n: 25, rate: 0.5 }, () => 1)).toThrow(
    new RangeError("expectation: n must be a whole number in [0, 25), got 25"),
  );
  expect(() => expectation({ n: 2, rate: 50 }, () => 1)).toThrow(
    new RangeError("expectation: rate must be in [0, 1], got 50; pass 0.5 for 50 %"),
  );
  expect(() => expectedVector({ keeps: [0.5, Number.NaN] }, (mask) => mask)).toThrow(
    new RangeError("expectedVector: keeps[1] must be in [0, 1], got NaN"),
  );
  expect(() => enumerateMasks(3 as never, () => {})).toThrow(
    new TypeError("enumerateMasks: bits must be an object { n, rate }, { n, keep } or { keeps }, got 3"),
  );
  let length = 0;
  expect(() => expectedVector({ n: 1, rate: 0.5 }, () => new Float64Array(++length))).toThrow(
    new RangeError("expectedVector: the length of f(mask) must be the same for all masks (1), got 2"),
  );
});
