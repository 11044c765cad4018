// The interval of a mean whose numbers are skewed, as losses are: no resampling, and wider on the longer side.

import { normalCdf } from "../special/normal.js";
import { studentQuantile } from "../special/student.js";
import type { Interval } from "./binomial.js";
import { largestMean } from "./empirical-likelihood.js";

/** A number that might have been drawn and was not: it counts as so much of one that was. */
export interface Unseen {
  readonly value: number;
  readonly weight: number;
  /** Whether its like was seen. If not, it counts for the end of the interval that is on its side alone. */
  readonly isLikely: boolean;
}

/**
 * Interval of the mean that independent numbers are drawn from: the means of laws on these numbers that are not too
 * unlikely, by the quantile of Student's law. It is wider on the longer side, as the interval of a share is.
 *
 * Few numbers may hold none of those that are rare and far away. So laws may have unseen ones too, with less weight.
 * Where nothing else is known of them, they are those of {@link farther}.
 *
 * Numerics. Coverage and widths, beside those of Student's interval with the skewness transformed away:
 *   bench/score-coverage.mjs, table in docs/uncertainty.md. A single number says nothing. Where all are the same,
 *   unseen ones too, there is no width.
 *
 * @see {@link largestMean}; unseen numbers: Chen, Variyath and Abraham, "Adjusted empirical likelihood and its
 *   properties", Journal of Computational and Graphical Statistics 17 (2008).
 */
export function meanInterval(
  values: ArrayLike<number>,
  level = 0.95,
  unseen: readonly Unseen[] = farther(values, level),
): Interval {
  const n = values.length;
  if (n < 2) return [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  const { mean, least, most } = rangeOf(values);
  if (!(most - least < Number.POSITIVE_INFINITY)) return [mean, mean];
  const limit = studentQuantile(level, n - 1) ** 2;
  /** How far the interval goes above the mean (sign 1) or below it (-1). */
  const width = (sign: 1 | -1): number => {
    const others = unseen.filter(({ value, isLikely }) => isLikely || sign * value > sign * mean);
    const at = (i: number): Unseen => others[i - n]!;
    const size = { length: n + others.length };
    const numbers = Float64Array.from(size, (_, i) => sign * ((i < n ? values[i]! : at(i).value) - mean));
    const weights = Float64Array.from(size, (_, i) => (i < n ? 1 : at(i).weight));
    return Math.max(0, largestMean(numbers, weights, limit));
  };
  return [mean - width(-1), mean + width(1)];
}

/**
 * Numbers twice as far from the mean as the farthest on each side, for an eighth of one that was seen. Of fewer than
 * seven (at level 0.95) they are farther: no mean of a law lies beyond its numbers, and two say little of what there is.
 */
export function farther(values: ArrayLike<number>, level = 0.95): readonly [below: Unseen, above: Unseen] {
  const { mean, least, most } = rangeOf(values);
  const n = values.length;
  const times = n < 2 ? 2 : Math.max(2, (2 * studentQuantile(level, n - 1)) / Math.sqrt(n));
  const beyond = (end: number): Unseen => ({ value: mean + times * (end - mean), weight: 1 / 8, isLikely: false });
  return [beyond(least), beyond(most)];
}

function rangeOf(values: ArrayLike<number>): { mean: number; least: number; most: number } {
  let [mean, least, most] = [0, values[0]!, values[0]!];
  for (let i = 0; i < values.length; i++) {
    mean += values[i]! / values.length;
    least = Math.min(least, values[i]!);
    most = Math.max(most, values[i]!);
  }
  return { mean, least, most };
}

/** The z below which a standard normal variable lies with probability p > 1/2, by bisection. */
export function normalQuantile(p: number): number {
  let [low, high] = [0, 40];
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (normalCdf(middle) < p) low = middle;
    else high = middle;
  }
  return high;
}
