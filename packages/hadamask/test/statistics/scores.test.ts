// Do the intervals of mean scores hold the true means? Simulated: rows of classifiers whose true probabilities are
// known, drawn from a population of 5,000. Few rows of a sure model hold none that is wrong, which is where other
// intervals fail. The same with more laws, and beside another interval: bench/score-coverage.mjs.
//
// False alarms of each test: 1e-9.

import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { overconfidenceScore } from "../../src/uncertainty/calibration-test.js";
import { judge, labelled } from "../../src/uncertainty/judged.js";
import { lossScores } from "../../src/uncertainty/scores.js";
import { FALSE_ALARM } from "../support/bounds.js";
import {
  blurred,
  drawRows,
  exact,
  type Model,
  type Probabilities,
  population,
  temperature,
  trueMean,
} from "../support/classifiers.js";
import { leastHolding, mostHolding } from "../support/coverage.js";

const EXPERIMENTS = 200;

/** What is true where a model says p. */
const MODELS: readonly (readonly [string, Model])[] = [
  ["calibrated", exact],
  ["overconfident: temperature 0.5", temperature(0.5)],
  ["underconfident: temperature 1.5", temperature(1.5)],
  ["one answer in ten is any class", blurred(0.1)],
];

const MEASURES = ["nll", "brier", "overconfidence"] as const;

const LOSS: Record<(typeof MEASURES)[number], (p: Probabilities, label: number) => number> = {
  nll: (p, label) => -Math.log(p[label]!),
  brier: (p, label) => p.reduce((sum, x, c) => sum + (x - (c === label ? 1 : 0)) ** 2, 0),
  overconfidence: (p, label) => Math.max(...p) - (p[label] === Math.max(...p) ? 1 : 0),
};

/** How many intervals of each measure hold the mean of the population. */
function holding(said: readonly Probabilities[], model: Model, rows: number, seed: number): number[] {
  const truth = said.map(model);
  const truths = MEASURES.map((measure) => trueMean(truth, (row, label) => LOSS[measure](said[row]!, label)));
  const counts = MEASURES.map(() => 0);
  for (let e = 0; e < EXPERIMENTS; e++) {
    const { at, labels } = drawRows(truth, rows, 1000 * seed + e);
    const values = at.flatMap((row) => said[row]!);
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

test("docs/uncertainty.md shows the coverage that was measured", () => {
  const folder = new URL("../../../../docs/", import.meta.url);
  const page = readFileSync(new URL("uncertainty.md", folder), "utf8");
  const { summaries } = JSON.parse(readFileSync(new URL("results/score-coverage.json", folder), "utf8"));
  expect(summaries).toHaveLength(16);
  for (const { rows, kind, measure, cells, before, now } of summaries) {
    const coverage = `${before.mean} (${before.least}) | ${now.mean} | ${now.least} to ${now.most}`;
    const counts = `${now.within93to97} of ${cells} | ${now.below92}`;
    expect(page).toContain(
      `| ${rows} | ${kind === "losses" ? kind : measure} | ${coverage} | ${counts} | ${before.width} | ${now.width} |`,
    );
  }
  const heldOut = new URL("results/score-coverage-held-out.json", folder);
  const { cells } = JSON.parse(readFileSync(heldOut, "utf8"));
  const covers: number[] = cells.map(({ now }: { now: { cover: number } }) => now.cover);
  const mean = covers.reduce((sum, cover) => sum + cover, 0) / covers.length;
  const under = covers.filter((cover) => cover < 92).length;
  const least = `${Math.min(...covers)} at the least, ${under} under 92`;
  expect(page).toContain(`${mean.toFixed(1)} % on average over ${covers.length} cells, ${least}`);
});
