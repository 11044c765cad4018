import { dropoutSites } from "hadamask/jax";
import { beforeAll, describe, expect, test } from "vitest";
import { loadDataset } from "../../../cli/src/data/load.js";
import { compare, withDefaults } from "../../src/comparison.js";
import type { Dataset } from "../../src/data/dataset.js";
import { mlp } from "../../src/models/mlp.js";
import { settingsFor } from "../../src/training/request.js";
import { type TrainedRun, trainRun } from "../../src/training/run.js";
import { defineVariant } from "../../src/variants/define.js";
import { withSites } from "../../src/variants/sites.js";

const SMALL = { variants: ["none", "bernoulli:0.5"], hidden: [8], epochs: 2, trainSize: 100, seeds: 2 };
let data: Dataset;
beforeAll(async () => {
  data = await loadDataset("optdigits");
});

const numbersOf = ({ seconds, secondsPerEpoch, variant, ...numbers }: TrainedRun) => numbers;

/** Bernoulli dropout of hidden units alone, written as a user would. */
const mine = defineVariant({
  name: "mine",
  title: (rate) => `my own, ${rate}`,
  rate: 0.5,
  models: ["mlp"],
  activate: ({ rate }, model, key) => {
    const hidden = model.places.filter(({ kind }) => kind === "units");
    const sites = dropoutSites(Object.fromEntries(hidden.map(({ name, shape }) => [name, { rate, shape }])), { key });
    return {
      hooks: {
        activations(h, { name }, draws) {
          const multiplier = draws[name];
          return multiplier === undefined ? h : sites.apply(h, multiplier);
        },
      },
      train: (step, batch) => sites.train(step, batch),
      eval: () => sites.eval(),
    };
  },
});

describe("compare", () => {
  test("gives the runs of trainRun, tells of each, and says what they come to", async () => {
    const runs: TrainedRun[] = [];
    const left: number[] = [];
    const epochs: string[] = [];
    const result = await compare(data, SMALL, {
      onRun: (run, more) => {
        runs.push(run);
        left.push(more);
      },
      onEpoch: ({ variant, seed }, done, of) => epochs.push(`${variant} ${seed} ${done}/${of}`),
    });
    expect(left).toEqual([3, 2, 1, 0]);
    expect(epochs.slice(0, 3)).toEqual(["none 0 1/2", "none 0 2/2", "bernoulli:0.5 0 1/2"]);
    const settings = settingsFor(withDefaults(SMALL), data);
    expect(numbersOf(runs[3]!)).toEqual(numbersOf(trainRun(data, settings, "bernoulli:0.5", 1)));
    expect(result.comparison.variants.map(({ name }) => name)).toEqual(SMALL.variants);
    expect(result.comparison.paired).toHaveLength(1);
    const again = await compare(data, SMALL, { runs, onRun: () => expect.fail("nothing is left to train") });
    expect(again).toEqual(result);
  });

  test("stops between epochs where it is told to", async () => {
    const stop = new AbortController();
    const going = compare(data, SMALL, { signal: stop.signal, onEpoch: () => stop.abort(new Error("enough")) });
    await expect(going).rejects.toThrow("enough");
  });

  test("refuses what the command refuses", async () => {
    await expect(compare(data, { ...SMALL, variants: ["none", "mine"] })).rejects.toThrow(/--variants must be of none/);
    await expect(compare(data, { ...SMALL, epochs: 0 })).rejects.toThrow("--epochs must be at least 1, got 0");
  });
});

describe("defineVariant", () => {
  test("a variant of one's own takes part by its name, with its rate, to the bit as if it were built in", async () => {
    const own = { variants: [mine] };
    const settings = settingsFor(withDefaults({ ...SMALL, inputRate: 0 }), data);
    const run = trainRun(data, settings, "mine:0.3", 0, {}, own);
    const builtIn = defineVariant({
      ...mine,
      activate: ({ rate }, model, key) =>
        withSites(model, key, ({ kind, shape }) => (kind === "units" ? { rate, shape } : undefined)),
    });
    expect(numbersOf(run)).toEqual(numbersOf(trainRun(data, settings, "mine:0.3", 0, {}, { variants: [builtIn] })));
    expect(numbersOf(run)).not.toEqual(numbersOf(trainRun(data, settings, "mine", 0, {}, own)));
    const { comparison } = await compare(data, { ...SMALL, variants: ["none", "mine"], seeds: 1 }, { own });
    expect(comparison.variants[1]).toMatchObject({ name: "mine", title: "my own, 0.5" });
  });

  test("refuses parts that make no sense, and names that are taken", () => {
    const bad = (part: object) => () => defineVariant({ ...mine, ...part });
    expect(bad({ name: "bernoulli" })).toThrow('defineVariant: name must be one that is free, got "bernoulli"');
    expect(bad({ name: "a:b" })).toThrow('defineVariant: name must be letters, digits and "-", got "a:b"');
    expect(bad({ activate: 1 })).toThrow("defineVariant: activate must be a function, got number");
    expect(bad({ title: undefined })).toThrow("defineVariant: title must be a string or a function, got undefined");
    expect(bad({ rate: Number.NaN })).toThrow("defineVariant: rate must be in [0, 1), got NaN");
  });

  test("is refused for models that it does not name, and with a number that it does not take", async () => {
    const own = { variants: [mine] };
    await expect(compare(data, { ...SMALL, model: "residual", variants: ["mine"] }, { own })).rejects.toThrow(
      "train: --variants: mine goes with --model mlp, got residual",
    );
    await expect(compare(data, { ...SMALL, variants: ["mine:0.1:2"] }, { own })).rejects.toThrow(
      'train: --variants: mine is written mine:RATE, got "mine:0.1:2"',
    );
    await expect(compare(data, { ...SMALL, variants: ["mine:1"] }, { own })).rejects.toThrow(
      "train: --variants: the rate of mine must be in [0, 1), got 1",
    );
  });
});

test("a model of one's own takes the place of the one that the settings name", () => {
  const settings = settingsFor(withDefaults(SMALL), data);
  const run = trainRun(data, settings, "bernoulli:0.5", 0, {}, { model: (o) => mlp({ ...o, hidden: [5, 4] }) });
  expect(run.weights.map(({ shape }) => shape)).toEqual([[64, 5], [5], [5, 4], [4], [4, 10], [10]]);
});
