import { keepMask, key } from "hadamask";
import {
  applyTemperature,
  auroc,
  fitTemperature,
  negativeLogLikelihood,
  riskCoverage,
  riskWhenRefusing,
} from "hadamask/uncertainty";
import { describe, expect, test } from "vitest";
import { vectors } from "./vectors.js";

describe("auroc", () => {
  const { strange, familiar, value, standardError } = vectors.auroc;

  test("agrees with scikit-learn, ties and all, and with DeLong's standard error", () => {
    const found = auroc(strange, familiar);
    expect(found.auroc).toBeCloseTo(value, 14);
    expect(found.standardError).toBeCloseTo(standardError, 14);
  });

  test("is 1, 0 and 1/2 where it has to be", () => {
    expect(auroc([3, 4], [1, 2]).auroc).toBe(1);
    expect(auroc([1, 2], [3, 4]).auroc).toBe(0);
    expect(auroc([1, 1], [1, 1]).auroc).toBe(0.5);
    expect(auroc([Number.POSITIVE_INFINITY, 0], [0, 0]).auroc).toBe(0.75);
  });

  test("has an interval of some width where the scores do not overlap, and one that holds the value", () => {
    const perfect = auroc([3, 4, 5], [0, 1, 2]);
    expect(perfect.standardError).toBe(0);
    expect(perfect.interval[0]).toBeLessThan(0.7);
    expect(perfect.interval[1]).toBe(1);
    const found = auroc(strange, familiar);
    expect(found.interval[0]).toBeLessThan(found.auroc - 1.5 * found.standardError);
    expect(found.interval[1]).toBeGreaterThan(found.auroc + 1.5 * found.standardError);
    expect(auroc([0, 1], [2, 3]).interval[0]).toBe(0);
  });

  test("refuses nothing and NaN", () => {
    expect(() => auroc([], [1])).toThrow("auroc: strange must have at least one score, got 0");
    expect(() => auroc([1], [Number.NaN])).toThrow("auroc: familiar must be numbers, got NaN");
  });
});

describe("risk and coverage", () => {
  test("of a perfect uncertainty lie on the best curve, of a useless one at the mean loss", () => {
    const losses = Array.from({ length: 50 }, (_, i) => (i % 10 === 0 ? 1 : 0));
    const perfect = riskCoverage(losses, losses);
    expect(perfect.aurc).toBe(perfect.best);
    expect(riskWhenRefusing(perfect, 0.1)).toBe(0);
    const useless = riskCoverage(
      losses.map(() => 1),
      losses,
    );
    expect(useless.aurc).toBeCloseTo(0.1, 14);
    expect(useless.random).toBeCloseTo(0.1, 14);
    expect(riskWhenRefusing(useless, 0.5)).toBeCloseTo(0.1, 14);
  });

  test("is the mean loss of the rows that are left, counted by hand", () => {
    const curve = riskCoverage([0.3, 0.1, 0.2, 0.4], [1, 0, 1, 0]);
    expect([...curve.risk]).toEqual([0, 1 / 2, 2 / 3, 1 / 2]);
    expect([...curve.coverage]).toEqual([0.25, 0.5, 0.75, 1]);
    expect(curve.aurc).toBeCloseTo((0 + 1 / 2 + 2 / 3 + 1 / 2) / 4, 15);
    expect(curve.best).toBeCloseTo((0 + 0 + 1 / 3 + 1 / 2) / 4, 15);
    expect(riskWhenRefusing(curve, 0.25)).toBeCloseTo(2 / 3, 15);
    expect(riskWhenRefusing(curve, 0.24)).toBe(1 / 2);
  });

  test("does not depend on the order of rows of equal uncertainty", () => {
    const a = riskCoverage([1, 1, 1, 2], [1, 0, 0, 1]);
    const b = riskCoverage([1, 1, 1, 2], [0, 0, 1, 1]);
    expect([...a.risk]).toEqual([...b.risk]);
  });

  test("refuses what does not fit", () => {
    expect(() => riskCoverage([1], [1, 2])).toThrow("riskCoverage: losses must have 1 element like uncertainty, got 2");
    expect(() => riskCoverage([Number.NaN], [1])).toThrow("riskCoverage: uncertainty must be numbers, got NaN");
    expect(() => riskWhenRefusing(riskCoverage([1], [1]), 1)).toThrow(
      "riskWhenRefusing: share must be in [0, 1), got 1",
    );
  });
});

