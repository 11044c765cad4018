// Values in place of classes: the law and its loss, what is kept of predictions, scaling by training rows, whole runs.

import { grad, numpy as np } from "@jax-js/jax";
import { beforeAll, describe, expect, test } from "vitest";
import { compare } from "../../src/comparison.js";
import { decodeCell, encodeCell, featureNames, featuresOf, widthOf } from "../../src/data/encoding.js";
import { gaussian, MOST_LOG_VARIANCE, squared } from "../../src/models/gaussian.js";
import type { ComparisonResult } from "../../src/result.js";
import { settingsFor } from "../../src/training/request.js";
import { type Checkpoint, type TrainedRun, trainRun } from "../../src/training/run.js";
import { splitRows } from "../../src/training/split.js";
import { UsageError } from "../../src/usage.js";
import {
  coverageCurve,
  coverageGap,
  emptyValues,
  LEVELS,
  levelsOf,
  rootMeanSquare,
  scoreOutputs,
  transforms,
  type ValuePredictions,
  withNoise,
} from "../../src/value-metrics.js";
import { COLUMNS, NOISE, valueData } from "../support/values.js";

const array = (values: number[][]) =>
  np.array(Float32Array.from(values.flat()), { shape: [values.length, values[0]!.length] });
const y = [[0.5], [-1]];

describe("squared", () => {
  test("is the mean square error, and the square between two answers", () => {
    expect(squared.loss(array([[1], [1]]), array(y)).item()).toBeCloseTo((0.25 + 4) / 2, 6);
    expect(squared.divergence(array([[1], [2]]), array([[0], [4]])).item()).toBeCloseTo((1 + 4) / 2, 6);
  });
});

describe("gaussian", () => {
  const outputs = [
    [1, 0.5],
    [0.2, -2],
  ];
  const nll = (m: number, s: number, value: number): number =>
    (Math.log(2 * Math.PI) + s + (value - m) ** 2 / Math.exp(s)) / 2;

  test("is the mean negative logarithm of the normal density", () => {
    const expected = (nll(1, 0.5, 0.5) + nll(0.2, -2, -1)) / 2;
    expect(gaussian.loss(array(outputs), array(y)).item()).toBeCloseTo(expected, 5); // float32 against float64
  });

  test("has the gradient of that", () => {
    const found = grad((o: np.Array) => gaussian.loss(o, array(y)))(array(outputs)).js() as number[][];
    outputs.forEach(([m, s], row) => {
      const distance = m! - y[row]![0]!;
      expect(found[row]![0]).toBeCloseTo(distance / Math.exp(s!) / 2, 5);
      expect(found[row]![1]).toBeCloseTo((1 - distance ** 2 / Math.exp(s!)) / 4, 5);
    });
  });

  test("holds the noise within its limits", () => {
    const found = gaussian.loss(array([[0, -1000]]), array([[0]])).item();
    expect(found).toBeCloseTo((Math.log(2 * Math.PI) - MOST_LOG_VARIANCE) / 2, 5);
  });

  test("diverges by the mean of both Kullback-Leibler divergences", () => {
    const kl = (m: number, v: number, n: number, w: number): number =>
      (Math.log(w / v) + (v + (m - n) ** 2) / w - 1) / 2;
    const [v, w] = [Math.exp(0.5), Math.exp(-1)];
    const expected = (kl(1, v, 0.2, w) + kl(0.2, w, 1, v)) / 2;
    expect(gaussian.divergence(array([[1, 0.5]]), array([[0.2, -1]])).item()).toBeCloseTo(expected, 5);
  });
});

