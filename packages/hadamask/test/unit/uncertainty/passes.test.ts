import { key } from "hadamask";
import { classStatistics, valueStatistics } from "hadamask/uncertainty";
import { describe, expect, test } from "vitest";
import { noiseWord } from "../../../src/random/draw.js";
import { incompleteBeta, logGamma } from "../../../src/special/beta.js";
import { FAR, unseenVariance } from "../../../src/uncertainty/passes.js";
import { quantileOf } from "../../../src/uncertainty/quantiles.js";
import { FALSE_ALARM, normalBound } from "../../support/bounds.js";
import { vectors } from "./vectors.js";

/** Uniform in (0, 1), a new one each call. */
function uniforms(seed: number): () => number {
  let i = 0;
  return () => (noiseWord(key(seed), i++) + 0.5) / 2 ** 32;
}

describe("statistics of classes", () => {
  const { probabilities, ...expected } = vectors.passes;
  const found = classStatistics(probabilities, { rows: 1, classes: 4 });

  test("agree with NumPy and SciPy", () => {
    expect(found.samples[0]).toBe(20);
    expected.mean.forEach((mean, c) => {
      expect(found.mean[c]).toBeCloseTo(mean, 14);
      expect(found.variance[c]).toBeCloseTo(expected.variance[c]!, 14);
    });
    expect(found.predictiveEntropy[0]).toBeCloseTo(expected.predictiveEntropy, 13);
    expect(found.expectedEntropy[0]).toBeCloseTo(expected.expectedEntropy, 13);
    expect(found.mutualInformation[0]).toBeCloseTo(expected.predictiveEntropy - expected.expectedEntropy, 13);
    expect(found.variationRatio[0]).toBeCloseTo(expected.variationRatio, 14);
    expect(found.maxProbability[0]).toBe(Math.max(...found.mean));
    expect(found.predicted[0]).toBe(found.mean.indexOf(found.maxProbability[0]!));
  });

  test("of equal passes: no disagreement, but no error is 0, as the next pass may be another", () => {
    const same = classStatistics([0.2, 0.8, 0.2, 0.8, 0.2, 0.8], { rows: 1, classes: 2 });
    expect(same.mutualInformation[0]).toBe(0);
    expect(same.variance[0]).toBeCloseTo(0, 30);
    expect(same.variationRatio[0]).toBe(0);
    // Two passes more that say the contrary, counted by hand.
    const { standardError } = same;
    expect(standardError.mean[1]).toBeCloseTo((Math.SQRT2 * 0.8) / 3, 14);
    const surprise = -Math.log((3 * 0.2 + 1) / 4);
    const entropy = -(0.2 * Math.log(0.2) + 0.8 * Math.log(0.8));
    expect(standardError.predictiveEntropy[0]).toBeCloseTo((Math.SQRT2 * (surprise - entropy)) / 3, 14);
    expect(standardError.mutualInformation[0]).toBeCloseTo((Math.SQRT2 * surprise) / 3, 14);
    expect(standardError.expectedEntropy[0]).toBeCloseTo((Math.SQRT2 * entropy) / 3, 14);
    expect(standardError.variationRatio[0]).toBeCloseTo(Math.SQRT2 / 3, 14);
  });

  test("rows do not touch each other", () => {
    const two = classStatistics([...probabilities, ...probabilities.map((_, i) => (i % 4 === 1 ? 1 : 0))], {
      rows: 2,
      classes: 4,
    });
    expect(two.predictiveEntropy[0]).toBe(found.predictiveEntropy[0]);
    expect([...two.mean.subarray(4)]).toEqual([0, 1, 0, 0]);
    expect(two.predictiveEntropy[1]).toBe(0);
  });

  test("one column is the probability of class 1 of two", () => {
    const one = classStatistics([0.2, 0.7, 0.9], { rows: 1, classes: 1 });
    expect(one).toEqual(classStatistics([1 - 0.2, 0.2, 1 - 0.7, 0.7, 1 - 0.9, 0.9], { rows: 1, classes: 2 }));
    expect(one.classes).toBe(2);
  });

  test("refuse what are no probabilities", () => {
    expect(() => classStatistics([2, -1, 0.5, 0.5], { rows: 1, classes: 2 })).toThrow(
      "classStatistics: probabilities[0] must be in [0, 1], got 2; apply a softmax to logits first",
    );
    expect(() => classStatistics([0.5, 0.5, 0.5, 0.4], { rows: 1, classes: 2 })).toThrow(
      "classStatistics: the sum of row 0, pass 1 of probabilities must be 1, got 0.9; apply a softmax to logits first",
    );
    expect(() => classStatistics([Number.NaN, 0.5], { rows: 1, classes: 1 })).toThrow(
      "classStatistics: probabilities[0] must be in [0, 1], got NaN; apply a sigmoid to logits first",
    );
  });

  test("say how far the entropies lie below those of many passes", () => {
    // (sum over classes of variance / mean) / 2T, by hand: means 0.25 and 0.75, variances 1 / 8.
    const { entropyBias } = classStatistics([0, 1, 0.5, 0.5], { rows: 1, classes: 2 });
    expect(entropyBias[0]).toBeCloseTo((0.125 / 0.25 + 0.125 / 0.75) / 4, 15);
  });

  test("misuse", () => {
    expect(() => classStatistics([1, 0, 1], { rows: 1, classes: 2 })).toThrow(
      "classStatistics: probabilities must be 1 rows x passes (at least 2) x 2 classes, got Float64Array of 3",
    );
    expect(() => classStatistics([1, 0], { rows: 1, classes: 2 })).toThrow("passes (at least 2)");
  });
});

