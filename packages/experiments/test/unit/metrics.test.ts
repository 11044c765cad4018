import { describe, expect, test } from "vitest";
import {
  binOf,
  CALIBRATION_BINS,
  type ClassPredictions,
  emptyPredictions,
  errorRate,
  meanNllOf,
  reliabilityBins,
  scoreLogits,
} from "../../src/metrics.js";
import { CALIBRATION } from "../../src/statistics/class-measures.js";
import { calibrationFloor } from "../../src/statistics/floor.js";
import type { TrainedRun } from "../../src/training/run.js";

const score = (logits: number[], labels: number[], classes: number): ClassPredictions => {
  const predictions = emptyPredictions(labels.length);
  scoreLogits(predictions, 0, Float32Array.from(logits), labels, classes);
  return predictions;
};

describe("scoreLogits", () => {
  test("gives likelihood, confidence and class of softmax", () => {
    const log = Math.log;
    const { predicted, confidence, nll, label } = score([log(1), log(2), log(5), log(6), log(1), log(1)], [1, 0], 3);
    expect([...predicted]).toEqual([2, 0]);
    expect([...label]).toEqual([1, 0]);
    expect([...confidence]).toEqual([Math.fround(0.625), Math.fround(0.75)].map((p) => expect.closeTo(p, 6)));
    expect([...nll]).toEqual([log(4), log(4 / 3)].map((v) => expect.closeTo(v, 6)));
  });

  test("stays finite for logits far apart", () => {
    const { nll, confidence } = score([1000, 0, -1000, 1000], [1, 0], 2);
    expect([...nll]).toEqual([1000, 2000]);
    expect([...confidence]).toEqual([1, 1]);
  });

  test("fills in rows from start on", () => {
    const predictions = emptyPredictions(3);
    scoreLogits(predictions, 1, Float32Array.of(0, 1, 1, 0), [1, 1], 2);
    expect([...predictions.label]).toEqual([0, 1, 1]);
    expect([...predictions.predicted]).toEqual([0, 1, 0]);
  });
});

test("errorRate and meanNllOf are means over rows", () => {
  const predictions = score([0, 1, 0, 1, 1, 0, 0, 1], [1, 0, 0, 0], 2);
  expect(errorRate(predictions)).toBe(0.5);
  const [right, wrong] = [Math.log(1 + Math.exp(-1)), 1 + Math.log(1 + Math.exp(-1))];
  expect(meanNllOf(predictions)).toBeCloseTo((2 * right + 2 * wrong) / 4, 6);
});

describe("calibration", () => {
  test("bins are open below and closed above", () => {
    expect([0, 1 / 15, 1 / 15 + 1e-9, 0.5, 1].map(binOf)).toEqual([0, 0, 1, 7, CALIBRATION_BINS - 1]);
  });

  /** Rows of two classes with a confidence each, right or wrong. */
  const rows = (list: readonly (readonly [number, boolean])[]): ClassPredictions => ({
    label: Uint16Array.from(list, ([, isRight]) => (isRight ? 0 : 1)),
    predicted: new Uint16Array(list.length),
    confidence: Float32Array.from(list, ([confidence]) => confidence),
    nll: new Float32Array(list.length),
  });

  test("the error is the gap between confidence and accuracy, weighted by rows", () => {
    // Bin (0.733, 0.8]: two of four right at 0.75. Bin (0.933, 1]: one of one right at 1.
    const predictions = rows([
      [0.75, true],
      [0.75, false],
      [0.75, true],
      [0.75, false],
      [1, true],
    ]);
    const bins = reliabilityBins([predictions]);
    expect(bins).toHaveLength(15);
    expect(bins[11]).toMatchObject({ count: 4, confidence: 0.75, accuracy: 0.5 });
    expect(bins[14]).toMatchObject({ count: 1, confidence: 1, accuracy: 1, upper: 1 });
    expect(bins[0]).toMatchObject({ count: 0, confidence: 0, accuracy: 0, lower: 0 });
    const parts = CALIBRATION.rows({ predictions } as unknown as TrainedRun);
    expect(parts.reduce((sum, part) => sum + part, 0) / 5).toBeCloseTo((4 / 5) * 0.25, 12);
  });

  test("bins of several predictions hold the rows of all", () => {
    const one = rows([[0.9, true]]);
    expect(reliabilityBins([one, one, rows([[0.9, false]])])[13]).toMatchObject({ count: 3, accuracy: 2 / 3 });
  });
});

describe("calibrationFloor", () => {
  /** 300 rows whose predicted class is right with this probability, at this confidence. */
  const rows = (confidence: number, accuracy: number): ClassPredictions => {
    const label = new Uint16Array(300);
    const predicted = Uint16Array.from(label, (_, i) => ((i * 0.6180339887498949) % 1 < accuracy ? 0 : 1));
    const confidences = Float32Array.from(label, (_, i) => confidence + 0.001 * (i % 3));
    return { label, predicted, confidence: confidences, nll: new Float32Array(300) };
  };

  test("is what a calibrated model has: sqrt(2 p q / (pi n)) in one bin, and only an uncalibrated one is above", () => {
    const { mean, perSeed, above } = calibrationFloor([rows(0.7, 0.7), rows(0.7, 0.9), rows(0.7, 0.7)], 10);
    expect(perSeed).toHaveLength(3);
    expect(mean / Math.sqrt((2 * 0.7 * 0.3) / (Math.PI * 300))).toBeCloseTo(1, 0);
    expect(above).toBe(1);
  });
});
