// How far a sweep in the queue is, and how it is taken out again. Looks at Redis alone: any machine can ask.

import { Failure } from "../../failure.js";
import { checkName, keysOf } from "./keys.js";
import { CANCELLED, CANCELLED_S, readPlan } from "./plan-key.js";
import { presentWorkers, type WorkerInfo } from "./presence.js";
import { openQueue, removeSweep } from "./queue.js";
import { connectQueue } from "./redis.js";
import { readAddress } from "./url.js";

export interface SweepStatus {
  readonly name: string;
  readonly state: "none" | "running" | "cancelled";
  readonly command?: string;
  /** Runs of the whole sweep, those that were done before it came to the queue among them. */
  readonly total: number;
  readonly waiting: number;
  readonly training: number;
  /** Ended, and not collected yet. */
  readonly uncollected: number;
  readonly failed: number;
  /** Of the first of them. */
  readonly failures: readonly { readonly run: string; readonly reason: string }[];
  /** Whether a process collects the runs. */
  readonly isCollected: boolean;
  readonly workers: readonly WorkerInfo[];
}

const MOST_FAILURES = 20;

export async function sweepStatus(url: string, name: string): Promise<SweepStatus> {
  const keys = keysOf(checkName("sweep status", name));
  const { bullmq, open } = await connectQueue("sweep status", readAddress("sweep status: --queue", url));
  const redis = open();
  try {
    const queue = openQueue(bullmq, name, redis, { skipMetasUpdate: true });
    const plan = readPlan(await redis.get(keys.plan));
    const counts = await queue.getJobCounts("waiting", "active", "delayed", "prioritized", "failed");
    const failed = await queue.getFailed(0, MOST_FAILURES - 1);
    const info = plan === undefined || plan === CANCELLED ? undefined : plan;
    return {
      name,
      state: plan === CANCELLED ? "cancelled" : info === undefined ? "none" : "running",
      ...(info && { command: info.command }),
      total: info?.total ?? 0,
      waiting: (counts.waiting ?? 0) + (counts.delayed ?? 0) + (counts.prioritized ?? 0),
      training: counts.active ?? 0,
      uncollected: await redis.llen(keys.done),
      failed: counts.failed ?? 0,
      failures: failed.map((job) => ({ run: job.name, reason: (job.failedReason ?? "").split("\n")[0]! })),
      isCollected: (await redis.exists(keys.owner)) === 1,
      workers: await presentWorkers(redis, keys),
    };
  } finally {
    redis.disconnect();
  }
}

/** Takes a sweep out of the queue. Its workers leave what they are training. @throws {Failure} If there is none. */
export async function cancelSweep(url: string, name: string): Promise<number> {
  const keys = keysOf(checkName("sweep cancel", name));
  const address = readAddress("sweep cancel: --queue", url);
  const { bullmq, open } = await connectQueue("sweep cancel", address);
  const redis = open();
  try {
    const queue = openQueue(bullmq, name, redis);
    const plan = readPlan(await redis.get(keys.plan));
    const counts = await queue.getJobCounts("waiting", "active", "delayed", "failed");
    const jobs = Object.values(counts).reduce((sum, count) => sum + count, 0);
    if ((plan === undefined || plan === CANCELLED) && jobs === 0) {
      throw new Failure(`sweep cancel: the queue at ${address.shown} has no sweep called ${name}`);
    }
    await removeSweep(queue, redis, keys);
    await redis.set(keys.plan, CANCELLED, "EX", CANCELLED_S);
    return jobs;
  } finally {
    redis.disconnect();
  }
}
