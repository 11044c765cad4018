// Conformal prediction by hand on tiny cases: scores, thresholds, sets, intervals.

import { key } from "hadamask";
import { conformalClasses, conformalIntervals, intervalCoverage, setCoverage } from "hadamask/uncertainty";
import { describe, expect, test } from "vitest";
import { scoreClasses } from "../../../src/uncertainty/conformal-scores.js";

describe("scores of classes, by hand", () => {
  const p = Float64Array.of(0.2, 0.5, 0.3); // ranks 3, 1, 2
  const raps = { penalty: 0.1, freeClasses: 1 };

  test.each([
    ["lac", 1, [0.8, 0.5, 0.7]],
    ["aps", 1, [1, 0.5, 0.8]],
    ["aps", 0.5, [0.9, 0.25, 0.65]],
    ["raps", 1, [1.2, 0.5, 0.9]],
    ["raps", 0, [1, 0, 0.6]],
  ] as const)("%s with part %d", (score, u, expected) => {
    scoreClasses(p, { score, ...raps }, u).forEach((value, c) => {
      expect(value).toBeCloseTo(expected[c]!, 14);
    });
  });

  test("of equal probabilities the first class is the likelier", () => {
    expect([...scoreClasses(Float64Array.of(0.5, 0.5), { score: "aps", ...raps }, 1)]).toEqual([0.5, 1]);
  });
});

describe("sets of classes", () => {
  // Scores of the right classes: 0.1, 0.2, …, 0.9.
  const rows = Array.from({ length: 9 }, (_, i) => [1 - (i + 1) / 10, (i + 1) / 10]).flat();
  const labels = new Array(9).fill(0);

  test("the threshold is the k-th smallest score, k = ceil((n + 1) level)", () => {
    const at = (level: number) => conformalClasses(rows, labels, { level }).promises[0]!;
    expect(at(0.9).threshold).toBeCloseTo(0.9, 14); // k = 9, not 10 by rounding
    expect(at(0.9).expected).toBe(0.9);
    expect(at(0.85).threshold).toBeCloseTo(0.9, 14);
    expect(at(0.8).threshold).toBeCloseTo(0.8, 14);
    expect(at(0.11).threshold).toBeCloseTo(0.2, 14);
    expect(at(0.95)).toEqual({ rows: 9, threshold: Number.POSITIVE_INFINITY, expected: 1, interval: [1, 1] });
  });

  test("the law of the coverage is Beta(k, n + 1 - k)", () => {
    const { interval } = conformalClasses(rows, labels, { level: 0.9 }).promises[0]!; // Beta(9, 1): x^9
    expect(interval[0]).toBeCloseTo(0.025 ** (1 / 9), 12);
    expect(interval[1]).toBeCloseTo(0.975 ** (1 / 9), 12);
  });

  test("hold the classes up to the threshold, the likeliest always unless they may be empty", () => {
    const fitted = conformalClasses([0.9, 0.1, 0.8, 0.2], [0, 0], { level: 0.6 }); // threshold 0.2
    const found = fitted.sets([0.95, 0.05, 0.6, 0.4]);
    expect([...found.contains]).toEqual([1, 0, 1, 0]);
    expect([...found.sizes]).toEqual([1, 1]);
    const strict = conformalClasses([0.9, 0.1, 0.8, 0.2], [0, 0], { level: 0.6, allowEmpty: true });
    expect([...strict.sets([0.95, 0.05, 0.6, 0.4]).sizes]).toEqual([1, 0]);
  });

  test("too few rows give all classes", () => {
    const found = conformalClasses([0.9, 0.1], [0], { level: 0.9 }).sets([1, 0]);
    expect([...found.contains]).toEqual([1, 1]);
    expect(found.meanSize).toBe(2);
  });

  test("a threshold for each class covers each, and a class without rows is in every set", () => {
    const p = [0.9, 0.1, 0, 0.8, 0.2, 0, 0.4, 0.6, 0, 0.5, 0.5, 0];
    const { promises, sets } = conformalClasses(p, [0, 0, 1, 1], { level: 0.6, perClass: true });
    expect(promises.map(({ rows: n }) => n)).toEqual([2, 2, 0]);
    expect(promises.map(({ threshold }) => threshold)).toEqual([
      expect.closeTo(0.2, 12),
      expect.closeTo(0.5, 12),
      Number.POSITIVE_INFINITY,
    ]);
    expect([...sets([0.85, 0.15, 0]).contains]).toEqual([1, 0, 1]);
  });

  test("with a key depend on it and the row's number alone, piece by piece the same", () => {
    const many = Array.from({ length: 30 }, (_, i) => [0.5 + (i % 5) / 20, 0.3 - (i % 5) / 20, 0.2]).flat();
    const fitted = conformalClasses(many, new Array(30).fill(0), { score: "aps", level: 0.7, key: key(3) });
    const whole = fitted.sets(many);
    const rest = fitted.sets(many.slice(30), { offset: 10 });
    expect([...rest.contains]).toEqual([...whole.contains.subarray(30)]);
  });

  test("one column is the probability of class 1 of two, in calibration and after it", () => {
    const one = conformalClasses([0.1, 0.3, 0.8, 0.6], [0, 0, 1, 1], { level: 0.8 });
    const two = conformalClasses([0.9, 0.1, 0.7, 0.3, 0.2, 0.8, 0.4, 0.6], [0, 0, 1, 1], { level: 0.8 });
    expect(one.promises).toEqual(two.promises);
    expect(one.sets([0.5, 0.9])).toEqual(two.sets([0.5, 0.5, 1 - 0.9, 0.9]));
  });

  test("are counted with the exact interval of their coverage", () => {
    const found = conformalClasses([0.9, 0.1], [0], { level: 0.4 }).sets([0.95, 0.05, 0.95, 0.05]);
    expect(setCoverage(found, [0, 1])).toEqual({
      rows: 2,
      coverage: 0.5,
      interval: [expect.closeTo(1 - 0.975 ** 0.5, 12), expect.closeTo(0.975 ** 0.5, 12)],
      meanSize: 1,
    });
  });

  test("misuse", () => {
    expect(() => conformalClasses([0.9, 0.1], [0], { level: 1 })).toThrow(
      "conformalClasses: level must be in (0, 1), got 1",
    );
    expect(() => conformalClasses([0.9, 0.1], [0], { score: "top" as "lac" })).toThrow(
      'conformalClasses: score must be "lac", "aps" or "raps", got "top"',
    );
    expect(() => conformalClasses([0.9, 0.1], [0]).sets([0.5])).toThrow(
      "conformalClasses.sets: probabilities must be a whole number of rows of 2 probabilities, got Float64Array of 1",
    );
    const sets = conformalClasses([0.9, 0.1], [0]).sets([1, 0]);
    expect(() => setCoverage(sets, [2])).toThrow("setCoverage: labels[0] must be a whole number in [0, 2), got 2");
    expect(() => setCoverage(sets, [])).toThrow("setCoverage: labels must have 1 element like the sets, got 0");
  });
});

