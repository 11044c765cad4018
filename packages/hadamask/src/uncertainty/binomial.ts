// Intervals of a share, from counts.

import { checkAbove, checkProbability, rangeError } from "../check.js";
import { betaQuantile } from "../special/beta.js";

/** The 97.5 % quantile of the normal distribution. */
export const Z95 = 1.959963984540054;

/** Two ends of an interval. */
export type Interval = readonly [number, number];

/**
 * Wilson's 95 % interval for a share: unlike share ± 1.96 standard errors it stays in [0, 1] and has width at 0 and
 * 1. [0, 1] where nothing was counted.
 *
 * @see Wilson, "Probable inference, the law of succession, and statistical inference", JASA 22 (1927).
 */
export function wilson(successes: number, n: number, z: number = Z95): Interval {
  if (n === 0) return [0, 1];
  const share = successes / n;
  const z2 = z * z;
  const centre = (share + z2 / (2 * n)) / (1 + z2 / n);
  const half = (z / (1 + z2 / n)) * Math.sqrt((share * (1 - share)) / n + z2 / (4 * n * n));
  return [Math.max(0, centre - half), Math.min(1, centre + half)];
}

/**
 * The exact (Clopper-Pearson) interval of a share: it covers in at least `level` of cases whatever the share is.
 *
 * @example
 * ```ts
 * import { exactShare } from "hadamask/uncertainty";
 * console.log(exactShare(0, 10, 0.95).map((end) => end.toFixed(3)).join(" to ")); // 0.000 to 0.308
 * ```
 * @throws {TypeError | RangeError} If a number is not finite, `successes` is above `n`, or `level` not in [0, 1].
 * @see Clopper and Pearson, "The use of confidence or fiducial limits illustrated in the case of the binomial",
 *   Biometrika 26 (1934).
 */
export function exactShare(successes: number, n: number, level: number): Interval {
  const where = "exactShare";
  checkAbove(where, "n", n, 0, true);
  checkAbove(where, "successes", successes, 0, true);
  if (successes > n) throw rangeError(where, "successes", `at most n, ${n}`, successes);
  checkProbability(where, "level", level);
  const tail = (1 - level) / 2;
  const low = successes === 0 ? 0 : betaQuantile(tail, successes, n - successes + 1);
  const high = successes === n ? 1 : betaQuantile(1 - tail, successes + 1, n - successes);
  return [low, high];
}
