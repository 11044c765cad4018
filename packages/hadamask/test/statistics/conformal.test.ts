// Does conformal prediction keep its promise? 10,000 calibrations of few rows, one new row each: the count that is
// covered is binomial with exactly k / (n + 1) where scores do not tie. The model is a bad one on purpose.

import { key, uniform } from "hadamask";
import { conformalClasses, conformalIntervals } from "hadamask/uncertainty";
import { describe, expect, test } from "vitest";
import { binomialBounds, FALSE_ALARM } from "../support/bounds.js";
import { leastHolding } from "../support/coverage.js";

const REPETITIONS = 10_000;
const [ROWS, CLASSES] = [19, 3];

/** Rows of probabilities, and labels that are only sometimes drawn from them. */
function draw(u: Float64Array, rows: number): { p: number[]; labels: number[] } {
  const p: number[] = [];
  const labels: number[] = [];
  for (let row = 0; row < rows; row++) {
    const weights = [0, 1, 2].map((c) => u[row * 5 + c]! ** 2 + 0.01);
    const sum = weights.reduce((a, b) => a + b, 0);
    const own = weights.map((w) => w / sum);
    p.push(...own);
    const v = u[row * 5 + 3]!;
    const fromModel = v < own[0]! ? 0 : v < own[0]! + own[1]! ? 1 : 2;
    labels.push(u[row * 5 + 4]! < 0.5 ? fromModel : Math.floor(3 * v));
  }
  return { p, labels };
}

const bounds = (share: number, tests: number) => binomialBounds(REPETITIONS, share, FALSE_ALARM / tests);

describe("sets of classes", () => {
  test.each([
    ["lac", 0.8, 16 / 20],
    ["lac", 0.9, 18 / 20],
    ["aps", 0.8, 16 / 20],
    ["raps", 0.8, 16 / 20],
    ["raps", 0.73, 15 / 20],
  ] as const)(
    "%s at level %d cover in k / (n + 1) of cases, and never fewer where none is empty",
    (score, level, share) => {
      let [covered, coveredFull] = [0, 0];
      for (let r = 0; r < REPETITIONS; r++) {
        const { p, labels } = draw(uniform((ROWS + 1) * 5, { key: key(r) }), ROWS + 1);
        const [from, right] = [p.slice(0, ROWS * CLASSES), labels.slice(0, ROWS)];
        const options = { score, level, key: key(REPETITIONS + r), freeClasses: 1, penalty: 0.05 };
        const { contains } = conformalClasses(from, right, { ...options, allowEmpty: true }).sets(p.slice(-CLASSES));
        covered += contains[labels[ROWS]!]!;
        if (r < 2000)
          coveredFull += conformalClasses(from, right, options).sets(p.slice(-CLASSES)).contains[labels[ROWS]!]!;
      }
      const [low, high] = bounds(share, 5);
      expect(covered).toBeGreaterThanOrEqual(low);
      expect(covered).toBeLessThanOrEqual(high);
      expect(coveredFull).toBeGreaterThanOrEqual(leastHolding(2000, share, FALSE_ALARM / 5));
    },
  );

  test("with a threshold for each class cover every class", () => {
    const [holding, seen] = [new Array(CLASSES).fill(0), new Array(CLASSES).fill(0)];
    for (let r = 0; r < 4000; r++) {
      const { p, labels } = draw(uniform(41 * 5, { key: key(r) }), 41);
      const fitted = conformalClasses(p.slice(0, -CLASSES), labels.slice(0, 40), { level: 0.7, perClass: true });
      seen[labels[40]!]++;
      holding[labels[40]!] += fitted.sets(p.slice(-CLASSES)).contains[labels[40]!]!;
    }
    for (let c = 0; c < CLASSES; c++) {
      expect(holding[c]).toBeGreaterThanOrEqual(leastHolding(seen[c], 0.7, FALSE_ALARM / CLASSES));
    }
  });
});

describe("intervals of values", () => {
  test.each(["absolute", "normalized", "quantile"] as const)("%s cover in k / (n + 1) of cases", (score) => {
    let covered = 0;
    for (let r = 0; r < REPETITIONS; r++) {
      const u = uniform((ROWS + 1) * 3, { key: key(r) });
      const at = (row: number) => u.subarray(3 * row, 3 * row + 3);
      const rows = Array.from({ length: ROWS + 1 }, (_, row) => row);
      const y = rows.map((row) => at(row)[0]! ** 3 * 5 + at(row)[1]!);
      const prediction = {
        mean: rows.map((row) => at(row)[1]! * 2),
        deviation: rows.map((row) => 0.1 + at(row)[2]!),
        lower: rows.map((row) => at(row)[2]!),
        upper: rows.map((row) => at(row)[1]! + at(row)[2]!),
      };
      const part = (from: number, to: number) =>
        Object.fromEntries(Object.entries(prediction).map(([name, values]) => [name, values.slice(from, to)]));
      const fitted = conformalIntervals(part(0, ROWS), y.slice(0, ROWS), { score, level: 0.8 });
      const { lower, upper } = fitted.intervals(part(ROWS, ROWS + 1));
      if (lower[0]! <= y[ROWS]! && y[ROWS]! <= upper[0]!) covered++;
    }
    const [low, high] = bounds(16 / 20, 3);
    expect(covered).toBeGreaterThanOrEqual(low);
    expect(covered).toBeLessThanOrEqual(high);
  });
});
