// The figure of strength: its curves rise and turn where the text says so.

import { describe, expect, test } from "vitest";
import { FIELDS, RATES, type State, strength } from "../../../src/figures/strength/model.js";
import { TASKS } from "../../../src/figures/strength/tasks.js";
import { isRight } from "../../../src/learn/task.js";
import { startState } from "../../../src/state/fields.js";

const state = (changes: Partial<State> = {}): State => ({ ...startState(FIELDS), ...changes });

describe("strength", () => {
  test("noise at fixed weights has its maximum at 1/2, what trained weights feel rises, and so does what they lose", () => {
    const { fixed, felt, shrunk } = strength(state());
    const top = fixed.reduce((best, point) => (point[1] > best[1] ? point : best));
    expect(top).toEqual([0.5, 0.25]);
    for (let i = 1; i < RATES.length; i++) {
      expect(felt[i]![1]).toBeGreaterThan(felt[i - 1]![1]);
      expect(shrunk[i]![1]).toBeGreaterThan(shrunk[i - 1]![1]);
    }
    expect(felt.at(-1)![1]).toBeCloseTo(0.95 / 0.05, 10);
    expect(shrunk[0]![1]).toBe(0);
  });

  test("the error is U-shaped on small noisy data, and its bottom moves left with more or cleaner data", () => {
    const { error, best } = strength(state());
    expect(best[0]).toBeGreaterThan(0.1);
    expect(best[0]).toBeLessThan(0.95);
    expect(error[0]![1]).toBeGreaterThan(1.5 * best[1]);
    expect(error.at(-1)![1]).toBeGreaterThan(1.2 * best[1]);
    expect(strength(state({ rows: 60 })).best[0]).toBeLessThan(best[0]);
    expect(strength(state({ noise: 0 })).best[0]).toBe(0);
  });

  test("exercises", () => {
    expect(isRight(TASKS.ratio, "81")).toBe(true);
    expect(isRight(TASKS.ratio, "9")).toBe(false);
    expect(isRight(TASKS.useless, state({ noise: 0 }))).toBe(true);
    expect(isRight(TASKS.useless, state())).toBe(false);
    expect(isRight(TASKS.stronger, "ninety")).toBe(true);
    expect(isRight(TASKS.stronger, "equal")).toBe(false);
  });
});
