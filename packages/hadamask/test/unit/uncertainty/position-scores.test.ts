// Scores of positions: those of as many rows, with intervals over rows.

import {
  accuracy,
  calibrationError,
  negativeLogLikelihood,
  PositionCounter,
  positionScores,
} from "hadamask/uncertainty";
import { describe, expect, test } from "vitest";

/** Two passes of 4 rows x 3 positions x 3 classes, classes last. */
const pass = (p: number): number[] =>
  Array.from({ length: 12 }, (_, i) => {
    const weights = [0, 1, 2].map((c) => 1 + Math.sin(3 * i + 5 * c + p));
    const sum = weights.reduce((a, b) => a + b, 0);
    return weights.map((w) => w / sum);
  }).flat();
const labels = Array.from({ length: 12 }, (_, i) => (7 * i) % 3);
const passes = [pass(1), pass(2)];
const mean = passes[0]!.map((value, i) => (value + passes[1]![i]!) / 2);

const counted = () => {
  const counter = new PositionCounter({ positions: 12, classes: 3, classAxis: "last" });
  for (const one of passes) counter.add(one);
  return counter;
};

describe("positionScores", () => {
  test("are those of positions taken for rows; the interval is that of the rows", () => {
    const counter = counted();
    const { predicted, maxProbability } = counter.statistics();
    const targetProbability = counter.probabilityOf(labels);
    const found = positionScores({ predicted, maxProbability, targetProbability }, labels, { rows: 4 });
    expect(found).toMatchObject({ rows: 4, positions: 3 });
    expect(found.accuracy.value).toBeCloseTo(accuracy(mean, labels), 12);
    expect(found.nll.value).toBeCloseTo(negativeLogLikelihood(mean, labels), 6);
    expect(found.ece).toBeCloseTo(calibrationError(mean, labels), 6);
    const all = positionScores({ predicted, maxProbability, targetProbability }, labels, { rows: 12 });
    expect(all.nll.value).toBeCloseTo(found.nll.value, 12);
    expect(all.nll.interval).not.toEqual(found.nll.interval);
  });

  test("20 rows without an error are no proof that there is none", () => {
    const sure = { predicted: new Uint8Array(40), maxProbability: new Float64Array(40).fill(0.9) };
    const all = positionScores({ ...sure, targetProbability: sure.maxProbability }, new Uint8Array(40), { rows: 20 });
    expect(all.accuracy.value).toBe(1);
    expect(all.accuracy.interval[0]).toBeLessThan(0.95);
    expect(all.accuracy.interval[1]).toBe(1);
    const none = positionScores(
      { ...sure, targetProbability: new Float64Array(40).fill(0.1) },
      new Uint8Array(40).fill(1),
      { rows: 20 },
    );
    expect(none.accuracy.interval[0]).toBe(0);
    expect(none.accuracy.interval[1]).toBeGreaterThan(0.05);
  });

  test("of two classes in one number", () => {
    const counter = new PositionCounter({ positions: 2, classes: 1 });
    counter.add([0.25, 0.5]);
    counter.add([0.75, 0.75]);
    expect([...counter.probabilityOf([1, 0])]).toEqual([0.5, 0.375]);
  });

  test.each<[string, () => unknown, string]>([
    [
      "no pass",
      () => new PositionCounter({ positions: 1, classes: 2 }).probabilityOf([0]),
      "PositionCounter.probabilityOf: passes must be at least 1, got 0",
    ],
    [
      "a class that there is not",
      () => counted().probabilityOf(labels.map(() => 3)),
      "PositionCounter.probabilityOf: of[0] must be",
    ],
    [
      "labels of another number",
      () => positionScores({ predicted: [0], maxProbability: [1], targetProbability: [1] }, [0, 0, 0], { rows: 2 }),
      "positionScores: labels must be 2 rows x positions",
    ],
    [
      "what is no probability",
      () => positionScores({ predicted: [0], maxProbability: [1], targetProbability: [Number.NaN] }, [0], { rows: 1 }),
      "positionScores: targetProbability[0] must be in [0, 1], got NaN",
    ],
  ])("%s is refused", (_, call, message) => {
    expect(call).toThrow(message);
  });
});