describe("intervals of values, by hand", () => {
  const mean = [1, 2, 3, 4];

  test("absolute: the mean ± the k-th smallest error", () => {
    const { promise, intervals } = conformalIntervals({ mean }, [1.5, 2, 1, 4.25], { level: 0.6 }); // 0.5, 0, 2, 0.25
    expect(promise).toMatchObject({ rows: 4, threshold: 0.5, expected: 0.6 });
    expect(intervals({ mean: [10] })).toEqual({
      lower: Float64Array.of(9.5),
      upper: Float64Array.of(10.5),
      meanSize: 1,
    });
  });

  test("normalized: in units of each row's deviation", () => {
    const deviation = [1, 1, 4, 0.5]; // scores 0.5, 0, 0.5, 0.5
    const { promise, intervals } = conformalIntervals({ mean, deviation }, [1.5, 2, 1, 4.25], {
      level: 0.8,
      score: "normalized",
    });
    expect(promise.threshold).toBe(0.5);
    expect(intervals({ mean: [0, 0], deviation: [2, 0] })).toEqual({
      lower: Float64Array.of(-1, 0),
      upper: Float64Array.of(1, 0),
      meanSize: 1,
    });
    const stuck = conformalIntervals({ mean: [1], deviation: [0] }, [2], { level: 0.5, score: "normalized" });
    expect(stuck.intervals({ mean: [0], deviation: [0] }).upper[0]).toBe(Number.POSITIVE_INFINITY);
  });

  test("quantile: both ends moved, inwards where the quantiles were too wide", () => {
    const ends = { lower: [0, 0, 0], upper: [10, 10, 10] };
    const wide = conformalIntervals(ends, [5, 4, 7], { level: 0.75, score: "quantile" }); // scores -5, -4, -3
    expect(wide.promise.threshold).toBe(-3);
    expect(wide.intervals({ lower: [0, 4], upper: [10, 6] })).toEqual({
      lower: Float64Array.of(3, 7),
      upper: Float64Array.of(7, 3),
      meanSize: 2, // 4, and an empty one
    });
    const narrow = conformalIntervals(ends, [12, 4, -1], { level: 0.75, score: "quantile" });
    expect(narrow.promise.threshold).toBe(2);
  });

  test("too few rows give infinite intervals", () => {
    const { intervals } = conformalIntervals({ mean: [1] }, [1], { level: 0.9 });
    const found = intervals({ mean: [3] });
    expect([found.lower[0], found.upper[0]]).toEqual([Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]);
    expect(intervalCoverage(found, [1e300]).coverage).toBe(1);
  });

  test("misuse", () => {
    expect(() => conformalIntervals({ mean }, mean, { score: "normalized" })).toThrow(
      'conformalIntervals: deviation is missing; score "normalized" needs it',
    );
    expect(() => conformalIntervals({ mean, deviation: [1, 1, -1, 1] }, mean, { score: "normalized" })).toThrow(
      "conformalIntervals: deviation[2] must be at least 0, got -1",
    );
    expect(() => conformalIntervals({ mean }, [1])).toThrow(
      "conformalIntervals: targets must have 4 elements like the predictions, got 1",
    );
    expect(() => conformalIntervals({ mean }, [1, 2, Number.NaN, 4])).toThrow(
      "conformalIntervals: targets[2] must be a number, got NaN",
    );
  });
});
