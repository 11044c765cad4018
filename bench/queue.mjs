// What the queue of a sweep costs beside the training, with jobs that train nothing. Starts a Redis of its own.
// Processor time, not time on the clock: it says what one core of each can carry, on a busy machine too.
//
//   node --expose-gc bench/queue.mjs 3000 --workers 1,2,4 [--docs]   cost a run, and with how many worker processes
//   node --expose-gc bench/queue.mjs 100000 --small [--docs]         many runs of one test row each: memory
//
// --docs writes what was measured into its part of docs/sweeps.json.
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { Redis } from "ioredis";
import { loadDataset } from "../packages/cli/dist/data/load.js";
import { gridOf } from "../packages/cli/dist/sweep/grid.js";
import { planOf } from "../packages/cli/dist/sweep/plan.js";
import { coordinate } from "../packages/cli/dist/sweep/queue/coordinator.js";
import { keysOf } from "../packages/cli/dist/sweep/queue/keys.js";
import { sendRun } from "../packages/cli/dist/sweep/queue/training.js";
import { serve } from "../packages/cli/dist/sweep/queue/worker.js";
import { withDefaults } from "../packages/cli/dist/sweep/request.js";
import { runText } from "../packages/cli/dist/train/run-file.js";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    workers: { type: "string", default: "1" },
    small: { type: "boolean", default: false },
    docs: { type: "boolean", default: false },
  },
});
const PORT = Number(process.env.PORT ?? 7399);
const TEST_ROWS = values.small ? 1 : 539; // of optdigits
const EPOCHS = values.small ? 1 : 200;
const url = `redis://127.0.0.1:${PORT}`;
const FILE = new URL("../docs/sweeps.json", import.meta.url);

/** As large as the run of a network on optdigits that is asked once, at the end. */
const run = (variant, seed) => ({
  ...{ variant, seed, trainLoss: Array.from({ length: EPOCHS }, () => Math.random()), epochs: [EPOCHS], testNll: [1] },
  ...{ testError: [0.5], trainError: 0.5, seconds: 0, secondsPerEpoch: 0, weights: [] },
  predictions: {
    label: Uint16Array.from({ length: TEST_ROWS }, () => 10 * Math.random()),
    predicted: Uint16Array.from({ length: TEST_ROWS }, () => 10 * Math.random()),
    confidence: Float32Array.from({ length: TEST_ROWS }, Math.random),
    nll: Float32Array.from({ length: TEST_ROWS }, Math.random),
  },
});

const cpuMs = (from) => {
  const { user, system } = process.cpuUsage(from);
  return (user + system) / 1000;
};

/** Says when it is ready, and at the end how many runs it served and what they cost. */
async function work() {
  const redis = new Redis(PORT, { maxRetriesPerRequest: null });
  const stop = new AbortController();
  process.on("SIGTERM", () => stop.abort());
  let began;
  const served = await serve({
    ...{ url, name: "bench", as: `bench-${process.pid}`, concurrency: 20, lockMs: 60_000, idleMs: undefined },
    signal: stop.signal,
    note: () => {},
    train: async (id, { provenance }) => {
      began ??= process.cpuUsage();
      await sendRun(redis, keysOf("bench"), id, runText(provenance, run(provenance.variant, provenance.seed)));
      return true;
    },
  });
  process.stdout.write(JSON.stringify({ served, ms: began === undefined ? 0 : cpuMs(began) }));
  process.exit();
}

function startWorker() {
  const args = [process.argv[1], "worker", ...(values.small ? ["--small"] : [])];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  let said = "";
  child.stdout.on("data", (chunk) => {
    said += chunk;
  });
  const ended = new Promise((resolve) => child.on("exit", resolve));
  return async () => {
    child.kill("SIGTERM");
    await ended;
    return JSON.parse(said);
  };
}

