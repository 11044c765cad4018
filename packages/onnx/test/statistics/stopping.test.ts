// Is the promise of `samples: "auto"` true? Rows of known law are simulated under the rule itself: looks as they are
// made, until the standard error is what was asked. Asked is 0.01 for the mean.
//
//                                       root mean square error, asked 0.01     coverage of ± 1.96    passes
//   flips in 1 % of passes              0.009 -> 0.007                         28 -> 100 %           74 -> 221
//   flips in 2 % of passes              0.015 -> 0.009                         47 ->  94 %          139 -> 296
//   flips in 5 % of passes              0.024 -> 0.010                         73 ->  93 %          438 -> 568
//   logits around -4, moving by 2       0.014 -> 0.008                         83 ->  98 %          158 -> 263
//
// (600 rows each; before: plain standard errors. A second look at a row that was found precise enough adds a quarter
// to a third more passes and no coverage, so there is none.)

import { key, normal, uniform } from "hadamask";
import { classStatistics } from "hadamask/uncertainty";
import { expect, test } from "vitest";
import type { Prediction } from "../../src/predict/prediction.js";
import { checkStopping, isPrecise } from "../../src/predict/stopping.js";

const ROWS = 400;
const ASKED = 0.01;
const sigmoid = (z: number): number => 1 / (1 + Math.exp(-z));

test.each([
  ["flips in 1 % of passes", (row: number, n: number) => uniform(n, { key: key(row) }).map((u) => +(u < 0.01)), 0.01],
  ["flips in 2 % of passes", (row: number, n: number) => uniform(n, { key: key(row) }).map((u) => +(u < 0.02)), 0.02],
  ["flips in 5 % of passes", (row: number, n: number) => uniform(n, { key: key(row) }).map((u) => +(u < 0.05)), 0.05],
  // E[sigmoid(-4 + 2 z)] by 2e7 draws of NumPy: 0.06765
  ["moving logits", (row: number, n: number) => normal(n, { key: key(row) }).map((z) => sigmoid(2 * z - 4)), 0.06765],
] as const)("rows that stop at a standard error of 0.01 are within it of the truth: %s", (_, draw, truth) => {
  const { checkpoints, precision } = checkStopping("test", "classes", { samples: "auto", maxSamples: 4000 }, undefined);
  expect(precision).toEqual({ of: "mean", standardError: ASKED });
  let [squares, holding] = [0, 0];
  for (let row = 0; row < ROWS; row++) {
    const passes = draw(row, checkpoints.at(-1)!);
    for (const count of checkpoints) {
      const found = classStatistics(passes.slice(0, count), { rows: 1, classes: 1 });
      if (count < checkpoints.at(-1)! && !isPrecise(found as unknown as Prediction, 0, precision!)) continue;
      const error = found.mean[1]! - truth;
      squares += error * error;
      if (Math.abs(error) <= 1.96 * found.standardError.mean[1]!) holding++;
      break;
    }
  }
  // The square of an error of 0.01 has a standard deviation of at most 2e-4 here; 6 of its mean over 400 rows: 6e-5.
  expect(squares / ROWS).toBeLessThan(ASKED * ASKED + 6e-5);
  // 92 % at least: the bound of a binomial count with false-alarm rate 1e-9.
  expect(holding).toBeGreaterThan(0.92 * ROWS - 6 * Math.sqrt(ROWS * 0.92 * 0.08));
});
