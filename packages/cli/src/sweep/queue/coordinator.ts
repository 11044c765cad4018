// The side of the queue that wants the runs: puts jobs in, takes results out, and puts in again what got lost. Whatever
// dies or is cut off on the way, each run ends up on disk once, with the same bits.

import { setTimeout as pause } from "node:timers/promises";
import type { Dataset } from "@hadamask/experiments/settings";
import type { Queue } from "bullmq";
import type { Redis } from "ioredis";
import { Failure } from "../../failure.js";
import { Damage, parseRunText, saveRunText } from "../../train/run-file.js";
import { decisiveVersions } from "../../train/versions.js";
import { folderOf, idOf, type Plan, type PlannedRun, provenanceOfRun, sumOf } from "../plan.js";
import type { DataAsked } from "../request.js";
import { publishData } from "./dataset.js";
import { type JobData, unpacked } from "./job.js";
import { checkName, type Keys, keysOf } from "./keys.js";
import { tellOfLosses } from "./losses.js";
import { own } from "./owner.js";
import { CANCELLED, planSum } from "./plan-key.js";
import { openQueue, removeSweep } from "./queue.js";
import { connectQueue } from "./redis.js";
import { readAddress } from "./url.js";

export interface CoordinateOptions {
  readonly url: string;
  readonly name: string;
  readonly out: string;
  readonly command: string;
  readonly variantFiles: readonly string[];
  /** How often a run is tried before it is given up. */
  readonly attempts: number;
  /** The data sets, and as what they were asked for. */
  readonly sources: readonly { readonly data: Dataset; readonly asked: DataAsked }[];
  /** The most bytes of a data set that are sent. */
  readonly mostBytes: number;
  /** How long this process may be silent before another may take its place. */
  readonly lockMs: number;
  /** Time between two checkpoints of a run. */
  readonly checkpointMs: number;
  /** Ends the collecting; what is queued stays. */
  readonly signal: AbortSignal;
  note(line: string): void;
  onRun(run: PlannedRun, testError: number): void;
  onFailure(run: PlannedRun, reason: string): void;
}

/** Jobs that are put in with one request. */
const BATCH = 500;
/** Results that are taken out with one request. */
const TAKEN = 64;
/** Time between two looks at an empty list of results. */
const POLL_MS = 200;
/** Between two looks at what failed, got lost or was cancelled. */
const CHECK_MS = 1000;

/** Has the runs of these indices trained by the workers of a queue; returns when each is saved or given up. */
export async function coordinate(plan: Plan, indices: readonly number[], options: CoordinateOptions): Promise<void> {
  const { name, lockMs, signal, note } = options;
  const address = readAddress("sweep: --queue", options.url);
  const keys = keysOf(checkName("sweep", name));
  const { bullmq, open } = await connectQueue("sweep", address);
  const redis = open();
  const queue = openQueue(bullmq, name, redis);
  const forget = tellOfLosses(redis, `sweep: the queue at ${address.shown}`, note);
  const ids = new Map<string, number>();
  for (const index of indices) ids.set(idOf(provenanceOfRun(plan.at(index))), index);
  const context: Context = { plan, pending: ids, redis, keys, queue, options };
  try {
    const ownership = await own(redis, keys, name, lockMs);
    const renewal = keepAlive(() => ownership.renew(), lockMs / 3);
    try {
      await claim(context);
      await queue.clean(0, Number.MAX_SAFE_INTEGER, "failed"); // they have another chance
      await publish(context);
      await collect(context, renewal);
      if (!signal.aborted) await removeSweep(queue, redis, keys);
    } finally {
      renewal.stop();
      await ownership.release();
    }
  } finally {
    forget();
    redis.disconnect();
  }
}

interface Context {
  readonly plan: Plan;
  /** Ids of runs that have not ended, with their index. */
  readonly pending: Map<string, number>;
  readonly redis: Redis;
  readonly keys: Keys;
  readonly queue: Queue<JobData>;
  readonly options: CoordinateOptions;
}

interface Renewal {
  /** Why it is over, once it is. */
  failure(): unknown;
  stop(): void;
}

function keepAlive(renew: () => Promise<void>, everyMs: number): Renewal {
  let failure: unknown;
  let isBusy = false;
  const timer = setInterval(() => {
    if (isBusy) return;
    isBusy = true;
    renew()
      .catch((error) => {
        failure = error;
      })
      .finally(() => {
        isBusy = false;
      });
  }, everyMs);
  return { failure: () => failure, stop: () => clearInterval(timer) };
}

/** @throws {Failure} If the name is that of another sweep that has not ended. */
async function claim({ plan, redis, keys, options }: Context): Promise<void> {
  const found = planSum(await redis.get(keys.plan));
  const mine = planSum(planText(plan, options))!;
  if (found !== undefined && found !== CANCELLED && found !== mine) {
    throw new Failure(
      `sweep: the queue has another sweep called ${options.name}; choose another --name, ` +
        `or remove it with hadamask sweep cancel --name ${options.name} and the same --queue`,
    );
  }
}

const planText = (plan: Plan, { command }: CoordinateOptions): string => {
  const cells = plan.cells.map(({ provenance, settings }) => [provenance, settings.variants, settings.seeds]);
  return JSON.stringify({ sum: sumOf(cells), total: plan.total, command });
};

