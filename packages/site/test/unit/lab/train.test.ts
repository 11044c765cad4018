// The lab's training: what its state asks for, and the numbers of a session.

import { inspect } from "node:util";
import { compare } from "@hadamask/experiments";
import { type Dataset, settingsFor } from "@hadamask/experiments/settings";
import { beforeAll, describe, expect, test } from "vitest";
import { loadDataset } from "../../../../cli/src/data/load.js";
import { runSnippet } from "../../../../hadamask/test/docs/snippets.js";
import { codeOf, commandOf, FIELDS, firstVariants, numberNameOf, requestOf } from "../../../src/lab/train/model.js";
import { confusionOf, linesOf, mistakesIn, presentTraining, weightPicture } from "../../../src/lab/train/present.js";
import { Session } from "../../../src/lab/train/session.js";
import { WORDS } from "../../../src/lab/train/words.js";
import { readState, startState, writeState } from "../../../src/state/fields.js";

const state = (changes: Partial<ReturnType<typeof startState<typeof FIELDS>>> = {}) => ({
  ...startState(FIELDS),
  ...changes,
});
const SMALL = {
  variants: ["none", "early-stopping", "bernoulli:0.5"],
  hidden: "8",
  epochs: 2,
  seeds: 2,
  trainSize: "60",
};

let digits: Dataset;
beforeAll(async () => {
  digits = await loadDataset("optdigits");
});

describe("the state", () => {
  test("is a command and a program, which say what is not so anyway", () => {
    expect(commandOf(state(), undefined)).toBe(
      "npx hadamask train --variants none,bernoulli:0.5 --epochs 100 --seeds 3",
    );
    const own = state({ ...SMALL, data: "own", label: "my class", model: "residual", seeds: 5, firstSeed: 7 });
    expect(commandOf(own, { name: "it's mine.csv" })).toBe(
      "npx hadamask train --data 'it'\\''s mine.csv' --label 'my class' --model residual " +
        "--variants none,early-stopping,bernoulli:0.5 --hidden 8 --train-size 60 --epochs 2 --first-seed 7",
    );
    expect(codeOf(own, { name: "mine.csv" })).toContain('loadDataset("mine.csv", { label: "my class" })');
  });

  test("is in the address and back", () => {
    const changed = state({
      ...SMALL,
      data: "own",
      label: "a b&c",
      activation: "selu",
      learningRate: "1e-3",
      curve: "loss",
    });
    const query = writeState("train", FIELDS, changed, "");
    expect(readState("train", FIELDS, query)).toEqual(changed);
    for (const wrong of [
      "train.variants=none_%3Cb%3E",
      "train.hidden=8,x",
      "train.trainSize=0",
      "train.learningRate=2",
    ])
      expect(readState("train", FIELDS, `?${wrong}`)).toEqual(state());
  });

  test("knows which number a variant takes", () => {
    expect(["none", "bernoulli", "weight-decay", "gaussian-noise"].map(numberNameOf)).toEqual([
      undefined,
      "RATE",
      "DECAY",
      "SIGMA",
    ]);
    expect(firstVariants("cnn")).toEqual(["none", "channel:0.2"]);
  });
});

describe("a session", () => {
  test("gives the numbers of compare, whenever it is interrupted, and the program prints them", async () => {
    const request = requestOf(state(SMALL));
    const { comparison } = await compare(digits, request);
    const session = new Session(digits, settingsFor(request, digits));
    const calls: string[] = [];
    let asked = 0;
    do calls.push(session.advance(() => asked++ % 3 === 0));
    while (calls.at(-1) !== "done");
    expect(calls).toContain("late");
    expect(calls).toContain("epoch");
    const view = session.view();
    const withoutTimes = (all: typeof comparison) => all.variants.map(({ secondsPerEpoch, ...variant }) => variant);
    expect(withoutTimes(view.comparison!)).toEqual(withoutTimes(comparison));
    expect(view.comparison!.paired).toEqual(comparison.paired);
    expect(view.done).toHaveLength(6);

    const { summary, table } = presentTraining(view, WORDS.en);
    expect(summary).toContain("Done; means over 2 seeds.");
    expect(table.rows.map((row) => row.slice(0, 2))).toEqual(
      [0, 1].flatMap((seed) => SMALL.variants.map((v) => [v, seed])),
    );
    const errors = SMALL.variants.map((v) => table.rows.filter(([name]) => name === v).map((row) => row[4]));
    expect(errors).toEqual(comparison.variants.map(({ testError }) => testError.perSeed));
    const lines = linesOf(view, "nll");
    expect(lines.map(({ style }) => style)).toEqual(["thin", "thin", "thin", undefined, undefined, undefined]);
    expect(presentTraining(view, WORDS.zh!).table.rows).toEqual(table.rows);

    const code = codeOf(state({ ...SMALL, variants: ["none"], seeds: 1 }), undefined);
    const { name, testError, nll } = comparison.variants[0]!;
    const [printed] = await runSnippet(code.replace(/\);\n$/, "); // numbers\n"), "site-lab-code");
    expect(printed!.printed).toBe(inspect([[name, testError.perSeed[0], nll.perSeed[0]]]));
  }, 180_000);

  test("shows nothing before it is begun", () => {
    const session = new Session(digits, settingsFor(requestOf(state(SMALL)), digits));
    expect(presentTraining(session.view(), WORDS.en)).toMatchObject({ summary: WORDS.en.nothing, table: { rows: [] } });
  });
});

describe("pictures", () => {
  test("confusion counts rows by right class and answer", () => {
    const predictions = {
      label: Uint16Array.of(0, 0, 1, 2, 2, 2),
      predicted: Uint16Array.of(0, 1, 1, 0, 0, 2),
      confidence: new Float32Array(6),
      nll: new Float32Array(6),
    };
    const counts = confusionOf(predictions, 3);
    expect(counts).toEqual([
      [1, 1, 0],
      [0, 1, 0],
      [2, 0, 1],
    ]);
    expect(mistakesIn(counts, 3)).toEqual([
      { right: 2, taken: 0, count: 2 },
      { right: 0, taken: 1, count: 1 },
    ]);
  });

  test("weights are tiles where inputs form a picture, else a column a unit", () => {
    const units = [
      [2, 0, 0, -2],
      [1, 1, 1, 1],
    ];
    const tiles = weightPicture({ variant: "none", seed: 0, features: 4, units, image: { height: 2, width: 2 } });
    expect([tiles.columns, tiles.rows]).toEqual([11, 2]);
    expect([...tiles.values.subarray(0, 5)]).toEqual([1, 0.5, 0.5, 0.75, 0.75]);
    const matrix = weightPicture({ variant: "none", seed: 0, features: 4, units });
    expect([matrix.columns, matrix.rows]).toEqual([2, 4]);
    expect([...matrix.values]).toEqual([1, 0.75, 0.5, 0.75, 0.5, 0.75, 0, 0.75]);
  });
});
