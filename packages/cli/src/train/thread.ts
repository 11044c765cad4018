// One training thread: trains a run at a time, with jax-js in a memory of its own. Knows no comparison and no file.

import { Worker } from "node:worker_threads";
import type { Checkpoint, TrainedRun } from "@hadamask/experiments";
import type { Dataset, RunSettings } from "@hadamask/experiments/settings";
import { Failure } from "../failure.js";

export interface RunTask {
  readonly variant: string;
  readonly seed: number;
}

/** A run to train, and where to go on with it. */
export interface Order {
  /** Goes to a thread without a copy where its arrays are shared: see shareDataset. */
  readonly data: Dataset;
  readonly settings: RunSettings;
  readonly task: RunTask;
  readonly from?: Checkpoint;
  /** Where it holds anything but 0 the run is left, after a last checkpoint. */
  readonly stop?: Int32Array;
}

/** What all runs of a thread share. */
export interface ThreadData {
  /** Modules with variants of the user's own. */
  readonly variantFiles: readonly string[];
  /** Time between two checkpoints of a run. */
  readonly checkpointMs: number;
  /** Whether what the networks learned is kept; yes by default. */
  readonly keepsWeights?: boolean;
}

export type FromThread =
  | { readonly kind: "epoch"; readonly done: number; readonly of: number }
  | { readonly kind: "checkpoint"; readonly checkpoint: Checkpoint }
  | { readonly kind: "run"; readonly run: TrainedRun }
  | { readonly kind: "stopped" };

export interface RunTold {
  /** An epoch has ended: `done` of `of`. */
  onEpoch?(done: number, of: number): void;
  onCheckpoint?(checkpoint: Checkpoint): void;
}

export interface TrainingThread {
  /** The run; undefined where it was stopped. Rejects where the thread fails: nothing can be trained on it then. */
  train(order: Order, told: RunTold): Promise<TrainedRun | undefined>;
  end(): Promise<void>;
}

/** Runs after which a thread should make way for a fresh one: jax-js keeps some memory of every run. */
export const RUNS_PER_THREAD = 8;

interface Current {
  readonly told: RunTold;
  resolve(run: TrainedRun | undefined): void;
  reject(error: unknown): void;
}

/** A sentence where a thread ended because its memory did. */
function memoryFailure(error: Error & { readonly code?: unknown }): Failure | undefined {
  if (error.code !== "ERR_WORKER_OUT_OF_MEMORY" && !/allocation failed/i.test(error.message)) return undefined;
  return new Failure(
    "train: a training thread has not enough memory; a smaller --hidden, or fewer --threads, may help",
    {
      cause: error,
    },
  );
}

export function startThread(workerData: ThreadData): TrainingThread {
  const worker = new Worker(new URL("./worker.js", import.meta.url), { workerData });
  let current: Current | undefined;
  let failure: { readonly error: unknown } | undefined;
  const fail = (error: unknown): void => {
    failure ??= { error };
    current?.reject(error);
  };
  worker.on("error", (error) => fail(memoryFailure(error) ?? error));
  worker.on("exit", (code) => fail(new Failure(`train: a training thread ended early, with exit code ${code}`)));
  worker.on("message", (message: FromThread) => {
    try {
      if (message.kind === "epoch") current?.told.onEpoch?.(message.done, message.of);
      if (message.kind === "checkpoint") current?.told.onCheckpoint?.(message.checkpoint);
    } catch (error) {
      current?.reject(error);
    }
    if (message.kind === "run") current?.resolve(message.run);
    if (message.kind === "stopped") current?.resolve(undefined);
  });
  return {
    train: (order, told) =>
      new Promise((resolve, reject) => {
        if (failure !== undefined) return reject(failure.error);
        current = { told, resolve, reject };
        worker.postMessage(order);
      }),
    async end() {
      worker.removeAllListeners("exit"); // it ends early on purpose
      await worker.terminate();
    },
  };
}
