// How often the intervals of a regression's measures cover, on the protocol that they are used with: rows of a known
// law, cut up as `train` cuts a table, and learners that take microseconds in place of networks.

import { foldIn, type Key, key, normal, uniform } from "hadamask";
import { describe, expect, test } from "vitest";
import type { Dataset } from "../../src/data/dataset.js";
import type { Design } from "../../src/result.js";
import { measureAll } from "../../src/statistics/measures.js";
import { coverageFloor } from "../../src/statistics/value-floor.js";
import { ABSOLUTE_ERROR, COVERAGE, ROOT_MEAN_SQUARE } from "../../src/statistics/value-measures.js";
import { chooseRows } from "../../src/training/design.js";
import type { TrainedRun } from "../../src/training/run.js";
import { emptyValues, type ValuePredictions, withNoise } from "../../src/value-metrics.js";

const GROUPS = 4;
/** The mean of the values of a group; their noise is normal, of deviation 1. */
const CENTRES = [-1, 0, 0.5, 2];

interface Sample {
  readonly group: Uint8Array;
  readonly value: Float64Array;
}

function draw(from: Key, rows: number): Sample {
  const group = Uint8Array.from(uniform(rows, { key: foldIn(from, 0) }), (u) => Math.floor(u * GROUPS));
  const noise = normal(rows, { key: foldIn(from, 1) });
  return { group, value: Float64Array.from(noise, (z, i) => z + CENTRES[group[i]!]!) };
}

/** Two learners: the mean of the training rows of a group, as it is found or drawn halfway to 0. */
const LEARNERS = [1, 0.5];

/** What each learner says of each group. */
function learn({ group, value }: Sample, train: Uint32Array): number[][] {
  const [sums, counts] = [new Float64Array(GROUPS), new Float64Array(GROUPS)];
  for (const row of train) {
    sums[group[row]!]! += value[row]!;
    counts[group[row]!]!++;
  }
  return LEARNERS.map((shrink) => Array.from(sums, (sum, g) => (shrink * sum) / Math.max(1, counts[g]!)));
}

/** The deviation that both take the noise for. */
const DEVIATION = 1;

function predict({ group, value }: Sample, means: readonly number[], test: Uint32Array): ValuePredictions {
  const predictions = emptyValues(test.length);
  test.forEach((row, i) => {
    predictions.value[i] = value[row]!;
    predictions.mean[i] = means[group[row]!]!;
  });
  withNoise(predictions, DEVIATION);
  return predictions;
}

const tableOf = (rows: number): Dataset => ({
  name: "",
  description: "",
  featureCount: 1,
  classes: [],
  target: { name: "y" },
  scaling: 1,
  pool: { rows, features: new Float32Array(0), labels: new Float64Array(0) },
  defaultTrainRows: 1,
});

/** Mean over training sets of the root mean square error, exact for each; of both learners, and of their difference. */
function truthOf(trainRows: number): number[] {
  const sets = 4000;
  const every = Uint32Array.from({ length: trainRows }, (_, i) => i);
  const sums = [0, 0];
  for (let i = 0; i < sets; i++) {
    learn(draw(foldIn(key(1), i), trainRows), every).forEach((means, l) => {
      const square = means.reduce((sum, mean, g) => sum + (mean - CENTRES[g]!) ** 2 / GROUPS, 1);
      sums[l]! += Math.sqrt(square) / sets;
    });
  }
  return [...sums, sums[1]! - sums[0]!];
}

function coverage(design: Design, rows: number, trainRows: number, seeds: number, experiments: number): number[] {
  const truth = truthOf(trainRows);
  const hits = truth.map(() => 0);
  for (let e = 0; e < experiments; e++) {
    const sample = draw(foldIn(key(3), e), rows);
    const runs = LEARNERS.map((): TrainedRun[] => []);
    for (let seed = 0; seed < seeds; seed++) {
      const { train, test: held } = chooseRows(tableOf(rows), design, trainRows, seed);
      learn(sample, train).forEach((means, l) => {
        runs[l]!.push({ predictions: predict(sample, means, held!) } as unknown as TrainedRun);
      });
    }
    const { measures, differences } = measureAll(runs, design, trainRows, ROOT_MEAN_SQUARE);
    [...measures, ...differences].forEach(({ ci95 }, i) => {
      if (ci95![0] <= truth[i]! && truth[i]! <= ci95![1]) hits[i]!++;
    });
  }
  return hits.map((count) => count / experiments);
}

// 600 experiments at a true coverage of 95 % show 95 ± 5.4 % (6.1 deviations of the binomial: false alarm 1e-9); of the
// overlapping design, which is meant to cover at least as often, only the lower end counts.
describe("95 % intervals of the root mean square error and its paired differences cover", () => {
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

describe("measures of values", () => {
  const predictions: ValuePredictions = {
    value: Float64Array.of(1, 2, 3, 10),
    mean: Float64Array.of(1, 3, 5, 6),
    deviation: Float64Array.of(1, 1, 1, 1),
    nll: new Float64Array(4),
  };
  const run = { predictions } as unknown as TrainedRun;
  const mean = (values: Float64Array): number => values.reduce((a, b) => a + b) / values.length;

  test("are means over rows: the root mean square by what each row adds to it", () => {
    expect(mean(ROOT_MEAN_SQUARE.rows(run))).toBeCloseTo(Math.sqrt((0 + 1 + 4 + 16) / 4), 12);
    expect(mean(ABSOLUTE_ERROR.rows(run))).toBeCloseTo((0 + 1 + 2 + 4) / 4, 12);
    expect([...COVERAGE.rows(run)]).toEqual([1, 1, 0, 0]);
  });

  test("their calibration has a floor: a right law is above its limit in one seed of twenty", () => {
    const seeds = Array.from({ length: 60 }, (_, s) => {
      const value = Float64Array.from(normal(80, { key: foldIn(key(11), s) }));
      return { value, mean: new Float64Array(80), deviation: new Float64Array(80).fill(1), nll: value };
    });
    const right = coverageFloor(seeds);
    // Binomial with 60 draws at 5 %: more than 20 in 1e-9 of cases.
    expect(right.above).toBeLessThan(20);
    expect(right.mean).toBeGreaterThan(0.02); // about 0.4 / sqrt(80)
    expect(right.mean).toBeLessThan(0.08);
    const narrow = coverageFloor(seeds.map((seed) => ({ ...seed, deviation: seed.deviation.map(() => 0.4) })));
    expect(narrow.above).toBeGreaterThan(55);
  });
});
