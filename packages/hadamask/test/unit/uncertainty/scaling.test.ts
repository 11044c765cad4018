// Platt, vector and isotonic scaling, against SciPy and scikit-learn.

import {
  applyIsotonic,
  applyPlatt,
  applyVectorScaling,
  fitIsotonic,
  fitPlatt,
  fitVectorScaling,
  negativeLogLikelihood,
} from "hadamask/uncertainty";
import { describe, expect, test } from "vitest";
import { vectors } from "./vectors.js";

const { probabilities: q, labels: a, ...expected } = vectors.scalings;
const { probabilities, labels, classes } = vectors.scores;
const twoColumns = (p: readonly number[]): number[] => p.flatMap((value) => [1 - value, value]);

describe("Platt scaling", () => {
  const found = fitPlatt(q, a);

  test("is where SciPy finds the minimum", () => {
    // BFGS with differences for a gradient stops at about the root of the precision.
    expect(found.slope).toBeCloseTo(expected.slope, 5);
    expect(found.intercept).toBeCloseTo(expected.intercept, 5);
    expect(negativeLogLikelihood(q, a)).toBeCloseTo(found.nll.before, 12);
    expect(negativeLogLikelihood(applyPlatt(q, 1, found), a)).toBeCloseTo(found.nll.after, 12);
    expect(found.nll.after).toBeLessThan(found.nll.before);
  });

  test("takes one column or two, and slope 1, intercept 0 change nothing", () => {
    expect(fitPlatt(twoColumns(q), a).slope).toBeCloseTo(found.slope, 9);
    applyPlatt(q, 1, { slope: 1, intercept: 0 }).forEach((p, row) => {
      expect(p).toBeCloseTo(q[row]!, 14);
    });
    const both = applyPlatt(twoColumns(q), 2, found);
    applyPlatt(q, 1, found).forEach((p, row) => {
      expect(both[2 * row + 1]).toBeCloseTo(p, 14);
    });
  });

  test("is finite where the classes do not overlap", () => {
    const { slope, intercept } = fitPlatt([0.1, 0.2, 0.8, 0.9], [0, 0, 1, 1]);
    expect(Number.isFinite(slope) && slope > 0 && Math.abs(intercept) < 1e-6).toBe(true);
  });

  test("is for two classes", () => {
    expect(() => fitPlatt([0.2, 0.3, 0.5], [0])).toThrow(
      "fitPlatt: classes must be 2; for more there is fitVectorScaling, got 3",
    );
  });
});

describe("vector scaling", () => {
  const { penalty, vector } = expected;
  const found = fitVectorScaling(probabilities, labels, { penalty });

  test("is where SciPy finds the minimum", () => {
    [...found.scales, ...found.shifts].forEach((value, i) => {
      expect(value).toBeCloseTo(vector[i]!, 5);
    });
    const scaled = applyVectorScaling(probabilities, found);
    expect(negativeLogLikelihood(scaled, labels)).toBeCloseTo(found.nll.after, 12);
    expect(found.nll.before).toBeCloseTo(vectors.scores.nll, 12);
  });

  test("is finite where a class never occurs", () => {
    const few = fitVectorScaling(
      probabilities,
      labels.map(() => 0),
    );
    expect([...few.scales, ...few.shifts].every(Number.isFinite)).toBe(true);
    expect(few.nll.after).toBeLessThan(0.01);
  });

  test("misuse", () => {
    expect(() => fitVectorScaling(probabilities, labels, { penalty: 0 })).toThrow(
      "fitVectorScaling: penalty must be a finite number above 0, got 0",
    );
    expect(() => applyVectorScaling([0.5, 0.5], found)).toThrow(
      `applyVectorScaling: probabilities must be a whole number of rows of ${classes} probabilities, got ` +
        `Float64Array of 2`,
    );
  });
});

describe("isotonic scaling", () => {
  test("is scikit-learn's, ties and all", () => {
    const grid = Array.from({ length: 21 }, (_, i) => i / 20);
    applyIsotonic(grid, 1, fitIsotonic(q, a)).forEach((p, i) => {
      expect(p).toBeCloseTo(expected.isotonic[i]!, 12);
    });
  });

  test("one column and two are the same fit", () => {
    const fitted = fitIsotonic(q, a);
    expect(fitted).toEqual(fitIsotonic(twoColumns(q), a));
    const both = applyIsotonic(twoColumns(q), 2, fitted);
    applyIsotonic(q, 1, fitted).forEach((p, row) => {
      expect(both[2 * row + 1]).toBe(p);
      expect(both[2 * row]).toBe(1 - p);
    });
  });

  test("of several classes gives distributions", () => {
    const scaled = applyIsotonic(probabilities, classes, fitIsotonic(probabilities, labels));
    for (let row = 0; row < labels.length; row++) {
      const sum = scaled.subarray(row * classes, (row + 1) * classes).reduce((total, p) => total + p, 0);
      expect(sum).toBeCloseTo(1, 12);
    }
  });

  test("misuse", () => {
    expect(() => applyIsotonic([1, 0, 0], 3, fitIsotonic(q, a))).toThrow(
      "applyIsotonic: classes must be 1 or 2, got 3",
    );
  });
});
