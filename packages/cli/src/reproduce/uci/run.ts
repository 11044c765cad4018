// `hadamask reproduce uci`: which splits there are, which are done already, and what came of them.

import { join } from "node:path";
import {
  type ProtocolSettings,
  type PublishedSet,
  REGRESSION_SETS,
  type RegressionSet,
  type SetName,
  type SetRow,
  type SplitResult,
  setRow,
} from "@hadamask/experiments/reproduce";
import type { DownloadProgress } from "../../data/download.js";
import { type LoadedSet, loadSet } from "./load.js";
import { readPublished } from "./published.js";
import { loadSplit, type SplitProvenance, saveSplit } from "./split-file.js";
import { runSplits, type SplitTask } from "./workers.js";

export interface UciOptions {
  /** Folder of the data; downloaded where there is none. */
  readonly data?: string;
  readonly sets: readonly SetName[];
  /** The first splits of each set; all by default. */
  readonly splits?: number;
  /** By default "full" for sets of fewer than {@link LARGE_SET} rows, and "rates" for others. */
  readonly grid?: ProtocolSettings["grid"];
  readonly settings: Omit<ProtocolSettings, "grid">;
  readonly threads: number;
  /** Folder of the saved splits. */
  readonly folder: string;
}

export interface UciEvents {
  readonly onDownload: DownloadProgress;
  /** A set has other numbers than the published results are of, or a saved split cannot be used. */
  onNote(sentence: string): void;
  /** Before the first split: how many of how many are done already, and what there is to do, to no unit. */
  onStart(found: number, of: number, work: number): void;
  onWork(done: number, what: string): void;
  onSplit(result: SplitResult): void;
}

const LARGE_SET = 2000;

export const gridOf = ({ rows }: RegressionSet): ProtocolSettings["grid"] => (rows < LARGE_SET ? "full" : "rates");

/** Networks times what one costs. */
const workOf = ({ rows, inputs, hidden, epochs, rates, precisions }: RegressionSet, grid: string): number =>
  rows * (inputs + 2) * hidden * epochs * (rates.length * (grid === "full" ? precisions.length : 1) + 1);

/** @returns A row for each set, in the order of the table. */
export async function reproduceUci(options: UciOptions, events: UciEvents): Promise<SetRow[]> {
  const { folder, sets, threads } = options;
  const published = readPublished();
  const jobs: (LoadedSet & { readonly settings: ProtocolSettings; readonly of: PublishedSet | undefined })[] = [];
  for (const set of REGRESSION_SETS.filter(({ name }) => sets.includes(name))) {
    const loaded = await loadSet(set, options.data, events.onDownload);
    if (!loaded.isPublished) {
      events.onNote(
        `${set.name}: the numbers are not those that the published results are of; nothing is compared with them`,
      );
    }
    const settings: ProtocolSettings = { ...options.settings, grid: options.grid ?? gridOf(set) };
    jobs.push({ ...loaded, settings, of: loaded.isPublished ? published.sets[set.name] : undefined });
  }
  const results = new Map<string, SplitResult>();
  const tasks: (SplitTask & { readonly provenance: SplitProvenance })[] = [];
  const all = jobs.flatMap(({ set, table, digest, settings }) =>
    Array.from({ length: Math.min(set.splits, options.splits ?? set.splits) }, (_, split) => ({
      ...{ set, table, split, settings },
      provenance: { set: set.name, split, data: digest, ...settings },
    })),
  );
  for (const task of all) {
    const saved = loadSplit(folder, task.provenance);
    if (saved === undefined) tasks.push(task);
    else if ("result" in saved) results.set(nameOf(task), saved.result);
    else {
      events.onNote(`${saved.damage}; it is run again`);
      tasks.push(task);
    }
  }
  const shares = new Map<string, number>();
  const workLeft = tasks.map(({ set, settings }) => workOf(set, settings.grid)).reduce((a, b) => a + b, 0);
  events.onStart(results.size, all.length, workLeft);
  await runSplits(tasks, threads, {
    onShare(task, share) {
      shares.set(nameOf(task), share * workOf(task.set, task.settings.grid));
      const done = [...shares.values()].reduce((a, b) => a + b, 0);
      events.onWork(done, `${task.set.name}, split ${task.split}`);
    },
    onResult(task, result) {
      const { provenance } = task as (typeof tasks)[number];
      saveSplit(folder, provenance, result);
      results.set(nameOf(task), result);
      events.onSplit(result);
    },
  });
  return jobs.map(({ set, settings, of }) => {
    const own = all.filter((task) => task.set === set).map((task) => results.get(nameOf(task))!);
    return setRow(set, settings, own, of);
  });
}

/** What is named in `--out`: the saved splits lie beside the numbers. */
export const splitsFolder = (out: string): string => join(out, "uci");

const nameOf = ({ set, split }: Pick<SplitTask, "set" | "split">): string => `${set.name} ${split}`;
