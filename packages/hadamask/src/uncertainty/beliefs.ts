// What labels of some rows say of which pass is the true network: the state of a batch that grows row by row.

import type { Passes } from "./pass-table.js";

/** Beliefs for combinations of labels of the chosen rows: all combinations, or drawn ones. */
export interface Beliefs {
  /** combinations x passes: the probability of each pass after those labels. */
  readonly weights: Float64Array;
  /** How likely each combination is; drawn ones are equally so. */
  readonly shares: Float64Array;
  readonly areAll: boolean;
  /** The information of the labels so far: mean over combinations of KL(belief || 1 / passes). */
  readonly known: number;
}

/** Before any label: every pass is as likely as the others. */
export const first = (passes: number): Beliefs => ({
  weights: new Float64Array(passes).fill(1 / passes),
  shares: Float64Array.of(1),
  areAll: true,
  known: 0,
});

/** The beliefs with a label of `row` added. Uniform number i draws combination i, where there would be too many. */
export function withRow(
  before: Beliefs,
  all: Passes,
  row: number,
  limit: number,
  uniform: (i: number) => number,
): Beliefs {
  const { passes, classes, values } = all;
  const count = before.shares.length;
  const rowValues = Float64Array.from({ length: passes * classes }, (_, i) => values[row * passes * classes + i]!);
  const next = predictions(before, rowValues, passes, classes);
  const areAll = before.areAll && count * classes <= limit;
  const size = areAll ? count * classes : before.areAll ? limit : count;
  const joint = next.map((p, i) => p * before.shares[Math.floor(i / classes)]!);
  const up = before.areAll && !areAll ? runningSums(joint, 0, joint.length) : undefined;
  const weights = new Float64Array(size * passes);
  const shares = new Float64Array(size).fill(1 / size);
  for (let i = 0; i < size; i++) {
    // All: combination and label i. Drawn from all: one of them. Drawn before: a label for each combination.
    let at = i;
    if (up !== undefined) at = pick(up, uniform(i));
    else if (!areAll) at = i * classes + pick(runningSums(next, i * classes, (i + 1) * classes), uniform(i));
    if (areAll) shares[i] = joint[i]!;
    const from = Math.floor(at / classes) * passes;
    const c = at % classes;
    if (next[at] === 0) continue; // never happens, and counts nothing
    for (let t = 0; t < passes; t++) {
      weights[i * passes + t] = (before.weights[from + t]! * rowValues[t * classes + c]!) / next[at]!;
    }
  }
  return { weights, shares, areAll, known: informationOf(weights, shares, passes) };
}

/** combinations x classes: how likely each label of a row is after each combination. */
function predictions({ weights, shares }: Beliefs, row: Float64Array, passes: number, classes: number): Float64Array {
  const out = new Float64Array(shares.length * classes);
  for (let i = 0; i < shares.length; i++) {
    for (let t = 0; t < passes; t++) {
      const weight = weights[i * passes + t]!;
      for (let c = 0; c < classes; c++) out[i * classes + c]! += weight * row[t * classes + c]!;
    }
  }
  return out;
}

function informationOf(weights: Float64Array, shares: Float64Array, passes: number): number {
  let sum = 0;
  for (let i = 0; i < shares.length; i++) {
    let divergence = 0;
    for (let t = 0; t < passes; t++) {
      const w = weights[i * passes + t]!;
      if (w > 0) divergence += w * Math.log(w * passes);
    }
    sum += shares[i]! * divergence;
  }
  return sum;
}

function runningSums(weights: Float64Array, from: number, to: number): Float64Array {
  let sum = 0;
  return weights.slice(from, to).map((weight) => {
    sum += weight;
    return sum;
  });
}

/** The entry that a uniform number falls on, by running sums of the entries' weights: never one of weight 0. */
function pick(sums: Float64Array, u: number): number {
  const target = u * sums.at(-1)!;
  let [low, high] = [0, sums.length - 1];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sums[middle]! > target) high = middle;
    else low = middle + 1;
  }
  return low;
}
