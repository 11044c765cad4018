// Splits on several threads. Which thread runs which, and in what order they end, changes no number.

import { Worker } from "node:worker_threads";
import {
  type ProtocolSettings,
  type RegressionSet,
  type RegressionTable,
  runSplit,
  type SplitResult,
} from "@hadamask/experiments/reproduce";
import { Failure } from "../../failure.js";

/** One split to run. Tables are shared between threads. */
export interface SplitTask {
  readonly set: RegressionSet;
  readonly table: RegressionTable;
  readonly split: number;
  readonly settings: ProtocolSettings;
}

export interface SplitEvents {
  /** A share of the networks of a split is trained. */
  onShare(task: SplitTask, share: number): void;
  onResult(task: SplitTask, result: SplitResult): void;
}

export type FromSplitWorker =
  | { readonly kind: "ready" }
  | { readonly kind: "share"; readonly share: number }
  | { readonly kind: "result"; readonly result: SplitResult };

/** @param threads 0 runs on the calling thread, which hears nothing else meanwhile. */
export async function runSplits(tasks: readonly SplitTask[], threads: number, events: SplitEvents): Promise<void> {
  if (threads === 0) {
    for (const task of tasks)
      events.onResult(
        task,
        runTask(task, (share) => events.onShare(task, share)),
      );
    return;
  }
  const waiting = [...tasks];
  const workers: Worker[] = [];
  try {
    await Promise.all(
      Array.from({ length: Math.min(threads, tasks.length) }, () => {
        const worker = new Worker(new URL("./worker.js", import.meta.url));
        workers.push(worker);
        return serve(worker, waiting, events);
      }),
    );
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
}

export const runTask = ({ table, set, split, settings }: SplitTask, onShare: (share: number) => void): SplitResult =>
  runSplit(table, set, split, settings, (done, of) => onShare(done / of));

/** Gives a worker a task whenever it has none; resolves when none is left, rejects when it fails. */
function serve(worker: Worker, waiting: SplitTask[], events: SplitEvents): Promise<void> {
  let task: SplitTask | undefined;
  return new Promise((resolve, reject) => {
    worker.on("error", reject);
    worker.on("exit", (code) => reject(new Failure(`reproduce: a thread ended early, with exit code ${code}`)));
    worker.on("message", (message: FromSplitWorker) => {
      try {
        if (message.kind === "share") return events.onShare(task!, message.share);
        if (message.kind === "result") events.onResult(task!, message.result);
      } catch (error) {
        return reject(error);
      }
      task = waiting.shift();
      if (task === undefined) resolve();
      else worker.postMessage(task);
    });
  });
}
