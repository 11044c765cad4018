// Do 1.96 standard errors of few passes cover? Simulated: rows of known law, many experiments of T passes each.
//
// Coverage in percent with the plain standard errors of mean and entropies, and with those that count two contrary
// passes (3,000 to 4,000 experiments each):
//
//   law (10 classes unless said)      T     mean        entropy     mutual information
//   p = 0.94, moves a lot            32   86 -> 100    84 ->  99      72 -> 100
//                                   100   93 ->  99    91 ->  97      86 -> 100
//   p = 0.95, moves little           32   90 -> 100    90 -> 100      76 -> 100
//   p = 0.80, moves a lot            32   92 ->  98    90 ->  94      83 ->  98
//   p = 0.41, moves a lot            32   95 ->  95    93 ->  94      86 ->  95
//   flips in 2 % of passes           32   47 -> 100    46 -> 100      46 -> 100
//                                   100   87 -> 100    87 -> 100      87 -> 100
//
// With the latter over 21 laws (12 that move, 6 that flip, 3 that do both; 1,500 experiments each), the least of them:
//
//   T     mean   entropy   mutual information   expected entropy   variance
//    32   95.1      92.1                 92.1               93.7       86.7
//   100   94.7      94.1                 95.0               94.3       91.7

import { key, normal, uniform } from "hadamask";
import { classStatistics, labelStatistics } from "hadamask/uncertainty";
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

/** Passes that are certain of the first class, but for a share that is certain of the second. */
function flipping(share: number, count: number, seed: number): Float64Array {
  const u = uniform(count, { key: key(seed) });
  return Float64Array.from({ length: count * CLASSES }, (_, i) => {
    const voted = u[Math.floor(i / CLASSES)]! < share ? 1 : 0;
    return i % CLASSES === voted ? 1 : 0;
  });
}

/** Statistics of a law, from so many passes that their own error is a hundredth of those under test. */
function truthOf(draw: (count: number, seed: number) => Float64Array): Record<string, number> {
  const found = classStatistics(draw(200_000, 99), { rows: 1, classes: CLASSES });
  return {
    mean: found.mean[0]!,
    variance: found.variance[0]!,
    predictiveEntropy: found.predictiveEntropy[0]!,
    mutualInformation: found.mutualInformation[0]!,
  };
}

const entropyOf = (q: number): number => -q * Math.log(q) - (1 - q) * Math.log(1 - q);

const LAWS: [string, (count: number, seed: number) => Float64Array, Record<string, number>][] = [
  ...(
    [
      [8, 2],
      [6, 1],
      [6, 2],
      [4, 1],
      [3, 2],
      [4, 3],
    ] as const
  ).map(([margin, spread]): (typeof LAWS)[number] => {
    const draw = (count: number, seed: number): Float64Array => moving(margin, spread, count, seed);
    return [`margin ${margin}, moving by ${spread}`, draw, truthOf(draw)];
  }),
  ...[0.02, 0.05, 0.1].map((share): (typeof LAWS)[number] => [
    `flips in ${100 * share} %`,
    (count, seed) => flipping(share, count, seed),
    {
      mean: 1 - share,
      variance: share * (1 - share),
      predictiveEntropy: entropyOf(share),
      mutualInformation: entropyOf(share),
    },
  ]),
];

describe("1.96 standard errors cover in 92 % of cases or more, of the variance in 86 %", () => {
  for (const T of [32, 100]) {
    test.each(LAWS)(`of ${T} passes: %s`, (_, draw, truth) => {
      const found = classStatistics(draw(EXPERIMENTS * T, T), { rows: EXPERIMENTS, classes: CLASSES });
      for (const [name, right] of Object.entries(truth)) {
        const size = name === "mean" || name === "variance" ? CLASSES : 1;
        let holding = 0;
        for (let row = 0; row < EXPERIMENTS; row++) {
          const value = (found as unknown as Record<string, Float64Array>)[name]![row * size]!;
          const error = (found.standardError as unknown as Record<string, Float64Array>)[name]![row * size]!;
          if (Math.abs(value - right) <= 1.96 * error) holding++;
        }
        const falseAlarm = FALSE_ALARM / (2 * 4 * LAWS.length);
        const promised = name === "variance" ? 0.86 : 0.92;
        expect(holding, name).toBeGreaterThanOrEqual(leastHolding(EXPERIMENTS, promised, falseAlarm));
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

  test("no standard error is 0 where all passes agree", () => {
    const { standardError } = classStatistics([1, 0, 1, 0, 1, 0], { rows: 1, classes: 2 });
    for (const [name, errors] of Object.entries(standardError)) expect(Math.min(...errors), name).toBeGreaterThan(0);
  });

  test("and the bias that is said is the bias that there is, to a quarter, from 32 passes on", () => {
    const [, draw, truth] = LAWS[3]!;
    for (const T of [32, 100]) {
      const found = classStatistics(draw(4000 * T, 7), { rows: 4000, classes: CLASSES });
      const mean = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0) / values.length;
      const bias = truth.mutualInformation! - mean(found.mutualInformation);
      // One experiment spreads by 0.027 at T = 32, so the mean of 4,000 by 0.0004: six of these.
      expect(Math.abs(mean(found.entropyBias) - bias)).toBeLessThan(0.25 * mean(found.entropyBias) + 0.0024);
    }
  });
});
