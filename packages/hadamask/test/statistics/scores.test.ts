// Do the intervals of mean scores hold the true means? Simulated: rows of classifiers whose true probabilities are known,
// drawn from a population of 5,000. Few rows of a sure model hold none that is wrong, which is where other intervals
// fail. The same with more laws, and beside another interval: bench/score-coverage.mjs.
//
// False alarms of each test: 1e-9.

import { key, normal, uniform } from "hadamask";
import { expect, test } from "vitest";
import { overconfidenceScore } from "../../src/uncertainty/calibration-test.js";
import { judge, labelled } from "../../src/uncertainty/judged.js";
import { lossScores } from "../../src/uncertainty/scores.js";
import { FALSE_ALARM } from "../support/bounds.js";
import { leastHolding, mostHolding } from "../support/coverage.js";

const POPULATION = 5000;
const EXPERIMENTS = 200;
const CLASSES = 4;

function softmax(z: readonly number[]): number[] {
  const most = Math.max(...z);
  const e = z.map((x) => Math.exp(x - most));
  const sum = e.reduce((a, b) => a + b);
  return e.map((x) => x / sum);
}

type Model = (said: readonly number[]) => readonly number[];

/** What is true where a model says p. */
const MODELS: readonly (readonly [string, Model])[] = [
  ["calibrated", (p) => p],
  ["overconfident: temperature 0.5", (p) => softmax(p.map((x) => 0.5 * Math.log(x)))],
  ["underconfident: temperature 1.5", (p) => softmax(p.map((x) => 1.5 * Math.log(x)))],
  ["one answer in ten is any class", (p) => p.map((x) => 0.9 * x + 0.1 / CLASSES)],
];

/** Probabilities of a classifier; `lead` says how far one class stands out. */
function population(lead: number): number[][] {
  const z = normal(POPULATION * CLASSES, { key: key(lead) });
  return Array.from({ length: POPULATION }, (_, i) =>
    softmax(Array.from({ length: CLASSES }, (_, c) => 1.5 * z[i * CLASSES + c]! + (c === i % CLASSES ? lead : 0))),
  );
}

const MEASURES = ["nll", "brier", "overconfidence"] as const;

const LOSS: Record<(typeof MEASURES)[number], (p: readonly number[], label: number) => number> = {
  nll: (p, label) => -Math.log(p[label]!),
  brier: (p, label) => p.reduce((sum, x, c) => sum + (x - (c === label ? 1 : 0)) ** 2, 0),
  overconfidence: (p, label) => Math.max(...p) - (p[label] === Math.max(...p) ? 1 : 0),
};

/** How many intervals of each measure hold the mean of the population. */
function holding(said: readonly number[][], model: Model, rows: number, seed: number): number[] {
  const is = said.map(model);
  const truths = MEASURES.map((measure) => {
    const means = said.map((p, i) => is[i]!.reduce((sum, q, c) => sum + q * LOSS[measure](p, c), 0));
    return means.reduce((sum, x) => sum + x, 0) / POPULATION;
  });
  const counts = MEASURES.map(() => 0);
  for (let e = 0; e < EXPERIMENTS; e++) {
    const u = uniform(2 * rows, { key: key(1000 * seed + e) });
    const drawn = Array.from({ length: rows }, (_, i) => Math.floor(POPULATION * u[i]!));
    const labels = drawn.map((at, i) => {
      let label = 0;
      for (let left = u[rows + i]! - is[at]![0]!; left >= 0 && label < CLASSES - 1; left -= is[at]![label]!) label++;
      return label;
    });
    const values = drawn.flatMap((at) => said[at]!);
    const judged = judge("test", values, labels);
    const found = {
      ...lossScores(labelled("test", values, labels), judged, 0.95),
      overconfidence: overconfidenceScore(judged, 0.95),
    };
    MEASURES.forEach((measure, m) => {
      const [low, high] = found[measure].interval;
      if (low <= truths[m]! && truths[m]! <= high) counts[m]!++;
    });
  }
  return counts;
}

test.each([30, 100])("%d rows: in 95 % of cases, all models together, and in 92 % for each of eight", (rows) => {
  const totals = MEASURES.map(() => 0);
  const cells = [4, 7].flatMap((lead) => MODELS.map(([name, model]) => ({ lead, name, model })));
  const least = leastHolding(EXPERIMENTS, 0.92, FALSE_ALARM / (2 * cells.length * MEASURES.length));
  for (const [c, { lead, name, model }] of cells.entries()) {
    holding(population(lead), model, rows, rows + c).forEach((count, m) => {
      totals[m]! += count;
      expect(count, `${name}, lead ${lead}, ${MEASURES[m]}`).toBeGreaterThanOrEqual(least);
    });
  }
  const all = cells.length * EXPERIMENTS;
  totals.forEach((total, m) => {
    expect(total, MEASURES[m]).toBeGreaterThanOrEqual(leastHolding(all, 0.94, FALSE_ALARM / 12));
    expect(total, MEASURES[m]).toBeLessThanOrEqual(mostHolding(all, rows === 30 ? 0.98 : 0.97, FALSE_ALARM / 12));
  });
});
