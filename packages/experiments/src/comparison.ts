// Several variants times several seeds, one after the other on the calling thread, and what came of it: for pages,
// workers and scripts. The command does the same with threads and files.

import type { Dataset } from "./data/dataset.js";
import { DEFAULT_MODEL, modelEntry } from "./models/spec.js";
import type { ComparisonResult } from "./result.js";
import { summarise } from "./statistics/summary.js";
import { checkRequest, settingsFor, type TrainRequest } from "./training/request.js";
import { type OwnParts, type RunEvents, type TrainedRun, trainRun } from "./training/run.js";

/** Who is asked and told on the way. */
export interface CompareEvents {
  /** A run is done; `left` are not yet. */
  onRun?(run: TrainedRun, left: number): void;
  /** An epoch of a run ended. */
  onEpoch?(task: { readonly variant: string; readonly seed: number }, done: number, of: number): void;
  /** Looked at between runs and after every epoch; what it has as its reason is thrown. */
  readonly signal?: AbortSignal;
  /** Runs that are done already, of the same data and settings: they are not trained again. */
  readonly runs?: readonly TrainedRun[];
  readonly own?: OwnParts;
  /** What made the comparison and with what, for the reader of the result. */
  readonly command?: string;
  readonly versions?: Readonly<Record<string, string>>;
}

/**
 * Trains every variant with every seed and says what came of it.
 *
 * Randomness. Every run depends on the data, the settings, its variant and its seed alone.
 * Numerics. The same numbers, but for times, as `hadamask train` gives for the same data and settings.
 * Cost. Blocks its thread for a run at a time and comes back to the event loop between runs: call it in a worker.
 *
 * @param request As the options of `hadamask train`; what is left out is chosen as there.
 * @throws {UsageError} If settings make no sense, or do not fit the data.
 * @example
 * ```ts
 * import { compare } from "@hadamask/experiments";
 * const features = Float32Array.from({ length: 400 }, (_, i) => Math.sin(12.9898 * i));
 * const labels = Uint16Array.from({ length: 200 }, (_, i) => (features[2 * i]! > 0 ? 1 : 0));
 * const pool = { rows: 200, features, labels };
 * const about = { name: "halves", description: "Points in two halves.", classes: ["left", "right"] };
 * const data = { ...about, featureCount: 2, scaling: 1, pool, defaultTrainRows: 30 };
 * const request = { variants: ["none", "bernoulli:0.2"], hidden: [16], epochs: 5, seeds: 2 };
 * const { comparison } = await compare(data, request);
 * console.log(comparison.variants.map(({ name }) => name).join()); // none,bernoulli:0.2
 * ```
 */
export async function compare(
  data: Dataset,
  request: Partial<TrainRequest> = {},
  events: CompareEvents = {},
): Promise<ComparisonResult> {
  const { onRun, onEpoch, signal, own = {}, command = "", versions = {} } = events;
  const full = withDefaults(request);
  checkRequest(full, own.variants);
  const settings = settingsFor(full, data);
  const tasks = settings.seeds.flatMap((seed) => settings.variants.map((variant) => ({ variant, seed })));
  const found = new Map((events.runs ?? []).map((run) => [`${run.seed} ${run.variant}`, run]));
  let left = tasks.filter(({ variant, seed }) => !found.has(`${seed} ${variant}`)).length;
  for (const task of tasks) {
    const name = `${task.seed} ${task.variant}`;
    if (found.has(name)) continue;
    await new Promise((resolve) => setTimeout(resolve)); // messages come through
    signal?.throwIfAborted();
    const told: RunEvents = {
      onEpoch(done, of) {
        onEpoch?.(task, done, of);
        signal?.throwIfAborted();
      },
    };
    const run = trainRun(data, settings, task.variant, task.seed, told, own);
    found.set(name, run);
    left--;
    onRun?.(run, left);
  }
  const runs = settings.variants.flatMap((variant) => settings.seeds.map((seed) => found.get(`${seed} ${variant}`)!));
  return summarise(runs, { data, settings, command, versions, ...(own.variants && { own: own.variants }) });
}

/** What the command's options are where nothing is said. */
export function withDefaults(request: Partial<TrainRequest>): TrainRequest {
  const model = request.model ?? DEFAULT_MODEL;
  return {
    inputRate: 0.1,
    seeds: 5,
    hidden: undefined,
    activation: undefined,
    ...request,
    variants: request.variants ?? modelEntry(model).variants,
    model,
  };
}
