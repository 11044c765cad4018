import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { KEEP_ALL, PLANES, threshold, thresholdBits } from "../../../src/random/threshold.js";

const probability = fc.double({ min: 0, max: 1, noNaN: true });

describe("threshold", () => {
  test.each([
    [0, 0],
    [Number.MIN_VALUE, 0],
    [2 ** -54 * (1 - 2 ** -53), 0],
    [2 ** -54, 1], // halves round up
    [2 ** -53, 1],
    [0.25 + 2 ** -54, 2 ** 51 + 1],
    [0.5, 2 ** 52],
    [0.9, 8106479329266893],
    [1 - 0.9, 900719925474099],
    [1 - 2 ** -53, KEEP_ALL - 1],
    [1, KEEP_ALL],
  ])("of keep %d is %d", (keep, T) => expect(threshold(keep)).toBe(T));

  test("is a whole number in [0, 2^53], at most half of 2^-53 away from keep", () => {
    fc.assert(
      fc.property(probability, (keep) => {
        const T = threshold(keep);
        expect(Number.isInteger(T) && T >= 0 && T <= KEEP_ALL).toBe(true);
        expect(Math.abs(T / KEEP_ALL - keep)).toBeLessThanOrEqual(2 ** -54);
      }),
    );
  });

  test("is monotone in keep", () => {
    fc.assert(
      fc.property(probability, probability, (a, b) => {
        expect(threshold(Math.min(a, b))).toBeLessThanOrEqual(threshold(Math.max(a, b)));
      }),
    );
  });

  test("is exact for all multiples of 2^-53", () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), (T) => {
        expect(threshold(T / KEEP_ALL)).toBe(T);
      }),
    );
  });
});

describe("thresholdBits", () => {
  test.each([
    [2 ** 52, [1]],
    [2 ** 51, [0, 1]],
    [3 * 2 ** 51, [1, 1]],
    [5 * 2 ** 50, [1, 0, 1]],
    [1, [...Array(PLANES - 1).fill(0), 1]],
    [KEEP_ALL - 1, Array(PLANES).fill(1)],
  ])("of %d end with its last 1", (T, bits) => expect([...thresholdBits(T)]).toEqual(bits));

  test("are the binary digits of T, most significant first", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: KEEP_ALL - 1 }), (T) => {
        const digits = BigInt(T).toString(2).padStart(PLANES, "0");
        const bits = thresholdBits(T);
        expect([...bits].join("")).toBe(digits.replace(/0+$/, ""));
      }),
    );
  });
});
