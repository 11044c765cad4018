// Trains many runs on several threads. Which thread trains which run, and in what order they end, changes no number.

import { Worker } from "node:worker_threads";
import type { TrainedRun } from "@hadamask/experiments";
import { type Dataset, type RunSettings, shareDataset } from "@hadamask/experiments/settings";
import { Failure } from "../failure.js";

export interface RunTask {
  readonly variant: string;
  readonly seed: number;
}

export interface PoolEvents {
  /** An epoch of a run has ended: `done` of `of`. */
  onEpoch(task: RunTask, done: number, of: number): void;
  onRun(run: TrainedRun): void;
}

export interface WorkerData {
  readonly data: Dataset;
  readonly settings: RunSettings;
}

export type FromWorker =
  | { readonly kind: "ready" }
  | { readonly kind: "epoch"; readonly task: RunTask; readonly done: number; readonly of: number }
  | { readonly kind: "run"; readonly run: TrainedRun };

/** @param threads 0 trains on the calling thread, which hears nothing else meanwhile. */
export async function trainAll(
  data: Dataset,
  settings: RunSettings,
  tasks: readonly RunTask[],
  threads: number,
  events: PoolEvents,
): Promise<void> {
  if (threads === 0) {
    const { trainRun } = await import("@hadamask/experiments");
    for (const task of tasks) {
      events.onRun(
        trainRun(data, settings, task.variant, task.seed, { onEpoch: (done, of) => events.onEpoch(task, done, of) }),
      );
    }
    return;
  }
  const waiting = [...tasks];
  const workerData: WorkerData = { data: shareDataset(data), settings };
  const workers: Worker[] = [];
  const count = Math.min(threads, tasks.length);
  try {
    await Promise.all(Array.from({ length: count }, () => serve(workerData, workers, waiting, events)));
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
}

/**
 * Starts one worker and gives it a run whenever it has none; resolves when none is left, rejects when the worker
 * fails.
 */
function serve(workerData: WorkerData, workers: Worker[], waiting: RunTask[], events: PoolEvents): Promise<void> {
  const worker = new Worker(new URL("./worker.js", import.meta.url), { workerData });
  workers.push(worker);
  return new Promise((resolve, reject) => {
    worker.on("error", reject);
    worker.on("exit", (code) => reject(new Failure(`train: a training thread ended early, with exit code ${code}`)));
    worker.on("message", (message: FromWorker) => {
      try {
        if (message.kind === "epoch") events.onEpoch(message.task, message.done, message.of);
        if (message.kind === "run") events.onRun(message.run);
      } catch (error) {
        reject(error);
        return;
      }
      if (message.kind === "epoch") return;
      const next = waiting.shift();
      if (next === undefined) resolve();
      else worker.postMessage(next);
    });
  });
}
