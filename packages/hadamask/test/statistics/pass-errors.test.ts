// Do 1.96 standard errors of few passes cover? Passes that flip are enumerated: every count of flips, with its
// probability. Others are simulated: rows of known law, many experiments of T passes each.
//
// Coverage in percent, the least over flips of any share from 0.5 to 99.5 % (expected entropy: flips between sure and
// unsure). "Before": contrary passes at their distance from the mean, one of them for the expected entropy, and the
// variance's spread of squares with s^2.
//
//                          before              now
//   T                      32     100          32     100
//   mean                 92.8    93.7        92.8    93.7
//   variance             70.4    73.6        94.3    93.5
//   entropy, mutual inf. 87.4    88.1        92.9    92.7
//   expected entropy     14.8    39.4        92.8    93.7
//   variation ratio      91.6    93.2        93.2    93.7
//
// The least over 32 laws that move, have two peaks, flip among three classes, or do both (1,500 experiments each):
//
//   mean                 93.5    93.1        93.5    93.1
//   variance             78.3    81.8        95.7    93.5
//   entropy              92.1    89.5        94.5    94.1
//   mutual information   91.5    89.1        95.1    94.3
//   expected entropy     92.3    92.1        95.6    95.2
//
// Nothing bounds values. There the variance counts two passes at two standard deviations (2,000 experiments each):
//
//                          before              now
//   T                      32     100          32     100
//   normal               88.5    92.8        94.5    94.8
//   even                 91.8    93.4        98.8    97.2
//   two peaks, 1 : 1     95.5    95.4       100      99.9
//   two peaks, 3 : 7     90.7    92.8        98.9    97.8
//   two peaks, 1 : 9     88.0    92.4        89.5    92.3
//   exponential          77.1    84.4        81.8    87.7
//   one in ten 4 times   66.9    83.1        71.8    82.4
//   as far

import { key, normal, uniform } from "hadamask";
import { classStatistics, labelStatistics, valueStatistics } from "hadamask/uncertainty";
import { describe, expect, test } from "vitest";
import { FALSE_ALARM } from "../support/bounds.js";
import { leastHolding } from "../support/coverage.js";

const CLASSES = 10;
const EXPERIMENTS = 1000;

/** Passes of a network: logits around `margin` for the first class and 0 for the others, moving by `spread`. */
function moving(margin: number, spread: number, count: number, seed: number): Float64Array {
  const out = normal(count * CLASSES, { key: key(seed) });
  for (let first = 0; first < out.length; first += CLASSES) {
    let sum = 0;
    for (let c = 0; c < CLASSES; c++) {
      out[first + c] = Math.exp(spread * out[first + c]! + (c === 0 ? margin : 0));
      sum += out[first + c]!;
    }
    for (let c = 0; c < CLASSES; c++) out[first + c]! /= sum;
  }
  return out;
}

/** Passes around `margin`, but for a share whose first two classes have changed places. */
function twoPeaked(share: number, margin: number, count: number, seed: number): Float64Array {
  const out = moving(margin, 0.5, count, seed);
  const u = uniform(count, { key: key(seed + 1) });
  for (let t = 0; t < count; t++) {
    const at = t * CLASSES;
    if (u[t]! < share) [out[at], out[at + 1]] = [out[at + 1]!, out[at]!];
  }
  return out;
}

/** Statistics of a law, from so many passes that their own error is a hundredth of those under test. */
function truthOf(draw: (count: number, seed: number) => Float64Array): Record<string, number> {
  const found = classStatistics(draw(200_000, 99), { rows: 1, classes: CLASSES });
  return {
    mean: found.mean[0]!,
    variance: found.variance[0]!,
    predictiveEntropy: found.predictiveEntropy[0]!,
    mutualInformation: found.mutualInformation[0]!,
    expectedEntropy: found.expectedEntropy[0]!,
  };
}

const LAWS: [string, (count: number, seed: number) => Float64Array][] = [
  ...(
    [
      [8, 2],
      [6, 1],
      [6, 2],
      [4, 1],
      [3, 2],
      [4, 3],
      [0, 1],
    ] as const
  ).map(([margin, spread]): (typeof LAWS)[number] => [
    `margin ${margin}, moving by ${spread}`,
    (count, seed) => moving(margin, spread, count, seed),
  ]),
  ...(
    [
      [0.1, 4],
      [0.3, 6],
      [0.5, 3],
    ] as const
  ).map(([share, margin]): (typeof LAWS)[number] => [
    `two peaks, ${100 * share} % at the other, margin ${margin}`,
    (count, seed) => twoPeaked(share, margin, count, seed),
  ]),
];

