// Uniforms of the real stream: moments, distribution, digits. Keys are fixed; bounds follow from the false-alarm rate.

import { key, uniform } from "hadamask";
import { describe, expect, test } from "vitest";
import { binomialBounds, FALSE_ALARM, normalBound } from "../support/bounds.js";
import { kolmogorovBound, kolmogorovDistance } from "../support/kolmogorov.js";

const N = 2 ** 20;
const SEEDS = [0, 42, 2 ** 40 + 1];

/** E[u^k] = 1 / (k + 1), so Var[u^k] = 1 / (2k + 1) - 1 / (k + 1)^2. */
const variance = (k: number): number => 1 / (2 * k + 1) - 1 / (k + 1) ** 2;

describe.each(SEEDS)("uniforms of seed %d", (seed) => {
  const u = uniform(N, { key: key(seed) });

  test.each([1, 2, 3, 4])("have the right moment of order %d", (k) => {
    const mean = u.reduce((sum, x) => sum + x ** k, 0) / N;
    const bound = normalBound(FALSE_ALARM / 12) * Math.sqrt(variance(k) / N);
    expect(Math.abs(mean - 1 / (k + 1))).toBeLessThan(bound);
  });

  test("lie in (0, 1), and follow the uniform distribution", () => {
    expect(u.every((x) => x > 0 && x < 1)).toBe(true);
    const distance = kolmogorovDistance(u.slice(), (x) => x);
    expect(distance).toBeLessThan(kolmogorovBound(N, FALSE_ALARM / 3));
  });

  test("have each of their 32 binary digits set in half of all cases", () => {
    const set = new Uint32Array(32);
    for (const x of u) {
      const word = x * 2 ** 32 - 0.5;
      for (let bit = 0; bit < 32; bit++) set[bit]! += (word >>> bit) & 1;
    }
    const [low, high] = binomialBounds(N, 0.5, FALSE_ALARM / 96);
    expect(Math.min(...set)).toBeGreaterThanOrEqual(low);
    expect(Math.max(...set)).toBeLessThanOrEqual(high);
  });

  test.each([1, 2, 1024])("are not correlated with those %d elements later", (lag) => {
    const later = uniform(N, { key: key(seed), offset: lag });
    const mean = u.reduce((sum, x, i) => sum + (x - 0.5) * (later[i]! - 0.5), 0) / N;
    // The product of two centred uniforms has variance 1/144; products that share a factor are uncorrelated.
    expect(Math.abs(mean)).toBeLessThan(normalBound(FALSE_ALARM / 9) / 12 / Math.sqrt(N));
  });
});
