// Normals of the real stream: moments, distribution, tails, independence. Keys are fixed; bounds follow from the
// false-alarm rate.

import { foldIn, key, normal, split } from "hadamask";
import { describe, expect, test } from "vitest";
import { normalCdf } from "../../src/special/normal.js";
import { binomialBounds, FALSE_ALARM, normalBound } from "../support/bounds.js";
import { kolmogorovBound, kolmogorovDistance } from "../support/kolmogorov.js";

const N = 2 ** 20;
const SEEDS = [0, 42, 2 ** 40 + 1];

/** E[z^k] for k = 0 … 8. */
const MOMENTS = [1, 0, 1, 0, 3, 0, 15, 0, 105] as const;

describe.each(SEEDS)("normals of seed %d", (seed) => {
  const z = normal(N, { key: key(seed) });

  test.each([1, 2, 3, 4] as const)("have the right moment of order %d", (k) => {
    const mean = z.reduce((sum, x) => sum + x ** k, 0) / N;
    const variance = MOMENTS[(2 * k) as 2 | 4 | 6 | 8] - MOMENTS[k] ** 2;
    const bound = normalBound(FALSE_ALARM / 12) * Math.sqrt(variance / N);
    expect(Math.abs(mean - MOMENTS[k])).toBeLessThan(bound);
  });

  test("follow the normal distribution", () => {
    const distance = kolmogorovDistance(z.slice(), normalCdf);
    expect(distance).toBeLessThan(kolmogorovBound(N, FALSE_ALARM / 3));
  });

  test.each([1, 2, 3, 4])("lie as often above %d, and below its negative, as they should", (t) => {
    const [low, high] = binomialBounds(N, normalCdf(-t), FALSE_ALARM / 24);
    for (const sign of [1, -1]) {
      const beyond = z.reduce((count, x) => count + (sign * x > t ? 1 : 0), 0);
      expect(beyond).toBeGreaterThanOrEqual(low);
      expect(beyond).toBeLessThanOrEqual(high);
    }
  });
});

describe("normals are not correlated", () => {
  const z = normal(N, { key: key(1) });
  const others: [string, Float64Array][] = [
    ["the next element", normal(N, { key: key(1), offset: 1 })],
    ["the one after it, in the next block", normal(N, { key: key(1), offset: 2 })],
    ["those a piece later", normal(N, { key: key(1), offset: 1024 })],
    ["those of the next seed", normal(N, { key: key(2) })],
    ["those of a folded key", normal(N, { key: foldIn(key(1), 7) })],
    ["those of a split key", normal(N, { key: split(key(1))[1]! })],
  ];

  test.each(others)("with %s", (_, other) => {
    // The product of two independent normals has mean 0 and variance 1; products that share a factor are uncorrelated.
    const mean = z.reduce((sum, x, i) => sum + x * other[i]!, 0) / N;
    const bound = normalBound(FALSE_ALARM / (2 * others.length)) / Math.sqrt(N);
    expect(Math.abs(mean)).toBeLessThan(bound);
    // So do the squares, less 1, with variance 4.
    const ofSquares = z.reduce((sum, x, i) => sum + (x * x - 1) * (other[i]! ** 2 - 1), 0) / N;
    expect(Math.abs(ofSquares)).toBeLessThan(2 * bound);
  });
});
