// Bounds of statistical tests, computed from the rate at which a right implementation would fail them.

import { normalCdf } from "../../src/special/normal.js";

/** How often a test may fail although nothing is wrong: shared among the comparisons of one test (Bonferroni). */
export const FALSE_ALARM = 1e-9;

/** The z such that a standard normal variable lies outside [-z, z] with the given probability. */
export function normalBound(falseAlarm: number): number {
  let [low, high] = [0, 40];
  for (let i = 0; i < 100; i++) {
    const middle = (low + high) / 2;
    if (2 * normalCdf(-middle) > falseAlarm) low = middle;
    else high = middle;
  }
  return high;
}

/** ln Gamma(x) for x >= 1, by Stirling's series after moving x above 10. */
function logGamma(x: number): number {
  let shift = 0;
  let z = x;
  for (; z < 10; z++) shift -= Math.log(z);
  const w = 1 / (z * z);
  const series = (1 / 12 - w * (1 / 360 - w * (1 / 1260 - w * (1 / 1680 - w / 1188)))) / z;
  return shift + (z - 0.5) * Math.log(z) - z + 0.5 * Math.log(2 * Math.PI) + series;
}

/**
 * The smallest interval of counts that a Binomial(n, p) variable leaves on either side with probability at most
 * falseAlarm / 2.
 */
export function binomialBounds(n: number, p: number, falseAlarm: number): [number, number] {
  const low = lowerBound(n, p, falseAlarm / 2);
  const high = n - lowerBound(n, 1 - p, falseAlarm / 2);
  return [low, high];
}

/** The smallest k with P(X <= k) > tail. */
function lowerBound(n: number, p: number, tail: number): number {
  const spread = Math.sqrt(n * p * (1 - p));
  // Below 12 standard deviations lies nothing that counts, and 40 of them would underflow.
  let k = Math.max(0, Math.floor(n * p - 12 * spread - 1));
  const logPmf = logGamma(n + 1) - logGamma(k + 1) - logGamma(n - k + 1) + k * Math.log(p) + (n - k) * Math.log1p(-p);
  let pmf = Math.exp(logPmf);
  for (let cumulative = pmf; cumulative <= tail && k < n; cumulative += pmf) {
    pmf *= ((n - k) / (k + 1)) * (p / (1 - p));
    k++;
  }
  return k;
}