describe("predictions of values", () => {
  const made = (): ValuePredictions => {
    const into = emptyValues(2);
    scoreOutputs(into, 0, Float32Array.of(1, Math.log(4), -1, -1000), [13, 5], { shift: 10, scale: 3 }, 14);
    return into;
  };

  test("are in the value's own unit, noise within its limits", () => {
    const { mean, deviation, nll } = made();
    expect([...mean]).toEqual([13, 7]);
    expect(deviation[0]).toBeCloseTo(6, 6);
    expect(deviation[1]).toBeCloseTo(3 * Math.exp(-7), 12);
    expect(nll[0]).toBeCloseTo(Math.log(2 * Math.PI) / 2 + Math.log(6), 6);
    expect(nll[1]).toBeCloseTo(Math.log(2 * Math.PI) / 2 + Math.log(deviation[1]!) + (2 / deviation[1]!) ** 2 / 2, 3);
  });

  test("get one noise for all rows where none is predicted", () => {
    const into = emptyValues(2);
    scoreOutputs(into, 0, Float32Array.of(1, -1), [13, 5], { shift: 10, scale: 3 }, 14);
    expect([...into.deviation]).toEqual([0, 0]);
    withNoise(into, 2);
    expect([...into.nll].map((value) => value - Math.log(2 * Math.PI) / 2)).toEqual([
      expect.closeTo(Math.log(2), 12),
      expect.closeTo(Math.log(2) + 0.5, 12),
    ]);
    expect(rootMeanSquare(into)).toBeCloseTo(Math.sqrt(2), 12);
  });

  test("levels and transforms say where a value lies in its law", () => {
    const law = {
      value: Float64Array.of(0, 1.959963984540054, -1),
      mean: new Float64Array(3),
      deviation: Float64Array.of(1, 1, 0),
      nll: new Float64Array(3),
    };
    expect([...levelsOf(law)]).toEqual([0, expect.closeTo(0.95, 12), 1]);
    expect([...transforms(law)]).toEqual([0.5, expect.closeTo(0.975, 12), 0]);
  });

  test("the coverage curve counts what lies within each level", () => {
    const even = Float64Array.from({ length: 1000 }, (_, i) => (i + 0.5) / 1000);
    for (const [i, held] of coverageCurve(even).entries()) expect(held).toBeCloseTo(LEVELS[i]!, 12);
    expect(coverageGap(even)).toBeCloseTo(0, 12);
    expect(coverageGap(new Float64Array(10).fill(1))).toBeCloseTo(0.5, 12); // nothing is ever inside: the mean level
  });
});

describe("columns of a table", () => {
  test("are coded cell by cell, and back", () => {
    expect(featuresOf(COLUMNS)).toBe(6);
    expect(featureNames(COLUMNS)).toEqual([
      "size",
      "age",
      "age is missing",
      "colour = blue",
      "colour = green",
      "colour = red",
    ]);
    const cells = [1.5, undefined, 2];
    const out = new Float32Array(6);
    let at = 0;
    const back = cells.map((cell, c) => {
      encodeCell(COLUMNS[c]!, cell, out, at);
      const found = decodeCell(COLUMNS[c]!, out, at);
      at += widthOf(COLUMNS[c]!);
      return found;
    });
    expect([...out]).toEqual([1.5, Number.NaN, 1, 0, 0, 1]);
    expect(back).toEqual(cells);
  });

  test("are scaled by what the training rows know, and what is missing becomes their mean", () => {
    const data = valueData(50);
    const { train, test: held, scaling, targetScaling } = splitRows(data, { design: "folds", trainRows: 40 }, 0);
    const inputs = new Float32Array(40 * 6);
    train.readInputs(
      Array.from({ length: 40 }, (_, i) => i),
      inputs,
    );
    const column = (c: number) => Array.from({ length: 40 }, (_, row) => inputs[row * 6 + c]!);
    const mean = (values: number[]) => values.reduce((a, b) => a + b, 0) / values.length;
    expect(mean(column(0))).toBeCloseTo(0, 5);
    const known = column(1).filter((_, row) => column(2)[row]! < 0); // the indicator is below its mean
    expect(known.length).toBeLessThan(40);
    expect(mean(known)).toBeCloseTo(0, 5);
    expect(mean(known.map((v) => v * v))).toBeCloseTo(1, 4);
    expect(new Set(column(1).filter((_, row) => column(2)[row]! > 0))).toEqual(new Set([0]));
    const values = Array.from({ length: 40 }, (_, row) => train.label(row));
    expect(targetScaling!.shift).toBeCloseTo(mean(values), 9);
    expect(targetScaling!.scale).toBeCloseTo(Math.sqrt(mean(values.map((v) => (v - mean(values)) ** 2))), 9);
    // Of test rows nothing is known beforehand: another test value changes no number of the training rows.
    const other = { ...data, pool: { ...data.pool, features: data.pool.features.slice() } };
    const row = splitRows(data, { design: "folds", trainRows: 40 }, 0).heldOut![0]!;
    other.pool.features[row * 6] = 1e6;
    expect(splitRows(other, { design: "folds", trainRows: 40 }, 0).scaling).toEqual(scaling);
    expect(held.count).toBe(10);
  });
});

