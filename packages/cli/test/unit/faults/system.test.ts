// What the system does to a command: no space, closed streams, signals at any moment, little memory, folders that
// cannot be written to. One process serves several checks: each takes as long to start as all checks of one.

import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, test, vi } from "vitest";
import { testFolder } from "../../support/folder.js";
import { BIN, run } from "../../support/run.js";
import { uncertaintyFolder } from "../../support/uncertainty.js";

const path = testFolder();
const { fixture, path: inside } = uncertaintyFolder();
const isRoot = process.getuid?.() === 0;
const shell = (line: string) => spawnSync("bash", ["-c", line], { encoding: "utf8" });
const hadamask = `${process.execPath} ${BIN}`;
const hidden = (folder: string): string[] => readdirSync(folder).filter((name) => name.startsWith("."));
const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** What is mounted. It is taken away even where a filter leaves out every test that needs it. */
const mounted: string[] = [];
afterAll(() => {
  for (const folder of mounted) spawnSync("umount", [folder]);
});

/** A file system of few bytes, or why there is none. */
function smallDisk(folder: string, size: string): string | undefined {
  if (!isRoot) return "needs root, to mount a small file system";
  mkdirSync(folder);
  const { status } = spawnSync("mount", ["-t", "tmpfs", "-o", `size=${size}`, "tmpfs", folder]);
  if (status !== 0) return "no file system can be mounted here";
  mounted.push(folder);
  return undefined;
}

vi.setConfig({ testTimeout: 300_000 }); // processes, on machines that have others to run

describe("a disk that is full", () => {
  const disk = path("disk");
  const noDisk = smallDisk(disk, "160k");

  test.skipIf(noDisk !== undefined)(
    `ends a training with a sentence, and keeps the runs (${noDisk ?? "160 kB"})`,
    async () => {
      const args =
        "train --train-size 100 --epochs 1 --hidden 64 --seeds 4 --variants none,bernoulli:0.5 --threads 0".split(" ");
      const { code, err } = await run([...args, "--out", `${disk}/out`]);
      expect(code).toBe(1);
      expect(err).toMatch(/\ncannot write \S+\/out\/(runs\/)?\S+: no space left on the device\n$/);
      const runs = readdirSync(`${disk}/out/runs`);
      expect(runs.length).toBeGreaterThan(0);
      expect([...hidden(`${disk}/out`), ...hidden(`${disk}/out/runs`)]).toEqual([]);
      for (const file of runs) expect(readFileSync(`${disk}/out/runs/${file}`, "utf8")).toMatch(/^\{"sha256":.*\}\n$/s);
      // The runs are there; what they become does not fit, and that is said before anything is lost.
      const model = fixture("mlp-train.onnx");
      const report = await run([
        "uncertainty",
        model,
        inside("plain.csv"),
        "--samples",
        "2",
        "--report",
        `${disk}/report`,
      ]);
      expect(report.code).toBe(1);
      expect(report.err).toMatch(/cannot write .*: no space left on the device\n$/);
      expect(hidden(disk)).toEqual([]);
    },
  );
});

describe("closed descriptors", () => {
  test("do not end the work: files are written, and the exit code is that of the work", () => {
    const model = fixture("mlp-train.onnx");
    const rows = `uncertainty ${model} ${inside("plain.csv")} --samples 2 --out`;
    const { stdout } = shell(`
      ${hadamask} ${rows} ${path("a.csv")} >&-; echo $?
      ${hadamask} ${rows} ${path("b.csv")} 2>&-; echo $?
      ${hadamask} mask --shape 4,5 --out ${path("c.txt")} >&- 2>&- <&-; echo $?
    `);
    expect(stdout.match(/^\d+$/gm)).toEqual(["0", "0", "0"]);
    expect(readFileSync(path("a.csv"), "utf8").split("\n").length).toBe(50);
    expect(readFileSync(path("b.csv"), "utf8")).toBe(readFileSync(path("a.csv"), "utf8"));
    expect(readFileSync(path("c.txt"), "utf8")).toBe("10111\n11111\n11110\n11001\n");
  });
});

describe("folders that cannot be written to", () => {
  const folder = path("locked");
  mkdirSync(folder);
  const isLocked = isRoot
    ? spawnSync("mount", ["--bind", folder, folder]).status === 0 &&
      spawnSync("mount", ["-o", "remount,ro,bind", folder]).status === 0
    : spawnSync("chmod", ["555", folder]).status === 0;
  if (isRoot) mounted.push(folder);

  test.skipIf(!isLocked)("are told before anything is read", async () => {
    const reason = isRoot ? "the file system is read-only" : "permission denied";
    const nothing = path("nothing.csv");
    const train = await run(["train", "--data", nothing, "--out", folder]);
    expect(train).toMatchObject({
      code: 1,
      err: `train: --out: cannot write to the folder ${folder}: ${reason}\n`,
    });
    const uncertainty = await run(["uncertainty", nothing, nothing, "--report", folder]);
    expect(uncertainty).toMatchObject({
      code: 1,
      err: `uncertainty: --report: cannot write to the folder ${folder}: ${reason}\n`,
    });
    const mask = await run(["mask", "--shape", "4", "--out", `${folder}/m.npy`]);
    expect(mask).toMatchObject({ code: 1, err: `cannot write ${folder}/m.npy: ${reason}\n` });
  });
});

