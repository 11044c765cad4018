// The figure of scaling, against closed forms.

import { describe, expect, test } from "vitest";
import { FIELDS, RULES, type State, scaling } from "../../../src/figures/scaling/model.js";
import { TASKS } from "../../../src/figures/scaling/tasks.js";
import { isRight } from "../../../src/learn/task.js";
import { startState } from "../../../src/state/fields.js";

const state = (changes: Partial<State> = {}): State => ({ ...startState(FIELDS), ...changes });

describe("scaling", () => {
  test.each(RULES)("%s: mean and deviation over all masks are those of a binomial count", (rule) => {
    const [rate, n] = [0.3, 9];
    const factor = { inverted: 1 / 0.7, classic: 1, forgotten: 1, twice: 1 / 0.7, rate: 0.3 / 0.7 }[rule];
    const { mean, deviation, values } = scaling(state({ rule, rate, n }));
    expect(mean).toBeCloseTo(factor * 0.7, 12);
    expect(deviation).toBeCloseTo(factor * Math.sqrt((0.7 * 0.3) / n), 12);
    expect(values.reduce((sum, [, weight]) => sum + weight, 0)).toBeCloseTo(1, 12);
  });

  test("prediction over mean of training, after d layers, is its value for one to the power of d", () => {
    const last = (rule: State["rule"]) => scaling(state({ rule, rate: 0.5 })).depth[10]![1];
    expect(last("inverted")).toBeCloseTo(1, 12);
    expect(last("classic")).toBeCloseTo(1, 12);
    expect(last("forgotten")).toBeCloseTo(1024, 6);
    expect(last("twice")).toBeCloseTo(1 / 1024, 12);
  });

  test("the drawn masks have the mean that is said, within 6.2 standard errors (false alarm 1e-9)", () => {
    const { mean, sampled } = scaling(state({ samples: 500, seed: 8, rate: 0.4 }));
    expect(Math.abs(sampled.mean - mean)).toBeLessThan(6.2 * sampled.error);
    expect(sampled.mean).not.toBe(mean);
  });

  test("exercises", () => {
    expect(isRight(TASKS.variance, "2.25")).toBe(true);
    expect(isRight(TASKS.variance, "1.8")).toBe(false);
    expect(isRight(TASKS.honest, state({ rule: "classic" }))).toBe(true);
    for (const rule of ["inverted", "forgotten", "twice", "rate"] as const) {
      expect(isRight(TASKS.honest, state({ rule }))).toBe(false);
    }
    expect(isRight(TASKS.relative, "more")).toBe(true);
    expect(isRight(TASKS.relative, "same")).toBe(false);
  });
});
