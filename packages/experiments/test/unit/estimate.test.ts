// Intervals, and how often they cover on the protocol that they are used with: rows of a known law, cut up as `train`
// cuts a table, and learners that take microseconds in place of networks.

import { foldIn, type Key, key, normal } from "hadamask";
import { studentQuantile, studentTails } from "hadamask/theory";
import { describe, expect, test } from "vitest";
import { uniforms } from "../../src/chance.js";
import type { Dataset } from "../../src/data/dataset.js";
import type { Design } from "../../src/result.js";
import { correctedMean, crossedMean, type Estimate, holm, intervalOf, pOf } from "../../src/statistics/estimate.js";
import { chooseRows } from "../../src/training/design.js";

describe("Student's t", () => {
  test("studentQuantile agrees with the table, 97.5 %", () => {
    // Abramowitz and Stegun (1964), table 26.10.
    const table = [
      [1, 12.706],
      [2, 4.303],
      [3, 3.182],
      [4, 2.776],
      [9, 2.262],
      [30, 2.042],
      [120, 1.98],
    ] as const;
    for (const [df, expected] of table) expect(studentQuantile(0.95, df)).toBeCloseTo(expected, 3);
  });

  test("studentTails is the Cauchy law's for one degree of freedom, and 1 at 0", () => {
    for (const t of [0.1, 1, 30]) expect(studentTails(t, 1)).toBeCloseTo(1 - (2 / Math.PI) * Math.atan(t), 12);
    expect([studentTails(0, 5), studentTails(-2, 7.5)]).toEqual([1, studentTails(2, 7.5)]);
  });
});

describe("crossedMean", () => {
  test("is the variance of a mean over two crossed factors, by hand", () => {
    // Rows 1 3, 2 8: mean squares 9 (seeds), 16 (rows), 4 (rest).
    const { mean, error, df } = crossedMean([Float64Array.of(1, 3), Float64Array.of(2, 8)]);
    expect({ mean, error, df }).toEqual({
      mean: 3.5,
      error: Math.sqrt((9 + 16 - 4) / 4),
      df: 21 ** 2 / (9 ** 2 + 16 ** 2 + 4 ** 2),
    });
  });

  test("of one seed is the error over its rows", () => {
    const { error, df } = crossedMean([Float64Array.of(1, 2, 4, 5)]);
    expect(error).toBeCloseTo(Math.sqrt(10 / 3 / 4), 12);
    expect(df).toBe(3);
  });

  test("is never below what one factor gives alone", () => {
    const { error } = crossedMean([Float64Array.of(1, -1), Float64Array.of(-1, 1)]);
    expect(error).toBe(0); // both factors show nothing: all is rest
    expect(crossedMean([Float64Array.of(2, -1), Float64Array.of(-1, 2)]).error).toBe(0);
    // Mean squares 1 (seeds), 0 (rows), 4 (rest); then with seeds and rows exchanged: not below sqrt(1 / 4).
    expect(crossedMean([Float64Array.of(0, 2), Float64Array.of(3, 1)]).error).toBe(0.5);
    expect(crossedMean([Float64Array.of(0, 3), Float64Array.of(2, 1)]).error).toBe(0.5);
  });
});

test("correctedMean adds the test rows' share to 1 / n; one seed says nothing", () => {
  expect(correctedMean([1, 2, 3], 0.25)).toEqual({ mean: 2, error: Math.sqrt(1 / 3 + 0.25), df: 2 });
  const one = correctedMean([1], 0.25);
  expect([intervalOf(one), pOf(one)]).toEqual([undefined, undefined]);
});

test("an interval has a width or is not known", () => {
  expect(intervalOf({ mean: 1, error: 0, df: 4 })).toBeUndefined();
  const [low, high] = intervalOf({ mean: 1, error: 0.5, df: 4 })!;
  for (const end of [low, high]) expect(Math.abs(end - 1) / 0.5).toBeCloseTo(studentQuantile(0.95, 4), 12);
  expect(pOf({ mean: studentQuantile(0.95, 4), error: 1, df: 4 })).toBeCloseTo(0.05, 10);
});

test("holm multiplies the least by their number, the next by one fewer, and keeps the order", () => {
  expect(holm([0.01, 0.04, 0.03])).toEqual([0.03, 0.06, 0.06]);
  expect(holm([0.9, undefined, 0.02])).toEqual([1, undefined, 0.06]);
  expect(holm([])).toEqual([]);
});

// ---- Coverage ----

const [CLASSES, FEATURES] = [4, 6];
const normals = (from: Key, n: number): Float32Array => normal(n, { key: from });
const CENTRES = normals(key(5), CLASSES * FEATURES).map((v) => 0.8 * v);

interface Sample {
  readonly x: Float32Array;
  readonly y: Uint16Array;
}

