// The KL divergence from the log-uniform prior: exact, the paper's cubic, and the fit of Molchanov et al.

import {
  logUniformKl,
  logUniformKlCubic,
  logUniformKlCubicSlope,
  logUniformKlSlope,
  PRUNING_THRESHOLD,
  sparseKlFit,
  sparseKlFitSlope,
} from "hadamask/noise";
import { describe, expect, test } from "vitest";
import values from "../../vectors/noise.json" with { type: "json" };

const relative = (value: number, exact: number): number => Math.abs(value - exact) / Math.abs(exact);
const difference = (f: (x: number) => number, x: number): number => (f(x + 1e-5) - f(x - 1e-5)) / 2e-5;
const grid = Array.from({ length: 1601 }, (_, i) => -8 + i / 100);

describe("the exact divergence", () => {
  test.each(values.logUniformKl)("at log alpha $logAlpha is $kl, with slope $slope, to 2e-15 and 1e-14", (row) => {
    expect(relative(logUniformKl(row.logAlpha), row.kl)).toBeLessThan(2e-15);
    expect(relative(logUniformKlSlope(row.logAlpha), row.slope)).toBeLessThan(1e-14);
  });

  test("has the slope of central differences, on both sides of the change of series", () => {
    for (const logAlpha of [-20, -5, Math.log(0.0125) - 1e-4, Math.log(0.0125) + 1e-4, -1, 0, 2, 8]) {
      expect(relative(logUniformKlSlope(logAlpha), difference(logUniformKl, logAlpha))).toBeLessThan(1e-7);
    }
  });

  test("falls all the way from infinity to 0", () => {
    for (let i = 1; i < grid.length; i++) expect(logUniformKl(grid[i]!)).toBeLessThan(logUniformKl(grid[i - 1]!));
    expect(logUniformKl(Number.NEGATIVE_INFINITY)).toBe(Number.POSITIVE_INFINITY);
    expect(logUniformKl(Number.POSITIVE_INFINITY)).toBe(0);
    expect(logUniformKlSlope(Number.NEGATIVE_INFINITY)).toBe(-0.5);
    expect(logUniformKlSlope(Number.POSITIVE_INFINITY)).toBe(0);
  });
});

// The published approximations next to the exact values, which were first found by quadrature with 25 digits.
test.each([
  { alpha: 0.01, exact: -2.93268887, cubic: -2.92630162, fit: -2.93895588 },
  { alpha: 0.25, exact: -1.15553328, cubic: -1.12268244, fit: -1.15241567 },
  { alpha: 1, exact: -0.4266856, cubic: -0.38947215, fit: -0.43123895 },
])("at alpha $alpha the three divergences are those of the literature", ({ alpha, exact, cubic, fit }) => {
  expect(-logUniformKl(Math.log(alpha))).toBeCloseTo(exact, 8);
  expect(-logUniformKlCubic(Math.log(alpha))).toBeCloseTo(cubic, 7);
  expect(-sparseKlFit(Math.log(alpha))).toBeCloseTo(fit, 8);
});

test.each([
  { alpha: 0.05, exact: 0.53037581, cubic: 0.55078, fit: 0.53802 },
  { alpha: 0.5, exact: 0.53807951, cubic: 0.54957, fit: 0.53223 },
  { alpha: 1, exact: 0.36238923, cubic: 0.41627, fit: 0.35913 },
  { alpha: 3, exact: 0.14932604, cubic: 24.4, fit: 0.15173 },
])("at alpha $alpha the three slopes are those of the literature", ({ alpha, exact, cubic, fit }) => {
  expect(-logUniformKlSlope(Math.log(alpha))).toBeCloseTo(exact, 8);
  expect(-logUniformKlCubicSlope(Math.log(alpha))).toBeCloseTo(cubic, alpha > 1 ? 1 : 5);
  expect(-sparseKlFitSlope(Math.log(alpha))).toBeCloseTo(fit, 5);
});

test("the cubic is within 0.0404 up to alpha 1, where it is meant to be used, and far off above", () => {
  const gap = (logAlpha: number): number => Math.abs(logUniformKlCubic(logAlpha) - logUniformKl(logAlpha));
  const worst = Math.max(...grid.filter((logAlpha) => logAlpha <= 0).map(gap));
  expect(worst).toBeCloseTo(0.0403, 4);
  expect(gap(Math.log(2))).toBeCloseTo(0.947, 3);
  expect(gap(Math.log(4))).toBeCloseTo(18.3, 1);
});

test("the fit is within 0.00938 of the exact divergence for log alpha from -8 to 8", () => {
  const worst = Math.max(...grid.map((logAlpha) => Math.abs(sparseKlFit(logAlpha) - logUniformKl(logAlpha))));
  expect(worst).toBeCloseTo(0.00937, 5);
});

test("the slopes of cubic and fit are those of central differences", () => {
  for (const logAlpha of [-6, -1, 0, 2]) {
    expect(relative(logUniformKlCubicSlope(logAlpha), difference(logUniformKlCubic, logAlpha))).toBeLessThan(1e-7);
    expect(relative(sparseKlFitSlope(logAlpha), difference(sparseKlFit, logAlpha))).toBeLessThan(1e-7);
  }
});

test("the pruning threshold is alpha 20.09, dropout at rate 0.9526", () => {
  const alpha = Math.exp(PRUNING_THRESHOLD);
  expect(alpha).toBeCloseTo(20.09, 2);
  expect(alpha / (1 + alpha)).toBeCloseTo(0.9526, 4);
});