describe("standard errors", () => {
  // 600 experiments of 100 passes each: the spread of a statistic over the experiments is what the standard error
  // claims.
  const [experiments, passes] = [600, 100];
  const uniform = uniforms(7);
  const rows = Float64Array.from({ length: experiments * passes * 3 });
  for (let i = 0; i < experiments * passes; i++) {
    const z = [2 * uniform(), 3 * uniform(), 2.5 * uniform() ** 2].map(Math.exp);
    const sum = z[0]! + z[1]! + z[2]!;
    z.forEach((value, c) => {
      rows[3 * i + c] = value / sum;
    });
  }
  const found = classStatistics(rows, { rows: experiments, classes: 3 });

  // A standard deviation from n values has the relative error 1 / sqrt(2 (n - 1)) for a nearly normal statistic; the
  // mean of the claims adds less than a tenth of that. The linearisation is good to about 1 part in 100 passes, which
  // is allowed on top.
  const allowed = normalBound(FALSE_ALARM / 6) * (1.1 / Math.sqrt(2 * (experiments - 1))) + 0.02;

  const spread = (values: ArrayLike<number>): number => {
    const numbers = Array.from(values);
    const mean = numbers.reduce((a, b) => a + b, 0) / numbers.length;
    return Math.sqrt(numbers.reduce((a, b) => a + (b - mean) ** 2, 0) / (numbers.length - 1));
  };
  const typical = (values: ArrayLike<number>): number =>
    Math.sqrt(Array.from(values).reduce((a, b) => a + b * b, 0) / values.length);

  test.each(["predictiveEntropy", "expectedEntropy", "mutualInformation", "variationRatio"] as const)(
    "of the %s is its spread over repeated experiments, or more",
    (name) => {
      // Contrary passes add a tenth here, but for the expected entropy, where they are far away, and the mutual
      // information, whose spread is small.
      const most = { mutualInformation: 2, expectedEntropy: 1.3 + allowed }[name as string] ?? 1.1 + allowed;
      const ratio = typical(found.standardError[name]) / spread(found[name]);
      expect(ratio).toBeGreaterThan(1 - allowed);
      expect(ratio).toBeLessThan(most);
    },
  );

  test.each(["mean", "variance"] as const)("of the %s likewise", (name) => {
    const first = (values: Float64Array) => values.filter((_, i) => i % 3 === 0);
    const ratio = typical(first(found.standardError[name])) / spread(first(found[name]));
    expect(ratio).toBeGreaterThan(1 - allowed);
    // Two contrary passes add 0.7 % of a squared distance to an error of the variance that is about 0.4 %.
    expect(ratio).toBeLessThan(name === "variance" ? 3 : 1 + allowed);
  });

  test("of the quantiles of an exponential distribution", () => {
    const draw = uniforms(8);
    const values = Float64Array.from({ length: experiments * passes }, () => -Math.log(draw()));
    const levels = [0.25, 0.5, 0.9];
    const { quantiles, standardError } = valueStatistics(values, { rows: experiments, values: 1, levels });
    levels.forEach((level, l) => {
      // The large-sample value sqrt(q (1 - q) / T) / density, exact to O(1 / T); Maritz and Jarrett's estimate is
      // biased by as little.
      const theory = Math.sqrt((level * (1 - level)) / passes) / (1 - level);
      expect(Math.abs(spread(quantiles[l]!) / theory - 1)).toBeLessThan(allowed + 0.08);
      expect(Math.abs(typical(standardError.quantiles[l]!) / spread(quantiles[l]!) - 1)).toBeLessThan(allowed + 0.08);
    });
  });
});

