// The figure of doubt: passes that spread, and an interval that is calibrated.

import { describe, expect, test } from "vitest";
import { COVERAGE, doubtOf, FIELDS, pointsOf, type State, startFit } from "../../../src/figures/doubt/model.js";
import { TASKS } from "../../../src/figures/doubt/tasks.js";
import { isRight } from "../../../src/learn/task.js";
import { startState } from "../../../src/state/fields.js";

const state = (changes: Partial<State> = {}): State => ({ ...startState(FIELDS), ...changes });

describe("doubt", () => {
  test("the mean and the spread are those of the passes", () => {
    const given = state({ passes: 7 });
    const fit = startFit(given);
    fit.train(20);
    const { mean, deviation } = doubtOf(fit, given);
    for (const i of [0, 13, 60]) {
      const x = Float64Array.of(mean[i]![0]);
      const values = Array.from({ length: 7 }, (_, pass) => fit.net.predict(x, pass)[0]!);
      const average = values.reduce((sum, v) => sum + v, 0) / 7;
      expect(mean[i]![1]).toBeCloseTo(average, 12);
      expect(deviation[i]![1] ** 2).toBeCloseTo(values.reduce((sum, v) => sum + (v - average) ** 2, 0) / 6, 10);
      expect(new Set(values).size).toBeGreaterThan(1);
    }
  });

  test("training brings the network to the points", () => {
    const fit = startFit(state());
    const error = () => {
      const predicted = fit.net.predict(Float64Array.from(fit.learned, ([x]) => x));
      return fit.learned.reduce((sum, [, y], i) => sum + (y - predicted[i]!) ** 2, 0) / fit.learned.length;
    };
    const before = error();
    fit.train(150);
    expect(error()).toBeLessThan(0.25 * before);
  });

  test("in the end the passes disagree most in the gap, and less with points in it, as the chapter says", () => {
    const inGap = (given: State) => {
      const fit = startFit(given);
      fit.train(600);
      const { deviation } = doubtOf(fit, given);
      return { gap: deviation[30]![1], points: deviation[50]![1] };
    };
    const empty = inGap(state());
    expect(empty.gap).toBeGreaterThan(1.3 * empty.points);
    const filled = [...startState(FIELDS).points, -0.5, -0.4, -0.2, -0.2, 0, 0.1, 0.3, 0.2, 0.5, 0.4];
    expect(inGap(state({ points: filled })).gap).toBeLessThan(0.8 * empty.gap);
  });

  test("the conformal interval reaches to the distance that its rank says, or to infinity", () => {
    const given = state({ view: "conformal" });
    const fit = startFit(given);
    fit.train(30);
    expect(fit.learned.length + fit.kept.length).toBe(pointsOf(given).length);
    const predicted = fit.net.predict(Float64Array.from(fit.kept, ([x]) => x));
    const { half } = doubtOf(fit, given);
    const within = fit.kept.filter(([, y], i) => Math.abs(y - predicted[i]!) <= half!).length;
    expect(within).toBe(Math.ceil((fit.kept.length + 1) * COVERAGE));
    const few = state({ view: "conformal", points: [0, 0, 1, 1] });
    expect(doubtOf(startFit(few), few).half).toBe(Number.POSITIVE_INFINITY);
  });

  test("without points nothing is trained and nothing fails", () => {
    const none = state({ points: [] });
    const fit = startFit(none);
    fit.train(10);
    expect(fit.net.steps).toBe(0);
    expect(doubtOf(fit, none).mean).toHaveLength(61);
  });

  test("exercises", () => {
    expect(isRight(TASKS.spread, "13")).toBe(true);
    expect(isRight(TASKS.spread, "7")).toBe(false);
    const points = [...startState(FIELDS).points, -0.5, 0, 0, 0.2, 0.5, 0.4];
    expect(isRight(TASKS.fill, state({ points, steps: 600 }))).toBe(true);
    expect(isRight(TASKS.fill, state({ steps: 600 }))).toBe(false);
    expect(isRight(TASKS.sideways, "sure")).toBe(true);
    expect(isRight(TASKS.sideways, "unsure")).toBe(false);
  });
});
