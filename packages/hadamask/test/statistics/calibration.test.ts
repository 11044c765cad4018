// Do the intervals of calibration errors cover, and is a calibrated model left alone? Simulated: rows of a model whose
// true accuracy at each row is known, sharpened or softened by a temperature.
//
// Coverage in percent, 15 bins, 200 to 250 experiments a cell (so ± 1.5); * with tails of 3.5 and 1.5 % in place of 2.5
// and 2.5:
//
//   model                                          rows    ECE    adaptive    squared
//   calibrated                                      100   95.5        96.5       97.0
//   temperature 0.8 (overconfident)                 100   94.8*       92.8*      92.8*
//                                                   797   94.5        92.0       95.0
//   temperature 0.6                                 100   92.0*       88.8*      95.2*
//   0.25 too sure, between 0.6 and 0.9 only         797   86.0*       84.0*      94.0*
//
// The absolute errors fall short where gaps are in a few bins only; the squared one holds everywhere.

import { key, normal, uniform } from "hadamask";
import { calibrationTest } from "hadamask/uncertainty";
import { describe, expect, test } from "vitest";
import { FALSE_ALARM } from "../support/bounds.js";
import { leastHolding, mostHolding } from "../support/coverage.js";

const CLASSES = 10;
const EXPERIMENTS = 60;

interface Rows {
  /** What the model says. */
  readonly said: Float64Array;
  /** What is true. */
  readonly right: Float64Array;
}

/** Rows of a true law with one likely class, and what a model says that is sharper by 1 / temperature. */
function draw(n: number, temperature: number, seed: number): Rows {
  const z = normal(n * (CLASSES + 1), { key: key(seed) });
  const said = new Float64Array(n * CLASSES);
  const right = new Float64Array(n * CLASSES);
  for (let row = 0; row < n; row++) {
    const logits = Array.from(
      { length: CLASSES },
      (_, c) => 2 * z[row * 11 + c]! + (c === 0 ? 6 + 3 * z[row * 11 + 10]! : 0),
    );
    softmaxInto(right, row * CLASSES, logits);
    softmaxInto(
      said,
      row * CLASSES,
      logits.map((logit) => logit / temperature),
    );
  }
  return { said, right };
}

function softmaxInto(out: Float64Array, at: number, logits: number[]): void {
  const weights = logits.map(Math.exp);
  const sum = weights.reduce((a, b) => a + b, 0);
  weights.forEach((weight, c) => {
    out[at + c] = weight / sum;
  });
}

/** One label a row, drawn from what is true. */
function labelsOf(right: Float64Array, seed: number): Int32Array {
  const n = right.length / CLASSES;
  const u = uniform(n, { key: key(seed) });
  return Int32Array.from({ length: n }, (_, row) => {
    let left = u[row]!;
    for (let c = 0; c < CLASSES - 1; c++) {
      left -= right[row * CLASSES + c]!;
      if (left < 0) return c;
    }
    return CLASSES - 1;
  });
}

/** The true calibration errors: those of many rows with their true accuracies in place of labels. */
function truthOf(temperature: number): { ece: number; adaptiveEce: number; squared: number } {
  const { said, right } = draw(50_000, temperature, 77);
  const rows = Array.from({ length: 50_000 }, (_, row) => {
    const own = said.subarray(row * CLASSES, (row + 1) * CLASSES);
    const best = own.indexOf(Math.max(...own));
    return [own[best]!, right[row * CLASSES + best]!] as const;
  }).sort((a, b) => a[0] - b[0]);
  const gaps = (binOf: (confidence: number, i: number) => number, power: number): number => {
    const sums = new Float64Array(15);
    const counts = new Float64Array(15);
    rows.forEach(([confidence, accuracy], i) => {
      const b = Math.min(14, binOf(confidence, i));
      sums[b]! += confidence - accuracy;
      counts[b]!++;
    });
    return (
      sums.reduce(
        (total, sum, b) => (counts[b] ? total + counts[b]! * Math.abs(sum / counts[b]!) ** power : total),
        0,
      ) / rows.length
    );
  };
  const byMass = (_: number, i: number): number => Math.floor((i * 15) / rows.length);
  return {
    ece: gaps((confidence) => Math.ceil(confidence * 15) - 1, 1),
    adaptiveEce: gaps(byMass, 1),
    squared: gaps(byMass, 2),
  };
}

describe.each([
  ["a calibrated model", 1],
  ["an overconfident one", 0.6],
  ["an underconfident one", 1.5],
] as const)("%s", (_, temperature) => {
  const truth = temperature === 1 ? { ece: 0, adaptiveEce: 0, squared: 0 } : truthOf(temperature);

  test.each([100, 797])("has its errors in their intervals in most cases, %d rows", (n) => {
    const holding = { ece: 0, adaptiveEce: 0, squared: 0 };
    let accused = 0;
    for (let i = 0; i < EXPERIMENTS; i++) {
      const { said, right } = draw(n, temperature, 1000 + i);
      const found = calibrationTest(said, labelsOf(right, 50_000 + i), { key: key(i), resamples: 200 });
      for (const name of ["ece", "adaptiveEce", "squared"] as const) {
        const [low, high] = found[name].interval;
        if (low <= truth[name] && truth[name] <= high) holding[name]++;
      }
      if (found.ece.value > found.ece.limit) accused++;
    }
    // 93 % for most; 88 % is the least of these models. (60 experiments: what fails here is surely below, as the bootstrap with its 42 to 60 % is.)
    for (const count of Object.values(holding)) {
      expect(count).toBeGreaterThanOrEqual(leastHolding(EXPERIMENTS, 0.88, FALSE_ALARM / 18));
    }
    // A calibrated model is above its limit in 5 % of cases, and an overconfident one of 797 rows nearly always.
    if (temperature === 1) expect(accused).toBeLessThanOrEqual(mostHolding(EXPERIMENTS, 0.06, FALSE_ALARM / 2));
    if (temperature === 0.6 && n === 797) expect(accused).toBeGreaterThan(0.9 * EXPERIMENTS);
  });
});
