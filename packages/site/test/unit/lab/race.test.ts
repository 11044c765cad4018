// The lab's race: its runners do what they say, and its outcome is told from the laps alone.

import { describe, expect, test } from "vitest";
import { checkShare, openRace } from "../../../src/lab/race/cases.js";
import { axisOf, FIELDS, presentRace, textOf } from "../../../src/lab/race/model.js";
import { type Lap, RUNNERS } from "../../../src/lab/race/runners.js";
import { WORDS } from "../../../src/lab/race/words.js";
import { startState } from "../../../src/state/fields.js";

describe("runners", () => {
  test("leave the result that they are timed for, and a wrong one is noticed", () => {
    const { cases, close } = openRace({ elements: 5000, rate: 0.3 });
    expect(cases.map(({ name }) => name)).toEqual(RUNNERS.filter((runner) => !runner.startsWith("tfjs")));
    for (const { run } of cases) {
      for (const other of cases) expect(() => other.check()).toThrow(); // nothing has run on this output, or another
      run();
      break;
    }
    for (const { run, check } of cases) {
      run();
      check();
    }
    expect(() => cases[0]!.check()).toThrow();
    close();
    expect(() => checkShare(new Float32Array(5000).fill(1), 0.3)).toThrow("0 of 5000 are dropped");
  });
});

describe("the outcome", () => {
  const laps: readonly Lap[] = RUNNERS.map((runner, i) => ({
    runner,
    ns: 0.5 * (i + 1),
    quartiles: [0.4 * (i + 1), 0.7 * (i + 1)],
    ratio: i + 1,
  }));
  const state = startState(FIELDS);

  test("is a sentence, a table and a text with the same numbers in both languages", () => {
    const { summary, table } = presentRace(laps, state, WORDS.en);
    expect(summary).toBe(
      "Rate 0.5, 1048576 elements: hadamask takes 2.5 ns an element, 5 times a copy; " +
        "Math.random() takes 0.6 times as long as hadamask; TF.js cpu takes 1.4 times as long as hadamask; " +
        "TF.js wasm takes 1.6 times as long as hadamask.",
    );
    expect(table.rows[4]).toEqual(["hadamask", 2.5, 2, 3.5, 5, "dropout(x, { rate, key, out: y })"]);
    const zh = presentRace(laps, state, WORDS.zh!);
    const numbers = (text: string) => text.match(/\d+(\.\d+)?/g)!.toSorted();
    expect(numbers(zh.summary)).toEqual(numbers(summary));
    expect(textOf(laps, state, WORDS.en, "a machine").split("\n")).toEqual([
      "Dropout in a page, ns an element (quartiles), × copy; rate 0.5, 1048576 float32 elements, 15 rounds",
      "a machine",
      ...["0.5 (0.4–0.7), 1", "1 (0.8–1.4), 2", "1.5 (1.2–2.1), 3", "2 (1.6–2.8), 4", "2.5 (2–3.5), 5"].map((text, i) =>
        expect.stringContaining(
          `${WORDS.en.runners[RUNNERS[i]!].padEnd(15)}  ${text.split(" ")[0]!.padStart(6)} ${text.slice(text.indexOf("("))} ×`,
        ),
      ),
      ...["alloc", "cpu", "wasm"].map((name) => expect.stringContaining(name)),
      "",
    ]);
  });

  test("has an axis of powers of ten around all laps", () => {
    expect(axisOf(laps)).toEqual({ min: 0.1, max: 10, ticks: [0.1, 1, 10] });
  });
});
