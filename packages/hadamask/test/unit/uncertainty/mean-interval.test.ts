// The interval of a mean by empirical likelihood: known answers, and what must hold for any numbers. Whether it covers is
// simulated in test/statistics/scores.test.ts and bench/score-coverage.mjs.

import { key, normal } from "hadamask";
import { describe, expect, test } from "vitest";
import { largestMean } from "../../../src/uncertainty/empirical-likelihood.js";
import { farther, meanInterval } from "../../../src/uncertainty/mean-interval.js";
import { FALSE_ALARM } from "../../support/bounds.js";
import { leastHolding } from "../../support/coverage.js";

const NUMBERS = [1, 2, 3, 5, 8, 13, 21];
const ends = (values: readonly number[], weights: readonly number[], limit: number): [number, number] => [
  -largestMean(
    Float64Array.from(values, (x) => -x),
    Float64Array.from(weights),
    limit,
  ),
  largestMean(Float64Array.from(values), Float64Array.from(weights), limit),
];

describe("the largest and the least mean that are not too unlikely", () => {
  // SciPy 1.16: brentq for Owen's multiplier, sum of w z / (1 + lambda z) = 0 with z = x - mean, inside of brentq for
  // the mean at which 2 sum of w log(1 + lambda z) is the limit.
  test.each([
    ["seven numbers", NUMBERS, [1, 1, 1, 1, 1, 1, 1], 4, 3.743314704497, 13.46090003363],
    ["half of an eighth", [...NUMBERS, 40], [1, 1, 1, 1, 1, 1, 1, 0.5], 4, 4.51454500483, 20.354626534525],
    ["3 of 30, as shares", [0, 1], [27, 3], 3.841458820694124, 0.025852773253, 0.239220224375],
  ])("%s: as SciPy's", (_, values, weights, limit, low, high) => {
    const [least, most] = ends(values, weights, limit);
    expect(least).toBeCloseTo(low, 9);
    expect(most).toBeCloseTo(high, 9);
  });

  test("of zeros and ones: where the deviance of a binomial share is the limit", () => {
    const deviance = (q: number): number => 2 * (4 * Math.log(4 / (50 * q)) + 46 * Math.log(46 / (50 * (1 - q))));
    for (const limit of [0.5, 3.84, 20]) {
      for (const end of ends([0, 1], [46, 4], limit)) expect(deviance(end)).toBeCloseTo(limit, 7);
    }
  });

  test("equal numbers have no other mean, and a number is its own", () => {
    expect(ends([2, 2, 2], [1, 1, 1], 4)).toEqual([2, 2]);
    expect(ends([7], [1], 4)).toEqual([7, 7]);
  });
});

describe("the interval of a mean", () => {
  test("moves and grows with its numbers", () => {
    const [low, high] = meanInterval(NUMBERS);
    const moved = meanInterval(NUMBERS.map((x) => 5 - 1e-3 * x));
    expect(moved[0]).toBeCloseTo(5 - 1e-3 * high, 12);
    expect(moved[1]).toBeCloseTo(5 - 1e-3 * low, 12);
    const wide = meanInterval(NUMBERS.map((x) => 1e12 * x));
    expect(wide[0] / 1e12).toBeCloseTo(low, 9);
    expect(wide[1] / 1e12).toBeCloseTo(high, 9);
  });

  test("is Student's for many numbers that are not skewed, and longer on the skewed side of few", () => {
    const even = Array.from({ length: 4000 }, (_, i) => Math.sin(i) * (i % 2 === 0 ? 1 : -1));
    const mean = even.reduce((sum, x) => sum + x, 0) / 4000;
    const error = Math.sqrt(even.reduce((sum, x) => sum + (x - mean) ** 2, 0) / 3999 / 4000);
    const [low, high] = meanInterval(even);
    const t = 1.9606; // scipy.stats.t.ppf(0.975, 3999)
    expect(Math.abs((high - mean) / error / t - 1)).toBeLessThan(0.005);
    expect(Math.abs((mean - low) / error / t - 1)).toBeLessThan(0.005);
    const skewed = meanInterval([0, 0, 0, 0, 0, 0, 0, 0, 0, 10]);
    expect(skewed[1] - 1).toBeGreaterThan(2 * (1 - skewed[0]));
  });

  test("a higher level holds a lower one; the mean is inside", () => {
    let last = [6, 8];
    for (const level of [0.1, 0.5, 0.9, 0.95, 0.99, 0.9999]) {
      const [low, high] = meanInterval(NUMBERS, level);
      expect(low).toBeLessThan(53 / 7);
      expect(high).toBeGreaterThan(53 / 7);
      if (level > 0.1) {
        expect(low).toBeLessThan(last[0]!);
        expect(high).toBeGreaterThan(last[1]!);
      }
      last = [low, high];
    }
  });

  test("unseen numbers widen their own side; the other one only if they are likely", () => {
    const alone = meanInterval(NUMBERS, 0.95, []);
    const unseen = { value: 60, weight: 0.5 };
    const maybe = meanInterval(NUMBERS, 0.95, [{ ...unseen, isLikely: false }]);
    const likely = meanInterval(NUMBERS, 0.95, [{ ...unseen, isLikely: true }]);
    expect(maybe[1]).toBeGreaterThan(alone[1] + 3);
    expect(maybe[0]).toBe(alone[0]);
    expect(likely[1]).toBe(maybe[1]);
    expect(likely[0]).toBeGreaterThan(alone[0]);
    expect(farther([...NUMBERS, 5, 8, 13]).map(({ value }) => value)).toEqual([2 - 7.9, 42 - 7.9]);
  });

  test("of very few numbers it covers as Student's does, where they are normal", () => {
    const experiments = 1000;
    for (const n of [2, 3, 5]) {
      const z = normal(n * experiments, { key: key(n) });
      let holding = 0;
      for (let e = 0; e < experiments; e++) {
        const [low, high] = meanInterval(z.subarray(n * e, n * (e + 1)));
        if (low <= 0 && high >= 0) holding++;
      }
      expect(holding, `${n} numbers`).toBeGreaterThanOrEqual(leastHolding(experiments, 0.95, FALSE_ALARM / 3));
    }
  });

  test("one number says nothing, equal ones have no width, an infinite one has an infinite mean", () => {
    expect(meanInterval([3])).toEqual([Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]);
    expect(meanInterval([3, 3, 3])).toEqual([3, 3]);
    expect(meanInterval([3, Number.POSITIVE_INFINITY])).toEqual([Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY]);
    expect(meanInterval([3, Number.NaN])).toEqual([Number.NaN, Number.NaN]);
  });

  test("finds its ends for numbers of very different size", () => {
    for (const values of [
      [1e-300, 2e-300, 5e-300],
      [1e300, 2e300, 5e300],
      [0, 0, 1e-9],
      [1, 1 + 1e-12],
      [-1e6, 1, 1e6],
    ]) {
      const [low, high] = meanInterval(values);
      const mean = values.reduce((sum, x) => sum + x / values.length, 0);
      expect(low).toBeLessThanOrEqual(mean);
      expect(high).toBeGreaterThanOrEqual(mean);
      expect(high - low).toBeGreaterThan(0);
      expect(Number.isFinite(high - low)).toBe(true);
    }
  });
});
