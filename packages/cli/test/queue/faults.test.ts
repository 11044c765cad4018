// What goes wrong between machines, each with a real Redis and workers in processes of their own: in every case the
// result has the bytes of one machine's with one thread.

import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Queue } from "bullmq";
import { Redis } from "ioredis";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { testFolder } from "../support/folder.js";
import { noRedis, type RedisServer, startRedis, wireTo } from "../support/redis.js";
import { BIN, run } from "../support/run.js";

if (noRedis !== undefined) console.log(`tests of the queue are skipped: ${noRedis}`);

const PASSWORD = "p@ss/w:rd";
const GRID = "--train-size 60 --hidden 8 --batch-size 60 --seeds 2".split(" ");
/** Two runs, long enough to be in the middle of one, at a millisecond a step. */
const LONG = [...GRID, "--variants", "bernoulli:0.5", "--epochs", "500"];
/** Each of several checkpoints in it. */
const OFTEN = ["--checkpoint", "0.001"];
const SHORT = [...GRID, "--variants", "none,bernoulli:0.5", "--epochs", "2"];

const path = testFolder();
const resultIn = (folder: string): string => readFileSync(join(path(folder), "sweep.json"), "utf8");
const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const started: ChildProcess[] = [];

interface Started {
  readonly process: ChildProcess;
  readonly ended: Promise<number | null>;
  said(): string;
}

/** The command as built, in a process of its own. */
function start(args: readonly string[]): Started {
  const child = spawn(process.execPath, [BIN, ...args], { stdio: ["ignore", "pipe", "pipe"] });
  started.push(child);
  let text = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (text += chunk));
  return {
    process: child,
    ended: new Promise((resolve) => child.on("exit", (code) => resolve(code))),
    said: () => text,
  };
}

/** Of a machine that others use as well: alone it takes a tenth of it. */
const PATIENCE = 300_000;

