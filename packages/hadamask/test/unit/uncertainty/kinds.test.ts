// Statistics of labels, positions and values, against NumPy and SciPy.

import {
  classStatistics,
  labelStatistics,
  PositionCounter,
  positionStatistics,
  quantileCrossings,
  valueDoubt,
  valueStatistics,
} from "hadamask/uncertainty";
import { describe, expect, test } from "vitest";
import { vectors } from "./vectors.js";

const close = (found: ArrayLike<number>, expected: readonly number[], digits: number): void => {
  expect(found.length).toBe(expected.length);
  expected.forEach((value, i) => {
    expect(found[i]).toBeCloseTo(value, digits);
  });
};

describe("statistics of labels", () => {
  const { probabilities, ...expected } = vectors.labels;
  const found = labelStatistics(probabilities, { rows: 2, labels: 3 });

  test("agree with NumPy and SciPy", () => {
    expect([...found.samples]).toEqual([8, 8]);
    close(found.mean, expected.mean, 14);
    close(found.variance, expected.variance, 14);
    close(found.predictiveEntropy, expected.predictiveEntropy, 13);
    close(found.expectedEntropy, expected.expectedEntropy, 13);
    close(found.sum.mutualInformation, expected.sumOfMutualInformation, 13);
  });

  test("are those of two classes, label by label, errors and all", () => {
    for (let label = 0; label < 3; label++) {
      const own = probabilities.filter((_, i) => i % 3 === label);
      const binary = classStatistics(own, { rows: 2, classes: 1 });
      for (let row = 0; row < 2; row++) {
        const at = 3 * row + label;
        expect(found.mutualInformation[at]).toBeCloseTo(binary.mutualInformation[row]!, 14);
        expect(found.standardError.mean[at]).toBeCloseTo(binary.standardError.mean[2 * row + 1]!, 14);
        expect(found.standardError.expectedEntropy[at]).toBeCloseTo(binary.standardError.expectedEntropy[row]!, 14);
        const { mutualInformation } = found.standardError;
        expect(mutualInformation[at]).toBeCloseTo(binary.standardError.mutualInformation[row]!, 14);
      }
    }
  });

  test("never give a label more than ln 2, where ten sigmoids taken for classes give more than ln 10", () => {
    const sigmoids = Array.from({ length: 20 }, () => 0.5);
    const ten = labelStatistics(sigmoids, { rows: 1, labels: 10 });
    expect(Math.max(...ten.predictiveEntropy)).toBe(Math.LN2);
    expect(() => classStatistics(sigmoids, { rows: 1, classes: 10 })).toThrow("must be 1, got 5");
  });

  test("misuse", () => {
    expect(() => labelStatistics([0.5, 0.5, 0.5], { rows: 1, labels: 2 })).toThrow(
      "labelStatistics: probabilities must be 1 rows x passes (at least 2) x 2 labels, got Float64Array of 3",
    );
    expect(() => labelStatistics([0.5, 1.5], { rows: 1, labels: 1 })).toThrow(
      "labelStatistics: probabilities[1] must be in [0, 1], got 1.5; apply a sigmoid to logits first",
    );
  });
});

