// Chapter 9's measured places: the saved file has all parts, every variant has its words, and intervals decide.

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { effectsOf, PART_NAMES, type SavedPlaces, verdictOf } from "../../src/learn/places/effects.js";
import { PLACE_WORDS } from "../../src/learn/places/words.js";

const saved: SavedPlaces = JSON.parse(
  readFileSync(fileURLToPath(new URL("../../../../docs/placement.json", import.meta.url)), "utf8"),
);
const { parts } = effectsOf(saved);

describe("measured places", () => {
  test("all parts are there, each against the same network without dropout, with words in both languages", () => {
    expect(parts.map(({ name }) => name)).toEqual(PART_NAMES);
    for (const { name, rows, seeds, range } of parts) {
      expect(seeds, name).toBeGreaterThanOrEqual(5);
      expect(rows[0]).not.toHaveProperty("difference");
      for (const row of rows.slice(1)) {
        expect(row.difference!.mean).toBeCloseTo(row.nll - rows[0]!.nll, 6);
        expect(row.difference!.interval[0]).toBeGreaterThanOrEqual(range[0]);
        expect(row.difference!.interval[1]).toBeLessThanOrEqual(range[1]);
      }
      for (const { name: variant } of rows)
        for (const words of [PLACE_WORDS.en, PLACE_WORDS.zh!]) expect(words.names).toHaveProperty([variant]);
    }
  });

  test("dropout before a normalisation takes from the variance that it gets, as theory says", () => {
    const ratio = (name: string) =>
      parts.find((part) => part.name === "normalisation")!.rows.find((row) => row.name === name)!.varianceRatio!;
    expect(ratio("before")).toBeLessThan(ratio("none") - 0.1);
    expect(ratio("behind")).toBeGreaterThan(ratio("before") + 0.1);
  });

  test("what the chapter says of normalisation and of narrow convolutions is what was measured", () => {
    const { rows } = parts.find((part) => part.name === "normalisation")!;
    const maps = parts.find((part) => part.name === "convolutions")!.rows;
    const nllOf = (name: string) => maps.find((row) => row.name === name)!.nll;
    expect(nllOf("bernoulli:0.2")).toBeLessThan(nllOf("channel:0.2"));
    const [none, before, again, behind] = ["none", "before", "before, measured again", "behind"].map(
      (name) => rows.find((row) => row.name === name)!,
    );
    expect(verdictOf(before!)).toBe("better");
    expect(again!.nll).toBeLessThan(before!.nll);
    expect(Math.abs(behind!.nll - none!.nll)).toBeLessThan(0.5 * Math.abs(before!.nll - none!.nll));
  });

  test("an interval on one side of 0 decides, one around it does not", () => {
    const row = (low: number, high: number) => ({
      ...{ name: "a", testError: 0, nll: 0 },
      difference: { mean: (low + high) / 2, interval: [low, high] as const },
    });
    expect([row(-2, -1), row(1, 2), row(-1, 1)].map(verdictOf)).toEqual(["better", "worse", "open"]);
    expect(verdictOf({ name: "none", testError: 0, nll: 0 })).toBeUndefined();
  });
});
