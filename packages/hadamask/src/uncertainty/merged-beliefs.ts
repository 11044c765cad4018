// Fewer beliefs that stand for many: what a label tells under them is never less.

import type { WeightedBeliefs } from "./information-table.js";

/**
 * One belief for all that hold the same pass for the likeliest: their mean. The information that a label has of the
 * network is concave in the belief, so its mean over the merged ones is at least that over all.
 *
 * @see Cover and Thomas, "Elements of information theory", 2nd edition (2006), theorem 2.7.4.
 */
export function mergedBeliefs({ weights, shares }: WeightedBeliefs, passes: number): WeightedBeliefs {
  const groups = new Map<number, number>();
  const groupOf = Int32Array.from(shares, (_, k) => {
    const likeliest = indexOfMost(weights, k * passes, passes);
    if (!groups.has(likeliest)) groups.set(likeliest, groups.size);
    return groups.get(likeliest)!;
  });
  const merged = { weights: new Float64Array(groups.size * passes), shares: new Float64Array(groups.size) };
  groupOf.forEach((group, k) => {
    merged.shares[group]! += shares[k]!;
    for (let t = 0; t < passes; t++) merged.weights[group * passes + t]! += shares[k]! * weights[k * passes + t]!;
  });
  merged.shares.forEach((share, group) => {
    if (share === 0) return;
    for (let t = 0; t < passes; t++) merged.weights[group * passes + t]! /= share;
  });
  return merged;
}

function indexOfMost(values: Float64Array, from: number, count: number): number {
  let best = 0;
  for (let t = 1; t < count; t++) if (values[from + t]! > values[from + best]!) best = t;
  return best;
}
