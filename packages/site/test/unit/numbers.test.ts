// What the page of numbers shows is what was saved, each under a name that is right for it.

import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";

import { type Numbers, default as source } from "../../src/content/numbers.data.js";

const shown: Numbers = source.load();
const docs = (path: string): string => readFileSync(new URL(`../../../../docs/${path}`, import.meta.url), "utf8");

describe("the page of numbers", () => {
  test("errors of classifiers are shares, and those of regressions are in the unit of their values", () => {
    expect(shown.results.length).toBeGreaterThan(5);
    for (const { testError, interval } of shown.results) {
      expect(testError).toBeLessThanOrEqual(1);
      expect(interval[0]).toBeLessThanOrEqual(testError);
    }
    const houses = JSON.parse(docs("results/houses.json"));
    const rows = shown.values.filter(({ experiment }) => experiment === "houses");
    expect(rows.map(({ rmse, coverage, data }) => ({ rmse, coverage, data }))).toEqual(
      houses.variants.map((one: { testError: { mean: number }; coverage: { mean: number } }) => ({
        rmse: one.testError.mean,
        coverage: one.coverage.mean,
        data: "houses.csv, price",
      })),
    );
  });

  test("times are those of docs/benchmarks.md", () => {
    const row = docs("benchmarks.md").match(/\| PyTorch \| ([\d.]+) \| ([\d.]+) \| ([\d.]+) \|/)!;
    expect(shown.rates.map(({ ns }) => Number(ns.PyTorch!.toPrecision(3)))).toEqual(row.slice(1, 4).map(Number));
  });
});
