import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import type { Dataset } from "../../../../experiments/src/data/dataset.js";
import type { ClassPredictions } from "../../../../experiments/src/metrics.js";
import { summarise } from "../../../../experiments/src/statistics/summary.js";
import type { TrainedRun } from "../../../../experiments/src/training/run.js";
import type { ComparisonSettings } from "../../../../experiments/src/training/settings.js";
import { UsageError } from "../../../../experiments/src/usage.js";
import { loadDataset } from "../../../src/data/load.js";
import { type CompareOptions, compare } from "../../../src/train/compare.js";
import { loadRun, provenanceOf, runPath, saveRun } from "../../../src/train/run-file.js";
import { testFolder } from "../../support/folder.js";

const settings: ComparisonSettings = {
  variants: ["none", "bernoulli:0.5"],
  seeds: [0, 1],
  hidden: [8],
  model: "mlp",
  activation: "relu",
  epochs: 2,
  batchSize: 32,
  learningRate: 1e-2,
  trainRows: 100,
  inputRate: 0.1,
  design: "disjoint",
  evaluateEvery: 1,
};
const path = testFolder();
let data: Dataset;
let fresh: TrainedRun[];

const options = (folder: string, more: Partial<CompareOptions> = {}): CompareOptions => ({
  folder: path(folder),
  isResumed: false,
  threads: 0,
  ...more,
});
const numbersOf = (runs: readonly TrainedRun[]) => runs.map(({ seconds, secondsPerEpoch, ...numbers }) => numbers);

beforeAll(async () => {
  data = await loadDataset("optdigits");
  fresh = await compare(data, settings, options("fresh"));
});

