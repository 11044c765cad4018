import { createHash } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import { loadDataset } from "../../../cli/src/data/load.js";
import type { Dataset } from "../../src/data/dataset.js";
import { type ClassPredictions, errorRate, meanNllOf } from "../../src/metrics.js";
import { chooseRows } from "../../src/training/design.js";
import { type Checkpoint, startRun, type TrainedRun, trainRun } from "../../src/training/run.js";
import type { RunSettings } from "../../src/training/settings.js";
import { bestEpoch, fittedRows, isGivenUp, validationRows } from "../../src/training/stopping.js";

const settings: RunSettings = {
  hidden: [16],
  model: "mlp",
  activation: "relu",
  epochs: 3,
  batchSize: 32,
  learningRate: 1e-2,
  trainRows: 200,
  inputRate: 0.1,
  design: "disjoint",
  evaluateEvery: 1,
};
const PINNED: RunSettings = { ...settings, hidden: [16, 16], epochs: 2, trainRows: 100 };
let data: Dataset;
beforeAll(async () => {
  data = await loadDataset("optdigits");
});

/** A run without its timings. */
const numbersOf = ({ seconds, secondsPerEpoch, ...numbers }: TrainedRun) => numbers;

describe("trainRun", () => {
  test("learns", () => {
    const { trainLoss, testError, trainError } = trainRun(data, { ...settings, epochs: 20 }, "bernoulli:0.2", 0);
    expect(trainLoss).toHaveLength(20);
    expect(trainLoss.at(-1)!).toBeLessThan(trainLoss[0]! / 2);
    expect(testError.at(-1)).toBeLessThan(0.2); // guessing errs in 90 % of rows
    expect(trainError).toBeLessThan(0.1);
  });

  test("gives the numbers that it always gave", () => {
    // Of the version before values could be predicted.
    const digestOf = (variant: string): string => {
      const text = JSON.stringify(numbersOf(trainRun(data, PINNED, variant, 0)), (_, value) =>
        ArrayBuffer.isView(value) ? [...(value as Float32Array)] : value,
      );
      return createHash("sha256").update(text).digest("hex").slice(0, 16);
    };
    expect(["none", "r-drop", "variational"].map(digestOf)).toEqual([
      "b54d1f46c07c4f20",
      "f76463307205580d",
      "2f5fb108b162512b",
    ]);
  });

  test("gives the same numbers each time, and others for another seed", () => {
    const run = trainRun(data, settings, "bernoulli:0.5", 1);
    expect(numbersOf(trainRun(data, settings, "bernoulli:0.5", 1))).toEqual(numbersOf(run));
    const other = trainRun(data, settings, "bernoulli:0.5", 2);
    expect(other.weights[0]!.values).not.toEqual(run.weights[0]!.values);
    expect(other.predictions.nll).not.toEqual(run.predictions.nll);
  });

  test("shares rows, first weights and batches between variants: dropout of rate 0 is no dropout, to the bit", () => {
    const none = trainRun(data, settings, "none", 3);
    const zero = trainRun(data, { ...settings, inputRate: 0 }, "bernoulli:0", 3);
    expect(numbersOf({ ...zero, variant: "none" })).toEqual(numbersOf(none));
  });

  test("reports after each epoch, and predictions that belong to the last", () => {
    const epochs: number[] = [];
    const run = trainRun(data, settings, "none", 0, { onEpoch: (done) => epochs.push(done) });
    expect(epochs).toEqual([1, 2, 3]);
    const predictions = run.predictions as ClassPredictions;
    expect(predictions.label).toHaveLength(539);
    expect(run.testError.at(-1)).toBe(errorRate(predictions));
    expect(run.testNll.at(-1)).toBe(meanNllOf(run.predictions));
    expect(run.weights.map(({ shape }) => shape)).toEqual([[64, 16], [16], [16, 10], [10]]);
  });

  test("asks about the test rows as often as it is told to, which changes no other number", () => {
    const often = trainRun(data, settings, "bernoulli:0.5", 0);
    const seldom = trainRun(data, { ...settings, evaluateEvery: 2 }, "bernoulli:0.5", 0);
    expect([often.epochs, seldom.epochs]).toEqual([
      [1, 2, 3],
      [2, 3],
    ]);
    expect(seldom.testNll).toEqual(often.testNll.slice(1));
    expect(seldom.weights).toEqual(often.weights);
  });

  test("goes on from any step with the same numbers, to the bit", () => {
    for (const variant of ["concrete", "early-stopping"]) {
      const whole = trainRun(data, settings, variant, 1);
      const saved: Checkpoint[] = [];
      trainRun(data, settings, variant, 1, { onStep: (checkpoint) => saved.push(checkpoint()) });
      expect(saved.length).toBeGreaterThan(17); // 6 steps an epoch, not counted those that look for the best epoch
      for (const from of [saved[1]!, saved[7]!, saved.at(-3)!, saved.at(-1)!]) {
        const steps: unknown[] = [];
        const resumed = trainRun(data, settings, variant, 1, { from, onStep: () => steps.push(1) });
        expect(numbersOf(resumed)).toEqual(numbersOf(whole));
        expect(steps.length).toBeLessThan(saved.length);
      }
    }
  });
});