/** Puts in all that workers need. What is there already stays as it is: jobs have their content as their name. */
async function publish(context: Context): Promise<void> {
  const { plan, pending, redis, keys, queue, options } = context;
  const { sources, mostBytes, variantFiles, checkpointMs, attempts, note, signal } = options;
  await redis.set(keys.plan, planText(plan, options));
  for (const source of sources) {
    if (await publishData(redis, keys, source, mostBytes)) continue;
    note(
      `sweep: ${source.data.name} is too large to be sent; every worker needs it at the same path, or a larger --send`,
    );
  }
  const versions = decisiveVersions();
  let batch: Parameters<typeof queue.addBulk>[0] = [];
  const flush = async (): Promise<void> => {
    await queue.addBulk(batch);
    batch = [];
  };
  for (const [id, index] of pending) {
    if (signal.aborted) return;
    const provenance = provenanceOfRun(plan.at(index));
    batch.push({
      name: `${provenance.variant}, seed ${provenance.seed}`,
      data: { provenance, versions, variantFiles, checkpointMs },
      // Kept ones would stand in the way of a run whose result got lost.
      opts: { jobId: id, attempts, removeOnComplete: true, backoff: { type: "fixed", delay: RETRY_MS } },
    });
    if (batch.length === BATCH) await flush();
  }
  if (batch.length > 0) await flush();
}

/** Before a run that failed is tried again. */
const RETRY_MS = 500;

async function collect(context: Context, renewal: Renewal): Promise<void> {
  const { pending, redis, keys, queue, options } = context;
  let checked = Number.NEGATIVE_INFINITY;
  let emptyLooks = 0;
  while (pending.size > 0 && !options.signal.aborted) {
    if (renewal.failure() !== undefined) throw renewal.failure();
    const isTaken = await takeResults(context);
    if (performance.now() - checked > CHECK_MS) {
      checked = performance.now();
      const sum = planSum(await redis.get(keys.plan));
      if (sum === CANCELLED)
        throw new Failure(`sweep: ${options.name} was cancelled; ${pending.size} runs are missing`);
      await takeFailures(context);
      // Redis may have lost what it had: then nothing is queued, and nothing will come.
      const isEmpty = !isTaken && (await jobsLeft(queue)) === 0;
      emptyLooks = isEmpty ? emptyLooks + 1 : 0;
      if (sum === undefined || emptyLooks >= 3) {
        options.note(`sweep: ${pending.size} runs got lost in the queue; they are put in again`);
        await publish(context);
        emptyLooks = 0;
      }
    }
    if (!isTaken) await pause(POLL_MS, undefined, { signal: options.signal }).catch(() => {});
  }
}

const jobsLeft = async (queue: Context["queue"]): Promise<number> =>
  Object.values(await queue.getJobCounts("waiting", "active", "delayed", "prioritized")).reduce(
    (sum, count) => sum + count,
    0,
  );

/** First onto the disk, then out of the queue: what stops in between is done twice, and gives the same file. */
async function takeResults({ plan, pending, redis, keys, options }: Context): Promise<boolean> {
  const ids = await redis.lrange(keys.done, 0, TAKEN - 1);
  if (ids.length === 0) return false;
  const results = await redis.mgetBuffer(...ids.map(keys.result));
  for (const [i, id] of ids.entries()) {
    const [index, bytes] = [pending.get(id), results[i]];
    if (index === undefined || !bytes) continue; // a second time, or of a sweep that is over
    const run = plan.at(index);
    const text = await textOf(bytes, id);
    if (text === undefined) continue; // its job is gone, so it will be missed and put in again
    saveRunText(folderOf(options.out, run), provenanceOfRun(run), text.text);
    pending.delete(id);
    options.onRun(run, text.testError);
  }
  await redis
    .multi()
    .ltrim(keys.done, ids.length, -1)
    .del(...ids.map(keys.result))
    .exec();
  return true;
}

/** The text of a run's file; undefined where it was altered, or is of another run than its id says. */
async function textOf(bytes: Buffer, id: string): Promise<{ text: string; testError: number } | undefined> {
  try {
    const text = (await unpacked(bytes)).toString();
    const { provenance, run } = parseRunText(text);
    return idOf(provenance) === id ? { text, testError: run.testError.at(-1)! } : undefined;
  } catch (error) {
    if (error instanceof Damage || (error as NodeJS.ErrnoException).code?.startsWith("Z_")) return undefined;
    throw error;
  }
}

/** Runs that were tried as often as they may be. */
async function takeFailures({ plan, pending, queue, options }: Context): Promise<void> {
  if ((await queue.getFailedCount()) === 0) return;
  for (let from = 0; ; from += BATCH) {
    const jobs = await queue.getFailed(from, from + BATCH - 1);
    for (const job of jobs) {
      const index = pending.get(job.id ?? "");
      if (index === undefined) continue;
      pending.delete(job.id!);
      options.onFailure(plan.at(index), (job.failedReason || "no reason was given").split("\n")[0]!);
    }
    if (jobs.length < BATCH) return;
  }
}
