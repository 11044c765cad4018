import { normalCdf } from "hadamask/theory";
import { describe, expect, test } from "vitest";
import { atLeast, atMost, differs, equals, exactly, holds } from "../../../src/verify/measure.js";
import {
  FALSE_ALARM,
  meanBound,
  meanOf,
  NORMAL_QUANTILE,
  normalMeanBound,
  varianceOf,
} from "../../../src/verify/statistics.js";

describe("relations", () => {
  test("equals: within the bound in every component, and as many components", () => {
    expect(holds(equals("", [1, 2], [1, 2 + 1e-13]))).toBe(true);
    expect(holds(equals("", [1, 2], [1, 2.1]))).toBe(false);
    expect(holds(equals("", [1, 2], [1, 2.1], 0.2))).toBe(true);
    expect(holds(equals("", [1, 2], [1]))).toBe(false);
    expect(holds(equals("", 1, [1]))).toBe(true);
  });

  test("exactly: not a bit off", () => {
    expect(holds(exactly("", 0.1 + 0.2, 0.3))).toBe(false);
    expect(holds(exactly("", 0.3, 0.3))).toBe(true);
  });

  test("NaN equals NaN and differs from everything else; infinities equal themselves", () => {
    expect(holds(equals("", Number.NaN, Number.NaN))).toBe(true);
    expect(holds(equals("", Number.NaN, 1, 1e9))).toBe(false);
    expect(holds(differs("", 0, Number.NaN))).toBe(true);
    expect(holds(equals("", Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY))).toBe(true);
    expect(holds(equals("", Number.POSITIVE_INFINITY, 1))).toBe(false);
  });

  test("differs: further than the bound in every component", () => {
    expect(holds(differs("", [1, 2], [2, 3]))).toBe(true);
    expect(holds(differs("", [1, 2], [1, 3]))).toBe(false);
    expect(holds(differs("", [1, 2], [2, 2 + 1e-9]))).toBe(false);
    expect(holds(differs("", [], []))).toBe(false);
    expect(holds(differs("", 1, 1.4, 0.5))).toBe(false);
  });

  test("at most and at least: every component, none is no pass", () => {
    expect(holds(atMost("", [1, 2], 2))).toBe(true);
    expect(holds(atMost("", [1, 2.1], 2))).toBe(false);
    expect(holds(atLeast("", [2, 3], 2))).toBe(true);
    expect(holds(atLeast("", [1.9, 3], 2))).toBe(false);
    expect(holds(atLeast("", [Number.NaN], 2))).toBe(false);
    expect(holds(atMost("", [], 2))).toBe(false);
  });
});

describe("statistics", () => {
  test("the quantile is that of the stated false alarm", () => {
    expect(Math.abs(2 * normalCdf(-NORMAL_QUANTILE) - FALSE_ALARM)).toBeLessThan(1e-17);
  });

  test("Bernstein's bound is above the normal one, and of its order", () => {
    const ratio = meanBound(0.25, 0.5, 1e6) / normalMeanBound(0.25, 1e6);
    expect(ratio).toBeGreaterThan(1);
    expect(ratio).toBeLessThan(1.1);
  });

  test("means and variances", () => {
    expect(meanOf([1, 2, 6])).toBe(3);
    expect(varianceOf([1, 2, 6])).toBe(14 / 3);
    expect(varianceOf([1, 3], 0)).toBe(5);
  });
});
