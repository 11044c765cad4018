// Does the interval of the area under the ROC curve cover? Simulated: rows of two kinds with scores of known laws.
//
// Coverage in percent over 25 laws (normal, wider, heavy-tailed, skewed and tied scores, areas 0.5 to 0.993), 1,500
// experiments each:
//
//   rows         least    mean
//   10 and 10     95.8    97.4
//   30 and 30     95.3    96.3
//   100 and 20    95.4    97.6
//   200 and 200   93.8    95.5

import { key, normal, uniform } from "hadamask";
import { auroc } from "hadamask/uncertainty";
import { expect, test } from "vitest";
import { normalCdf } from "../../src/special/normal.js";
import { FALSE_ALARM } from "../support/bounds.js";
import { leastHolding } from "../support/coverage.js";

const EXPERIMENTS = 600;

type Draw = (count: number, seed: number) => Float64Array;

const exponential: Draw = (count, seed) => uniform(count, { key: key(seed) }).map((u) => -Math.log(u));

/** Scores of strange and of familiar rows, and the area. */
type Law = readonly [name: string, strange: Draw, familiar: Draw, area: number];

const shifted = (by: number): Law => [
  `normal scores, ${by} apart`,
  (count, seed) => normal(count, { key: key(seed) }).map((z) => z + by),
  (count, seed) => normal(count, { key: key(seed) }),
  normalCdf(by / Math.SQRT2),
];

/** P(a E > E') = a / (1 + a). */
const scaled = (by: number): Law => [
  `exponential scores, ${by} times as large`,
  (count, seed) => exponential(count, seed).map((x) => by * x),
  exponential,
  by / (1 + by),
];

const votes = (share: number, other: number): Law => [
  `votes, ${share} against ${other}`,
  (count, seed) => uniform(count, { key: key(seed) }).map((u) => (u < share ? 1 : 0)),
  (count, seed) => uniform(count, { key: key(seed) }).map((u) => (u < other ? 1 : 0)),
  (1 + share - other) / 2,
];

const LAWS = [shifted(0), shifted(1.5), shifted(3), scaled(3), scaled(20), votes(0.7, 0.3)];

test.each([
  [10, 10],
  [40, 15],
])("the interval of %d strange and %d familiar rows holds the area often enough", (m, n) => {
  for (const [name, strange, familiar, area] of LAWS) {
    const [up, down] = [strange(EXPERIMENTS * m, 2 * m), familiar(EXPERIMENTS * n, 2 * n + 1)];
    let holding = 0;
    for (let i = 0; i < EXPERIMENTS; i++) {
      const { interval } = auroc(up.subarray(i * m, (i + 1) * m), down.subarray(i * n, (i + 1) * n));
      if (interval[0] <= area && area <= interval[1]) holding++;
    }
    expect(holding, name).toBeGreaterThanOrEqual(leastHolding(EXPERIMENTS, 0.93, FALSE_ALARM / (2 * LAWS.length)));
  }
});
