// The figure of submodels: which average is the whole network, and where none is.

import { describe, expect, test } from "vitest";
import { crowdAt, FIELDS, maskOf, pictures, type State, UNITS } from "../../../src/figures/crowd/model.js";
import { TASKS } from "../../../src/figures/crowd/tasks.js";
import { isRight } from "../../../src/learn/task.js";
import { startState } from "../../../src/state/fields.js";

const state = (changes: Partial<State> = {}): State => ({ ...startState(FIELDS), ...changes });

describe("a crowd of networks", () => {
  test.each([0, 0.1, 0.5, 0.9])("behind one softmax layer the geometric mean is the network, at rate %d", (rate) => {
    const { geometric, full } = crowdAt(state({ rate }));
    expect(geometric).toBeCloseTo(full, 12);
  });

  test("the arithmetic mean weights each submodel with the probability of its mask", () => {
    const at = crowdAt(state({ rate: 0.3 }));
    const weight = (code: number) => maskOf(code).reduce((product, bit) => product * (bit === 1 ? 0.7 : 0.3), 1);
    expect(at.arithmetic).toBeCloseTo(
      at.submodels.reduce((sum, p, code) => sum + weight(code) * p, 0),
      12,
    );
    expect(at.submodels).toHaveLength(2 ** UNITS);
    expect(new Set(at.submodels).size).toBe(2 ** UNITS);
  });

  test("over the picture the arithmetic mean is elsewhere; with one more layer the geometric one is, too", () => {
    const one = pictures(state()).farthest;
    expect(one.geometric).toBeLessThan(1e-12);
    expect(one.arithmetic).toBeGreaterThan(0.05);
    expect(pictures(state({ depth: "two" })).farthest.geometric).toBeGreaterThan(0.001);
  });

  test("the network has learned the ring", () => {
    expect(crowdAt(state({ rate: 0 }), 0, 0).full).toBeLessThan(0.3);
    expect(crowdAt(state({ rate: 0 }), 1.5, 0).full).toBeGreaterThan(0.7);
  });

  test("exercises", () => {
    expect(isRight(TASKS.count, "1024")).toBe(true);
    expect(isRight(TASKS.count, "1023")).toBe(false);
    expect(isRight(TASKS.likeliest, "0.107")).toBe(true);
    expect(isRight(TASKS.likeliest, "0.2")).toBe(false);
    const rates = [0.3, 0.5, 0.7, 0.9];
    expect(rates.some((rate) => isRight(TASKS.exact, state({ depth: "two", rate })))).toBe(true);
    expect(rates.some((rate) => isRight(TASKS.exact, state({ rate })))).toBe(false);
    expect(isRight(TASKS.mean, "weighted")).toBe(true);
    expect(isRight(TASKS.mean, "plain")).toBe(false);
  });
});
