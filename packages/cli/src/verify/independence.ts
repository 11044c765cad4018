// Are decisions independent? Covariances of pairs at every distance, so that a repeat anywhere near shows.

import { equals, type Measure } from "./measure.js";
import { FALSE_ALARM } from "./statistics.js";

/** Distances that are looked at: up to 64 words of 32 decisions. */
const LAGS = 64 * 32;

/**
 * The largest covariance of two decisions at any distance up to {@link LAGS}, within `a`, or between `a` and `b` from
 * distance 0 on. Under independence it is further than the bound from 0 with probability below {@link FALSE_ALARM},
 * all distances together (Bernstein's inequality, union bound).
 *
 * Within one sequence the pairs (i, i + d) and (i + d, i + 2 d) share a decision, so of every two runs of d places only
 * the first one is taken: then no decision is in two pairs.
 */
export function pairCovariance(what: string, keep: number, a: Uint8Array, b: Uint8Array = a): Measure {
  const isOne = a === b;
  const centred = [a, b].map((bits) => Float64Array.from(bits, (bit) => bit - keep)) as [Float64Array, Float64Array];
  let largest = 0;
  let fewest = Number.POSITIVE_INFINITY;
  for (let d = isOne ? 1 : 0; d <= LAGS; d++) {
    const { sum, pairs } = isOne ? apart(centred[0], d) : between(centred[0], centred[1], d);
    largest = Math.max(largest, Math.abs(sum / pairs));
    fewest = Math.min(fewest, pairs);
  }
  return equals(`largest covariance of ${what}, at distances to ${LAGS}`, largest, 0, bound(keep, fewest));
}

function apart(x: Float64Array, d: number): { sum: number; pairs: number } {
  let sum = 0;
  let pairs = 0;
  for (let start = 0; start + 2 * d <= x.length; start += 2 * d) {
    for (let i = start; i < start + d; i++) sum += x[i]! * x[i + d]!;
    pairs += d;
  }
  return { sum, pairs };
}

function between(x: Float64Array, y: Float64Array, d: number): { sum: number; pairs: number } {
  const pairs = x.length - d;
  let sum = 0;
  for (let i = 0; i < pairs; i++) sum += x[i]! * y[i + d]!;
  return { sum, pairs };
}

function bound(keep: number, pairs: number): number {
  const log = Math.log((2 * (LAGS + 1)) / FALSE_ALARM);
  const range = Math.max(keep, 1 - keep) ** 2;
  return Math.sqrt((2 * (keep * (1 - keep)) ** 2 * log) / pairs) + (2 * range * log) / (3 * pairs);
}
