// Trains the runs of a sweep on the threads of this machine.

import { type Dataset, shareDataset } from "@hadamask/experiments/settings";
import { loadCheckpoint, removeCheckpoint, saveCheckpoint } from "../train/checkpoint-file.js";
import { saveRun } from "../train/run-file.js";
import type { Order } from "../train/thread.js";
import { trainAll } from "../train/workers.js";
import { folderOf, type Plan, type PlannedRun, provenanceOfRun } from "./plan.js";

export interface LocalOptions {
  readonly out: string;
  readonly threads: number;
  readonly variantFiles: readonly string[];
  readonly checkpointMs: number;
  onRun(run: PlannedRun, testError: number): void;
  onFailure(run: PlannedRun, reason: string): void;
}

interface SweepOrder extends Order {
  readonly run: PlannedRun;
}

/** Trains the runs of these indices. One that fails is told of, and the others go on. */
export async function trainHere(plan: Plan, indices: readonly number[], options: LocalOptions): Promise<void> {
  const { out, threads, variantFiles, checkpointMs } = options;
  const shared = new Map<Dataset, Dataset>();
  const share = (data: Dataset): Dataset => {
    if (!shared.has(data)) shared.set(data, threads === 0 ? data : shareDataset(data));
    return shared.get(data)!;
  };
  function* orders(): Generator<SweepOrder> {
    for (const index of indices) {
      const run = plan.at(index);
      const { cell, variant, seed } = run;
      const saved = loadCheckpoint(folderOf(out, run), provenanceOfRun(run));
      const from = saved !== undefined && "checkpoint" in saved ? saved.checkpoint : undefined; // altered: begins anew
      yield { run, data: share(cell.data), settings: cell.settings, task: { variant, seed }, ...(from && { from }) };
    }
  }
  await trainAll<SweepOrder>({ variantFiles, checkpointMs, keepsWeights: false }, orders(), threads, {
    onEpoch: () => {},
    onCheckpoint: ({ run }, checkpoint) => saveCheckpoint(folderOf(out, run), provenanceOfRun(run), checkpoint),
    onRun: ({ run }, trained) => {
      saveRun(folderOf(out, run), provenanceOfRun(run), trained);
      removeCheckpoint(folderOf(out, run), provenanceOfRun(run));
      options.onRun(run, trained.testError.at(-1)!);
    },
    onFailure: ({ run }, error) => options.onFailure(run, reasonOfFailure(error)),
  });
}

/** The first line of what went wrong. */
const reasonOfFailure = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).split("\n")[0]!;
