// The figure of one pass: its numbers against the definition, and against the masks of others.

import { describe, expect, test } from "vitest";
import { drawnMask, FIELDS, onePass, type State, walk } from "../../../src/figures/one-pass/model.js";
import { TASKS } from "../../../src/figures/one-pass/tasks.js";
import { isRight } from "../../../src/learn/task.js";
import { startState } from "../../../src/state/fields.js";

const state = (changes: Partial<State> = {}): State => ({ ...startState(FIELDS), ...changes });

describe("one pass", () => {
  test("y is x m / keep and dL/dx is dL/dy m / keep", () => {
    const { x, mask, y, dy, dx } = onePass(state({ rate: 0.2 }));
    x.forEach((value, i) => {
      expect(y[i]).toBeCloseTo((value * mask![i]!) / 0.8, 12);
      expect(dy[i]).toBe(2 * y[i]!);
      expect(dx[i]).toBeCloseTo((dy[i]! * mask![i]!) / 0.8, 12);
    });
  });

  test("as the rate rises, units only leave", () => {
    let before = drawnMask(state({ rate: 0 }));
    expect(before).toEqual(Array(10).fill(1));
    for (let rate = 0; rate <= 1; rate += 0.01) {
      const now = drawnMask(state({ rate: Math.min(rate, 1) }));
      now.forEach((bit, i) => {
        expect(bit).toBeLessThanOrEqual(before[i]!);
      });
      before = now;
    }
    expect(drawnMask(state({ rate: 1 }))).toEqual(Array(10).fill(0));
  });

  test("the mask of PyTorch is that of nn.Dropout(0.5) after manual_seed(42)", () => {
    // torch 2.13.0+cpu: torch.manual_seed(42); (torch.nn.Dropout(0.5)(torch.ones(10)) != 0).int()
    expect(drawnMask(state({ stream: "torch", seed: 42 }))).toEqual([1, 1, 1, 1, 0, 1, 0, 0, 1, 1]);
  });

  test("prediction draws no mask; passes of sampling draw each their own", () => {
    expect(onePass(state({ mode: "eval" })).mask).toBeNull();
    expect(onePass(state({ mode: "eval", scaling: "classic", rate: 0.2 })).y[0]).toBeCloseTo(1.2, 12);
    for (const stream of ["hadamask", "torch"] as const) {
      const masks = [0, 1, 2, 3].map((pass) => drawnMask(state({ mode: "sample", pass, stream })).join(""));
      expect(new Set(masks).size).toBe(4);
    }
  });

  test("a cell turned by hand is turned, except where nothing can be kept", () => {
    const plain = onePass(state()).mask!;
    expect(onePass(state({ flips: [3] })).mask!.map((bit, i) => Math.abs(bit - plain[i]!))).toEqual([
      0, 0, 0, 1, 0, 0, 0, 0, 0, 0,
    ]);
    expect(onePass(state({ flips: [3], rate: 1 })).y).toEqual(Array(10).fill(0));
  });

  test("the walk puts the numbers of the pass into the formulas", () => {
    const pass = onePass(state({ flips: [] }));
    const kept = pass.mask!.indexOf(1);
    expect(walk(pass, kept).map(({ name }) => name)).toEqual(["x", "m", "y", "∂L/∂y", "∂L/∂x"]);
    expect(walk(pass, kept)[2]!.parts).toEqual(["x * m / keep", "0.8 * 1 / 0.5", "1.6"]);
    expect(walk(onePass(state({ mode: "eval" })), 0).map(({ name }) => name)).toEqual(["x", "y", "∂L/∂y", "∂L/∂x"]);
  });

  test("exercises take the right answers and refuse others", () => {
    expect(isRight(TASKS.scale, "5")).toBe(true);
    expect(isRight(TASKS.scale, "3.2")).toBe(false);
    const rates = Array.from({ length: 101 }, (_, i) => i / 100);
    const right = rates.filter((rate) => isRight(TASKS.three, state({ rate })));
    expect(right.length).toBeGreaterThan(0);
    expect(isRight(TASKS.three, state())).toBe(false);
    expect(isRight(TASKS.three, state({ rate: right[0]!, mode: "eval" }))).toBe(false);
    expect(isRight(TASKS.gradient, "zero")).toBe(true);
    expect(isRight(TASKS.gradient, "same")).toBe(false);
  });
});
