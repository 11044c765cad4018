import { key } from "hadamask";
import {
  accuracy,
  brierScore,
  calibrationError,
  calibrationTest,
  classwiseCalibrationError,
  negativeLogLikelihood,
  overconfidence,
  reliabilityBins,
  scores,
  squaredCalibrationError,
} from "hadamask/uncertainty";
import { describe, expect, test } from "vitest";
import { FALSE_ALARM, normalBound } from "../../support/bounds.js";
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

describe("calibration errors beside the plain one", () => {
  test("overconfidence is mean confidence less accuracy, and no larger than the calibration error", () => {
    const sure = reliabilityBins(probabilities, labels, { bins: 1 })[0]!.confidence;
    expect(overconfidence(probabilities, labels)).toBeCloseTo(sure - expected.accuracy, 13);
    expect(Math.abs(overconfidence(probabilities, labels))).toBeLessThanOrEqual(expected.ece);
    expect(overconfidence([0.25, 0.25, 0.5, 0.25, 0.25, 0.5], [2, 0])).toBe(0);
    expect(overconfidence([0.75, 0.25, 0.75, 0.25], [0, 0])).toBe(-0.25);
  });

  test("squared and classwise agree with the definitions in NumPy", () => {
    expect(squaredCalibrationError(probabilities, labels, { bins })).toBeCloseTo(expected.squared, 13);
    expect(classwiseCalibrationError(probabilities, labels, { bins })).toBeCloseTo(expected.classwise, 13);
  });

  test("the squared one takes a bin of a single row for as uncertain as its confidence says", () => {
    expect(squaredCalibrationError([0.2, 0.8], [1], { bins: 1 })).toBeCloseTo(0.04 - 0.16, 15);
  });
});

describe("reliability bins", () => {
  test("a confidence on an edge is in the bin below it, whatever the rounding of confidence * bins", () => {
    for (let bins = 1; bins <= 128; bins++) {
      for (let b = Math.ceil(bins / 2); b <= bins; b++) {
        const edge = b / bins;
        const found = reliabilityBins([edge, 1 - edge], [0], { bins });
        expect(found.findIndex((bin) => bin.count === 1)).toBe(b - 1);
        if (b === bins) continue;
        const above = edge * (1 + 2 ** -52);
        const next = reliabilityBins([above, 1 - above], [0], { bins });
        expect(next.findIndex((bin) => bin.count === 1)).toBe(b);
      }
    }
  });

  test("of equal mass have their edges at the confidence of the last row below, also bins that ties leave empty", () => {
    const confidence = [0.5, 0.6, 0.7, 0.7, 0.7, 0.7, 0.8, 0.9];
    const p = confidence.flatMap((q) => [q, 1 - q]);
    const found = reliabilityBins(p, new Array(8).fill(0), { bins: 4, binning: "mass" });
    expect(found.map(({ count }) => count)).toEqual([2, 4, 0, 2]);
    expect(found.map(({ lower, upper }) => [lower, upper])).toEqual([
      [0, 0.6],
      [0.6, 0.7],
      [0.7, 0.7],
      [0.7, 1],
    ]);
    const same = reliabilityBins([0.7, 0.3, 0.7, 0.3], [0, 0], { bins: 3, binning: "mass" });
    expect(same.map(({ lower, upper }) => [lower, upper])).toEqual([
      [0, 1],
      [1, 1],
      [1, 1],
    ]);
  });

  test("that are empty know nothing: an interval from 0 to 1", () => {
    const [first, second] = reliabilityBins([1, 0], [0], { bins: 2 });
    expect(first).toEqual({ lower: 0, upper: 0.5, count: 0, confidence: 0, accuracy: 0, interval: [0, 1] });
    expect(second!.count).toBe(1);
  });

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
      () => calibrationTest([1], [0], { key: key(1), resample: 9 } as never),
      'calibrationTest: unknown option "resample"; did you mean resamples?',
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
  const found = scores(probabilities, labels, options);

  test("are around the value, in range, and the same for the same key", () => {
    expect(found).toEqual(scores(probabilities, labels, options));
    const { classwise: _, ...withIntervals } = found;
    for (const [name, { value, interval }] of Object.entries(withIntervals)) {
      expect(interval[0]).toBeGreaterThanOrEqual(name === "overconfidence" ? -1 : 0);
      expect(interval[0]).toBeLessThanOrEqual(value);
      expect(interval[1]).toBeGreaterThanOrEqual(value);
    }
    expect(found.nll.value).toBeCloseTo(expected.nll, 13);
    expect(found.accuracy.value).toBeCloseTo(expected.accuracy, 14);
    expect(found.adaptiveEce.value).toBeCloseTo(expected.adaptiveEce, 13);
  });

  test("of the accuracy are Wilson's, with some width where all rows are right", () => {
    const { accuracy: all } = scores(
      Array.from({ length: 30 }, () => [0.9, 0.1]).flat(),
      new Array(30).fill(0),
      options,
    );
    expect(all.value).toBe(1);
    expect(all.interval[0]).toBeCloseTo(30 / (30 + 1.959963984540054 ** 2), 10);
  });

  test("of a mean are close to the normal interval where losses are not skewed", () => {
    const rows = 400;
    const p = Array.from({ length: rows }, (_, i) => [0.5 + (i % 7) / 20, 0.5 - (i % 7) / 20]).flat();
    const y = Array.from({ length: rows }, (_, i) => (i % 3 === 0 ? 1 : 0));
    const losses = y.map((label, i) => -Math.log(p[2 * i + label]!));
    const mean = losses.reduce((a, b) => a + b, 0) / rows;
    const error = Math.sqrt(losses.reduce((a, b) => a + (b - mean) ** 2, 0) / rows / rows);
    const { interval } = scores(p, y, { key: key(2), resamples: 10 }).nll;
    expect(Math.abs(interval[0] - (mean - 1.96 * error))).toBeLessThan(0.15 * error);
    expect(Math.abs(interval[1] - (mean + 1.96 * error))).toBeLessThan(0.15 * error);
  });

  test("30 rows that are all right are no proof that none is wrong", () => {
    const rows = Array.from({ length: 30 }, () => [0.99, 0.01]).flat();
    const { nll, brier, overconfidence: gap } = scores(rows, new Array(30).fill(0), options);
    // One row in 20 may be wrong, and loses what the model expects of such a row.
    expect(nll.interval[1]).toBeGreaterThan(-Math.log(0.01) / 20);
    expect(brier.interval[1]).toBeGreaterThan((2 * 0.99 ** 2) / 20);
    expect(gap.interval[1]).toBeGreaterThan(0.99 / 20);
    expect(gap.interval[0]).toBeCloseTo(-0.01, 12);
  });

  test("one column is the probability of class 1 of two", () => {
    const one = [0.9, 0.2, 0.7, 0.6];
    const y = [1, 0, 0, 1];
    expect(scores(one, y, options)).toEqual(
      scores(
        one.flatMap((p) => [1 - p, p]),
        y,
        options,
      ),
    );
    expect(accuracy(one, y)).toBe(0.75);
  });
});