/** Rows of normal classes. */
function draw(from: Key, rows: number): Sample {
  const y = Uint16Array.from(uniforms(foldIn(from, 0), rows, 0.5), (u) => Math.floor((u + 0.5) * CLASSES) % CLASSES);
  const x = normals(foldIn(from, 1), rows * FEATURES).map(
    (v, i) => v + CENTRES[y[Math.floor(i / FEATURES)]! * FEATURES + (i % FEATURES)]!,
  );
  return { x, y };
}

/** Two learners: the class whose mean is nearest, means as they are found or drawn halfway to 0. */
const LEARNERS = [1, 0.5];

/** For each learner the NLL of each test row. */
function nlls({ x, y }: Sample, train: Uint32Array, test: Uint32Array, shown: Sample): Float64Array[] {
  const means = new Float64Array(CLASSES * FEATURES);
  const counts = new Float64Array(CLASSES);
  for (const row of train) {
    counts[y[row]!]!++;
    for (let f = 0; f < FEATURES; f++) means[y[row]! * FEATURES + f]! += x[row * FEATURES + f]!;
  }
  return LEARNERS.map((shrink) =>
    Float64Array.from(test, (row) => {
      const logits = Array.from({ length: CLASSES }, (_, c) => {
        let distance = 0;
        for (let f = 0; f < FEATURES; f++) {
          const centre = (shrink * means[c * FEATURES + f]!) / Math.max(1, counts[c]!);
          distance += (shown.x[row * FEATURES + f]! - centre) ** 2;
        }
        return -distance / 2;
      });
      const most = Math.max(...logits);
      return most + Math.log(logits.reduce((sum, z) => sum + Math.exp(z - most), 0)) - logits[shown.y[row]!]!;
    }),
  );
}

const tableOf = (rows: number): Dataset => ({
  name: "",
  description: "",
  featureCount: FEATURES,
  classes: [],
  scaling: 1,
  pool: { rows, features: new Float32Array(0), labels: new Uint16Array(0) },
  defaultTrainRows: 1,
});

/** What the learners' NLL is on average over training and test rows, and their difference. */
function truthOf(trainRows: number): number[] {
  const [sets, rows] = [4000, 40];
  const every = Uint32Array.from({ length: rows }, (_, i) => i);
  const first = Uint32Array.from({ length: trainRows }, (_, i) => i);
  const sums = [0, 0];
  for (let i = 0; i < sets; i++) {
    const found = nlls(draw(foldIn(key(1), i), trainRows), first, every, draw(foldIn(key(2), i), rows));
    found.forEach((values, l) => {
      sums[l]! += values.reduce((a, b) => a + b) / rows / sets;
    });
  }
  return [...sums, sums[1]! - sums[0]!];
}

/** How often the interval holds the truth: for each learner, and for their difference. */
function coverage(design: Design, rows: number, trainRows: number, seeds: number, experiments: number): number[] {
  const truth = truthOf(trainRows);
  const hits = truth.map(() => 0);
  for (let e = 0; e < experiments; e++) {
    const sample = draw(foldIn(key(3), e), rows);
    const tables = LEARNERS.map((): Float64Array[] => []);
    for (let seed = 0; seed < seeds; seed++) {
      const chosen = chooseRows(tableOf(rows), design, trainRows, seed);
      nlls(sample, chosen.train, chosen.test!, sample).forEach((values, l) => {
        tables[l]!.push(values);
      });
    }
    const apart = tables[1]!.map((values, s) => values.map((value, r) => value - tables[0]![s]![r]!));
    [...tables, apart].forEach((table, i) => {
      const [low, high] = intervalOf(estimate(design, table, trainRows))!;
      if (low <= truth[i]! && truth[i]! <= high) hits[i]!++;
    });
  }
  return hits.map((count) => count / experiments);
}

function estimate(design: Design, table: Float64Array[], trainRows: number): Estimate {
  if (design === "disjoint") return crossedMean(table);
  const means = table.map((values) => values.reduce((a, b) => a + b) / values.length);
  return correctedMean(means, table[0]!.length / trainRows);
}

// 600 experiments at a true coverage of 95 % show 95 ± 5.4 % (6.1 deviations of the binomial: false alarm 1e-9); of the
// overlapping design, which is meant to cover at least as often, only the lower end counts.
describe("95 % intervals of the mean and of paired differences cover", () => {
  test("with training rows of its own for each seed", () => {
    for (const share of coverage("disjoint", 400, 56, 5, 600)) {
      expect(share).toBeGreaterThan(0.95 - 0.054);
      expect(share).toBeLessThan(0.95 + 0.05);
    }
  });

  test("with training rows that overlap", () => {
    for (const share of coverage("folds", 200, 160, 5, 600)) expect(share).toBeGreaterThan(0.95 - 0.054);
  });
});