describe.skipIf(process.platform !== "linux")("little memory", () => {
  // Node itself asks for much address space; what is refused here would take several times as much again.
  const limited = (command: string) => shell(`ulimit -v 12000000; ${hadamask} ${command}`);
  const hostile = (name: string) => fileURLToPath(new URL(`../../hostile/files/${name}`, import.meta.url));

  test.each([
    [
      "a header of more values than there are",
      `uncertainty ${fixture("mlp-train.onnx")} ${path("large.npy")} --samples 3`,
      `${path("large.npy")}: shape (1000000000, 1000) needs 4000000000000 bytes of values, got 0\n`,
      1,
    ],
    [
      "a model of a billion rows",
      `uncertainty ${hostile("onnx/batch-of-1e9.onnx")} ${hostile("onnx/x.csv")} --samples 3`,
      "uncertainty: a run must fit into 268435456 bytes, got a model of 1000000000 rows a run, 16000000000 bytes of " +
        "inputs; export it with a free batch\n",
      1,
    ],
    [
      "a walk through every element of many",
      "explain --x normal:150000000",
      "explain: --x must have at most 10000 elements, got 150000000\n",
      2,
    ],
    [
      "a network of more weights than fit",
      "train --hidden 100000,100000",
      "train: --hidden must make at most 134217728 weights, got 10007400000\n",
      2,
    ],
  ])("%s is refused before memory is taken", (_, command, sentence, code) => {
    const header = Buffer.from(`{'descr': '<f4', 'fortran_order': False, 'shape': (1000000000, 1000), }`.padEnd(117));
    const npy = Buffer.concat([Buffer.from([0x93, 78, 85, 77, 80, 89, 1, 0, 118, 0]), header, Buffer.from("\n")]);
    writeFileSync(path("large.npy"), npy);
    expect(limited(command)).toMatchObject({ stderr: sentence, stdout: "", status: code });
  });
});

describe.skipIf(process.platform !== "linux")("little of what programs take for granted", () => {
  const rows = `uncertainty ${fixture("mlp-train.onnx")} ${inside("plain.csv")} --samples 2`;

  test("address space: plain kernels do the work, and what does not fit is said", () => {
    const plenty = shell(`${hadamask} ${rows}`);
    const little = shell(`ulimit -v 2500000; ${hadamask} ${rows}`);
    expect(little).toMatchObject({ status: 0, stderr: "", stdout: plenty.stdout });
    const train = "train --epochs 1 --hidden 2 --seeds 1 --threads 0 --variants none --out";
    const { status, stderr } = shell(`ulimit -v 1300000; ${hadamask} ${train} ${path("little")}`);
    expect([0, 1]).toContain(status);
    expect(stderr).not.toMatch(/fault of hadamask| {4}at /);
  });

  test("open files: one line", () => {
    const { status, stderr } = shell(`ulimit -n 24; ${hadamask} mask --shape 4`);
    expect(status).toBe(1);
    expect(stderr).toMatch(/^hadamask: cannot start: \S+ cannot be read \(EMFILE\)\n$/);
  });
});

describe("killed at any moment", () => {
  test("hadamask uncertainty leaves all of a file or nothing, and no temporary one after the next run", async () => {
    const folder = path("killed");
    mkdirSync(folder);
    const out = `${folder}/rows.csv`;
    const args = ["uncertainty", fixture("mlp-train.onnx"), inside("plain.csv"), "--samples", "3000", "--out", out];
    const isBegun = (pid = 0): boolean => hidden(folder).some((name) => name.includes(`-${pid}-`));
    const codes = { SIGKILL: null, SIGTERM: 143, SIGHUP: 129, SIGINT: 130 } as const;
    for (const [signal, code] of Object.entries(codes)) {
      const child = spawn(process.execPath, [BIN, ...args], { stdio: "ignore" });
      const ended = new Promise<number | null>((resolve) => child.on("exit", resolve));
      while (child.exitCode === null && !isBegun(child.pid)) await wait(20);
      await wait(300 * Math.random());
      child.kill(signal as NodeJS.Signals);
      if (signal === "SIGINT") child.kill("SIGTERM"); // the second ends it at once
      const found = await ended;
      expect([code, signal === "SIGINT" ? 143 : code, 0]).toContain(found);
      if (signal !== "SIGKILL") expect(hidden(folder), signal).toEqual([]);
      if (existsSync(out)) expect(readFileSync(out, "utf8")).toMatch(/^row,.*\n(\d+,.*\n)+$/);
    }
    expect((await run([...args.slice(0, 3), "--samples", "2", "--out", out])).code).toBe(0);
    expect(hidden(folder)).toEqual([]);
    const rows = readFileSync(out, "utf8").trim().split("\n");
    expect(rows.length).toBe(49);
  });
});

test.skipIf(!existsSync("/dev/full"))("a device that is full is said (needs /dev/full)", async () => {
  expect(await run(["mask", "--shape", "4", "--out", "/dev/full"])).toMatchObject({
    code: 1,
    err: "cannot write /dev/full: no space left on the device\n",
  });
});
