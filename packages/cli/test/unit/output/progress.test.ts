import { PassThrough } from "node:stream";
import { describe, expect, test, vi } from "vitest";
import { startProgress, timeLeft } from "../../../src/output/progress.js";
import { noColours, type Terminal } from "../../../src/output/terminal.js";

const terminal = (notes: string[], bar?: NodeJS.WriteStream): Terminal => ({
  isInteractive: false,
  paint: noColours,
  write: async () => {},
  note: (line) => void notes.push(line),
  ...(bar === undefined ? {} : { bar }),
});

describe("startProgress", () => {
  test("writes lines with the time that is left where there is no bar", () => {
    const notes: string[] = [];
    const progress = startProgress(terminal(notes), 10);
    progress.log("nothing is done");
    progress.update(5, "half");
    progress.log("half is done");
    progress.update(10, "all");
    progress.log("all is done");
    progress.stop();
    expect(notes).toEqual(["nothing is done", "half is done; 1 s left", "all is done"]);
  });

  test("shows in a log every half minute that it is alive", () => {
    vi.useFakeTimers({ toFake: ["performance"] });
    try {
      const notes: string[] = [];
      const progress = startProgress(terminal(notes), 100);
      for (let done = 1; done <= 8; done++) {
        vi.advanceTimersByTime(10_000);
        progress.update(done, `step ${done}`);
      }
      expect(notes).toEqual(["step 4; 16 min left", "step 8; 16 min left"]);
    } finally {
      vi.useRealTimers();
    }
  });

  test("draws a bar where a person watches, and clears it", () => {
    const notes: string[] = [];
    const stream = Object.assign(new PassThrough(), {
      isTTY: true,
      columns: 100,
      cursorTo: () => true,
      clearLine: () => true,
      moveCursor: () => true,
    }) as unknown as NodeJS.WriteStream;
    let drawn = "";
    stream.on("data", (chunk) => {
      drawn += String(chunk);
    });
    const progress = startProgress(terminal(notes, stream), 10);
    progress.update(5, "none, seed 0, epoch 5 of 10");
    progress.log("a line");
    progress.stop();
    expect(drawn).toMatch(/ {2}0 %, .+ left/);
    expect(drawn).toContain("░");
    expect(notes).toEqual([]);
  });
});

test("timeLeft speaks of seconds, minutes and hours", () => {
  expect([0.2, 45, 99.5, 100, 5999, 7200, Number.NaN, Number.POSITIVE_INFINITY].map(timeLeft)).toEqual([
    "1 s",
    "45 s",
    "100 s",
    "2 min",
    "100 min",
    "2.0 h",
    "?",
    "?",
  ]);
});
