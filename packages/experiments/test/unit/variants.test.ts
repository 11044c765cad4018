import { beforeAll, describe, expect, test } from "vitest";
import { loadDataset } from "../../../cli/src/data/load.js";
import type { Dataset } from "../../src/data/dataset.js";
import { MODELS } from "../../src/models/spec.js";
import { learnedRows, summariseLearned } from "../../src/statistics/learned.js";
import { type TrainedRun, trainRun } from "../../src/training/run.js";
import type { RunSettings } from "../../src/training/settings.js";
import { splitRows } from "../../src/training/split.js";
import { readVariant, variantHelp, variantsOf } from "../../src/variants/spec.js";

const settings: RunSettings = {
  hidden: [16],
  model: "mlp",
  activation: "relu",
  epochs: 20,
  batchSize: 20,
  learningRate: 5e-3,
  trainRows: 200,
  inputRate: 0.1,
  design: "disjoint",
  evaluateEvery: 1,
};
let data: Dataset;
beforeAll(async () => {
  data = await loadDataset("optdigits");
});

const VARIANTS = [
  "none",
  "early-stopping",
  "weight-decay:1e-3",
  "bernoulli:0.2",
  "gaussian:0.2",
  "uniform:0.2",
  "alpha:0.05",
  "concrete",
  "variational",
  "variational-weights",
  "sparse",
  "logit-normal",
  "dropconnect:0.2",
  "dropconnect-batch:0.2",
  "early:0.2",
  "late:0.2",
  "linear:0.2",
  "multi-sample:0.2",
  "r-drop:0.2",
  "gaussian-noise:0.1",
];

/** Alpha dropout is for SELU networks. */
const settingsOf = (name: string): RunSettings =>
  name.startsWith("alpha") ? { ...settings, activation: "selu", learningRate: 2e-3 } : settings;

const SELU = (value: number): number =>
  1.0507009873554805 * (value > 0 ? value : 1.6732632423543772 * Math.expm1(value));

/** Mean NLL of the test rows by a plain network with the weights that the run gives away. */
function nllOf({ weights }: TrainedRun, { activation }: RunSettings): number {
  const activate = activation === "selu" ? SELU : (value: number): number => Math.max(0, value);
  const { test: rows } = splitRows(data, settings, 0);
  const inputs = new Float32Array(rows.count * rows.featureCount);
  rows.readInputs(
    Array.from({ length: rows.count }, (_, row) => row),
    inputs,
  );
  let total = 0;
  for (let row = 0; row < rows.count; row++) {
    let h = Array.from(inputs.subarray(row * rows.featureCount, (row + 1) * rows.featureCount));
    for (let layer = 0; layer < weights.length / 2; layer++) {
      const [w, b] = [weights[2 * layer]!, weights[2 * layer + 1]!];
      const outputs = w.shape[1]!;
      const z = Array.from(b.values, (bias, o) => h.reduce((sum, x, i) => sum + x * w.values[i * outputs + o]!, bias));
      h = layer < weights.length / 2 - 1 ? z.map(activate) : z;
    }
    const most = Math.max(...h);
    const sum = h.reduce((all, logit) => all + Math.exp(logit - most), 0);
    total += Math.log(sum) + most - h[rows.label(row)]!;
  }
  return total / rows.count;
}

describe.each(VARIANTS)("%s", (name) => {
  const runs: TrainedRun[] = [];
  beforeAll(() => {
    runs.push(trainRun(data, settingsOf(name), name, 0));
  });

  test("learns, and says what its noise learned", () => {
    const { trainLoss, testError, learned } = runs[0]!;
    expect(trainLoss.at(-1)!).toBeLessThan(trainLoss[0]!);
    expect(testError.at(-1)).toBeLessThan(0.6); // guessing errs in 90 % of rows
    const learns = ["concrete", "variational", "variational-weights", "sparse", "logit-normal"].includes(name);
    expect(learned !== undefined).toBe(learns);
    for (const { mean, lowest, highest } of learned?.places ?? []) {
      expect(lowest).toBeGreaterThan(0);
      expect(mean).toBeGreaterThanOrEqual(lowest);
      expect(highest).toBeGreaterThanOrEqual(mean);
      expect(highest).toBeLessThanOrEqual(1);
    }
    if (name === "sparse") expect(learned!.prunedShare).toBeGreaterThan(0.05);
  });

  test("gives away weights with which a plain network predicts the same", () => {
    // The engine computes in float32, with a logarithm that is off by up to 1.5e-5.
    expect(Math.abs(nllOf(runs[0]!, settingsOf(name)) - runs[0]!.testNll.at(-1)!)).toBeLessThan(1e-3);
  });
});