describe("statistics of values", () => {
  test("the total has no error but what passes cannot show, where noise and distance add up to the same", () => {
    // Squared distances from the mean 1 are 1, 1, 1 and 9.
    const options = { rows: 1, values: 1, variances: [9, 9, 9, 1] };
    const { variance, standardError } = valueStatistics([0, 0, 0, 4], options);
    const unseen = unseenVariance(variance[0]!, 4, FAR * Math.sqrt(variance[0]!));
    expect(standardError.total![0]).toBeCloseTo(unseen, 12);
  });

  test("variance parts: what the model says, what the passes disagree on, and their sum", () => {
    const found = valueStatistics([1, 2, 3, 6], { rows: 1, values: 1, variances: [0.1, 0.2, 0.3, 0.4] });
    expect(found.mean[0]).toBe(3);
    expect(found.variance[0]).toBeCloseTo(14 / 3, 14);
    expect(found.aleatoric![0]).toBeCloseTo(0.25, 14);
    expect(found.total![0]).toBeCloseTo(0.25 + 14 / 3, 14);
    expect(found.standardError.aleatoric![0]).toBeCloseTo(Math.sqrt(0.05 / 3 / 4), 14);
  });

  test("several values a row are kept apart", () => {
    const found = valueStatistics([1, 10, 3, 30], { rows: 1, values: 2, levels: [0, 1] });
    expect([...found.mean]).toEqual([2, 20]);
    expect([...found.variance]).toEqual([2, 200]);
    expect(found.quantiles.map((values) => [...values])).toEqual([
      [1, 10],
      [3, 30],
    ]);
  });

  test("misuse", () => {
    expect(() => valueStatistics([1, 2, 3], { rows: 1, values: 2 })).toThrow(
      "valueStatistics: answers must be 1 rows x passes (at least 2) x 2 values, got Float64Array of 3",
    );
    expect(() => valueStatistics([1, 2], { rows: 1, values: 1, levels: [2] })).toThrow(
      "levels[0] must be in [0, 1], got 2",
    );
    expect(() => valueStatistics([1, 2], { rows: 1, values: 1, variances: [1] })).toThrow(
      "valueStatistics: variances must have 2 elements like answers, got 1",
    );
  });
});

describe("quantiles", () => {
  test.each(vectors.quantiles.rows)(
    "the %d quantile agrees with NumPy, its error with Maritz and Jarrett's formula",
    (q, value, error) => {
      const found = quantileOf(vectors.quantiles.sample, q);
      expect(found.value).toBeCloseTo(value, 13);
      expect(found.standardError).toBeCloseTo(error, 10);
    },
  );
});

describe("incomplete beta function", () => {
  test.each(vectors.incompleteBeta)("I_%d(%d, %d) agrees with SciPy", (x, a, b, expected) => {
    expect(Math.abs(incompleteBeta(x, a, b) - expected)).toBeLessThan(1e-12);
  });

  test("the ends, and factorials", () => {
    expect(incompleteBeta(0, 2, 3)).toBe(0);
    expect(incompleteBeta(1, 2, 3)).toBe(1);
    let factorial = 1;
    for (let n = 1; n < 20; n++) {
      factorial *= n;
      expect(Math.abs(logGamma(n + 1) - Math.log(factorial))).toBeLessThan(1e-13 * Math.max(1, Math.log(factorial)));
    }
  });
});
