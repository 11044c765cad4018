// Many jobs that do nothing, in this process: each runs once however often it is put in, and the coordinator does not
// grow with them.

import { Queue } from "bullmq";
import { Redis } from "ioredis";
import { expect, test } from "vitest";
import type { TrainedRun } from "../../../experiments/src/training/run.js";
import { loadDataset } from "../../src/data/load.js";
import { gridOf } from "../../src/sweep/grid.js";
import { idOf, planOf, provenanceOfRun } from "../../src/sweep/plan.js";
import { coordinate } from "../../src/sweep/queue/coordinator.js";
import { keysOf } from "../../src/sweep/queue/keys.js";
import { sendRun } from "../../src/sweep/queue/training.js";
import { serve } from "../../src/sweep/queue/worker.js";
import { withDefaults } from "../../src/sweep/request.js";
import { runText } from "../../src/train/run-file.js";
import { testFolder } from "../support/folder.js";
import { noRedis, startRedis } from "../support/redis.js";

const path = testFolder();

/** A run as small as one can be. */
const nothing = (variant: string, seed: number): TrainedRun => ({
  ...{ variant, seed, trainLoss: [1], epochs: [1], testNll: [1], testError: [0.5], trainError: 0.5 },
  ...{ seconds: 0, secondsPerEpoch: 0, weights: [] },
  predictions: {
    label: new Uint16Array(1),
    predicted: new Uint16Array(1),
    confidence: new Float32Array(1),
    nll: new Float32Array(1),
  },
});

test.skipIf(noRedis !== undefined)("2,000 jobs, put in twice, are run once each", { timeout: 300_000 }, async () => {
  const data = await loadDataset("optdigits");
  const request = withDefaults({ variants: ["none", "bernoulli:0.5"], seeds: 1000, trainSize: [100], validation: 0 });
  const plan = planOf(gridOf(request, [data]).cells);
  expect(plan.total).toBe(2000);
  const server = await startRedis();
  const url = `redis://127.0.0.1:${server.port}`;
  const redis = new Redis(server.port, { maxRetriesPerRequest: null });
  const keys = keysOf("many");
  const times = new Map<string, number>();
  const stop = new AbortController();
  const silent = { url, name: "many", note: () => {} };
  let told = 0;
  const indices = Array.from({ length: plan.total }, (_, index) => index);
  const collected = coordinate(plan, indices, {
    ...{ ...silent, out: path("many"), command: "", variantFiles: [], attempts: 3, mostBytes: 1e6, lockMs: 30_000 },
    ...{ checkpointMs: 1e6, signal: stop.signal, sources: [{ data, asked: { what: "optdigits" } }] },
    onRun: () => void told++,
    onFailure: (run, reason) => expect.fail(`${run.variant}: ${reason}`),
  });
  try {
    const queue = new Queue("hadamask-many", { connection: redis });
    while ((await queue.getWaitingCount()) < 2000) await new Promise((resolve) => setTimeout(resolve, 20));
    const again = indices.slice(0, 500).map((index) => {
      const provenance = provenanceOfRun(plan.at(index));
      return { name: "again", data: {}, opts: { jobId: idOf(provenance) } };
    });
    await queue.addBulk(again);
    expect(await queue.getWaitingCount()).toBe(2000);
    const before = process.memoryUsage().heapUsed;
    let most = 0;
    const serving = serve({
      ...{ ...silent, as: "test", concurrency: 20, lockMs: 30_000, idleMs: undefined, signal: stop.signal },
      async train(id, { provenance }) {
        times.set(id, (times.get(id) ?? 0) + 1);
        most = Math.max(most, process.memoryUsage().heapUsed);
        await sendRun(redis, keys, id, runText(provenance, nothing(provenance.variant, provenance.seed)));
        return true;
      },
    });
    await collected;
    stop.abort();
    expect(await serving).toBe(2000);
    expect([told, times.size, Math.max(...times.values())]).toEqual([2000, 2000, 1]);
    // Worker and coordinator together, garbage included: less than a tenth of what 2,000 digits runs hold.
    expect((most - before) / 2 ** 20).toBeLessThan(100);
  } finally {
    stop.abort();
    redis.disconnect();
    await server.stop();
  }
});