describe("a regression", () => {
  const data = valueData(600);
  const SMALL = { variants: ["none", "bernoulli:0.1"], hidden: [32], epochs: 15, learningRate: 1e-2, seeds: 2 };
  const settings = (noise: "fixed" | "learned", more: object = {}) => ({
    ...settingsFor({ ...SMALL, inputRate: 0, model: "mlp", activation: undefined, noise, ...more }, data),
  });
  const numbersOf = ({ seconds, secondsPerEpoch, ...numbers }: TrainedRun) => numbers;
  let result: ComparisonResult;
  beforeAll(async () => {
    result = await compare(data, { ...SMALL, noise: "learned", inputRate: 0 });
  }, 120_000);

  test("learns the mean and the noise, and says so in the value's own unit", () => {
    const { comparison, values, reliability, findings } = result;
    const [none] = comparison.variants;
    // Half of the rows have a noise of 4, half of 1: sqrt((16 + 1) / 2) is what cannot be known.
    const least = Math.sqrt((NOISE ** 2 + (NOISE / 4) ** 2) / 2);
    expect(none!.testError.mean).toBeGreaterThan(0.8 * least);
    expect(none!.testError.mean).toBeLessThan(1.5 * least);
    expect(none!.mae!.mean).toBeLessThan(none!.testError.mean);
    expect(none!.coverage!.mean).toBeGreaterThan(0.8);
    // What the right law has is 2.1 (the mean of its entropies).
    expect(none!.nll.mean).toBeLessThan(3.2);
    expect(comparison.data).toMatchObject({ classes: [], target: { name: "price" } });
    expect(comparison.model.noise).toBe("learned");
    expect(reliability).toEqual([]);
    const { points, transforms: parts, coverage } = values![0]!;
    expect(points).toHaveLength(120);
    expect(parts.reduce((a, b) => a + b)).toBe(240);
    expect(coverage).toHaveLength(19);
    expect(findings[2]).toMatch(/the test RMSE (goes )?from \d\.\d\d to \d\.\d\d/);
    expect(findings.join(" ")).toContain("Intervals that promise 95 % hold, of the test rows: none ");
    for (const name of ["testError", "nll", "ece", "mae", "coverage"] as const) {
      const { mean, ci95, perSeed } = none![name]!;
      expect(perSeed).toHaveLength(2);
      expect(ci95![0] <= mean && mean <= ci95![1]).toBe(true);
      const [pair] = comparison.paired;
      expect(pair![name]!.mean).toBeCloseTo(comparison.variants[1]![name]!.mean - mean, 9);
    }
  });

  test("predicts rows of more noise with wider laws", () => {
    const run = trainRun(data, settings("learned"), "none", 0);
    const { mean, deviation } = run.predictions as ValuePredictions;
    const about = (isNoisy: boolean): number => {
      const own = [...deviation].filter((_, i) => mean[i]! > 103 === isNoisy);
      return own.reduce((a, b) => a + b) / own.length;
    };
    expect(about(true)).toBeGreaterThan(1.5 * about(false));
    expect(run.testError.at(-1)).toBe(rootMeanSquare(run.predictions as ValuePredictions));
  });

  test("of fixed noise trains by squared errors, with what is left of the training rows as the noise", () => {
    const run = trainRun(data, settings("fixed"), "none", 0);
    const { deviation } = run.predictions as ValuePredictions;
    expect(new Set(deviation)).toEqual(new Set([run.trainError]));
    // Of the standardised value: the mean over steps is near the square error of the end.
    const { scale } = splitRows(data, settings("fixed"), 0).targetScaling!;
    expect(Math.sqrt(run.trainLoss.at(-1)!) * scale).toBeCloseTo(run.trainError, 0);
    expect(run.weights.at(-1)!.shape).toEqual([1]);
  });

  test.each(["multi-sample", "r-drop", "sparse", "early-stopping", "weight-decay:0.01"])(
    "goes with %s, and from any step on with the same bits",
    (variant) => {
      const few = settings("learned", { epochs: 2, trainSize: 150 });
      const saved: Checkpoint[] = [];
      const whole = trainRun(data, few, variant, 1, { onStep: (checkpoint) => saved.push(checkpoint()) });
      expect(whole.testNll.every(Number.isFinite)).toBe(true);
      expect(numbersOf(trainRun(data, few, variant, 1, { from: saved[2]! }))).toEqual(numbersOf(whole));
    },
  );

  test("is not asked of classes", () => {
    const classes = { ...valueData(50), classes: ["a", "b"] };
    const { target: _, ...without } = { ...classes, pool: { ...classes.pool, labels: new Uint16Array(50) } };
    expect(() =>
      settingsFor({ ...SMALL, inputRate: 0, model: "mlp", activation: undefined, noise: "learned" }, without),
    ).toThrow(new UsageError("train: --noise goes with values, and made.csv has classes; pass --task regression"));
  });
});