test("the noise moved from where it began", () => {
  const { learned } = trainRun(data, settings, "concrete:0.1", 0);
  expect(learned!.places.map(({ place }) => place)).toEqual(["input", "hidden1"]);
  for (const { mean } of learned!.places) expect(Math.abs(mean - 0.1)).toBeGreaterThan(0.005);
});

test("learned noise is summed up over the seeds", () => {
  const run = (penalty: number, lowest: number) =>
    ({
      learned: { penalty, places: [{ place: "input", quantity: "alpha", mean: 2 * lowest, lowest, highest: 0.5 }] },
    }) as unknown as TrainedRun;
  const summary = summariseLearned([run(100, 0.1), run(300, 0.2)], 200)!;
  expect(summary).toEqual({
    penaltyPerRow: { mean: 1, perSeed: [0.5, 1.5] },
    places: [{ place: "input", quantity: "alpha", mean: expect.closeTo(0.3, 12), lowest: 0.1, highest: 0.5 }],
  });
  expect(summariseLearned([{} as TrainedRun], 200)).toBeUndefined();
  const rows = learnedRows({ variants: [{ name: "variational", title: "t", learned: summary }] as never });
  expect(rows).toEqual([
    { name: "variational", title: "t", penalty: "1.000", learned: "variance: input 0.3 (0.1 to 0.5)", pruned: "" },
  ]);
});

describe("readVariant", () => {
  test("reads every variant that the help shows", () => {
    const names = variantHelp().map(([usage]) => usage.split(":")[0]!);
    for (const name of VARIANTS) expect(names).toContain(name.split(":")[0]);
    const taken = MODELS.flatMap((model) =>
      variantsOf(model).map((name) => {
        expect(readVariant(name, 0.1, model).title).not.toBe("");
        return name;
      }),
    );
    expect([...new Set(taken)].sort()).toEqual([...names].sort());
    expect(readVariant("logit-normal:2", 0.1, "mlp")).toMatchObject({ kind: "logit-normal", sigma: 2 });
    expect(readVariant("gaussian:0.3", 0.1, "mlp")).toMatchObject({ kind: "gaussian", rate: 0.3, inputRate: 0.1 });
  });

  test("names all that there are where it knows none of the name", () => {
    expect(variantsOf("mlp")).toEqual(VARIANTS.map((name) => name.split(":")[0]));
    expect(() => readVariant("dropout", 0.1, "mlp")).toThrow(
      `train: --variants must be of ${variantsOf("mlp").join(", ")}, got "dropout"`,
    );
    expect(() => readVariant("dropout", 0.1, "cnn")).toThrow(
      `train: --variants must be of ${variantsOf("cnn").join(", ")} for --model cnn, got "dropout"`,
    );
  });

  test.each([
    ["sparse:3", 'train: --variants: sparse is written sparse, got "sparse:3"'],
    ["alpha:5", "train: --variants: the rate of alpha must be in [0, 1), got 5; pass 0.05 for 5 %"],
    ["gaussian:1", "train: --variants: the rate of gaussian must be in [0, 1), got 1"],
    ["logit-normal:0", "train: --variants: the sigma of logit-normal must be above 0, got 0"],
    ["logit-normal:1:2", 'train: --variants: logit-normal is written logit-normal:SIGMA, got "logit-normal:1:2"'],
  ])("refuses %s", (text, message) => {
    expect(() => readVariant(text, 0.1, "mlp")).toThrow(message);
  });
});
