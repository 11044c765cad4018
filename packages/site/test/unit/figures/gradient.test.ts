// The figure of the expected gradient, against the slope of its own curves and the closed form.

import { expectedGradientOfSquare } from "hadamask/theory";
import { describe, expect, test } from "vitest";
import { FIELDS, gradients, OTHERS, type State, TARGET, WEIGHTS } from "../../../src/figures/gradient/model.js";
import { TASKS } from "../../../src/figures/gradient/tasks.js";
import { isRight } from "../../../src/learn/task.js";
import { startState } from "../../../src/state/fields.js";

const state = (changes: Partial<State> = {}): State => ({ ...startState(FIELDS), ...changes });

describe("the expected gradient", () => {
  test.each([0.1, 0.5, 0.8])("is the slope of the mean loss, and the closed form, at rate %d", (rate) => {
    const h = 1e-4;
    for (const x of [-2, 0.3, 1.5]) {
      const { gradient, at } = gradients(state({ x, rate }));
      const up = gradients(state({ x: x + h, rate })).at;
      const down = gradients(state({ x: x - h, rate })).at;
      expect((up.expected - down.expected) / (2 * h)).toBeCloseTo(gradient.expected[0]!, 6);
      expect((up.clean - down.clean) / (2 * h)).toBeCloseTo(gradient.clean[0]!, 6);
      expect(gradient.expected).toEqual(
        [...expectedGradientOfSquare([x, ...OTHERS], [...WEIGHTS], TARGET, { rate })].map((g) => expect.closeTo(g, 10)),
      );
      expect(at.expected).toBeGreaterThan(at.clean);
    }
  });

  test("for a linear loss it is the gradient without dropout", () => {
    const { gradient, clean, expected } = gradients(state({ loss: "linear", rate: 0.7 }));
    gradient.expected.forEach((g, i) => {
      expect(g).toBeCloseTo(gradient.clean[i]!, 12);
    });
    expected.forEach(([, value], i) => {
      expect(value).toBeCloseTo(clean[i]![1], 12);
    });
  });

  test("exercises", () => {
    expect(isRight(TASKS.square, "12")).toBe(true);
    expect(isRight(TASKS.square, "6")).toBe(false);
    const places = Array.from({ length: 121 }, (_, i) => (i - 60) / 20);
    expect(places.some((x) => isRight(TASKS.zero, state({ x, rate: 0.5 })))).toBe(true);
    expect(places.some((x) => isRight(TASKS.zero, state({ x, rate: 0.5, loss: "linear" })))).toBe(false);
    expect(isRight(TASKS.linear, "linear")).toBe(true);
    expect(isRight(TASKS.linear, "never")).toBe(false);
  });
});
