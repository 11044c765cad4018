// node bench/queue.mjs [JOBS] [--docs]: what the queue of a sweep costs beside the training, with jobs that train
// nothing. Starts a Redis of its own. Processor time, not time on the clock: it says what one core of each can carry,
// on a busy machine too. --docs writes docs/sweeps.json.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
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

const PORT = 7399;
const TEST_ROWS = 539; // of optdigits
const url = `redis://127.0.0.1:${PORT}`;
const jobs = Number(process.argv.find((word) => /^\d+$/.test(word)) ?? 2000);

/** As large as the run of a network on optdigits that is asked once, at the end. */
const run = (variant, seed) => ({
  ...{ variant, seed, trainLoss: Array.from({ length: 200 }, () => Math.random()), epochs: [200], testNll: [1] },
  ...{ testError: [0.5], trainError: 0.5, seconds: 0, secondsPerEpoch: 0, weights: [] },
  predictions: {
    label: Uint16Array.from({ length: TEST_ROWS }, () => 10 * Math.random()),
    predicted: Uint16Array.from({ length: TEST_ROWS }, () => 10 * Math.random()),
    confidence: Float32Array.from({ length: TEST_ROWS }, Math.random),
    nll: Float32Array.from({ length: TEST_ROWS }, Math.random),
  },
});

async function work() {
  const redis = new Redis(PORT, { maxRetriesPerRequest: null });
  const stop = new AbortController();
  process.on("SIGTERM", () => stop.abort());
  await serve({
    ...{ url, name: "bench", as: "bench", concurrency: 20, lockMs: 60_000, idleMs: undefined, signal: stop.signal },
    note: () => {},
    train: async (id, { provenance }) => {
      await sendRun(redis, keysOf("bench"), id, runText(provenance, run(provenance.variant, provenance.seed)));
      return true;
    },
  });
  const { user, system } = process.cpuUsage();
  console.log((user + system) / 1000);
  process.exit();
}

async function measure() {
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
  const worker = spawn(process.execPath, [process.argv[1], "worker"], { stdio: ["ignore", "pipe", "inherit"] });
  let said = "";
  worker.stdout.on("data", (chunk) => {
    said += chunk;
  });
  const heap = [];
  let done = 0;
  let bytes;
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
        if (done === 100) bytes = sizes(redis);
        if (done % (jobs / 10) !== 0) return;
        globalThis.gc?.();
        heap.push(Math.round(process.memoryUsage().heapUsed / 1e5) / 10);
      },
      onFailure: (_, reason) => console.error(reason),
    },
  );
  const { user, system } = process.cpuUsage(began);
  const info = await redis.info("cpu");
  const ended = new Promise((resolve) => worker.on("exit", resolve));
  worker.kill("SIGTERM");
  await ended;
  const cpuOf = (name) => 1000 * Number(new RegExp(`${name}:(\\S+)`).exec(info)?.[1]);
  const perJob = (ms) => Number((ms / jobs).toFixed(3));
  const result = {
    ...{ jobs, cpu: `${cpus().length} × ${cpus()[0].model.trim()}`, node: process.versions.node },
    command: `node --expose-gc bench/queue.mjs ${jobs}`,
    cpuMsPerJob: {
      redis: perJob(cpuOf("used_cpu_user") + cpuOf("used_cpu_sys")),
      coordinator: perJob((user + system) / 1000),
      worker: perJob(Number(said)),
    },
    bytesPerJob: await bytes,
    coordinatorHeapMB: heap,
  };
  server.kill();
  rmSync(folder, { recursive: true, force: true });
  const text = `${JSON.stringify(result, null, 2)}\n`;
  console.log(text);
  if (process.argv.includes("--docs")) writeFileSync(new URL("../docs/sweeps.json", import.meta.url), text);
  process.exit();
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

await (process.argv[2] === "worker" ? work() : measure());