const entropyOf = (q: number): number => -q * Math.log(q) - (1 - q) * Math.log(1 - q);

/** Coverage of the statistics of `T` passes that flip, at the share where it is least: enumerated, not drawn. */
function leastOverFlips(T: number): { name: string; worst: number }[] {
  // A row for each count of flips. "sure" are certain of one of two classes; "unsure" know nothing where they flip.
  const passes = (flip: readonly number[]): Float64Array =>
    Float64Array.from({ length: (T + 1) * T }, (_, i) => i)
      .map((i) => (i % T < Math.floor(i / T) ? 1 : 0))
      .reduce(
        (out, isFlip, i) => {
          out.set(isFlip ? flip : [1, 0], 2 * i);
          return out;
        },
        new Float64Array(2 * (T + 1) * T),
      );
  const sure = classStatistics(passes([0, 1]), { rows: T + 1, classes: 2 });
  const unsure = classStatistics(passes([0.5, 0.5]), { rows: T + 1, classes: 2 });
  const labels = labelStatistics(
    passes([0, 1]).filter((_, i) => i % 2 === 1),
    { rows: T + 1, labels: 1 },
  );
  type Found = readonly [string, Float64Array, Float64Array, number, (share: number) => number];
  const found: Found[] = [
    ["mean", sure.mean, sure.standardError.mean, 2, (q) => 1 - q],
    ["variance", sure.variance, sure.standardError.variance, 2, (q) => q * (1 - q)],
    ["entropy", sure.predictiveEntropy, sure.standardError.predictiveEntropy, 1, entropyOf],
    ["mutual information", sure.mutualInformation, sure.standardError.mutualInformation, 1, entropyOf],
    ["variation ratio", sure.variationRatio, sure.standardError.variationRatio, 1, (q) => Math.min(q, 1 - q)],
    ["expected entropy", unsure.expectedEntropy, unsure.standardError.expectedEntropy, 1, (q) => q * Math.LN2],
    ["label: entropy", labels.predictiveEntropy, labels.standardError.predictiveEntropy, 1, entropyOf],
    ["labels: sum", labels.sum.mutualInformation, labels.standardError.sum.mutualInformation, 1, entropyOf],
  ];
  const worst = new Float64Array(found.length).fill(1);
  for (let share = 0.005; share < 0.996; share += 0.005) {
    const covered = new Float64Array(found.length);
    let log = T * Math.log1p(-share); // of the probability of so many flips
    for (let flips = 0; flips <= T; flips++) {
      if (flips > 0) log += Math.log(((T - flips + 1) / flips) * (share / (1 - share)));
      found.forEach(([, value, error, stride, truth], i) => {
        const at = flips * stride;
        if (Math.abs(value[at]! - truth(share)) <= 1.96 * error[at]!) covered[i]! += Math.exp(log);
      });
    }
    covered.forEach((c, i) => {
      worst[i] = Math.min(worst[i]!, c);
    });
  }
  return found.map(([name], i) => ({ name, worst: worst[i]! }));
}