async function measure(jobs, workers) {
  const folder = mkdtempSync(join(tmpdir(), "hadamask-queue-"));
  const options = ["--port", String(PORT), "--dir", folder, "--save", "", "--appendonly", "yes"];
  const server = spawn("redis-server", options, { stdio: "ignore" });
  const redis = new Redis(PORT, { maxRetriesPerRequest: null });
  redis.on("error", () => {}); // until it is there
  await redis.ping();
  const data = await loadDataset("optdigits");
  const variants = Array.from({ length: jobs / 1000 }, (_, i) => `bernoulli:${(i + 1) / 1000}`);
  const request = withDefaults({ variants, seeds: 1000, trainSize: [100], validation: 0 });
  const plan = planOf(gridOf(request, [data]).cells);
  const stops = Array.from({ length: workers }, startWorker);
  /** @type {number[]} */
  const heap = [];
  /** @type {number[]} */
  const resident = [];
  let done = 0;
  let bytes;
  let first;
  let last;
  const began = process.cpuUsage();
  await coordinate(
    plan,
    Array.from({ length: plan.total }, (_, i) => i),
    {
      ...{ url, name: "bench", out: folder, command: "", variantFiles: [], attempts: 3, mostBytes: 1e6 },
      ...{ lockMs: 60_000, checkpointMs: 1e9, signal: new AbortController().signal, note: console.error },
      sources: [{ data, asked: { what: "optdigits" } }],
      onRun: () => {
        done++;
        last = performance.now();
        first ??= last;
        if (done === 100) bytes = sizes(redis);
        if (done % (jobs / 10) !== 0) return;
        globalThis.gc?.();
        const { heapUsed, rss } = process.memoryUsage();
        heap.push(Math.round(heapUsed / 1e5) / 10);
        resident.push(Math.round(rss / 1e6));
        console.error(`${done} of ${jobs}`);
      },
      onFailure: (_, reason) => console.error(reason),
    },
  );
  const coordinator = cpuMs(began);
  const info = await redis.info("cpu");
  const said = await Promise.all(stops.map((stop) => stop()));
  const cpuOf = (name) => 1000 * Number(new RegExp(`${name}:(\\S+)`).exec(info)?.[1]);
  const perJob = (ms) => Number((ms / jobs).toFixed(3));
  server.kill();
  redis.disconnect();
  rmSync(folder, { recursive: true, force: true });
  return {
    ...{ workers, jobs, runsPerSecond: Math.round((1000 * (jobs - 1)) / (last - first)) },
    servedBy: said.map(({ served }) => served),
    cpuMsPerJob: {
      redis: perJob(cpuOf("used_cpu_user") + cpuOf("used_cpu_sys")),
      coordinator: perJob(coordinator),
      worker: perJob(said.reduce((sum, { ms }) => sum + ms, 0)),
    },
    bytesPerJob: await bytes,
    coordinatorHeapMB: heap,
    coordinatorResidentMB: resident,
  };
}

/** Of a job that waits, and of a run on its way. */
async function sizes(redis) {
  const id = await redis.lindex("bull:hadamask-bench:wait", 0);
  const results = await redis.keys("hadamask:bench:result:*");
  return {
    job: id === null ? undefined : await redis.memory("USAGE", `bull:hadamask-bench:${id}`),
    run: results.length === 0 ? undefined : await redis.strlen(results[0]),
  };
}

async function all() {
  const jobs = Number(positionals[0] ?? 2000);
  const about = {
    command: ["node --expose-gc bench/queue.mjs", ...process.argv.slice(2).filter((word) => word !== "--docs")].join(
      " ",
    ),
    cpu: `${cpus().length} × ${cpus()[0].model.trim()}`,
    node: process.versions.node,
  };
  const results = [];
  for (const count of values.workers.split(",").map(Number)) results.push(await measure(jobs, count));
  const part = { ...about, results };
  console.log(JSON.stringify(part, null, 2));
  if (values.docs) {
    const saved = JSON.parse(readFileSync(FILE, "utf8"));
    const { cost, many } = saved;
    const next = values.small ? { cost, many: part } : { cost: part, many };
    writeFileSync(FILE, `${JSON.stringify(next, null, 2)}\n`);
  }
  process.exit();
}

await (positionals[0] === "worker" ? work() : all());
