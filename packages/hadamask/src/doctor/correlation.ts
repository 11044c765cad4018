// Decisions that hang together: correlations at many distances, and which are beyond chance.

import { normalCdf } from "../special/normal.js";

export interface Correlation {
  /** Elements from one decision to the other, in C order. */
  readonly distance: number;
  /** -1 to 1. */
  readonly correlation: number;
  /** Probability of one as large anywhere among the distances looked at, if decisions were independent. */
  readonly p: number;
}

/** Distances that are always looked at. */
const NEAR = 1024;

/** Parts of the array whose length is looked at as well: half of it, a third, … */
const PARTS = 64;

/** What is reported happens to independent decisions less often than once in so many masks. */
const FALSE_ALARM = 1e-6;

/**
 * Correlations beyond chance, the largest first. Under independence the mean of n - d products of standardised
 * decisions has variance 1 / (n - d); its tail is taken as normal, which fewer than 100 products do not allow.
 */
export function findCorrelations(bits: Uint8Array, keep: number): Correlation[] {
  const n = bits.length;
  const spread = keep * (1 - keep);
  if (!(spread > 0)) return [];
  const centred = Float64Array.from(bits, (bit) => bit - keep);
  const distances = new Set(Array.from({ length: NEAR }, (_, i) => i + 1));
  for (let parts = 2; parts <= PARTS; parts++) distances.add(Math.floor(n / parts));
  const looked = [...distances].filter((d) => d >= 1 && (n - d) * spread >= 25);
  return looked
    .map((distance): Correlation => {
      let sum = 0;
      for (let i = distance; i < n; i++) sum += centred[i]! * centred[i - distance]!;
      const correlation = sum / spread / (n - distance);
      const tail = 2 * (1 - normalCdf(Math.abs(correlation) * Math.sqrt(n - distance)));
      return { distance, correlation, p: Math.min(1, looked.length * tail) };
    })
    .filter(({ p }) => p < FALSE_ALARM)
    .sort((a, b) => Math.abs(b.correlation) - Math.abs(a.correlation));
}