describe.skipIf(noRedis !== undefined)("a sweep over a queue", { timeout: PATIENCE }, () => {
  let server: RedisServer;
  let redis: Redis;
  let queue: string;
  const worker = (name: string, url = queue): Started =>
    start(["worker", "--queue", url, "--name", name, "--lock", "1"]);
  const sweep = (name: string, args: readonly string[], url = queue) =>
    run(["sweep", ...args, ...OFTEN, "--queue", url, "--name", name, "--lock", "2", "--json"]);

  async function until(what: () => Promise<boolean> | boolean): Promise<void> {
    while (!(await what())) await wait(25);
  }
  const hasCheckpoint = async (name: string): Promise<boolean> =>
    (await redis.keys(`hadamask:${name}:checkpoint:*`)).length > 0;

  beforeAll(async () => {
    server = await startRedis(["--requirepass", PASSWORD]);
    queue = `redis://:${encodeURIComponent(PASSWORD)}@127.0.0.1:${server.port}/0`;
    redis = new Redis({ port: server.port, password: PASSWORD, maxRetriesPerRequest: null });
    redis.on("error", () => {});
    for (const [name, grid] of [
      ["long", LONG],
      ["short", SHORT],
    ] as const) {
      const { code, err } = await run(["sweep", ...grid, "--threads", "0", "--out", path(name)]);
      expect(code, err).toBe(0);
    }
  }, PATIENCE);
  afterEach(() => {
    for (const child of started.splice(0)) child.kill("SIGKILL");
  });
  afterAll(async () => {
    redis?.disconnect();
    await server?.stop();
  });

  test("a worker killed -9 in mid-run: the run goes on elsewhere, from its checkpoint", async () => {
    const done = sweep("killed", [...LONG, "--out", path("killed")]);
    const first = worker("killed");
    await until(() => hasCheckpoint("killed"));
    first.process.kill("SIGKILL");
    const second = worker("killed");
    const { code, out, err } = await done;
    expect(code, err).toBe(0);
    expect(out).toBe(resultIn("long"));
    expect(resultIn("killed")).toBe(resultIn("long"));
    expect(second.said()).toMatch(/continues after step [1-9]/);
    const left = (await redis.keys("hadamask:killed:*")).filter((key) => !key.includes(":worker"));
    expect(left).toEqual([]); // but for the worker that is still there
    for (const text of [err, first.said(), second.said()]) {
      expect(text).not.toContain(PASSWORD);
      expect(text).not.toContain(encodeURIComponent(PASSWORD));
    }
  });

  test("SIGTERM ends a worker well: it hands its run back at once, with a checkpoint", async () => {
    const done = sweep("ended", [...LONG, "--out", path("ended")]);
    // Nobody would miss this one for a minute: what goes on before has been handed back.
    const first = start(["worker", "--queue", queue, "--name", "ended", "--lock", "60"]);
    await until(() => hasCheckpoint("ended"));
    first.process.kill("SIGTERM");
    expect(await first.ended).toBe(143);
    const second = worker("ended");
    const { code, out, err } = await done;
    expect(code, err).toBe(0);
    expect(out).toBe(resultIn("long"));
    expect(second.said()).toMatch(/continues after step [1-9]/);
  });

  test("the coordinator killed and started again; meanwhile nobody else can have the name", async () => {
    const args = [...OFTEN, "--queue", queue, "--name", "twice", "--lock", "2", "--out", path("twice")];
    const first = start(["sweep", ...LONG, ...args]);
    worker("twice");
    await until(() => first.said().includes("1/2"));
    const second = await sweep("twice", [...LONG, "--out", path("other")]);
    expect([second.code, second.err]).toEqual([1, expect.stringMatching(/^sweep: process \d+ on .+ is collecting/)]);
    first.process.kill("SIGKILL");
    await first.ended;
    const other = await sweep("twice", [...SHORT, "--out", path("other-plan")]);
    expect([other.code, other.err]).toEqual([1, expect.stringMatching(/^sweep: the queue has another sweep called/)]);
    const { code, out, err } = await sweep("twice", [...LONG, "--out", path("twice"), "--resume"]);
    expect(code, err).toBe(0);
    expect(err).toMatch(/^sweep: 1 of 2 runs are done already/);
    expect(out).toBe(resultIn("long"));
  });

  test("Redis ended by force and started again, with an append-only file", async () => {
    const done = sweep("restarted", [...LONG, "--out", path("restarted")]);
    worker("restarted");
    await until(() => hasCheckpoint("restarted"));
    await server.restart();
    const { code, out, err } = await done;
    expect(code, err).toBe(0);
    expect(err).toMatch(/the queue at redis:\/\/127\.0\.0\.1:\d+\/0 does not answer; trying again/);
    expect(out).toBe(resultIn("long"));
  });

  test("the connection of worker and coordinator cut for longer than the lock lives", async () => {
    const wire = await wireTo(server.port);
    const url = queue.replace(String(server.port), String(wire.port));
    const done = sweep("cut", [...LONG, "--out", path("cut")], url);
    worker("cut", url);
    await until(() => hasCheckpoint("cut"));
    wire.cut();
    await wait(3000);
    wire.mend();
    const { code, out, err } = await done;
    wire.close();
    expect(code, err).toBe(0);
    expect(out).toBe(resultIn("long"));
  });

  test("all that Redis had is lost: the runs are put in again", async () => {
    const done = sweep("lost", [...SHORT, "--out", path("lost")]);
    await until(async () => (await redis.exists("hadamask:lost:plan")) === 1);
    await redis.flushall();
    worker("lost");
    const { code, out, err } = await done;
    expect(code, err).toBe(0);
    expect(err).toContain("4 runs got lost in the queue; they are put in again");
    expect(out).toBe(resultIn("short"));
  });

  test("a job that always fails is tried again, then named in the result; the others go on", async () => {
    const file = path("mine.mjs");
    writeFileSync(file, FAILING);
    const args = [...SHORT, "--variant", file];
    const here = await run(["sweep", ...args, "--threads", "0", "--out", path("fails-here")]);
    expect(here.code, here.err).toBe(0);
    const done = sweep("fails", [...args, "--attempts", "2", "--out", path("fails")]);
    const helper = worker("fails");
    const { code, out, err } = await done;
    expect(code, err).toBe(0);
    expect(helper.said().match(/mine, seed 1 failed: this one never trains/g)).toHaveLength(2);
    expect(out).toBe(resultIn("fails-here"));
    const { configs, failures } = JSON.parse(out);
    expect(configs.map(({ variant }: { variant: string }) => variant)).toEqual(["none", "bernoulli:0.5"]);
    expect(failures).toMatchObject([0, 1].map((seed) => ({ variant: "mine", seed, reason: "this one never trains" })));
  });

  test("values are swept as classes are: data in pieces, categories, blanks and learned noise", async () => {
    const csv = path("costs.csv");
    const cell = (i: number): string => (i === 4 ? "" : String((i * 7) % 11));
    const rows = Array.from({ length: 40 }, (_, i) => `${cell(i)},${i % 3 === 0 ? "home" : "away"},${(i * i) % 97}.5`);
    writeFileSync(csv, `size,place,cost\n${rows.join("\n")}\n`);
    const grid = "--missing indicator --noise learned --variants none --hidden 4 --epochs 2 --seeds 2".split(" ");
    const here = await run(["sweep", "--data", csv, ...grid, "--threads", "0", "--out", path("values-here")]);
    expect(here.code, here.err).toBe(0);
    const done = sweep("values", ["--data", csv, ...grid, "--out", path("values")]);
    await until(async () => (await redis.exists("hadamask:values:plan")) === 1);
    renameSync(csv, `${csv}.away`); // so that the worker takes what was sent
    worker("values");
    const { code, out, err } = await done;
    renameSync(`${csv}.away`, csv);
    expect(code, err).toBe(0);
    expect(out).toBe(resultIn("values-here"));
    expect(JSON.parse(out)).toMatchObject({ noise: "learned", data: [{ target: { name: "cost" } }] });
  });

  test("a worker of another version, or with other data, refuses and hands back", async () => {
    const csv = path("table.csv");
    const rows = Array.from({ length: 40 }, (_, i) => `${i % 7},${(i * i) % 11},${i % 2}`);
    writeFileSync(csv, `a,b,y\n${rows.join("\n")}\n`);
    const grid = ["--data", csv, "--variants", "none", "--hidden", "4", "--epochs", "2", "--seeds", "1"];
    const refused = async (name: string): Promise<string> => {
      const helper = worker(name);
      expect(await helper.ended, helper.said()).toBe(1);
      return helper.said();
    };
    const done = sweep("refused", [...grid, "--send", "0", "--out", path("refused")]);
    const jobs = new Queue("hadamask-refused", { connection: redis });
    await until(async () => (await jobs.getWaitingCount()) === 1);
    const [job] = await jobs.getWaiting();
    const { versions, ...data } = job!.data;
    await job!.updateData({ ...data, versions: { ...versions, hadamask: "9.9.9" } });
    expect(await refused("refused")).toMatch(/worker: the sweep is of hadamask 9\.9\.9, and here is 0\.1\.0; install/);
    await job!.updateData(job!.data && { ...data, versions });
    writeFileSync(csv, `a,b,y\n${rows.toReversed().join("\n")}\n`);
    expect(await refused("refused")).toMatch(/table\.csv has other rows here, and its \d\.\d MB are more than/);
    writeFileSync(csv, `a,b,y\n${rows.join("\n")}\n`);
    worker("refused");
    const { code, err } = await done;
    expect(code, err).toBe(0);
  });
});

const FAILING = `
export const mine = {
  name: "mine",
  title: "mine",
  activate() {
    throw new Error("this one never trains");
  },
};
`;