describe("the test of calibration", () => {
  const sure = Array.from({ length: 1000 }, () => [0.8, 0.2]).flat();
  const right = (of: number): number[] => Array.from({ length: 1000 }, (_, i) => (i % 5 < of ? 0 : 1));

  test("finds nothing where a model is right as often as it says", () => {
    const { ece, squared, classwise } = calibrationTest(sure, right(4), { key: key(3) });
    expect(ece.value).toBeLessThan(1e-12);
    expect(ece.interval[0]).toBe(0);
    expect(ece.pValue).toBe(1);
    expect(squared.interval[0]).toBe(0);
    expect(classwise.pValue).toBe(1);
  });

  test("the p-value is the share of calibrated models that are as far off, or as near", () => {
    // 790 of 1000 right at 0.8: a binomial count is 10 or more from 800 with probability 0.4526; 1000 resamples.
    const less = Array.from({ length: 1000 }, (_, i) => (i < 790 ? 0 : 1));
    const { pValue } = calibrationTest(sure, less, { key: key(3) }).ece;
    expect(Math.abs(pValue - 0.4526)).toBeLessThan(normalBound(FALSE_ALARM) * Math.sqrt((0.45 * 0.55) / 1000));
    // Nothing is left to chance, and all are equally far: 0.
    const certain = Array.from({ length: 10 }, () => [1, 0]).flat();
    expect(calibrationTest(certain, new Array(10).fill(0), { key: key(3) }).ece.pValue).toBe(1);
  });

  test("the floor of one bin is the mean distance of a binomial count from its mean", () => {
    const { ece } = calibrationTest(sure, right(4), { key: key(3), resamples: 4000 });
    const deviation = Math.sqrt((0.8 * 0.2) / 1000);
    const bound = (normalBound(FALSE_ALARM) * (0.603 * deviation)) / Math.sqrt(4000); // sd of |N|: sqrt(1 - 2 / pi)
    expect(Math.abs(ece.floor - Math.sqrt(2 / Math.PI) * deviation)).toBeLessThan(bound + 0.01 * deviation);
    expect(Math.abs(ece.limit / deviation - 1.96)).toBeLessThan(0.2);
  });

  test("finds a gap, and its size", () => {
    const { ece, adaptiveEce, squared, classwise } = calibrationTest(sure, right(3), { key: key(3) });
    for (const found of [ece, adaptiveEce]) {
      expect(found.value).toBeCloseTo(0.2, 12);
      expect(found.pValue).toBeCloseTo(1 / 1001, 12);
      expect(found.value).toBeGreaterThan(found.limit);
      expect(found.interval[0]).toBeGreaterThan(0.15);
      expect(found.interval[1]).toBeLessThan(0.25);
    }
    expect(squared.value).toBeCloseTo(0.04 - 0.24 / 999, 12);
    expect(squared.interval[0]).toBeGreaterThan(0.15 ** 2);
    expect(squared.interval[1]).toBeLessThan(0.25 ** 2);
    expect(classwise.pValue).toBeCloseTo(1 / 1001, 12);
  });

  test("sees what hides behind the likeliest class", () => {
    // The likeliest class is right as often as it says; the two others never come as they should.
    const p = Array.from({ length: 1000 }, () => [0.6, 0.3, 0.1]).flat();
    const y = Array.from({ length: 1000 }, (_, i) => (i % 10 < 6 ? 0 : i % 10 < 7 ? 1 : 2));
    const { ece, classwise } = calibrationTest(p, y, { key: key(4) });
    expect(ece.pValue).toBe(1);
    expect(classwise.value).toBeCloseTo(0.4 / 3, 12);
    expect(classwise.pValue).toBeCloseTo(1 / 1001, 12);
  });

  test("misuse", () => {
    expect(() => calibrationTest(sure, right(4), {} as never)).toThrow(
      "calibrationTest: key is missing; pass one made with key(seed), for instance key(42)",
    );
    expect(() => calibrationTest(sure, right(4), { key: key(1), resamples: 0 })).toThrow(
      "calibrationTest: resamples must be a whole number in [1, 1000000], got 0",
    );
  });
});
