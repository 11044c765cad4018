// Nothing is lost: what a command writes takes the place of nothing that it reads, and of nothing that was not named.

import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { testFolder } from "../../support/folder.js";
import { run, runBuilt } from "../../support/run.js";
import { uncertaintyFolder } from "../../support/uncertainty.js";

const path = testFolder();
const SMALL = "--train-size 60 --epochs 1 --hidden 4 --seeds 1 --threads 0".split(" ");
const train = (...args: string[]) => run(["train", ...SMALL, ...args]);

describe("hadamask train", () => {
  test("does not write the test rows of --export over --data", async () => {
    const rows = Array.from({ length: 40 }, (_, i) => `${i},${i % 7},${i % 2}`).join("\n");
    writeFileSync(path("m-test.csv"), rows);
    const { code, err } = await run([
      ..."train --epochs 1 --hidden 4 --seeds 1 --threads 0 --data".split(" "),
      path("m-test.csv"),
      "--export",
      path("m.onnx"),
      "--out",
      path("report-m"),
    ]);
    expect({ code, err }).toEqual({
      code: 2,
      err:
        `train: the test rows of --export would be written over --data, ${path("m-test.csv")}; choose another ` +
        `name\n`,
    });
    expect(readFileSync(path("m-test.csv"), "utf8")).toBe(rows);
    expect(existsSync(path("report-m"))).toBe(false);
  });

  test("does not write test rows over a file that nobody named, but over the same rows", async () => {
    const args = ["--export", path("net.onnx"), "--out", path("report-net")];
    writeFileSync(path("net-test.csv"), "mine");
    expect(await train(...args)).toMatchObject({
      code: 2,
      err:
        `train: --export would replace ${path("net-test.csv")}, which has other rows; choose another name, or ` +
        `pass --force\n`,
    });
    expect(readFileSync(path("net-test.csv"), "utf8")).toBe("mine");
    expect((await train(...args, "--force")).code).toBe(0);
    expect((await train(...args)).code).toBe(0);
  });

  test("replaces a report of its own, and no other page or picture", async () => {
    expect((await train("--out", path("again"))).code).toBe(0);
    expect((await train("--out", path("again"))).code).toBe(0);
    for (const name of ["report.html", "nll.png"]) {
      mkdirSync(path(`mine-${name}`));
      writeFileSync(path(`mine-${name}/${name}`), "mine");
      expect(await train("--out", path(`mine-${name}`))).toMatchObject({
        code: 2,
        err:
          `train: --out would replace ${path(`mine-${name}/${name}`)}, which is not from a report of ours; ` +
          `choose another folder, or pass --force\n`,
      });
      expect(readFileSync(path(`mine-${name}/${name}`), "utf8")).toBe("mine");
    }
  });

  test.skipIf(!existsSync("/proc/self"))("says at once that no folder can be made somewhere", async () => {
    expect(await train("--out", "/proc/hadamask/report")).toMatchObject({
      code: 1,
      err: "train: --out: cannot write to the folder /proc/hadamask/report: no folder can be made there\n",
    });
  });

  test("a second training into the same folder is refused; a lock whose process is gone is not", async () => {
    mkdirSync(path("locked"));
    const lock = path("locked/.hadamask-lock");
    writeFileSync(lock, JSON.stringify({ pid: process.ppid, host: (await import("node:os")).hostname() }));
    const { code, err } = await train("--out", path("locked"));
    expect({ code, err }).toEqual({
      code: 1,
      err:
        `train: another process (${process.ppid}) is writing to ${path("locked")}; choose another --out, or wait ` +
        `for it, or remove ${lock} if it is gone\n`,
    });
    writeFileSync(lock, JSON.stringify({ pid: 2 ** 22 + 1, host: (await import("node:os")).hostname() }));
    expect((await train("--out", path("locked"))).code).toBe(0);
    expect(readdirSync(path("locked")).filter((name) => name.startsWith("."))).toEqual([]);
  });

  test("two spellings of a variant are one", async () => {
    expect(await train("--variants", "bernoulli:0.5,bernoulli:+.50", "--out", path("spelled"))).toMatchObject({
      code: 2,
      err: "train: --variants: bernoulli:0.5 is there twice\n",
    });
  });

  test("divergence ends with a sentence and exit code 1; the run is kept", async () => {
    const { code, out, err } = await train("--learning-rate", "1e38", "--out", path("diverged"));
    expect({ code, out }).toEqual({ code: 1, out: "" });
    expect(err).toMatch(
      /\ntrain: none, seed 0, diverged: from epoch 1 on its loss is not a finite number; a --learning-rate below 1e\+38 may help, with another --out; the runs that ended are kept\n$/,
    );
    expect(readdirSync(path("diverged/runs"))).toEqual(["none-seed0.json"]);
  });
});

describe("hadamask uncertainty", () => {
  const { fixture, path: inside, digits } = uncertaintyFolder();
  const mlp = fixture("mlp-train.onnx");

  test.each(["plain.csv", "digits.csv"])("does not write --out over %s, by whatever name", async (name) => {
    const before = readFileSync(inside(name), "utf8");
    const link = inside(`link-${name}`);
    symlinkSync(name, link);
    const args = name === "plain.csv" ? [inside(name)] : [inside("plain.csv"), "--labels", digits];
    for (const out of [inside(name), link]) {
      const { code, err } = await run(["uncertainty", mlp, ...args, "--out", out]);
      expect({ code, err }).toEqual({
        code: 2,
        err:
          `uncertainty: --out would be written over ${name === "plain.csv" ? "the data" : "--labels"}, ${out}; ` +
          `choose another name\n`,
      });
    }
    expect(readFileSync(inside(name), "utf8")).toBe(before);
  });

  test("keeps nothing in the user's folders, and looks nobody up", async () => {
    const home = inside("home");
    mkdirSync(home);
    const env = { PATH: process.env.PATH ?? "", HOME: home };
    const { code, err } = await runBuilt(["uncertainty", mlp, inside("plain.csv"), "--samples", "2"], { env });
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(readdirSync(home, { recursive: true })).toEqual([]);
  });
});

test("mask --out - is stdout, and /dev/stdout is written to, not replaced", async () => {
  const expected = "10111\n11111\n11110\n11001\n";
  expect((await run(["mask", "--shape", "4,5", "--out", "-"])).out).toBe(expected);
  const { code, out } = await runBuilt(["mask", "--shape", "4,5", "--out", "/dev/stdout"]);
  expect({ code, out }).toEqual({ code: 0, out: expected });
});
