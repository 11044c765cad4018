// Can a score tell two kinds of rows apart, for instance strange inputs from familiar ones?

import { toFloatArray } from "../check.js";
import type { FloatInput } from "../types.js";
import { type Interval, Z95 } from "./binomial.js";

/** Area under the ROC curve, and its standard error over the rows. */
export interface Auroc {
  /**
   * Probability that a strange row has a higher score than a familiar one, ties counted half: 1 is perfect, 0.5 is
   * chance.
   */
  readonly auroc: number;
  /** DeLong's; 0 where no two rows overlap, which says nothing: see `interval`. */
  readonly standardError: number;
  /** 95 % interval. */
  readonly interval: Interval;
}

/**
 * How well a score tells strange rows (it should be high) from familiar ones (it should be low).
 *
 *     AUROC = P(strange > familiar) + P(strange = familiar) / 2
 *
 * Numerics. Exact, from ranks. The standard error is DeLong's; NaN with fewer than two rows on a side. The interval is
 *   DeLong's on the scale of the log-odds, widened to hold Newcombe's, which has width where the scores do not overlap.
 *   Simulated with 10 to 100 rows a side, areas from 0.7 to 0.995, normal, heavy-tailed, skewed and tied scores it
 *   covers in 93 % of cases or more, but for skewed scores with an area above 0.99 (88 %); AUROC ± 1.96 standard errors
 *   covers in 7 to 95 %.
 * Cost. One sort.
 *
 * @throws {TypeError | RangeError} If a side is empty or holds NaN.
 * @example
 * ```ts
 * import { auroc } from "hadamask/uncertainty";
 * console.log(auroc([0.9, 0.8, 0.3], [0.1, 0.2, 0.4]).auroc.toFixed(3)); // 0.889
 * ```
 * @see DeLong, DeLong, Clarke-Pearson, "Comparing the areas under two or more correlated receiver operating
 *   characteristic curves", Biometrics 44 (1988); Newcombe, "Confidence intervals for an effect size
 *   measure based on the Mann-Whitney statistic, part 2", Statistics in Medicine 25 (2006), method 5.
 */
export function auroc(strange: FloatInput, familiar: FloatInput): Auroc {
  const where = "auroc";
  const positive = checkScores(where, "strange", strange);
  const negative = checkScores(where, "familiar", familiar);
  // What a row contributes: the share of rows of the other side that it beats.
  const wins = shareBelow(positive, negative);
  const losses = shareBelow(negative, positive);
  const area = mean(wins);
  const variance = varianceOf(wins) / positive.length + varianceOf(losses) / negative.length;
  const standardError = Math.sqrt(variance);
  const [low, high] = newcombe(area, positive.length, negative.length);
  const [least, most] = onLogOdds(area, standardError);
  return { auroc: area, standardError, interval: [Math.min(low, least), Math.max(high, most)] };
}

/** The area ± 1.96 standard errors, taken on the scale log(area / (1 - area)). */
function onLogOdds(area: number, error: number): Interval {
  if (!(area > 0 && area < 1 && error >= 0)) return [area, area];
  const odds = area / (1 - area);
  const factor = Math.exp((Z95 * error) / (area * (1 - area)));
  return [odds / (odds + factor), 1 / (1 + 1 / (odds * factor))];
}

/** Areas that are within 1.96 of the standard errors that they would have themselves, for exponential scores. */
function newcombe(area: number, m: number, n: number): Interval {
  const half = (m + n) / 2 - 1;
  const isNear = (other: number): boolean => {
    const spread = 1 + half * ((1 - other) / (2 - other) + other / (1 + other));
    return (area - other) ** 2 <= (Z95 * Z95 * other * (1 - other) * spread) / (m * n);
  };
  const end = (outside: number): number => {
    let [far, near] = [outside, area];
    for (let i = 0; i < 60; i++) {
      const middle = (far + near) / 2;
      if (isNear(middle)) near = middle;
      else far = middle;
    }
    return near;
  };
  return [end(0), end(1)];
}

function checkScores(where: string, name: string, scores: FloatInput): Float64Array {
  const values = Float64Array.from(toFloatArray(where, name, scores));
  if (values.length === 0) throw new RangeError(`${where}: ${name} must have at least one score, got 0`);
  if (values.some(Number.isNaN)) throw new RangeError(`${where}: ${name} must be numbers, got NaN`);
  return values;
}

/** For each value, the share of `others` below it, equal ones counted half. */
function shareBelow(values: Float64Array, others: Float64Array): Float64Array {
  const sorted = Float64Array.from(others).sort();
  return values.map(
    (value) => (countBelow(sorted, value, false) + countBelow(sorted, value, true)) / 2 / sorted.length,
  );
}

/** How many of the sorted values are below `value`, or not above it. */
function countBelow(sorted: Float64Array, value: number, isInclusive: boolean): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    const isBelow = isInclusive ? sorted[middle]! <= value : sorted[middle]! < value;
    if (isBelow) low = middle + 1;
    else high = middle;
  }
  return low;
}

const mean = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0) / values.length;

function varianceOf(values: Float64Array): number {
  const centre = mean(values);
  return values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / (values.length - 1);
}
