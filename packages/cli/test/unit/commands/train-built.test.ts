// What only the built command has: training threads, and what happens when it is interrupted.

import { spawn } from "node:child_process";
import { existsSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
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
      /train: interrupted with [123] of 4 runs saved; continue with npx hadamask train .*--epochs 20 --seeds 2 --out \S+ --resume\n$/,
    );
    const resumed = await runBuilt([...args, "--resume"]);
    expect(resumed.err).toMatch(/^train: [123] of 4 runs are done already\n/);
    const fresh = await runBuilt([...args.slice(0, -1), path("uninterrupted")]);
    expect(numbersOf(resumed.out)).toEqual(numbersOf(fresh.out));
  });

  test("killed -9 ten times at any moment, it still ends with the same numbers", async () => {
    // Neither the moments nor what is saved at them are the same twice; the numbers have to be.
    const args = ["train", ...SMALL, "--epochs", "150", "--threads", "1", "--checkpoint", "0.001"];
    const out = ["--out", path("killed")];
    for (let kill = 0; kill < 10; kill++) {
      const begun = Date.now();
      const child = spawn(process.execPath, [BIN, ...args, ...out, "--resume"], { stdio: "ignore" });
      const ended = new Promise((resolve) => child.on("exit", resolve));
      while (child.exitCode === null && !hasSaved(path("killed/runs"), begun)) await wait(20);
      await wait(400 * Math.random());
      child.kill("SIGKILL");
      await ended;
    }
    const resumed = await runBuilt([...args, ...out, "--resume"]);
    expect(resumed.code, resumed.err).toBe(0);
    const whole = await runBuilt([...args, "--out", path("not-killed")]);
    expect(numbersOf(resumed.out)).toEqual(numbersOf(whole.out));
    expect(readdirSync(path("killed/runs")).filter((file) => file.endsWith(".part"))).toEqual([]);
  }, 180_000);

  test("trains more runs than a thread is kept for", async () => {
    const many = ["--seeds", "5", "--epochs", "1"]; // 10 runs; a thread makes way after 8
    const inside = await run(["train", ...SMALL, ...many, "--threads", "0", "--out", path("many-inside")]);
    const { out } = await runBuilt(["train", ...SMALL, ...many, "--threads", "1", "--out", path("many")]);
    expect(numbersOf(out)).toEqual(numbersOf(inside.out));
  });

  test("--variant takes a variant of the user's own, in training threads as well", async () => {
    const file = path("mine.mjs");
    writeFileSync(file, MINE);
    const own = ["train", ...SMALL, "--input-rate", "0", "--variant", file];
    const { code, out, err } = await runBuilt([...own, "--threads", "2", "--out", path("own")]);
    expect(code, err).toBe(0);
    const { variants, command } = JSON.parse(out) as Comparison;
    expect(variants.map(({ name, title }) => `${name}: ${title}`)).toEqual([
      "none: no dropout",
      "bernoulli:0.5: Bernoulli dropout, input 0, hidden 0.5",
      "twin: bernoulli's twin",
    ]);
    expect(variants[2]!.nll).toEqual(variants[1]!.nll);
    expect(command).toContain(` --variant ${file}`);
    // Another text of the file is another variant.
    writeFileSync(file, `${MINE}// changed\n`);
    const again = await runBuilt([...own, "--threads", "2", "--out", path("own"), "--resume"]);
    expect(again.code).toBe(2);
    expect(again.err).toMatch(/^train: --resume: .+ was made with other files of --variant; /);
  });

  test("--variant refuses a file without a variant, and one that cannot be loaded", async () => {
    const empty = path("empty.mjs");
    writeFileSync(empty, "export const a = 1;\n");
    const none = await runBuilt(["train", ...SMALL, "--variant", empty, "--out", path("refused")]);
    expect([none.code, none.err]).toEqual([
      2,
      `train: --variant: ${empty} must export a variant of defineVariant, got none\n`,
    ]);
    const missing = await runBuilt(["train", ...SMALL, "--variant", path("no.mjs"), "--out", path("refused")]);
    expect(missing.code).toBe(2);
    expect(missing.err).toMatch(/^train: --variant: .+no\.mjs cannot be loaded: /);
  });
});

const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Whether anything was written there since then. */
const hasSaved = (folder: string, since: number): boolean =>
  existsSync(folder) && readdirSync(folder).some((file) => writtenAt(join(folder, file)) > since);

/** A file that is there when it is listed may have been renamed since. */
const writtenAt = (file: string): number => statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;

/** Draws as bernoulli does, from places of the same names. */
const MINE = `
import { defineVariant } from ${JSON.stringify(import.meta.resolve("@hadamask/experiments"))};
import { dropoutSites } from ${JSON.stringify(import.meta.resolve("hadamask/jax"))};
export const twin = defineVariant({
  name: "twin",
  title: "bernoulli's twin",
  rate: 0.5,
  activate({ rate }, model, key) {
    const places = model.places.map(({ name, kind, shape }) => [name, { rate: kind === "inputs" ? 0 : rate, shape }]);
    const sites = dropoutSites(Object.fromEntries(places), { key });
    return {
      hooks: { activations: (h, { name }, draws) => (draws[name] === undefined ? h : sites.apply(h, draws[name])) },
      train: (step, batch) => sites.train(step, batch),
      eval: () => sites.eval(),
    };
  },
});
`;
