// Several variants times several seeds: which runs there are, which are done already, and saving each as it ends.

import type { TrainedRun } from "@hadamask/experiments";
import { type ComparisonSettings, type Dataset, shareDataset, testRowCount } from "@hadamask/experiments/settings";
import { loadCheckpoint, removeCheckpoint, saveCheckpoint } from "./checkpoint-file.js";
import { checkNoOther, loadRun, type Provenance, provenanceOf, saveRun } from "./run-file.js";
import type { Order, RunTask } from "./thread.js";
import { trainAll } from "./workers.js";

export interface CompareOptions {
  /** Folder of the saved runs. */
  readonly folder: string;
  /** Whether runs that are saved there already are taken as they are. */
  readonly isResumed: boolean;
  readonly threads: number;
  /** Whether runs of other settings may be replaced. */
  readonly isForced?: boolean;
  /** Modules with variants of the user's own. */
  readonly variantFiles?: readonly string[];
  /** Time between two checkpoints of a run; two minutes by default. */
  readonly checkpointMs?: number;
  /** Told in a sentence of each saved run that cannot be used. */
  readonly onDamaged?: (sentence: string) => void;
  /** Called before training with the number of runs that are done already. */
  readonly onStart?: (found: number) => void;
  readonly onEpoch?: (task: RunTask, done: number, of: number) => void;
  readonly onRun?: (run: TrainedRun) => void;
  /** Whether saved runs have to hold what the networks learned. */
  readonly needsWeights?: boolean;
}

/**
 * Trains every variant with every seed. A run is saved as soon as it ends, and on the way every so often, so that
 * whatever stops the program costs at most that; with `isResumed` the next call goes on from there, with the same
 * numbers.
 *
 * @returns The runs, ordered by variant, then seed.
 * @throws {UsageError} If a saved run was made with other settings: it is never replaced unasked.
 */
export async function compare(
  data: Dataset,
  settings: ComparisonSettings,
  options: CompareOptions,
): Promise<TrainedRun[]> {
  const { folder, variantFiles = [], checkpointMs = CHECKPOINT_MS } = options;
  const common = provenanceOf(data, settings, variantFiles);
  const provenanceOfTask = ({ variant, seed }: RunTask): Provenance => ({ ...common, variant, seed });
  const runs = new Map<string, TrainedRun>();
  const keyOf = ({ variant, seed }: RunTask): string => `${seed} ${variant}`;
  // Seed by seed, so that what is done when it is stopped can be compared.
  const tasks = settings.seeds.flatMap((seed) => settings.variants.map((variant) => ({ variant, seed })));
  for (const task of tasks) {
    if (!options.isResumed) {
      if (options.isForced !== true) checkNoOther(folder, provenanceOfTask(task));
      continue;
    }
    const testRows = testRowCount(data, settings.design, task.seed);
    const needsWeights = options.needsWeights === true;
    const saved = loadRun(folder, { provenance: provenanceOfTask(task), testRows, needsWeights });
    if (saved === undefined) continue;
    if ("run" in saved) runs.set(keyOf(task), saved.run);
    else options.onDamaged?.(`${saved.damage}; it is trained again`);
  }
  options.onStart?.(runs.size);
  const shared = options.threads === 0 ? data : shareDataset(data);
  const orders = tasks
    .filter((task) => !runs.has(keyOf(task)))
    .map((task): Order => {
      const saved = options.isResumed ? loadCheckpoint(folder, provenanceOfTask(task)) : undefined;
      if (saved !== undefined && "damage" in saved) options.onDamaged?.(`${saved.damage}; the run begins anew`);
      const from = saved !== undefined && "checkpoint" in saved ? saved.checkpoint : undefined;
      return { data: shared, settings, task, ...(from && { from }) };
    });
  await trainAll({ variantFiles, checkpointMs }, orders, options.threads, {
    onEpoch: ({ task }, done, of) => options.onEpoch?.(task, done, of),
    onCheckpoint: ({ task }, checkpoint) => saveCheckpoint(folder, provenanceOfTask(task), checkpoint),
    onRun: (_, run) => {
      saveRun(folder, provenanceOfTask(run), run);
      removeCheckpoint(folder, provenanceOfTask(run));
      runs.set(keyOf(run), run);
      options.onRun?.(run);
    },
  });
  return settings.variants.flatMap((variant) => settings.seeds.map((seed) => runs.get(keyOf({ variant, seed }))!));
}

/** Time between two checkpoints where nobody says another. */
const CHECKPOINT_MS = 120_000;
