// Trains many runs on several threads. Which thread trains which run, and in what order they end, changes no number.

import { Worker } from "node:worker_threads";
import type { Checkpoint, TrainedRun } from "@hadamask/experiments";
import { type Dataset, type RunSettings, shareDataset } from "@hadamask/experiments/settings";
import { Failure } from "../failure.js";
import { everySoOften } from "./so-often.js";

export interface RunTask {
  readonly variant: string;
  readonly seed: number;
}

/** A run to train, and where to go on with it. */
export interface Order {
  readonly task: RunTask;
  readonly from?: Checkpoint;
}

export interface PoolEvents {
  /** An epoch of a run has ended: `done` of `of`. */
  onEpoch(task: RunTask, done: number, of: number): void;
  onCheckpoint(task: RunTask, checkpoint: Checkpoint): void;
  onRun(run: TrainedRun): void;
}

/** What all runs share. */
export interface WorkerData {
  readonly data: Dataset;
  readonly settings: RunSettings;
  /** Modules with variants of the user's own. */
  readonly variantFiles: readonly string[];
  /** Time between two checkpoints of a run. */
  readonly checkpointMs: number;
}

export type FromWorker =
  | { readonly kind: "ready" }
  | { readonly kind: "epoch"; readonly task: RunTask; readonly done: number; readonly of: number }
  | { readonly kind: "checkpoint"; readonly task: RunTask; readonly checkpoint: Checkpoint }
  | { readonly kind: "run"; readonly run: TrainedRun };

/** Runs after which a thread makes way for a fresh one: jax-js keeps some memory of every run. */
const RUNS_PER_WORKER = 8;

/** @param threads 0 trains on the calling thread, which hears nothing else meanwhile. */
export async function trainAll(
  shared: WorkerData,
  orders: readonly Order[],
  threads: number,
  events: PoolEvents,
): Promise<void> {
  if (threads === 0) return trainHere(shared, orders, events);
  const waiting = [...orders];
  const workerData: WorkerData = { ...shared, data: shareDataset(shared.data) };
  const workers: Worker[] = [];
  const serveAll = async (): Promise<void> => {
    while (waiting.length > 0) await serve(workerData, workers, waiting, events);
  };
  try {
    await Promise.all(Array.from({ length: Math.min(threads, orders.length) }, serveAll));
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
}

async function trainHere(
  { data, settings, variantFiles, checkpointMs }: WorkerData,
  orders: readonly Order[],
  events: PoolEvents,
): Promise<void> {
  const { trainRun } = await import("@hadamask/experiments");
  const { loadVariants } = await import("./own-variants.js");
  const own = { variants: await loadVariants(variantFiles) };
  for (const { task, from } of orders) {
    const told = {
      onEpoch: (done: number, of: number) => events.onEpoch(task, done, of),
      onStep: everySoOften(checkpointMs, (checkpoint) => events.onCheckpoint(task, checkpoint)),
      ...(from && { from }),
    };
    events.onRun(trainRun(data, settings, task.variant, task.seed, told, own));
  }
}

/**
 * Starts one worker and gives it a run whenever it has none; resolves when none is left or it has trained enough of
 * them, rejects when the worker fails.
 */
function serve(workerData: WorkerData, workers: Worker[], waiting: Order[], events: PoolEvents): Promise<void> {
  const worker = new Worker(new URL("./worker.js", import.meta.url), { workerData });
  workers.push(worker);
  let left = RUNS_PER_WORKER;
  return new Promise((resolve, reject) => {
    worker.on("error", reject);
    worker.on("exit", (code) => reject(new Failure(`train: a training thread ended early, with exit code ${code}`)));
    worker.on("message", (message: FromWorker) => {
      try {
        if (message.kind === "epoch") events.onEpoch(message.task, message.done, message.of);
        if (message.kind === "checkpoint") events.onCheckpoint(message.task, message.checkpoint);
        if (message.kind === "run") events.onRun(message.run);
      } catch (error) {
        reject(error);
        return;
      }
      if (message.kind === "epoch" || message.kind === "checkpoint") return;
      const next = left-- > 0 ? waiting.shift() : undefined;
      if (next !== undefined) worker.postMessage(next);
      else {
        resolve(); // first: it ends early on purpose
        worker.terminate();
      }
    });
  });
}
