// The gallery of masks: what goes together goes together, at the rate that was asked for.

import { describe, expect, test } from "vitest";
import { cards, densities, FIELDS, GROUPS, type State } from "../../../src/figures/gallery/model.js";
import type { CardName } from "../../../src/figures/gallery/names.js";
import { TASKS } from "../../../src/figures/gallery/tasks.js";
import { isRight } from "../../../src/learn/task.js";
import { startState } from "../../../src/state/fields.js";

const state = (changes: Partial<State> = {}): State => ({ ...startState(FIELDS), ...changes });
const zerosOf = (group: State["group"], name: CardName, seed = 3): boolean[] =>
  [...cards(state({ group, seed })).find((card) => card.name === name)!.values].map((value) => value === 0);

/** Whether `dropped` is one decision for each group of places, and not the same for all. */
function isShared(dropped: readonly boolean[], groupOf: (i: number) => number): boolean {
  const groups = new Map<number, Set<boolean>>();
  for (const [i, bit] of dropped.entries()) {
    const group = groups.get(groupOf(i)) ?? new Set();
    groups.set(groupOf(i), group.add(bit));
  }
  return [...groups.values()].every(({ size }) => size === 1) && new Set(dropped).size === 2;
}

describe("the gallery", () => {
  test("pixels, rows, sequences and steps share their draws", () => {
    expect(isShared(zerosOf("picture", "pixels"), (i) => Math.floor(i / 3))).toBe(true);
    expect(isShared(zerosOf("picture", "rows"), (i) => Math.floor(i / (18 * 3)))).toBe(true);
    expect(isShared(zerosOf("time", "sequence"), (i) => (i % 14) + 14 * Math.floor(i / (12 * 14)))).toBe(true);
    expect(isShared(zerosOf("time", "steps"), (i) => Math.floor(i / 14))).toBe(true);
    expect(isShared(zerosOf("picture", "elements"), (i) => Math.floor(i / 3))).toBe(false);
  });

  test("values are dropped at the rate, within 6.2 standard errors (false alarm 1e-9)", () => {
    const { dropped, values } = cards(state({ rate: 0.3 })).find(({ name }) => name === "elements")!;
    expect(Math.abs(dropped - 0.3)).toBeLessThan(6.2 * Math.sqrt((0.3 * 0.7) / values.length));
    for (const group of GROUPS) {
      for (const card of cards(state({ group }))) {
        if (["original", "matrix", "scores", "gaussian"].includes(card.name)) expect(card.dropped).toBe(0);
      }
    }
  });

  test("Gaussian noise has the mean and variance of a mask, logit-normal noise its mean", () => {
    const [gaussian, , , logitNormal] = densities(state({ rate: 0.4 }));
    const variance = 0.4 / 0.6;
    expect(Math.abs(gaussian!.mean - 1)).toBeLessThan(6.2 * Math.sqrt(variance / 20_000));
    // The variance of a sample variance of normal numbers is 2 variance^2 / n.
    expect(Math.abs(gaussian!.variance - variance)).toBeLessThan(6.2 * variance * Math.sqrt(2 / 20_000));
    // In training the layer divides by its mean, 1/2: multipliers lie in (0, 2), with a variance below 1.
    expect(Math.abs(logitNormal!.mean - 1)).toBeLessThan(6.2 * Math.sqrt(1 / 20_000));
    const width = gaussian!.density[1]![0] - gaussian!.density[0]![0];
    expect(gaussian!.density.reduce((sum, [, d]) => sum + d * width, 0)).toBeGreaterThan(0.98);
  });

  test("exercises", () => {
    expect(isRight(TASKS.shared, "9")).toBe(true);
    expect(isRight(TASKS.shared, "3")).toBe(false);
    expect(isRight(TASKS.negative, "0.16")).toBe(true);
    expect(isRight(TASKS.negative, "0.5")).toBe(false);
    expect(isRight(TASKS.noise, state({ group: "noise", rate: 0.5 }))).toBe(true);
    expect(isRight(TASKS.noise, state())).toBe(false);
    expect(isRight(TASKS.tied, "sequence")).toBe(true);
    expect(isRight(TASKS.tied, "units")).toBe(false);
  });
});
