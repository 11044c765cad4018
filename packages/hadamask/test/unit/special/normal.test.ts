import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { normalCdf, normalDensity, rectifiedNormal } from "../../../src/special/normal.js";

const table: { cdf: [number, number][]; rectified: [number, number, number, number][] } = JSON.parse(
  readFileSync(new URL("../../vectors/normal.json", import.meta.url), "utf8"),
);

test.each(table.cdf)("the distribution function at %d agrees with 40-digit arithmetic", (z, expected) => {
  expect(Math.abs(normalCdf(z) - expected) / expected).toBeLessThan(4e-14);
});

test("the ends of the distribution function", () => {
  expect(normalCdf(Number.NEGATIVE_INFINITY)).toBe(0);
  expect(normalCdf(Number.POSITIVE_INFINITY)).toBe(1);
  expect(normalCdf(Number.NaN)).toBeNaN();
});

test("the density is the derivative of the distribution function", () => {
  for (const z of [-3, -1, 0, 0.5, 2.4]) {
    const slope = (normalCdf(z + 1e-5) - normalCdf(z - 1e-5)) / 2e-5;
    expect(Math.abs(slope - normalDensity(z))).toBeLessThan(1e-10);
  }
});

test.each(table.rectified)("mean and variance of the positive part of N(%d, %d)", (mean, variance, first, second) => {
  const moments = rectifiedNormal(mean, variance);
  const size = Math.max(Math.abs(mean), Math.sqrt(variance));
  expect(Math.abs(moments.mean - first)).toBeLessThan(1e-14 * size);
  expect(Math.abs(moments.variance - second)).toBeLessThan(1e-14 * size ** 2);
});

test("without variance the positive part of the mean is left", () => {
  expect(rectifiedNormal(-2, 0)).toEqual({ mean: 0, variance: 0 });
  expect(rectifiedNormal(3, 0)).toEqual({ mean: 3, variance: 0 });
});
