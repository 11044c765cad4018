import { beforeAll, describe, expect, test } from "vitest";
import { loadDataset } from "../../../cli/src/data/load.js";
import type { Dataset } from "../../src/data/dataset.js";
import { errorRate, meanNllOf } from "../../src/metrics.js";
import { type TrainedRun, trainRun } from "../../src/training/run.js";
import type { RunSettings } from "../../src/training/settings.js";

const settings: RunSettings = {
  hidden: [16],
  model: "mlp",
  activation: "relu",
  epochs: 3,
  batchSize: 32,
  learningRate: 1e-2,
  trainRows: 200,
  inputRate: 0.1,
};
let data: Dataset;
beforeAll(async () => {
  data = await loadDataset("optdigits");
});

/** A run without its timings. */
const numbersOf = ({ seconds, secondsPerEpoch, dropoutShareOfStep, ...numbers }: TrainedRun) => numbers;

describe("trainRun", () => {
  test("learns", () => {
    const { trainLoss, testError, trainError } = trainRun(data, { ...settings, epochs: 20 }, "bernoulli:0.2", 0);
    expect(trainLoss).toHaveLength(20);
    expect(trainLoss.at(-1)!).toBeLessThan(trainLoss[0]! / 2);
    expect(testError.at(-1)).toBeLessThan(0.2); // guessing errs in 90 % of rows
    expect(trainError).toBeLessThan(0.1);
  });

  test("gives the same numbers each time, and others for another seed", () => {
    const run = trainRun(data, settings, "bernoulli:0.5", 1);
    expect(numbersOf(trainRun(data, settings, "bernoulli:0.5", 1))).toEqual(numbersOf(run));
    const other = trainRun(data, settings, "bernoulli:0.5", 2);
    expect(other.weights[0]!.values).not.toEqual(run.weights[0]!.values);
    expect(other.predictions.label).not.toEqual(run.predictions.label);
  });

  test("shares rows, first weights and batches between variants: dropout of rate 0 is no dropout, to the bit", () => {
    const none = trainRun(data, settings, "none", 3);
    const zero = trainRun(data, { ...settings, inputRate: 0 }, "bernoulli:0", 3);
    expect(numbersOf({ ...zero, variant: "none" })).toEqual(numbersOf(none));
    expect(none.dropoutShareOfStep).toBe(0);
  });

  test("reports after each epoch, and predictions that belong to the last", () => {
    const epochs: number[] = [];
    const run = trainRun(data, settings, "none", 0, (done) => epochs.push(done));
    expect(epochs).toEqual([1, 2, 3]);
    expect(run.predictions.label).toHaveLength(1797 - 200);
    expect(run.testError.at(-1)).toBe(errorRate(run.predictions));
    expect(run.testNll.at(-1)).toBe(meanNllOf(run.predictions));
    expect(run.weights.map(({ shape }) => shape)).toEqual([[64, 16], [16], [16, 10], [10]]);
  });

  test("says what share of a step dropout takes", () => {
    const { dropoutShareOfStep, seconds, secondsPerEpoch } = trainRun(data, settings, "bernoulli:0.5", 0);
    expect(dropoutShareOfStep).toBeGreaterThanOrEqual(0);
    expect(dropoutShareOfStep).toBeLessThan(1);
    expect(seconds).toBeGreaterThan(3 * secondsPerEpoch * 0.5);
  });
});
