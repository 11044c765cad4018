// Calibration of predicted values: numbers by hand, and what is promised of new rows, by simulation.

import { key, normal } from "hadamask";

import { applyQuantileRecalibration, fitQuantileRecalibration, fitVarianceScaling } from "hadamask/uncertainty";
import { describe, expect, test } from "vitest";

describe("one factor on deviations", () => {
  test("by hand: errors of 1, 2 and 3 deviations have the factor sqrt(14 / 3)", () => {
    const { factor, nll } = fitVarianceScaling([0, 10, -5], [1, 4, 0.25], [1, 6, -3.5]);
    expect(factor).toBeCloseTo(Math.sqrt(14 / 3), 14);
    const logs = (Math.log(2 * Math.PI) * 3 + Math.log(1 * 4 * 0.25)) / 6;
    expect(nll.before).toBeCloseTo(logs + 14 / 6, 14);
    expect(nll.after).toBeCloseTo(logs + Math.log(14 / 3) / 2 + 0.5, 14);
  });

  test("no factor next to it is better", () => {
    const [mean, variance, right] = [
      [0, 1, 2, 3],
      [1, 2, 3, 4],
      [2, -1, 2.5, 9],
    ];
    const { factor, nll } = fitVarianceScaling(mean, variance, right);
    for (const other of [0.99, 1.01]) {
      const scaled = variance.map((v) => v * (factor * other) ** 2);
      expect(fitVarianceScaling(mean, scaled, right).nll.before).toBeGreaterThan(nll.after);
    }
  });

  test.each<[number[], number[], number[], string]>([
    [[], [], [], "fitVarianceScaling: mean must be of at least one row, got 0"],
    [[1], [1], [1], "fitVarianceScaling: targets must be different from the means in some row, got 0"],
    [[1, 2], [1], [1, 2], "fitVarianceScaling: variance must have 2 elements (one a row), got 1"],
    [[1], [1], [1, 2], "fitVarianceScaling: targets must have 1 element (one a row), got 2"],
    [[1], [0], [2], "fitVarianceScaling: variance[0] must be a finite number above 0, got 0"],
    [[Number.NaN], [1], [2], "fitVarianceScaling: mean[0] must be finite, got NaN"],
    [[1], [1], [Number.POSITIVE_INFINITY], "fitVarianceScaling: targets[0] must be finite, got Infinity"],
  ])("wrong: %j %j %j", (mean, variance, right, message) => {
    expect(() => fitVarianceScaling(mean, variance, right)).toThrow(message);
  });
});

describe("levels corrected", () => {
  test("by hand: corners at k / (n + 1), straight between", () => {
    const fitted = fitQuantileRecalibration([0, 0, 0], [1, 1, 1], [0, -1, 2]);
    expect([...fitted.x]).toEqual([0, 0.25, 0.5, 0.75, 1]);
    // the normal law below -1, 0 and 2
    [0, 0.15865525393145705, 0.5, 0.9772498680518208, 1].forEach((level, k) => {
      expect(fitted.y[k]).toBeCloseTo(level, 12);
    });
    const found = applyQuantileRecalibration([1, 2], [4, 9], [0.25, 0.5, 0.75], fitted);
    [1 - 2, 1, 1 + 4, 2 - 3, 2, 2 + 6].forEach((value, i) => {
      expect(found[i]).toBeCloseTo(value, 10);
    });
    // half way between the levels of 0 and -1: the law's 32.93 %, which lies at -0.4418
    expect(applyQuantileRecalibration([0], [1], [0.375], fitted)[0]).toBeCloseTo(-0.4418, 3);
    const ends = [...applyQuantileRecalibration([0], [1], [0, 1], fitted)];
    expect(ends).toEqual([Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]);
  });

  // 19 rows: levels that are corners have exactly their coverage, whatever the law
  test("new rows lie below the quantile of level k / 20 in k / 20 of 10,000 repetitions", () => {
    const [repetitions, rows] = [10_000, 19];
    const z = normal(repetitions * (rows + 1), { key: key(11) });
    const [mean, variance] = [new Float64Array(rows), new Float64Array(rows).fill(1)];
    const levels = [0.05, 0.25, 0.5, 0.9, 0.95];
    const below = levels.map(() => 0);
    for (let r = 0; r < repetitions; r++) {
      // the model says N(0, 1); the truth is skewed, shifted and wider
      const right = Float64Array.from(z.subarray(r * (rows + 1), (r + 1) * (rows + 1)), (v) => Math.exp(v) - 0.7);
      const fitted = fitQuantileRecalibration(mean, variance, right.subarray(0, rows));
      const found = applyQuantileRecalibration([0], [1], levels, fitted);
      levels.forEach((_, i) => {
        if (right[rows]! <= found[i]!) below[i]!++;
      });
    }
    levels.forEach((level, i) => {
      // false-alarm rate 1e-9 for all: 6.4 standard deviations
      const bound = 6.4 * Math.sqrt((level * (1 - level)) / repetitions);
      expect(Math.abs(below[i]! / repetitions - level)).toBeLessThan(bound);
    });
  });

  test("wrong levels and lengths", () => {
    const fitted = fitQuantileRecalibration([0], [1], [0]);
    expect(() => applyQuantileRecalibration([0], [1], [1.5], fitted)).toThrow(
      "applyQuantileRecalibration: levels[0] must be in [0, 1], got 1.5",
    );
    expect(() => applyQuantileRecalibration([0, 1], [1], [0.5], fitted)).toThrow(
      "applyQuantileRecalibration: variance must have 2 elements (one a row), got 1",
    );
    expect(() => applyQuantileRecalibration([0], [-1], [0.5], fitted)).toThrow(
      "applyQuantileRecalibration: variance[0] must be a finite number above 0, got -1",
    );
  });
});
