// The figure of ridge regression: when the two agree, and what a change of units does to each.

import { describe, expect, test } from "vitest";
import { FIELDS, ridgePaths, type State } from "../../../src/figures/ridge/model.js";
import { TASKS } from "../../../src/figures/ridge/tasks.js";
import { isRight } from "../../../src/learn/task.js";
import { startState } from "../../../src/state/fields.js";

const state = (changes: Partial<State> = {}): State => ({ ...startState(FIELDS), ...changes });

describe("ridge paths", () => {
  test("at rate 1/2 the weights are those of row E-003-14 of hadamask verify", () => {
    expect(ridgePaths(state()).at.dropout.map((w) => Number(w.toFixed(6)))).toEqual([0.249919, 0.306832, -0.104847]);
  });

  test("with standardised features dropout and ridge agree, otherwise not", () => {
    expect(ridgePaths(state({ standardised: true })).distance).toBeLessThan(1e-12);
    expect(ridgePaths(state()).distance).toBeGreaterThan(0.01);
    expect(ridgePaths(state({ standardised: true, factor: 3 })).distance).toBeGreaterThan(0.01);
  });

  test("multiplying a feature changes no prediction of dropout, and those of ridge", () => {
    const before = ridgePaths(state());
    const after = ridgePaths(state({ factor: 10 }));
    expect(after.predicted.dropout).toBeCloseTo(before.predicted.dropout, 10);
    expect(Math.abs(after.predicted.ridge - before.predicted.ridge)).toBeGreaterThan(0.01);
    expect(after.at.dropout[0]).toBeCloseTo(before.at.dropout[0]! / 10, 10);
  });

  test("exercises", () => {
    expect(isRight(TASKS.penalty, "6.25")).toBe(true);
    expect(isRight(TASKS.penalty, "5")).toBe(false);
    expect(isRight(TASKS.weight, "1.6")).toBe(true);
    expect(isRight(TASKS.weight, "2")).toBe(false);
    expect(isRight(TASKS.same, state({ standardised: true }))).toBe(true);
    expect(isRight(TASKS.same, state({ standardised: true, rate: 0.1 }))).toBe(false);
    expect(isRight(TASKS.same, state())).toBe(false);
    expect(isRight(TASKS.units, "ridge")).toBe(true);
    expect(isRight(TASKS.units, "both")).toBe(false);
  });
});
