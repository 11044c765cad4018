import { describe, expect, test } from "vitest";
import type { Comparison } from "../../../../experiments/src/result.js";
import { testFolder } from "../../support/folder.js";
import { run } from "../../support/run.js";

const path = testFolder();
const SMALL = "--train-size 50 --epochs 1 --hidden 4 --threads 0 --variants none,bernoulli:0.5 --json".split(" ");
const train = (...args: string[]) => run(["train", ...SMALL, ...args]);

describe("hadamask merge", () => {
  test("puts runs of two folders together: the comparison is that of one folder", async () => {
    await train("--seeds", "1", "--out", path("a"));
    await train("--first-seed", "1", "--seeds", "2", "--out", path("b"));
    const merged = await run(["merge", path("a"), path("b"), "--out", path("all")]);
    expect(merged.code, merged.err).toBe(0);
    expect(merged.out).toMatch(/^6 runs put into .+all, 6 there now; /);
    const all = await train("--seeds", "3", "--out", path("all"), "--resume");
    expect(all.err).toBe("train: 6 of 6 runs are done already\n");
    const whole = await train("--seeds", "3", "--out", path("whole"));
    const paired = ({ out }: { out: string }) => (JSON.parse(out) as Comparison).paired;
    expect(paired(all)).toEqual(paired(whole));
    const again = await run(["merge", path("a"), "--out", path("all")]);
    expect(again.out).toMatch(/^0 runs put into .+all, 6 there now; /);
  });

  test("refuses runs of other settings, and folders without runs", async () => {
    await train("--seeds", "1", "--out", path("c"));
    await train("--seeds", "1", "--input-rate", "0.2", "--out", path("d"));
    const other = await run(["merge", path("c"), path("d"), "--out", path("mixed")]);
    expect(other.code).toBe(2);
    expect(other.err).toMatch(
      /^merge: .+ was made with input rate 0\.2, not 0\.1, unlike .+; only runs that share all go together/,
    );
    const empty = await run(["merge", path("nothing"), "--out", path("mixed")]);
    expect([empty.code, empty.err]).toEqual([2, `merge: ${path("nothing")}/runs has no runs\n`]);
  });
});
