// The side of the queue that trains: takes jobs, has each trained, and hands them back where it cannot end them.

import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import type { Job } from "bullmq";
import { type Admitted, admitter } from "./admit.js";
import type { JobData } from "./job.js";
import { checkName, keysOf, queueName } from "./keys.js";
import { tellOfLosses } from "./losses.js";
import { sayPresent } from "./presence.js";
import { connectQueue } from "./redis.js";
import { seatsFor } from "./seats.js";
import { jobTrainer, type TrainJob } from "./training.js";
import { readAddress } from "./url.js";

export interface ServeOptions {
  readonly url: string;
  /** Of the sweep. */
  readonly name: string;
  /** What it is called in lists. */
  readonly as: string;
  readonly concurrency: number;
  /** How long it may be silent before its runs go to others. */
  readonly lockMs: number;
  /** Ends when there was nothing to do for so long; undefined: never. */
  readonly idleMs: number | undefined;
  /** Ends it; its runs are handed back. */
  readonly signal: AbortSignal;
  note(line: string): void;
  /** It is connected. */
  onReady?(): void;
  /** Instead of training. */
  readonly train?: TrainJob;
}

/** Looks for runs of workers that went silent: so often within the time that they may be silent. */
const LOOKS = 2;
/** How often a run may lose its worker before it is given up: it may be the run that kills them. */
const MOST_STALLED = 5;
/** After a lost connection. */
const RETRY_MS = 1000;
/** How long handing back may take before the process ends without. */
const GIVE_UP_MS = 10_000;

/** Trains jobs until it is told to end. @returns How many it trained. @throws {Failure} If it must refuse one. */
export async function serve(options: ServeOptions): Promise<number> {
  const { name, concurrency, lockMs, note, signal } = options;
  const address = readAddress("worker: --queue", options.url);
  const keys = keysOf(checkName("worker", name));
  const { bullmq, open } = await connectQueue("worker", address);
  const [redis, jobs] = [open(), open()];
  const forget = tellOfLosses(redis, `worker: the queue at ${address.shown}`, note);
  const seats = seatsFor();
  const admit = admitter(redis, keys);
  const train = options.train ?? jobTrainer(redis, keys, seats, note);
  const active = new Map<string, { readonly stop: Int32Array; readonly title: string }>();
  let [done, lastActive] = [0, performance.now()];
  let refusal: { readonly error: unknown } | undefined;
  const ending = new AbortController();

  const process = async (job: Job<JobData>, token?: string): Promise<void> => {
    const id = job.id!;
    const handBack = async (): Promise<never> => {
      await job.moveToWait(token).catch(() => {}); // others have it already
      throw new bullmq.WaitingError();
    };
    if (ending.signal.aborted) return handBack();
    const stop = new Int32Array(new SharedArrayBuffer(4));
    active.set(id, { stop, title: job.name });
    try {
      if ((await redis.exists(keys.result(id))) === 1) return; // trained before; only its job was left
      let admitted: Admitted;
      try {
        admitted = await admit(job.data);
      } catch (error) {
        refusal ??= { error };
        ending.abort();
        return await handBack();
      }
      const begun = performance.now();
      if (!(await train(id, job.data, admitted, stop))) return await handBack();
      done++;
      note(`worker: ${job.name} done in ${((performance.now() - begun) / 1000).toFixed(1)} s`);
    } finally {
      active.delete(id);
      lastActive = performance.now();
    }
  };

  const worker = new bullmq.Worker<JobData>(queueName(name), process, {
    connection: jobs,
    name: options.as,
    concurrency,
    lockDuration: lockMs,
    stalledInterval: lockMs / LOOKS,
    maxStalledCount: MOST_STALLED,
    runRetryDelay: RETRY_MS,
    metrics: { maxDataPoints: 24 * 60 },
  });
  worker.on("error", () => {}); // connections are told of above, failed jobs below
  worker.on("failed", (job, error) => note(`worker: ${job?.name ?? "a run"} failed: ${error.message.split("\n")[0]}`));
  // Others have it, or it was cancelled.
  worker.on("lockRenewalFailed", (ids: string[]) => {
    for (const id of ids) if (active.has(id)) Atomics.store(active.get(id)!.stop, 0, 1);
  });
  const presence = sayPresent(redis, keys, randomUUID(), () => ({
    ...{ name: options.as, concurrency, done },
    training: [...active.values()].map(({ title }) => title),
  }));
  const idle = setInterval(() => {
    if (options.idleMs !== undefined && active.size === 0 && performance.now() - lastActive > options.idleMs) {
      ending.abort();
    }
  }, 250);
  try {
    options.onReady?.();
    await aborted(AbortSignal.any([signal, ending.signal]));
    ending.abort();
    for (const { stop } of active.values()) Atomics.store(stop, 0, 1);
    await Promise.race([worker.close(), after(GIVE_UP_MS)]);
  } finally {
    clearInterval(idle);
    forget();
    await Promise.race([presence.end().catch(() => {}), after(1000)]);
    await seats.end();
    for (const connection of [redis, jobs]) connection.disconnect();
  }
  if (refusal !== undefined) throw refusal.error;
  return done;
}

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });

const after = (ms: number): Promise<void> => pause(ms, undefined, { ref: false });
