// Do the intervals of calibration errors cover, and is a calibrated model left alone? Simulated: rows whose true
// accuracy is known, drawn from a population of 20,000. The true error is that of the population in bins with the same
// edges.
//
// The same with more laws, chosen on and held out, and with the widths: bench/calibration-coverage.mjs, tables in
// docs/results/calibration-coverage.json. Here each law, measure and number of rows has rows of its own, so that counts
// may be added: of all of them together at least 94 % hold the truth and at most 97 % do. What is asked is whether the
// truth itself is inside; that the ends of an interval are where this changes is in unit/uncertainty. For calibrated
// models the error of an interval is all on one side, which intervals of level 0.5 show with few experiments: they hold
// 0 in half of the cases (with half of the error on each side it would be three quarters). False alarms of each test:
// 1e-9.

import { readFileSync } from "node:fs";
import { key, normal, uniform } from "hadamask";
import { calibrationTest } from "hadamask/uncertainty";
import { expect, test } from "vitest";
import { ABSOLUTE, type BinMeasure, type Binning, binRows, SQUARED, sumBins } from "../../src/uncertainty/bins.js";
import { tested } from "../../src/uncertainty/calibration-interval.js";
import { FALSE_ALARM } from "../support/bounds.js";
import { leastHolding, mostHolding } from "../support/coverage.js";

const POPULATION = 20_000;
const EXPERIMENTS = 200;

const sigmoid = (z: number): number => 1 / (1 + Math.exp(-z));
const logit = (p: number): number => Math.log(p / (1 - p));

type Accuracy = (confidence: number) => number;

/** What is true of a row that a model is so sure of. */
const MODELS: readonly (readonly [string, Accuracy])[] = [
  ["calibrated", (p) => p],
  ["overconfident: temperature 0.6", (p) => sigmoid(0.6 * logit(p))],
  ["underconfident: temperature 1.5", (p) => sigmoid(1.5 * logit(p))],
  ["too sure by 0.1 everywhere", (p) => Math.max(0, p - 0.1)],
  ["too sure by 0.3 in one bin", (p) => (p > 0.8 && p <= 13 / 15 ? p - 0.3 : p)],
  ["too sure by 0.3 in two bins", (p) => ((p > 0.4 && p <= 7 / 15) || (p > 0.8 && p <= 13 / 15) ? p - 0.3 : p)],
];

/** Confidences in rising order, from 0.02 to 0.9999, half of them above 0.9. */
const CONFIDENCES = normal(POPULATION, { key: key(1) })
  .map((z) => sigmoid(2.2 + 1.8 * z))
  .sort();

/** Running sums of confidence - accuracy. */
function runningGaps(accuracy: Accuracy): Float64Array {
  const out = new Float64Array(POPULATION + 1);
  CONFIDENCES.forEach((p, i) => {
    out[i + 1] = out[i]! + p - accuracy(p);
  });
  return out;
}