describe("1.96 standard errors cover in 92 % of cases or more", () => {
  test.each([32, 100])("of %d passes that flip, whatever their share", (T) => {
    for (const { name, worst } of leastOverFlips(T)) expect(worst, name).toBeGreaterThan(0.92);
  });

  for (const T of [32, 100]) {
    test.each(LAWS)(`of ${T} passes: %s`, (_, draw) => {
      const truth = truthOf(draw);
      const found = classStatistics(draw(EXPERIMENTS * T, T), { rows: EXPERIMENTS, classes: CLASSES });
      for (const [name, right] of Object.entries(truth)) {
        const size = name === "mean" || name === "variance" ? CLASSES : 1;
        let holding = 0;
        for (let row = 0; row < EXPERIMENTS; row++) {
          const value = (found as unknown as Record<string, Float64Array>)[name]![row * size]!;
          const error = (found.standardError as unknown as Record<string, Float64Array>)[name]![row * size]!;
          if (Math.abs(value - right) <= 1.96 * error) holding++;
        }
        const falseAlarm = FALSE_ALARM / (2 * 5 * LAWS.length);
        expect(holding, name).toBeGreaterThanOrEqual(leastHolding(EXPERIMENTS, 0.92, falseAlarm));
      }
    });
  }

  test("for labels that do not exclude each other likewise, each and in sum", () => {
    const T = 32;
    // Four labels: two that move, one that is sure, one that flips in 3 % of passes.
    const z = normal(EXPERIMENTS * T * 4, { key: key(5) });
    const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));
    const pass = (i: number): number[] => {
      const [a, b, c, d] = [0, 1, 2, 3].map((l) => z[4 * i + l]!) as [number, number, number, number];
      return [sigmoid(1 + a), sigmoid(-4 + 1.5 * b), sigmoid(9 + c), d < -1.880793608 ? 1 : 0];
    };
    const numbers = Float64Array.from(Array.from({ length: EXPERIMENTS * T }, (_, i) => pass(i)).flat());
    const found = labelStatistics(numbers, { rows: EXPERIMENTS, labels: 4 });
    const truth = labelStatistics(numbers, { rows: 1, labels: 4 }); // all experiments as one
    const falseAlarm = FALSE_ALARM / 5;
    const holds = (value: number, right: number, error: number): boolean => Math.abs(value - right) <= 1.96 * error;
    for (let label = 0; label < 4; label++) {
      let holding = 0;
      for (let row = 0; row < EXPERIMENTS; row++) {
        const at = 4 * row + label;
        const error = found.standardError.mutualInformation[at]!;
        if (holds(found.mutualInformation[at]!, truth.mutualInformation[label]!, error)) holding++;
      }
      expect(holding, `label ${label}`).toBeGreaterThanOrEqual(leastHolding(EXPERIMENTS, 0.92, falseAlarm));
    }
    let holding = 0;
    for (let row = 0; row < EXPERIMENTS; row++) {
      const error = found.standardError.sum.mutualInformation[row]!;
      if (holds(found.sum.mutualInformation[row]!, truth.sum.mutualInformation[0]!, error)) holding++;
    }
    expect(holding, "sum").toBeGreaterThanOrEqual(leastHolding(EXPERIMENTS, 0.92, falseAlarm));
  });

  test.each([32, 100])("of the variance and total of %d values: normal, even, two-peaked", (T) => {
    const n = EXPERIMENTS * T;
    const z = normal(n, { key: key(6) });
    const u = uniform(n, { key: key(7) });
    const noise = normal(n, { key: key(8) }).map((y) => 2 * Math.exp(0.5 * y - 0.125)); // of mean 2
    const laws: [string, Float64Array, number][] = [
      ["normal", z, 1],
      ["even", u, 1 / 12],
      ["two-peaked", u.map((p, i) => (p < 0.3 ? 1 : -1) + 0.2 * z[i]!), 4 * 0.3 * 0.7 + 0.04],
    ];
    for (const [name, values, variance] of laws) {
      const found = valueStatistics(values, { rows: EXPERIMENTS, values: 1, variances: noise });
      const held = { variance: 0, total: 0 };
      for (let row = 0; row < EXPERIMENTS; row++) {
        const { variance: own, total } = found.standardError;
        if (Math.abs(found.variance[row]! - variance) <= 1.96 * own[row]!) held.variance++;
        if (Math.abs(found.total![row]! - variance - 2) <= 1.96 * total![row]!) held.total++;
      }
      const least = leastHolding(EXPERIMENTS, 0.92, FALSE_ALARM / 12);
      expect(held.variance, name).toBeGreaterThanOrEqual(least);
      expect(held.total, `total, ${name}`).toBeGreaterThanOrEqual(least);
    }
  });

  test("no standard error is 0 where all passes agree", () => {
    const { standardError } = classStatistics([1, 0, 1, 0, 1, 0], { rows: 1, classes: 2 });
    for (const [name, errors] of Object.entries(standardError)) expect(Math.min(...errors), name).toBeGreaterThan(0);
  });

  test("and the bias that is said is the bias that there is, to a quarter, from 32 passes on", () => {
    const [, draw] = LAWS[3]!;
    const truth = truthOf(draw);
    for (const T of [32, 100]) {
      const found = classStatistics(draw(4000 * T, 7), { rows: 4000, classes: CLASSES });
      const mean = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0) / values.length;
      const bias = truth.mutualInformation! - mean(found.mutualInformation);
      // One experiment spreads by 0.027 at T = 32, so the mean of 4,000 by 0.0004: six of these.
      expect(Math.abs(mean(found.entropyBias) - bias)).toBeLessThan(0.25 * mean(found.entropyBias) + 0.0024);
    }
  });
});