describe("statistics of positions", () => {
  const { logits, probabilities, ...expected } = vectors.positions;
  const sizes = { rows: 2, positions: 5, classes: 3 };
  /** Classes last: each pass transposed. */
  const transposed = (values: number[]): number[] =>
    values.map((_, i) => {
      const [pass, rest] = [Math.floor(i / 15), i % 15];
      return values[pass * 15 + (rest % 3) * 5 + Math.floor(rest / 3)]!;
    });

  test.each([
    ["probabilities, classes first", probabilities, {}],
    ["probabilities, classes last", transposed(probabilities), { classAxis: "last" }],
    ["logits, classes first", logits, { input: "logits" }],
    ["logits, classes last", transposed(logits), { classAxis: "last", input: "logits" }],
  ] as const)("agree with NumPy and SciPy: %s", (_, values, options) => {
    const found = positionStatistics(values, { ...sizes, ...options });
    found.forEach((row, r) => {
      expect(row.samples).toBe(6);
      close(row.predictiveEntropy, expected.predictiveEntropy[r]!, 6); // maps are float32
      close(row.mutualInformation, expected.mutualInformation[r]!, 6);
      expect([...row.predicted]).toEqual(expected.predicted[r]);
      const { predictiveEntropy: entropy, mutualInformation: information } = row.score;
      close([entropy.mean, entropy.max, entropy.high], expected.entropyScores[r]!, 6);
      close([information.mean, information.max, information.high], expected.informationScores[r]!, 6);
    });
  });

  test("of one class are those of two, one the complement of the other", () => {
    const one = [0.1, 0.9, 0.5, 0.3, 0.8, 0.5];
    const two = [one.slice(0, 3), one.slice(3)].flatMap((p) => [...p.map((q) => 1 - q), ...p]);
    const [a] = positionStatistics(one, { rows: 1, positions: 3, classes: 1 });
    const [b] = positionStatistics(two, { rows: 1, positions: 3, classes: 2 });
    expect([...a!.predicted]).toEqual([...b!.predicted]);
    close(a!.mutualInformation, [...b!.mutualInformation], 6);
    close(a!.maxProbability, [...b!.maxProbability], 6);
    const z = one.map((p) => Math.log(p / (1 - p)));
    const [c] = positionStatistics(z, { rows: 1, positions: 3, classes: 1, input: "logits" });
    close(c!.mutualInformation, [...a!.mutualInformation], 6);
  });

  test("a counter that is reset forgets the row before", () => {
    const counter = new PositionCounter({ positions: 5, classes: 3 });
    const pass = (row: number, t: number) => probabilities.slice((row * 6 + t) * 15, (row * 6 + t + 1) * 15);
    for (const row of [0, 1]) {
      counter.reset();
      for (let t = 0; t < 6; t++) counter.add(pass(row, t));
      expect(counter.samples).toBe(6);
      close(counter.statistics().predictiveEntropy, expected.predictiveEntropy[row]!, 6);
    }
  });

  test("of very large logits are finite", () => {
    const [row] = positionStatistics([1e4, 0, -1e4, 0], {
      rows: 1,
      positions: 1,
      classes: 2,
      input: "logits",
    });
    expect(row!.predictiveEntropy[0]).toBeCloseTo(Math.LN2, 6);
    expect(row!.mutualInformation[0]).toBeCloseTo(Math.LN2, 6);
  });

  test("misuse", () => {
    expect(() => positionStatistics([0.5, 0.5, 2, -1], { rows: 1, positions: 1, classes: 2 })).toThrow(
      "PositionCounter.add: pass[0] must be in [0, 1], got 2; apply a softmax to logits first",
    );
    expect(() => positionStatistics([0.5, 0.5, 0.6, 0.6], { rows: 1, positions: 1, classes: 2 })).toThrow(
      "PositionCounter.add: the sum of position 0 of pass must be 1, got 1.2; apply a softmax to logits first",
    );
    expect(() => positionStatistics([1, 2, 3], { rows: 1, positions: 1, classes: 2 })).toThrow(
      "positionStatistics: answers must be 1 rows x passes (at least 2) x 2 classes x 1 positions, got " +
        "Float64Array of 3",
    );
    const counter = new PositionCounter({ positions: 1, classes: 2 });
    expect(() => counter.statistics()).toThrow(
      "PositionCounter.statistics: the number of passes must be at least 2, got 0",
    );
    expect(() => counter.add([1])).toThrow(
      "PositionCounter.add: pass must have 2 elements (classes x positions), got 1",
    );
    expect(() => new PositionCounter({ positions: 1, classes: 2, classAxis: "middle" as "last" })).toThrow(
      'PositionCounter: classAxis must be "first" or "last", got "middle"',
    );
  });
});

describe("rows with several values", () => {
  test("are ranked by the sum of variances, each in units of its own mean", () => {
    // Two rows, two values of very different size: variances 2 and 8 of the first, 2e6 and 2e6 of the second.
    const answers = [0, 0, 2, 2e3, 0, 0, 4, 2e3];
    const statistics = valueStatistics(answers, { rows: 2, values: 2 });
    close(valueDoubt(statistics), [2 / 5 + 1, 8 / 5 + 1], 14);
  });

  test("count the noise that the model predicts, and nothing that never varies", () => {
    const statistics = valueStatistics([1, 1, 1, 1, 1, 1, 1, 1], {
      rows: 2,
      values: 2,
      variances: [1, 0, 1, 0, 3, 0, 3, 0],
    });
    close(valueDoubt(statistics), [0.5, 1.5], 14);
  });
});

describe("quantiles of a model that cross", () => {
  test("are counted by rows, whatever the order of levels", () => {
    const found = quantileCrossings([3, 1, 2, 3, 2, 1, 1, 1, 1], { rows: 3, levels: [0.9, 0.1, 0.5] });
    expect(found).toEqual({ rows: 1, share: 1 / 3, largest: 1 });
  });

  test("misuse", () => {
    expect(() => quantileCrossings([1, 2, 3], { rows: 1, levels: [0.1, 0.9] })).toThrow(
      "quantileCrossings: answers must be 1 rows x 2 levels, got Float64Array of 3",
    );
  });
});
