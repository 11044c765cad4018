// What only the built command has: training threads, and what happens when it is interrupted.

import { spawn } from "node:child_process";
import { describe, expect, test } from "vitest";
import type { Comparison } from "../../../../experiments/src/result.js";
import { testFolder } from "../../support/folder.js";
import { BIN, run, runBuilt } from "../../support/run.js";

const path = testFolder();
const SMALL = "--train-size 100 --epochs 2 --hidden 8 --seeds 2 --variants none,bernoulli:0.5 --json".split(" ");

/** A comparison without its timings, which differ from run to run. */
const numbersOf = (out: string) => {
  const { data, model, variants, paired } = JSON.parse(out) as Comparison;
  return { data, model, paired, variants: variants.map(({ secondsPerEpoch, ...rest }) => rest) };
};

describe("hadamask train, built", () => {
  test("gives the same numbers on three threads and on the calling one", async () => {
    const inside = await run(["train", ...SMALL, "--threads", "0", "--out", path("inside")]);
    expect(inside.code).toBe(0);
    const { code, out } = await runBuilt(["train", ...SMALL, "--threads", "3", "--out", path("threads")]);
    expect(code).toBe(0);
    expect(numbersOf(out)).toEqual(numbersOf(inside.out));
  });

  test("keeps finished runs on Ctrl-C, says how to go on, and then goes on", async () => {
    const args = ["train", ...SMALL, "--epochs", "20", "--threads", "1", "--out", path("interrupted")];
    const child = spawn(process.execPath, [BIN, ...args]);
    let err = "";
    child.stderr.on("data", (chunk) => {
      if (err === "") child.kill("SIGINT"); // the first line comes when the first run is saved
      err += chunk;
    });
    const code = await new Promise((resolve) => child.on("exit", resolve));
    expect(code).toBe(130);
    expect(err).toMatch(
      /train: interrupted with [123] of 4 runs saved; go on with hadamask train .*--epochs 20 --seeds 2 --out \S+ --resume\n$/,
    );
    const resumed = await runBuilt([...args, "--resume"]);
    expect(resumed.err).toMatch(/^train: [123] of 4 runs are done already\n/);
    const fresh = await runBuilt([...args.slice(0, -1), path("uninterrupted")]);
    expect(numbersOf(resumed.out)).toEqual(numbersOf(fresh.out));
  });
});