/** How many confidences are not above `edge`. */
function countUpTo(edge: number): number {
  let [low, high] = [0, POPULATION];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (CONFIDENCES[middle]! <= edge) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The mean over the population of |gap|^power of the bin of each row. */
function truthAt(edges: Float64Array, gaps: Float64Array, power: number): number {
  const bounds = Array.from(edges, (edge, b) => (b === 0 ? 0 : b === edges.length - 1 ? POPULATION : countUpTo(edge)));
  let sum = 0;
  for (let b = 1; b < bounds.length; b++) {
    const rows = bounds[b]! - bounds[b - 1]!;
    if (rows > 0) sum += rows * (Math.abs(gaps[bounds[b]!]! - gaps[bounds[b - 1]!]!) / rows) ** power;
  }
  return sum / POPULATION;
}

const MEASURES: readonly (readonly [string, BinMeasure, Binning])[] = [
  ["ece", ABSOLUTE, "width"],
  ["adaptive", ABSOLUTE, "mass"],
  ["squared", SQUARED, "mass"],
];

/** How many intervals hold the true error, of so many experiments with rows that no other cell has. */
function holding(
  accuracy: Accuracy,
  m: number,
  rows: number,
  level: number,
  seed: number,
  experiments: number,
): number {
  const gaps = runningGaps(accuracy);
  const [, measure, binning] = MEASURES[m]!;
  let count = 0;
  for (let i = 0; i < experiments; i++) {
    const u = uniform(2 * rows, { key: key(seed * 10_000 + i) });
    const confidence = Float64Array.from({ length: rows }, (_, row) => CONFIDENCES[Math.floor(POPULATION * u[row]!)]!);
    const right = Uint8Array.from(confidence, (p, row) => (u[rows + row]! < accuracy(p) ? 1 : 0));
    const bins = binRows(confidence, { bins: 15, binning });
    const truth = truthAt(bins.edges, gaps, measure.power);
    const { isTooLow, isTooHigh } = tested(sumBins(bins, confidence, right), measure, level);
    if (!isTooLow(truth) && !isTooHigh(truth)) count++;
  }
  return count;
}

test("intervals hold the true error in about 95 % of cases: for none of six models in less than 92 %, at most 97 %", () => {
  const cells = MODELS.flatMap(([name, accuracy]) =>
    MEASURES.flatMap(([measure], m) => [100, 797].map((rows) => ({ name, accuracy, measure, m, rows }))),
  );
  const counts = cells.map(({ accuracy, m, rows }, c) => holding(accuracy, m, rows, 0.95, 1 + c, EXPERIMENTS));
  const least = leastHolding(EXPERIMENTS, 0.92, FALSE_ALARM / (2 * cells.length));
  cells.forEach(({ name, measure, rows }, c) => {
    expect(counts[c], `${name}, ${measure}, ${rows} rows`).toBeGreaterThanOrEqual(least);
  });
  const [all, sum] = [cells.length * EXPERIMENTS, counts.reduce((total, count) => total + count, 0)];
  expect(sum).toBeGreaterThanOrEqual(leastHolding(all, 0.94, FALSE_ALARM / 4));
  expect(sum).toBeLessThanOrEqual(mostHolding(all, 0.97, FALSE_ALARM / 4));
});

test.each(MEASURES.map(([name], m) => [name, m] as const))("%s: half of the intervals of level 0.5 hold 0", (_, m) => {
  const experiments = 500;
  const count = holding((p) => p, m, 300, 0.5, 500 + m, experiments);
  expect(count).toBeGreaterThanOrEqual(leastHolding(experiments, 0.47, FALSE_ALARM / 6));
  expect(count).toBeLessThanOrEqual(mostHolding(experiments, 0.55, FALSE_ALARM / 6));
});

test("a calibrated model is above its limit in about 5 % of cases, an overconfident one in nearly all", () => {
  const [experiments, n] = [40, 300];
  const accused = { calibrated: 0, overconfident: 0 };
  for (let i = 0; i < experiments; i++) {
    const u = uniform(2 * n, { key: key(90_000 + i) });
    const said = Float64Array.from({ length: n }, (_, row) => CONFIDENCES[Math.floor(POPULATION * u[row]!)]!);
    for (const [name, temperature] of [
      ["calibrated", 1],
      ["overconfident", 0.5],
    ] as const) {
      const labels = said.map((p, row) => (u[n + row]! < sigmoid(temperature * logit(p)) ? 1 : 0));
      const { ece } = calibrationTest(said, labels, { key: key(i), resamples: 100 });
      if (ece.value > ece.limit) accused[name]++;
    }
  }
  expect(accused.calibrated).toBeLessThanOrEqual(mostHolding(experiments, 0.07, FALSE_ALARM));
  expect(accused.overconfident).toBeGreaterThan(0.9 * experiments);
});

test("docs/uncertainty.md shows the coverage that was measured", () => {
  const folder = new URL("../../../../docs/", import.meta.url);
  const page = readFileSync(new URL("uncertainty.md", folder), "utf8");
  const { summaries } = JSON.parse(readFileSync(new URL("results/calibration-coverage.json", folder), "utf8"));
  const others = summaries.filter(({ laws }: { laws: string }) => laws === "others");
  expect(others).toHaveLength(9);
  for (const { rows, measure, cells, before, now } of others) {
    expect(page).toContain(
      `| ${rows} | ${measure} | ${before.mean} | ${now.mean} | ${now.least} to ${now.most} | ` +
        `${now.within93to97} of ${cells} | ${now.below92} | ${before.width} | ${now.width} |`,
    );
  }
});
