import { key } from "hadamask";
import {
  accuracy,
  brierScore,
  calibrationError,
  negativeLogLikelihood,
  reliabilityBins,
  scores,
} from "hadamask/uncertainty";
import { describe, expect, test } from "vitest";
import { vectors } from "./vectors.js";

const { probabilities, labels, bins, ...expected } = vectors.scores;

describe("scores agree with scikit-learn and the definitions", () => {
  test("negative log-likelihood, Brier score, accuracy", () => {
    expect(negativeLogLikelihood(probabilities, labels)).toBeCloseTo(expected.nll, 13);
    expect(brierScore(probabilities, labels)).toBeCloseTo(expected.brier, 13);
    expect(accuracy(probabilities, labels)).toBeCloseTo(expected.accuracy, 14);
  });

  test("calibration error with bins of equal width and of equal mass", () => {
    expect(calibrationError(probabilities, labels, { bins })).toBeCloseTo(expected.ece, 13);
    expect(calibrationError(probabilities, labels, { bins, binning: "mass" })).toBeCloseTo(expected.adaptiveEce, 13);
  });
});

describe("reliability bins", () => {
  test("hold every row once, and add up to the calibration error", () => {
    for (const binning of ["width", "mass"] as const) {
      const found = reliabilityBins(probabilities, labels, { bins, binning });
      expect(found.reduce((sum, bin) => sum + bin.count, 0)).toBe(labels.length);
      const error = found.reduce((sum, bin) => sum + bin.count * Math.abs(bin.confidence - bin.accuracy), 0);
      expect(error / labels.length).toBeCloseTo(calibrationError(probabilities, labels, { bins, binning }), 14);
      found.forEach((bin, b) => {
        expect(bin.lower).toBe(b === 0 ? 0 : found[b - 1]!.upper);
        if (bin.count > 0) expect(bin.interval[0] <= bin.accuracy && bin.accuracy <= bin.interval[1]).toBe(true);
      });
      expect(found.at(-1)!.upper).toBe(1);
    }
  });

  test("put a confidence on an edge into the lower bin, and rows of equal confidence together", () => {
    expect(reliabilityBins([0.5, 0.5], [0], { bins: 2 }).map((bin) => bin.count)).toEqual([1, 0]);
    const same = Array.from({ length: 7 }, () => [0.8, 0.2]).flat();
    const mass = reliabilityBins(same, [0, 0, 0, 0, 0, 0, 1], { bins: 3, binning: "mass" });
    expect(mass.map((bin) => bin.count)).toEqual([7, 0, 0]);
    expect(mass[0]!.accuracy).toBeCloseTo(6 / 7, 15);
  });

  test("Wilson's interval has width where all rows are right", () => {
    const [bin] = reliabilityBins(Array.from({ length: 20 }, () => [1, 0]).flat(), new Array(20).fill(0), { bins: 1 });
    expect(bin!.accuracy).toBe(1);
    expect(bin!.interval[0]).toBeCloseTo(20 / (20 + 1.959963984540054 ** 2), 14); // n / (n + z^2)
    expect(bin!.interval[1]).toBeCloseTo(1, 12);
  });
});

describe("edge cases", () => {
  test("a probability of 0 for the right class costs 103.28 nats, not infinity", () => {
    expect(negativeLogLikelihood([1, 0], [1])).toBe(149 * Math.LN2);
  });

  test("perfect predictions score 0", () => {
    expect(negativeLogLikelihood([1, 0, 0, 1], [0, 1])).toBe(0);
    expect(brierScore([1, 0, 0, 1], [0, 1])).toBe(0);
    expect(calibrationError([1, 0, 0, 1], [0, 1])).toBe(0);
  });

  test.each([
    [
      () => accuracy([0.5, 0.5, 1], [0, 1]),
      "accuracy: probabilities must hold a whole number of probabilities for each of the 2 labels, got 3",
    ],
    [() => accuracy([0.5, 0.5], [2]), "accuracy: labels[0] must be a whole number in [0, 2), got 2"],
    [() => accuracy([], []), "accuracy: labels must be at least one class number, got an array of 0"],
    [
      () => negativeLogLikelihood([2, -1], [0]),
      "negativeLogLikelihood: probabilities[0] must be in [0, 1], got 2; apply a softmax to logits first",
    ],
    [
      () => brierScore([0.25, 0.25], [0]),
      "brierScore: the sum of row 0 of probabilities must be 1, got 0.5; apply a softmax to logits first",
    ],
    [
      () => brierScore([Number.NaN, 1], [0]),
      "brierScore: probabilities[0] must be in [0, 1], got NaN; apply a softmax to logits first",
    ],
    [
      () => calibrationError([1], [0], { bins: 0 }),
      "calibrationError: bins must be a whole number in [1, 10000], got 0",
    ],
  ])("misuse %#", (call, message) => {
    expect(call).toThrow(message);
  });
});

describe("intervals", () => {
  const options = { key: key(1), bins };

  test("are around the value, in range, and the same for the same key", () => {
    const found = scores(probabilities, labels, options);
    expect(found).toEqual(scores(probabilities, labels, options));
    for (const { value, interval } of Object.values(found)) {
      expect(interval[0]).toBeGreaterThanOrEqual(0);
      expect(interval[0]).toBeLessThanOrEqual(value);
      expect(interval[1]).toBeGreaterThanOrEqual(value);
      expect(value).toBeGreaterThanOrEqual(0);
    }
    expect(found.nll.value).toBeCloseTo(expected.nll, 13);
    expect(found.adaptiveEce.value).toBeCloseTo(expected.adaptiveEce, 13);
  });

  test("of a mean are close to the normal interval", () => {
    const rows = 400;
    const p = Array.from({ length: rows }, (_, i) => [0.5 + (i % 7) / 20, 0.5 - (i % 7) / 20]).flat();
    const y = Array.from({ length: rows }, (_, i) => (i % 3 === 0 ? 1 : 0));
    const losses = y.map((label, i) => -Math.log(p[2 * i + label]!));
    const mean = losses.reduce((a, b) => a + b, 0) / rows;
    const error = Math.sqrt(losses.reduce((a, b) => a + (b - mean) ** 2, 0) / rows / rows);
    const { interval } = scores(p, y, { key: key(2), resamples: 4000 }).nll;
    // A 2.5 % quantile of 4000 draws is uncertain by about 0.04 standard errors; six of these.
    expect(Math.abs(interval[0] - (mean - 1.96 * error))).toBeLessThan(0.25 * error);
    expect(Math.abs(interval[1] - (mean + 1.96 * error))).toBeLessThan(0.25 * error);
  });

  test("of the calibration error of a perfectly calibrated model reach down towards 0", () => {
    // 1000 rows, confidence 0.8, right exactly four times in five: the only error is rounding, the bootstrap's own is
    // chance.
    const p = Array.from({ length: 1000 }, () => [0.8, 0.2]).flat();
    const y = Array.from({ length: 1000 }, (_, i) => (i % 5 === 0 ? 1 : 0));
    const { ece } = scores(p, y, { key: key(3) });
    expect(ece.value).toBeLessThan(1e-12);
    expect(ece.interval).toEqual([0, expect.closeTo(0, 2)]);
  });
});
