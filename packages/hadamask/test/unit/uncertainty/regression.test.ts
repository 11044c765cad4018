// Scores of regressions and the intervals that they use, against SciPy.

import { regressionScores } from "hadamask/uncertainty";
import { describe, expect, test } from "vitest";
import { betaQuantile } from "../../../src/special/beta.js";
import { exactShare } from "../../../src/uncertainty/binomial.js";
import { vectors } from "./vectors.js";

const { mean, variance, targets, ...expected } = vectors.regression;
const prediction = { rows: 40, values: 1, mean: Float64Array.from(mean), variance: Float64Array.from(variance) };

describe("scores of a regression", () => {
  test("agree with SciPy", () => {
    const [found] = regressionScores(prediction, targets, { level: 0.9 });
    expect(found!.rmse.value).toBeCloseTo(expected.rmse, 13);
    expect(found!.nll.value).toBeCloseTo(expected.nll, 12);
    expect(found!.coverage.value).toBe(expected.inside90 / 40);
    expect(found!.coverage.interval[0]).toBeCloseTo(expected.interval[0], 10);
    expect(found!.coverage.interval[1]).toBeCloseTo(expected.interval[1], 10);
    for (const { value, interval } of [found!.rmse, found!.nll]) {
      expect(interval[0]).toBeLessThan(value);
      expect(interval[1]).toBeGreaterThan(value);
    }
  });

  test("use the total variance where the model predicts its own noise, and keep values apart", () => {
    const two = {
      rows: 2,
      values: 2,
      mean: Float64Array.of(0, 10, 0, 10),
      variance: Float64Array.of(0, 0, 0, 0),
      total: Float64Array.of(1, 4, 1, 4),
    };
    const [first, second] = regressionScores(two, [1, 10, -1, 10]);
    expect(first!.nll.value).toBeCloseTo(Math.log(2 * Math.PI) / 2 + 0.5, 14);
    expect(second!.nll.value).toBeCloseTo(Math.log(2 * Math.PI * 4) / 2, 14);
    expect([first!.rmse.value, second!.rmse.value]).toEqual([1, 0]);
  });

  test("misuse", () => {
    expect(() => regressionScores(prediction, [1])).toThrow(
      "regressionScores: targets must have 40 elements (rows x values), got 1",
    );
  });
});

describe("intervals", () => {
  test.each(vectors.beta)("the %d quantile of beta(%d, %d) agrees with SciPy", (p, a, b, value) => {
    expect(betaQuantile(p, a, b)).toBeCloseTo(value, 11);
  });

  test("the exact interval of a share has its ends where nothing and everything was seen", () => {
    const [low, high] = exactShare(0, 10, 0.95);
    expect(low).toBe(0);
    expect(high).toBeCloseTo(1 - 0.025 ** 0.1, 12);
    expect(exactShare(10, 10, 0.95)[1]).toBe(1);
  });
});
