import { describe, expect, test } from "vitest";
import { Remaining } from "../../../src/train/remaining.js";

interface Machine {
  readonly runs: number;
  readonly epochs: number;
  readonly threads: number;
  /** Seconds until a thread has its engine, for a run to compile, and of an epoch. */
  readonly load: number;
  readonly compile: number;
  readonly epoch: number;
}

/** Every epoch of a comparison on such a machine: its time, its run, its number. */
function epochsOf({
  runs,
  epochs,
  threads,
  load,
  compile,
  epoch,
}: Machine): [time: number, run: number, done: number][] {
  const free = Array.from({ length: threads }, () => load);
  const all: [number, number, number][] = [];
  for (let run = 0; run < runs; run++) {
    const thread = free.indexOf(Math.min(...free));
    const begin = free[thread]! + compile;
    for (let e = 1; e <= epochs; e++) all.push([begin + e * epoch, run, e]);
    free[thread] = begin + epochs * epoch;
  }
  return all.sort(([a], [b]) => a - b);
}

describe("Remaining", () => {
  test.each<[string, Machine]>([
    ["long epochs", { runs: 20, epochs: 20, threads: 2, load: 1.5, compile: 1, epoch: 6 }],
    ["short epochs", { runs: 20, epochs: 200, threads: 2, load: 1.5, compile: 0.4, epoch: 0.02 }],
    ["very short ones", { runs: 20, epochs: 50, threads: 2, load: 1.5, compile: 0.4, epoch: 0.004 }],
    ["one run", { runs: 1, epochs: 30, threads: 2, load: 1.5, compile: 1, epoch: 1 }],
    ["many threads", { runs: 30, epochs: 40, threads: 16, load: 2, compile: 0.5, epoch: 0.3 }],
  ])("%s: within a factor of two from the second epoch to the last but one second", (_, machine) => {
    const all = epochsOf(machine);
    const end = all.at(-1)![0];
    const remaining = new Remaining(machine.runs, machine.epochs, machine.threads, 0);
    let told = 0;
    for (const [time, run, done] of all) {
      remaining.onEpoch(`${run}`, done, machine.epochs, time);
      const left = remaining.left();
      if (left === undefined) {
        expect(run < machine.threads && done === 1).toBe(true); // nothing is known of epochs yet
        continue;
      }
      if (end - time < 1) continue;
      told++;
      expect(left / (end - time), `${time} of ${end}`).toBeGreaterThan(0.5);
      expect(left / (end - time), `${time} of ${end}`).toBeLessThan(2);
    }
    expect(told).toBeGreaterThan(10);
  });

  test("of runs of one epoch it is told from the first on", () => {
    const remaining = new Remaining(4, 1, 1, 0);
    remaining.onEpoch("a", 1, 1, 3);
    expect(remaining.left()).toBeCloseTo(9, 9);
  });
});
