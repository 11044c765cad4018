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
  const a = sorted[Math.floor(q * (n - 1))]!;
  const weights = orderWeights(n, q);
  let [first, second] = [0, 0];
  for (let i = 0; i < n; i++) {
    const offset = sorted[i]! - a; // from a value nearby, so that the difference of the two sums keeps its digits
    first += weights[i]! * offset;
    second += weights[i]! * offset * offset;
  }
  return { value: interpolated(sorted, q), standardError: Math.sqrt(Math.max(0, second - first * first)) };
}

/** The value at q (n - 1) of sorted values, linear between neighbours. */
export function interpolated(sorted: ArrayLike<number>, q: number): number {
  const place = q * (sorted.length - 1);
  const low = Math.floor(place);
  const a = sorted[low]!;
  return a + (place - low) * (sorted[Math.min(sorted.length - 1, low + 1)]! - a);
}

const kept = new Map<string, Float64Array>();

/** Weights of so many (n, q) are kept: far more levels than anyone asks for at once, in a few MB at most. */
const KEPT = 64;

/**
 * How likely each of n values is to be the q-quantile of n draws from them. The same for all rows, so they are kept:
 * with them 50,176 values of 20 passes and three levels take a twentieth of the time.
 */
function orderWeights(n: number, q: number): Float64Array {
  const name = `${n} ${q}`;
  const known = kept.get(name);
  if (known !== undefined) return known;
  const m = Math.min(n, Math.max(1, Math.round(q * n)));
  const below = Float64Array.from({ length: n + 1 }, (_, i) => incompleteBeta(i / n, m, n - m + 1));
  const weights = Float64Array.from({ length: n }, (_, i) => below[i + 1]! - below[i]!);
  if (kept.size >= KEPT) kept.clear();
  kept.set(name, weights);
  return weights;
}