describe("compare", () => {
  test("trains every variant with every seed, ordered by variant, then seed", () => {
    expect(fresh.map(({ variant, seed }) => `${variant} ${seed}`)).toEqual([
      "none 0",
      "none 1",
      "bernoulli:0.5 0",
      "bernoulli:0.5 1",
    ]);
    expect(readdirSync(path("fresh")).sort()).toEqual([
      "bernoulli-0.5-seed0.json",
      "bernoulli-0.5-seed1.json",
      "none-seed0.json",
      "none-seed1.json",
    ]);
  });

  test("goes on after an interruption with the same numbers, and loses only the run that was in training", async () => {
    let started = 0;
    const interrupted = compare(
      data,
      settings,
      options("stopped", {
        onEpoch: () => {
          if (++started > 5) throw new Error("stopped"); // in the middle of the third run
        },
      }),
    );
    await expect(interrupted).rejects.toThrow("stopped");
    expect(readdirSync(path("stopped")).sort()).toEqual(["bernoulli-0.5-seed0.json", "none-seed0.json"]);

    const trained: string[] = [];
    let found = 0;
    const resumed = await compare(
      data,
      settings,
      options("stopped", {
        isResumed: true,
        onStart: (count) => {
          found = count;
        },
        onRun: ({ variant, seed }) => trained.push(`${variant} ${seed}`),
      }),
    );
    expect({ found, trained }).toEqual({ found: 2, trained: ["none 1", "bernoulli:0.5 1"] });
    expect(numbersOf(resumed)).toEqual(numbersOf(fresh));
  });

  test("gives a summary from saved runs that is the same to the last digit, timings included", async () => {
    const again = await compare(data, settings, options("fresh", { isResumed: true }));
    const context = { data, settings, command: "", versions: {} };
    expect(summarise(again, context)).toEqual(summarise(fresh, context));
  });

  test("keeps what is done when seeds or variants are added", async () => {
    const trained: string[] = [];
    const more = { ...settings, seeds: [0, 1, 2], variants: ["none", "bernoulli:0.2", "bernoulli:0.5"] };
    await compare(data, more, options("fresh", { isResumed: true, onRun: (run) => trained.push(run.variant) }));
    expect(trained.sort()).toEqual(["bernoulli:0.2", "bernoulli:0.2", "bernoulli:0.2", "bernoulli:0.5", "none"]);
  });

  test("refuses to replace runs of other settings, unless it is forced to", async () => {
    await compare(data, settings, options("kept"));
    const file = runPath(path("kept"), "none", 0);
    const before = readFileSync(file, "utf8");
    await expect(compare(data, { ...settings, epochs: 1 }, options("kept"))).rejects.toThrow(
      new UsageError(
        `train: --out: ${file} was made with epochs 2, not 1, and would be replaced; ` +
          "choose another --out, or continue with the same settings and --resume",
      ),
    );
    expect(readFileSync(file, "utf8")).toBe(before);
    await compare(data, { ...settings, epochs: 1 }, options("kept", { isForced: true }));
    expect(readFileSync(file, "utf8")).not.toBe(before);
  });

  // Each of these is a number that a run depends on: runs of other numbers are not taken for these.
  test.each([
    ["another input rate", { inputRate: 0.2 }, /was made with input rate 0\.1, not 0\.2/],
    ["another learning rate", { learningRate: 0.02 }, /learning rate 0\.01, not 0\.02/],
    ["another way to choose rows", { design: "folds" as const }, /design "disjoint", not "folds"/],
    ["evaluation at other epochs", { evaluateEvery: 2 }, /evaluate every 1, not 2/],
  ])("--resume refuses runs of %s", async (_, change, message) => {
    const resume = options("fresh", { isResumed: true });
    await expect(compare(data, { ...settings, ...change }, resume)).rejects.toThrow(message);
  });

  test("--resume refuses runs of other labels, and of other test rows", async () => {
    const digest = (table: Dataset) => provenanceOf(table, settings).digest;
    const labels = data.pool.labels.map((label, i) => (i === 7 ? (label + 1) % 10 : label));
    expect(digest({ ...data, pool: { ...data.pool, labels } })).not.toBe(digest(data));
    const withTest = (table: Dataset["pool"]) => digest({ ...data, test: table });
    const features = data.pool.features.map((v, i) => (i === 9 ? v + 1 : v));
    expect(withTest({ ...data.pool, features })).not.toBe(withTest(data.pool));
    expect(withTest({ ...data.pool, labels })).not.toBe(withTest(data.pool));
    expect(withTest(data.pool)).not.toBe(digest(data));
  });

  test("saves arrays that are views into larger ones as what they show", async () => {
    const [run] = fresh;
    const view = <A extends Float32Array | Uint16Array>(array: A): A => {
      const larger = new (array.constructor as new (length: number) => A)(array.length + 6);
      larger.set(array, 3);
      return larger.subarray(3, 3 + array.length) as A;
    };
    const { label, predicted, confidence, nll } = run!.predictions as ClassPredictions;
    const predictions = {
      label: view(label),
      predicted: view(predicted),
      confidence: view(confidence),
      nll: view(nll),
    };
    const weights = run!.weights.map(({ shape, values }) => ({ shape, values: view(values) }));
    const provenance = { ...provenanceOf(data, settings), variant: run!.variant, seed: run!.seed };
    saveRun(path("views"), provenance, { ...run!, predictions, weights });
    expect(loadRun(path("views"), { provenance, testRows: 539 })).toEqual({ run });
  });

  test("refuses to go on with runs of other settings or other data", async () => {
    const resume = options("fresh", { isResumed: true });
    const file = runPath(path("fresh"), "none", 0);
    await expect(compare(data, { ...settings, epochs: 3 }, resume)).rejects.toMatchObject({
      name: "UsageError",
      message:
        `train: --resume: ${file} was made with epochs 2, not 3; ` +
        "ask for the same, choose another --out, or pass --force without --resume to begin anew",
      found: `${file} was made with epochs 2, not 3`,
    });
    const changed = { ...data.pool, features: data.pool.features.map((v, i) => (i === 0 ? v + 1 : v)) };
    await expect(compare({ ...data, pool: changed }, settings, resume)).rejects.toThrow(
      /was made with other data; ask/,
    );
  });

  test.each<[string, (text: string) => string, RegExp]>([
    ["cut off", (text) => text.slice(0, 1000), /is not a whole file of a run/],
    ["empty", () => "", /is not a whole file of a run/],
    ["a flipped bit", (text) => text.replace(/("label":".{7})./, "$1_"), /was altered: its sum does not fit/],
    ["the numbers of another variant", () => saved("bernoulli:0.5"), /holds bernoulli:0\.5, seed 0/],
    ["predictions left out, with a sum that fits", () => withoutPredictions(), /has 100 of 539 predictions/],
  ])("%s: says which saved run it is, and trains it again", async (_, change, what) => {
    const one = { ...settings, variants: ["none"], seeds: [0] };
    await compare(data, one, options("broken"));
    const file = runPath(path("broken"), "none", 0);
    writeFileSync(file, change(readFileSync(file, "utf8")));
    const told: string[] = [];
    const resume = options("broken", { isResumed: true, onDamaged: (sentence) => told.push(sentence) });
    const [again] = await compare(data, one, resume);
    expect(told).toEqual([expect.stringMatching(what)]);
    expect(told[0]).toMatch(/none-seed0\.json .*; it is trained again$/);
    expect(numbersOf([again!])).toEqual(numbersOf(fresh.slice(0, 1)));
    expect(existsSync(file)).toBe(true);
  });

  const saved = (variant: string): string => readFileSync(runPath(path("fresh"), variant, 0), "utf8");

  function withoutPredictions(): string {
    const { run } = JSON.parse(saved("none")) as { run: { predictions: Record<string, string> } };
    const cut = (text: string, bytes: number): string =>
      Buffer.from(text, "base64")
        .subarray(0, 100 * bytes)
        .toString("base64");
    const sizes: Record<string, number> = { label: 2, predicted: 2, confidence: 4, nll: 4 };
    for (const [field, bytes] of Object.entries(sizes)) run.predictions[field] = cut(run.predictions[field]!, bytes);
    const text = JSON.stringify(run);
    return `{"sha256":"${createHash("sha256").update(text).digest("hex")}","run":${text}}\n`;
  }
});

describe("summarise", () => {
  test("gives means, intervals around them, and each seed's own value", () => {
    const { comparison, curves, reliability, firstLayers } = summarise(fresh, {
      data,
      settings,
      command: "hadamask train",
      versions: {},
    });
    expect(comparison.variants.map(({ name }) => name)).toEqual(settings.variants);
    for (const [v, variant] of comparison.variants.entries()) {
      const own = fresh.slice(2 * v, 2 * v + 2);
      expect(variant.testError.perSeed).toEqual(own.map(({ testError }) => testError.at(-1)));
      for (const [i, value] of variant.nll.perSeed.entries()) expect(value).toBeCloseTo(own[i]!.testNll.at(-1)!, 12);
      for (const { mean, ci95, perSeed } of [variant.testError, variant.nll, variant.ece]) {
        expect(mean).toBeCloseTo((perSeed[0]! + perSeed[1]!) / 2, 12);
        expect(ci95![0]).toBeLessThanOrEqual(mean);
        expect(ci95![1]).toBeGreaterThanOrEqual(mean);
        expect(ci95![0]).toBeGreaterThanOrEqual(0);
      }
    }
    const [pair] = comparison.paired;
    const [none, dropped] = comparison.variants;
    expect(pair).toMatchObject({ variant: "bernoulli:0.5", against: "none" });
    for (const name of ["testError", "nll", "ece"] as const) {
      expect(pair![name].mean).toBeCloseTo(dropped![name].mean - none![name].mean, 12);
    }
    expect(comparison.data).toMatchObject({ trainRows: 100, testRows: 539, rows: 1797, split: "disjoint" });
    expect(curves.map(({ testNll }) => testNll.length)).toEqual([2, 2, 2, 2]);
    expect(reliability[0]!.bins.reduce((sum, { count }) => sum + count, 0)).toBe(2 * 539);
    expect(firstLayers[1]).toMatchObject({ variant: "bernoulli:0.5", seed: 0, features: 64 });
    const { values } = fresh[2]!.weights[0]!;
    expect(firstLayers[1]!.units[3]).toEqual(Array.from({ length: 64 }, (_, pixel) => values[pixel * 8 + 3]));
  });
});