describe("startRun", () => {
  test("runs that are taken step by step, in turn, and looked at, give the numbers of trainRun", () => {
    const variants = ["none", "early-stopping", "bernoulli:0.5"];
    const going = variants.map((variant) => ({ variant, run: startRun(data, settings, variant, 1) }));
    const done: TrainedRun[] = [];
    const searched = new Set<string>();
    while (done.length < variants.length) {
      for (const one of going.filter(({ variant }) => !done.some((run) => run.variant === variant))) {
        const next = one.run.next();
        if (next.done) {
          done.push(next.value);
          continue;
        }
        const { isEpoch, isSearching, curves, predictions, weights } = next.value;
        if (isSearching) searched.add(one.variant);
        expect(weights().map(({ shape }) => shape)).toEqual([[64, 16], [16], [16, 10], [10]]);
        expect(weights()[0]!.values).not.toBe(weights()[0]!.values); // copies
        if (isEpoch) expect(errorRate(predictions as ClassPredictions)).toBe(curves.testError.at(-1));
      }
    }
    expect([...searched]).toEqual(["early-stopping"]);
    for (const run of done) expect(numbersOf(run)).toEqual(numbersOf(trainRun(data, settings, run.variant, 1)));
  });
});

describe("rows for validation", () => {
  const held = { ...settings, validation: 0.2 };

  test("are scored as the test rows are, and neither fitted nor part of any other number", () => {
    const run = trainRun(data, held, "bernoulli:0.5", 0);
    expect(run.validation!.nll).toHaveLength(3);
    const { train } = chooseRows(data, "disjoint", 200, 0);
    const labels = data.pool.labels.slice();
    for (const row of train.slice(0, 40)) labels[row] = (labels[row]! + 1) % 10;
    const wrong = trainRun({ ...data, pool: { ...data.pool, labels } }, held, "bernoulli:0.5", 0);
    const { validation, ...others } = numbersOf(run);
    const { validation: changed, ...same } = numbersOf(wrong);
    expect(same).toEqual(others);
    expect(changed!.nll.at(-1)).toBeGreaterThan(validation!.nll.at(-1)!);
    const fewer = trainRun(data, settings, "bernoulli:0.5", 0);
    expect(fewer).not.toHaveProperty("validation");
    expect(fewer.weights).not.toEqual(run.weights);
  });

  test("a run goes on from any step with the same validation scores", () => {
    const saved: Checkpoint[] = [];
    const run = trainRun(data, held, "early-stopping", 1, { onStep: (checkpoint) => saved.push(checkpoint()) });
    const from = saved.at(-3)!;
    expect(numbersOf(trainRun(data, held, "early-stopping", 1, { from }))).toEqual(numbersOf(run));
  });

  test("are left out of the training rows that intervals are computed with", () => {
    expect([fittedRows(settings), fittedRows(held)]).toEqual([200, 160]);
  });
});

describe("early stopping", () => {
  test("trains on all rows for as many epochs as were best for a fifth of them", () => {
    const many = { ...settings, epochs: 60, learningRate: 3e-2 };
    const run = trainRun(data, many, "early-stopping", 0);
    const epochs = run.trainLoss.length;
    expect(epochs).toBeLessThan(60);
    const plain = trainRun(data, { ...many, epochs }, "none", 0);
    expect(numbersOf({ ...plain, variant: "early-stopping" })).toEqual(numbersOf(run));
  });

  test("bestEpoch is the first of the lowest, and it is given up after 30 more", () => {
    expect([bestEpoch([]), bestEpoch([3, 1, 2, 1])]).toEqual([0, 2]);
    expect([isGivenUp([1, ...Array(29).fill(2)]), isGivenUp([1, ...Array(30).fill(2)])]).toEqual([false, true]);
  });

  test("refuses a single training row", () => {
    expect(validationRows(2, 0.2)).toBe(1);
    expect(() => validationRows(1, 0.2)).toThrow("early-stopping: the training rows must be 2 or more, got 1");
  });
});

test("weight decay adds its part of the squared weights to the loss: weights end smaller, biases do not", () => {
  const sizes = ({ weights }: TrainedRun) =>
    weights.filter(({ shape }) => shape.length > 1).map(({ values }) => values.reduce((sum, w) => sum + w * w, 0));
  const none = trainRun(data, settings, "none", 0);
  const decayed = trainRun(data, settings, "weight-decay:0.1", 0);
  for (const [i, size] of sizes(decayed).entries()) expect(size).toBeLessThan(sizes(none)[i]!);
  const tiny = trainRun(data, { ...settings, epochs: 1, batchSize: 200 }, "weight-decay:1e30", 0);
  const one = trainRun(data, { ...settings, epochs: 1, batchSize: 200 }, "none", 0);
  // One step of Adam is about the learning rate along the gradient's sign: that of the weight itself where it decays,
  // and for the biases the same as without.
  expect(tiny.weights[1]!.values).toEqual(one.weights[1]!.values);
  expect(tiny.weights[0]!.values).not.toEqual(one.weights[0]!.values);
});
