// Several variants times several seeds: which runs there are, which are done already, and saving each as it ends.

import type { TrainedRun } from "@hadamask/experiments";
import { type ComparisonSettings, chooseRows, type Dataset } from "@hadamask/experiments/settings";
import { loadRun, provenanceOf, saveRun } from "./run-file.js";
import { type PoolEvents, type RunTask, trainAll } from "./workers.js";

export interface CompareOptions extends Partial<PoolEvents> {
  /** Folder of the saved runs. */
  readonly folder: string;
  /** Whether runs that are saved there already are taken as they are. */
  readonly isResumed: boolean;
  readonly threads: number;
  /** Told in a sentence of each saved run that cannot be used. */
  readonly onDamaged?: (sentence: string) => void;
  /** Called before training with the number of runs that are done already. */
  readonly onStart?: (found: number) => void;
}

/**
 * Trains every variant with every seed. A run is saved as soon as it ends, so that whatever stops the program costs
 * at most the runs that are in training; with `isResumed` the next call goes on from there, with the same numbers.
 *
 * @returns The runs, ordered by variant, then seed.
 * @throws {UsageError} If a saved run was made with other settings.
 */
export async function compare(
  data: Dataset,
  settings: ComparisonSettings,
  options: CompareOptions,
): Promise<TrainedRun[]> {
  const provenance = provenanceOf(data, settings);
  const runs = new Map<string, TrainedRun>();
  const keyOf = ({ variant, seed }: RunTask): string => `${seed} ${variant}`;
  // Seed by seed, so that what is done when it is stopped can be compared.
  const tasks = settings.seeds.flatMap((seed) => settings.variants.map((variant) => ({ variant, seed })));
  if (options.isResumed) {
    for (const task of tasks) {
      const { test } = chooseRows(data, settings.design, settings.trainRows, task.seed);
      const testRows = test?.length ?? data.test!.rows;
      const saved = loadRun(options.folder, { provenance: { ...provenance, ...task }, testRows });
      if (saved === undefined) continue;
      if ("run" in saved) runs.set(keyOf(task), saved.run);
      else options.onDamaged?.(`${saved.damage}; it is trained again`);
    }
  }
  options.onStart?.(runs.size);
  const missing = tasks.filter((task) => !runs.has(keyOf(task)));
  await trainAll(data, settings, missing, options.threads, {
    onEpoch: (task, done, of) => options.onEpoch?.(task, done, of),
    onRun: (run) => {
      saveRun(options.folder, { ...provenance, variant: run.variant, seed: run.seed }, run);
      runs.set(keyOf(run), run);
      options.onRun?.(run);
    },
  });
  return settings.variants.flatMap((variant) => settings.seeds.map((seed) => runs.get(keyOf({ variant, seed }))!));
}