describe("temperature", () => {
  const { probabilities, labels, classes, temperature, nll, nllAtTemperature } = vectors.scores;

  test("is where SciPy finds the minimum", () => {
    const found = fitTemperature(probabilities, labels);
    // the minimum is flat: SciPy stops at about the root of its precision
    expect(found.temperature).toBeCloseTo(temperature, 6);
    expect(found.nll.before).toBeCloseTo(nll, 12);
    expect(found.nll.after).toBeCloseTo(nllAtTemperature, 12);
    const scaled = applyTemperature(probabilities, classes, found.temperature);
    expect(negativeLogLikelihood(scaled, labels)).toBeCloseTo(found.nll.after, 12);
  });

  test("is 1 where no temperature is better: equal probabilities, or none at all left to chance", () => {
    expect(fitTemperature([0.5, 0.5, 0.5, 0.5], [0, 1])).toEqual({
      temperature: 1,
      nll: { before: Math.LN2, after: Math.LN2 },
    });
    expect(fitTemperature([1, 0, 0, 1], [0, 1]).temperature).toBe(1);
  });

  test("one column is the probability of class 1 of two", () => {
    const one = [0.9, 0.2, 0.6, 0.7];
    const two = one.flatMap((p) => [1 - p, p]);
    expect(fitTemperature(one, [1, 0, 0, 1])).toEqual(fitTemperature(two, [1, 0, 0, 1]));
    applyTemperature(one, 1, 2).forEach((p, row) => {
      expect(p).toBe(applyTemperature(two, 2, 2)[2 * row + 1]);
    });
  });

  test("1 changes nothing, a high one forgets, a low one decides", () => {
    applyTemperature(probabilities, classes, 1).forEach((p, i) => {
      expect(p).toBeCloseTo(probabilities[i]!, 14);
    });
    expect([...applyTemperature([0.9, 0.1], 2, 1e9)].map((p) => p.toFixed(6))).toEqual(["0.500000", "0.500000"]);
    expect([...applyTemperature([0.6, 0.4], 2, 1e-3)]).toEqual([1, expect.closeTo(0, 12)]);
  });

  test("undoes a sharpening exactly", () => {
    const rows = 4000;
    // Two classes, true probability 0.8; the labels are one draw, so the best temperature of the true probabilities
    // is near 1.
    const bits = keepMask(rows, { keep: 0.8, key: key(9) });
    const y = Array.from({ length: rows }, (_, i) => 1 - ((bits[i >> 5]! >>> (i & 31)) & 1));
    const truth = y.flatMap(() => [0.8, 0.2]);
    const fitted = fitTemperature(truth, y).temperature;
    const sharp = applyTemperature(truth, 2, 0.25);
    expect(fitTemperature(sharp, y).temperature / 4).toBeCloseTo(fitted, 9);
  });

  test("goes to the end of its range where every row is right", () => {
    expect(fitTemperature([0.6, 0.4, 0.7, 0.3], [0, 0]).temperature).toBeCloseTo(1e-3, 9);
    expect(fitTemperature([0.6, 0.4, 0.7, 0.3], [1, 1]).temperature).toBeCloseTo(1e3, 3);
  });

  test("has to be above 0", () => {
    expect(() => applyTemperature([1], 1, 0)).toThrow("applyTemperature: temperature must be above 0, got 0");
    expect(() => applyTemperature([1, 0, 0], 2, 1)).toThrow(
      "applyTemperature: classes must be a divisor of the 3 probabilities, got 2",
    );
  });
});
