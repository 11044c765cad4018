// What split conformal prediction shares: the threshold that a finite number of calibration rows gives, and the law of
// the coverage that comes with it.

import { checkProbability, rangeError } from "../check.js";
import { betaQuantile } from "../special/beta.js";
import { exactShare, type Interval } from "./binomial.js";

/** What is promised of rows that are drawn as the calibration rows were. */
export interface ConformalPromise {
  /** Rows that the threshold is from. */
  readonly rows: number;
  /** The threshold of the score: the k-th smallest, k = ceil((rows + 1) level); Infinity where there are fewer rows. */
  readonly threshold: number;
  /** Probability that a new row is covered, over calibration rows and it: k / (rows + 1), more where scores tie. */
  readonly expected: number;
  /**
   * Where the coverage of new rows lies in 95 of 100 calibrations: the middle of its law, Beta(k, rows + 1 - k).
   * [1, 1] where everything is covered.
   */
  readonly interval: Interval;
}

/** What labelled rows say of that. */
export interface ConformalCoverage {
  readonly rows: number;
  /** Share of rows whose right answer was inside. */
  readonly coverage: number;
  /** Exact 95 % interval of the share (Clopper and Pearson). */
  readonly interval: Interval;
  /** Mean number of classes in a set, or mean width of an interval. */
  readonly meanSize: number;
}

export function checkLevel(where: string, level: number): number {
  checkProbability(where, "level", level);
  if (!(level > 0 && level < 1)) throw rangeError(where, "level", "in (0, 1)", level);
  return level;
}

/** The finite-sample threshold of scores (high: the answer fits badly). Sorts them. */
export function promiseOf(scores: Float64Array, level: number): ConformalPromise {
  scores.sort();
  const rows = scores.length;
  // (rows + 1) level is a whole number where it should be, whatever the rounding of level.
  const k = Math.ceil((rows + 1) * level - 1e-9);
  if (k > rows) return { rows, threshold: Number.POSITIVE_INFINITY, expected: 1, interval: [1, 1] };
  const quantile = (p: number): number => betaQuantile(p, k, rows + 1 - k);
  return { rows, threshold: scores[k - 1]!, expected: k / (rows + 1), interval: [quantile(0.025), quantile(0.975)] };
}

export function coverageOf(covered: number, rows: number, meanSize: number): ConformalCoverage {
  return { rows, coverage: covered / rows, interval: exactShare(covered, rows, 0.95), meanSize };
}
