// What a saved run depends on is in its provenance, all of it: a run of other numbers is never taken for one of these.

import { writeFileSync } from "node:fs";
import type { Dataset, RunSettings } from "@hadamask/experiments/settings";
import { describe, expect, test } from "vitest";
import { provenanceOf } from "../../../src/train/run-file.js";
import { testFolder } from "../../support/folder.js";

const path = testFolder();

const settings: RunSettings = {
  ...{ model: "mlp", hidden: [8], activation: "relu", epochs: 2, batchSize: 32, learningRate: 1e-2 },
  ...{ trainRows: 100, inputRate: 0.1, design: "disjoint", evaluateEvery: 1 },
};

/** Another value for each: a setting that is new has to have one, or this does not compile. */
const OTHERS: Required<RunSettings> = {
  ...{ model: "gru", hidden: [8, 8], activation: "tanh", epochs: 3, batchSize: 31, learningRate: 2e-2 },
  ...{ trainRows: 99, inputRate: 0.2, design: "folds", evaluateEvery: 2 },
  ...{ maxNorm: 3, validation: 0.2, noise: "learned" },
};

const pool = { rows: 2, features: Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8), labels: Uint16Array.of(0, 1) };
const data: Dataset = {
  ...{ name: "two", description: "Two rows.", featureCount: 4, classes: ["a", "b"], scaling: 1 },
  ...{ pool, test: pool, image: { height: 2, width: 2 }, defaultTrainRows: 1 },
};

describe("provenance", () => {
  test.each(Object.entries(OTHERS))("tells runs of another %s", (name, value) => {
    const [found, other] = [provenanceOf(data, settings), provenanceOf(data, { ...settings, [name]: value })];
    expect(other).toEqual({ ...found, [name]: value });
    expect(JSON.stringify(other)).not.toBe(JSON.stringify(found));
  });

  test("tells runs of the user's own variants by what is in their files", () => {
    const of = (text: string) => {
      writeFileSync(path("own.mjs"), text);
      return provenanceOf(data, settings, [path("own.mjs")]).variantFiles;
    };
    expect(of("export const a = 1;")).toMatch(/^[0-9a-f]{64}$/);
    expect(of("export const a = 1;")).not.toBe(of("export const a = 2;"));
    expect(provenanceOf(data, settings).variantFiles).toBeUndefined();
  });
});

describe("the digest of the data", () => {
  const digest = (change: Partial<Dataset> = {}): string => provenanceOf({ ...data, ...change }, settings).digest;

  test.each<[string, Partial<Dataset>]>([
    ["training features", { pool: { ...pool, features: Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 9) } }],
    ["training labels", { pool: { ...pool, labels: Uint16Array.of(1, 1) } }],
    ["test features", { test: { ...pool, features: Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 9) } }],
    ["test labels", { test: { ...pool, labels: Uint16Array.of(1, 1) } }],
    ["pictures of the same bytes", { image: { height: 1, width: 4 } }],
    ["no pictures", { image: undefined } as object],
    ["as many features a row", { featureCount: 2 }],
    ["scaling", { scaling: "standardise" }],
    ["number of classes", { classes: ["a", "b", "c"] }],
  ])("is another for other %s", (_, change) => {
    expect(digest(change)).toMatch(/^[0-9a-f]{64}$/);
    expect(digest(change)).not.toBe(digest());
  });

  test("is that of what is seen, where arrays are views of larger ones; names are no part of it", () => {
    const view = (at: number) => Uint8Array.from({ length: 12 }, (_, i) => i - at + 1).subarray(at, at + 8);
    expect(digest({ pool: { ...pool, features: view(3) } })).toBe(digest());
    expect(digest({ pool: { ...pool, features: view(1) } })).toBe(digest());
    expect(digest({ classes: ["c", "d"], description: "Others." })).toBe(digest());
  });
});
