// Exercises: what they take for right.

import { describe, expect, test } from "vitest";
import { choiceTask, isRight, numberIn, numberTask, reachTask } from "../../src/learn/task.js";

describe("exercises", () => {
  test.each([
    ["0.75", 0.75],
    [" 0,75 ", 0.75],
    ["3/4", 0.75],
    ["75 %", 0.75],
    ["-2", -2],
    ["−2", -2],
    ["1e-3", 0.001],
    ["", Number.NaN],
    ["three", Number.NaN],
    ["1 2", Number.NaN],
  ])("%j says %d", (text, value) => {
    expect(numberIn(text)).toBe(value);
  });

  test("a number is right within its tolerance, and nothing else is", () => {
    const task = numberTask(5, 0.005);
    for (const text of ["5", "5.0", "5,004", "10/2"]) expect(isRight(task, text), text).toBe(true);
    for (const text of ["5.01", "4", "-5", "", "five"]) expect(isRight(task, text), text).toBe(false);
  });

  test("a choice is right if it is the one", () => {
    expect(isRight(choiceTask("a", "b"), "a")).toBe(true);
    expect(isRight(choiceTask("a", "b"), "b")).toBe(false);
  });

  test("a figure that is not on the page is in no state", () => {
    expect(
      isRight(
        reachTask<{ rate: number }>("f", ({ rate }) => rate > 0.5),
        undefined,
      ),
    ).toBe(false);
    expect(
      isRight(
        reachTask<{ rate: number }>("f", ({ rate }) => rate > 0.5),
        { rate: 0.6 },
      ),
    ).toBe(true);
  });
});
