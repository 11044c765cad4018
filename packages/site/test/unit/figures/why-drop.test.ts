// The figure of overfitting: two networks that differ in dropout alone, and repeat to the last bit.

import { describe, expect, test } from "vitest";
import { FIELDS, MOST_STEPS, type State, startPair } from "../../../src/figures/why-drop/model.js";
import { TASKS } from "../../../src/figures/why-drop/tasks.js";
import { isRight } from "../../../src/learn/task.js";
import { startState } from "../../../src/state/fields.js";

const state = (changes: Partial<State> = {}): State => ({ ...startState(FIELDS), units: 24, ...changes });

describe("overfitting", () => {
  test("both networks begin alike, and without dropout they stay alike", () => {
    const pair = startPair(state());
    expect(pair.dropout.net.layers).toEqual(pair.without.net.layers);
    const same = startPair(state({ rate: 0 }));
    same.train(5);
    expect(same.dropout.net.layers).toEqual(same.without.net.layers);
    pair.train(5);
    expect(pair.dropout.net.layers).not.toEqual(pair.without.net.layers);
  });

  test("training in slices gives what training at once gives", () => {
    const [once, sliced] = [startPair(state()), startPair(state())];
    once.train(12);
    for (let i = 0; sliced.steps < 12; i++) sliced.train(12, () => sliced.steps % 5 === i % 5);
    expect(sliced.dropout.net.layers).toEqual(once.dropout.net.layers);
  });

  test("the network without dropout learns the training points, the wrong ones too, and loses on others", () => {
    const pair = startPair(startState(FIELDS));
    pair.train(300);
    const [without, dropout] = [pair.without.accuracy(), pair.dropout.accuracy()];
    expect(without.train).toBeGreaterThan(0.9);
    expect(without.test).toBeLessThan(without.train - 0.1);
    expect(dropout.test).toBeGreaterThan(without.test);
  });

  test("exercises", () => {
    expect(isRight(TASKS.overfit, state({ steps: MOST_STEPS }))).toBe(true);
    expect(isRight(TASKS.overfit, state())).toBe(false);
    expect(isRight(TASKS.clean, state({ steps: MOST_STEPS, flipped: 0, points: 200 }))).toBe(true);
    expect(isRight(TASKS.clean, state({ steps: MOST_STEPS }))).toBe(false);
    expect(isRight(TASKS.sign, "gap")).toBe(true);
    expect(isRight(TASKS.sign, "loss")).toBe(false);
  });
});
