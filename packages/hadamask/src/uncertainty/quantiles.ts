// Quantiles over passes, with standard errors that need no assumption about the distribution.

import { incompleteBeta } from "../special/beta.js";

/** A quantile and its standard error. */
export interface Quantile {
  readonly value: number;
  readonly standardError: number;
}

/**
 * The quantile of sorted values, interpolated linearly between neighbours as NumPy and R (type 7) do, and the
 * Maritz-Jarrett standard error: the spread of the order statistic if the passes were drawn again from those that
 * were seen.
 *
 * @see Maritz and Jarrett, "A note on estimating the variance of the sample median", JASA 73 (1978).
 */
export function quantileOf(sorted: ArrayLike<number>, q: number): Quantile {
  const n = sorted.length;
  const place = q * (n - 1);
  const low = Math.floor(place);
  const a = sorted[low]!;
  const b = sorted[Math.min(n - 1, low + 1)]!;
  const weights = orderWeights(n, q);
  let [first, second] = [0, 0];
  for (let i = 0; i < n; i++) {
    const offset = sorted[i]! - a; // from a value nearby, so that the difference of the two sums keeps its digits
    first += weights[i]! * offset;
    second += weights[i]! * offset * offset;
  }
  return { value: a + (place - low) * (b - a), standardError: Math.sqrt(Math.max(0, second - first * first)) };
}

let lastWeights: { readonly n: number; readonly q: number; readonly weights: Float64Array } | undefined;

/**
 * How likely each of n values is to be the q-quantile of n draws from them. The same for all rows, so the last are
 * kept.
 */
function orderWeights(n: number, q: number): Float64Array {
  if (lastWeights?.n === n && lastWeights.q === q) return lastWeights.weights;
  const m = Math.min(n, Math.max(1, Math.round(q * n)));
  const below = Float64Array.from({ length: n + 1 }, (_, i) => incompleteBeta(i / n, m, n - m + 1));
  const weights = Float64Array.from({ length: n }, (_, i) => below[i + 1]! - below[i]!);
  lastWeights = { n, q, weights };
  return weights;
}
