import { writeFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import type { Dataset } from "../../../../experiments/src/data/dataset.js";
import { UsageError } from "../../../../experiments/src/usage.js";
import { columnReaders } from "../../../src/commands/column-options.js";
import { READERS } from "../../../src/commands/sweep-options.js";
import { loadDataset } from "../../../src/data/load.js";
import { gridOf } from "../../../src/sweep/grid.js";
import { idOf, indicesOf, planOf, provenanceOfRun } from "../../../src/sweep/plan.js";
import { type Asked, withDefaults } from "../../../src/sweep/request.js";
import { readSpec } from "../../../src/sweep/spec-file.js";
import { testFolder } from "../../support/folder.js";

const path = testFolder();
let data: Dataset;
beforeAll(async () => {
  data = await loadDataset("optdigits");
});

const cellsOf = (asked: Asked) => gridOf(withDefaults(asked), [data]).cells;

describe("gridOf", () => {
  test("is every combination of the lists, with the settings that train would choose", () => {
    const cells = cellsOf({ trainSize: [50, 1000], hidden: [[8], [16, 16]], learningRate: [1e-3, 1e-2], epochs: [7] });
    expect(cells).toHaveLength(8);
    const places = cells.map(({ settings: { trainRows, hidden, learningRate } }) => [hidden, trainRows, learningRate]);
    expect(places.slice(0, 3)).toEqual([
      [[8], 50, 1e-3],
      [[8], 50, 1e-2],
      [[8], 1000, 1e-3],
    ]);
    expect(cells.map(({ settings }) => settings.design).slice(0, 4)).toEqual([
      "disjoint",
      "disjoint",
      "folds",
      "folds",
    ]);
    // Asked about once, at the end; a fifth of the training rows is held back.
    expect(cells[0]!.settings).toMatchObject({
      evaluateEvery: 7,
      validation: 0.2,
      batchSize: 50,
      seeds: [0, 1, 2, 3, 4],
    });
    expect(new Set(cells.map(({ folder }) => folder)).size).toBe(8);
  });

  test("gives each variant that is written without a rate all rates", () => {
    const [cell] = cellsOf({ variants: ["none", "bernoulli", "gaussian:0.3"], rates: [0.1, 0.5] });
    expect(cell!.settings.variants).toEqual(["none", "bernoulli:0.1", "bernoulli:0.5", "gaussian:0.3"]);
  });

  test("leaves out what a network does not take where another one does, and refuses what none takes", () => {
    const request = withDefaults({ variants: ["none", "concrete", "drop-path"], model: ["mlp", "residual"] });
    const { cells, leftOut } = gridOf(request, [data]);
    expect(cells.map(({ settings }) => settings.variants)).toEqual([
      ["none", "concrete"],
      ["none", "drop-path"],
    ]);
    expect(leftOut).toEqual(["drop-path with mlp", "concrete with residual"]);
    expect(() => cellsOf({ variants: ["none", "zoneout"] })).toThrow(UsageError);
  });

  test("a cell has the same folder in another grid, and another one with other settings", () => {
    const folderOf = (asked: Asked) => cellsOf(asked).at(-1)!.folder;
    const folder = folderOf({ trainSize: [50, 100] });
    expect(folderOf({ trainSize: [100], variants: ["none"] })).toBe(folder);
    expect(folderOf({ trainSize: [100], validation: 0 })).not.toBe(folder);
    expect(folderOf({ trainSize: [100], inputRate: [0] })).not.toBe(folder);
  });

  test("refuses values that stand twice, and rates that no variant takes", () => {
    expect(() => withDefaults({ trainSize: [5, 5] })).toThrow("sweep: --train-size: 5 is there twice");
    expect(() => cellsOf({ variants: ["none"], rates: [0.1, 0.2] })).toThrow(/^sweep: --rates goes with variants that/);
    expect(() => cellsOf({ rates: [2] })).toThrow(/^sweep: --rates goes with .*, got none,.*bernoulli:0\.5$/);
    expect(() => gridOf(withDefaults({}), [data, data])).toThrow(/two data sets are called optdigits/);
  });
});

describe("planOf", () => {
  test("numbers every run once, and shards part them", () => {
    const plan = planOf(cellsOf({ trainSize: [50, 100], variants: ["none", "bernoulli:0.5"], seeds: 3 }));
    expect(plan.total).toBe(12);
    const ids = Array.from({ length: 12 }, (_, index) => idOf(provenanceOfRun(plan.at(index))));
    expect(new Set(ids).size).toBe(12);
    const shards = [1, 2, 3, 4, 5].flatMap((i) => [...indicesOf(plan, { i, n: 5 })]);
    expect(shards.sort((a, b) => a - b)).toEqual(Array.from({ length: 12 }, (_, index) => index));
    expect(plan.at(7)).toMatchObject({ index: 7, variant: "bernoulli:0.5", seed: 0 });
    expect(plan.at(7).cell.settings.trainRows).toBe(100);
  });
});

describe("readSpec", () => {
  const read = (spec: unknown) => {
    writeFileSync(path("spec.json"), typeof spec === "string" ? spec : JSON.stringify(spec));
    return readSpec(path("spec.json"), READERS, columnReaders("sweep"));
  };

  test("has the names of the options, with one value or a list", () => {
    const spec = {
      data: [
        "optdigits",
        { what: "iris.csv", label: "species" },
        { what: "b.csv", columns: ["x", 2], task: "classes" },
      ],
      ...{ variants: ["none", "bernoulli"], rates: [0.1] },
      ...{ hidden: [[8, 8], [16]], trainSize: 50, learningRate: "1e-3,1e-2", seeds: 2, validation: 0.25 },
    };
    expect(read(spec)).toEqual({
      data: [
        { what: "optdigits" },
        { what: "iris.csv", label: "species" },
        { what: "b.csv", columns: ["x", "2"], task: "classes" },
      ],
      ...{ variants: ["none", "bernoulli"] },
      ...{ rates: [0.1], hidden: [[8, 8], [16]], trainSize: [50], learningRate: [1e-3, 1e-2], seeds: 2 },
      validation: 0.25,
    });
    expect(read({ hidden: ["8,8", "16"] })).toEqual({ hidden: [[8, 8], [16]] });
  });

  test.each([
    ["[1", /must be JSON/],
    ["3", /must be a JSON object/],
    [{ rate: 1 }, /there is no "rate"; there are data, model,/],
    [{ rates: "x" }, /^sweep: --rates must be numbers/],
    [{ rates: { a: 1 } }, /rates must be a number, a text or a list of them/],
    [{ data: { what: "a.csv", columns: 3.5, heading: "maybe" } }, /^sweep: --heading must be yes or no, got "maybe"/],
    [{ data: { what: "a.csv", columns: [["x"], {}] } }, /columns must be a number, a text or a list of them/],
    [{ data: { what: "a.csv", labels: "x" } }, /data must be a name, a path, .*, got "labels"/],
  ])("refuses %j", (spec, message) => {
    expect(() => read(spec)).toThrow(message);
    expect(() => read(spec)).toThrow(UsageError);
  });
});
