// The bounds that the statistical tests rely on, against published and directly summed values.

import { describe, expect, test } from "vitest";
import { binomialBounds, normalBound } from "../support/bounds.js";

describe("bounds", () => {
  test("the normal bound is the two-sided quantile of the tables", () => {
    expect(normalBound(0.05)).toBeCloseTo(1.959963984540054, 12);
    expect(normalBound(1e-9)).toBeCloseTo(6.109410204869, 9);
  });

  test("the binomial bounds are those of direct summation for small n", () => {
    const n = 20;
    const p = 0.3;
    const choose = (k: number): number => (k === 0 ? 1 : (choose(k - 1) * (n - k + 1)) / k);
    const pmf = Array.from({ length: n + 1 }, (_, k) => choose(k) * p ** k * (1 - p) ** (n - k));
    const below = (k: number): number => pmf.slice(0, k).reduce((sum, q) => sum + q, 0);
    const above = (k: number): number => pmf.slice(k + 1).reduce((sum, q) => sum + q, 0);
    const [low, high] = binomialBounds(n, p, 0.01);
    expect(below(low)).toBeLessThanOrEqual(0.005);
    expect(below(low + 1)).toBeGreaterThan(0.005);
    expect(above(high)).toBeLessThanOrEqual(0.005);
    expect(above(high - 1)).toBeGreaterThan(0.005);
  });

  test("the binomial bounds of a large n are near the normal ones", () => {
    const [low, high] = binomialBounds(1_000_000, 0.5, 1e-9);
    expect(Math.abs(low - (500_000 - 500 * normalBound(1e-9)))).toBeLessThan(5);
    expect(Math.abs(high - (500_000 + 500 * normalBound(1e-9)))).toBeLessThan(5);
  });

  test("the binomial bounds of a rare event are those of the Poisson distribution", () => {
    // P(Poisson(4) > 21) = 3.5e-10 <= 5e-10 < P(> 20) = 1.9e-9, and P(0) = 0.018
    const [low, high] = binomialBounds(4_000_000, 1e-6, 1e-9);
    expect([low, high]).toEqual([0, 21]);
  });
});
