// `hadamask reproduce rate` and `size`: trains what a plan asks for, and gathers its points.

import { join } from "node:path";
import type { TrainedRun } from "@hadamask/experiments";
import {
  type Comparison,
  type ComparisonSettings,
  checkRequest,
  type Dataset,
  type Difference,
  type Measure,
  settingsFor,
} from "@hadamask/experiments/settings";
import { compare } from "../../train/compare.js";
import type { Job, Plan } from "./plan.js";

export interface Point {
  readonly x: number;
  /** Share of wrongly classified test rows. */
  readonly testError: Measure;
  readonly trainError: Measure;
  readonly hidden: readonly number[];
  readonly epochs: number;
}

export interface FigureResult {
  readonly figure: Plan["figure"];
  readonly data: string;
  readonly testRows: number;
  readonly seeds: number;
  readonly maxNorm: number;
  readonly batchSize: number;
  readonly curves: readonly { readonly title: string; readonly points: readonly Point[] }[];
  /** Second curve less the first, seed by seed, at each x; absent where they are of different networks. */
  readonly differences?: readonly { readonly x: number; readonly testError: Difference }[];
}

export interface FigureOptions {
  readonly folder: string;
  readonly threads: number;
}

export interface FigureEvents {
  /** Before the first run: the work of all, to no unit. */
  onStart(work: number): void;
  onWork(done: number, what: string): void;
  onRun(run: TrainedRun, job: Job): void;
  onNote(sentence: string): void;
}

/** Checks a plan without the data. @throws {UsageError} If an option of it makes no sense. */
export const checkPlan = ({ jobs }: Plan): void => {
  for (const { request } of jobs) checkRequest(request);
};

export async function runPlan(
  plan: Plan,
  data: Dataset,
  { folder, threads }: FigureOptions,
  events: FigureEvents,
): Promise<FigureResult> {
  const { summarise } = await import("@hadamask/experiments/statistics");
  const jobs = plan.jobs.map((job) => ({ job, settings: settingsFor(job.request, data) }));
  events.onStart(jobs.reduce((sum, { settings }) => sum + workOf(settings), 0));
  const results = new Map<string, Comparison>();
  let before = 0;
  for (const { job, settings } of jobs) {
    const runs = settings.variants.length * settings.seeds.length;
    const shares = new Map<string, number>();
    const trained = await compare(data, settings, {
      folder: join(folder, "runs", job.name),
      isResumed: true,
      threads,
      onDamaged: events.onNote,
      onEpoch: ({ variant, seed }, epoch, of) => {
        shares.set(`${variant} ${seed}`, epoch / of);
        const share = [...shares.values()].reduce((a, b) => a + b, 0) / runs;
        events.onWork(before + share * workOf(settings), `${job.name}, ${variant}, seed ${seed}`);
      },
      onRun: (run) => events.onRun(run, job),
    });
    before += workOf(settings);
    events.onWork(before, job.name);
    results.set(job.name, summarise(trained, { data, settings, command: "", versions: {} }).comparison);
  }
  return gather(plan, data, jobs[0]!.settings, results);
}

/** Rows seen times weights. */
function workOf({ hidden, variants, seeds, trainRows, epochs }: ComparisonSettings): number {
  const widths = [INPUTS, ...hidden];
  const weights = hidden.reduce((sum, units, i) => sum + units * widths[i]!, 0);
  return variants.length * seeds.length * trainRows * epochs * weights;
}

/** What a picture of MNIST has; near enough for others. */
const INPUTS = 784;

function gather(
  plan: Plan,
  data: Dataset,
  { seeds, batchSize, maxNorm }: ComparisonSettings,
  results: ReadonlyMap<string, Comparison>,
): FigureResult {
  const curves = plan.curves.map(({ title, points }) => ({
    title,
    points: points.map(({ x, job, variant }): Point => {
      const { variants, model } = results.get(job)!;
      const { testError, trainError } = variants.find(({ name }) => name === variant)!;
      return { x, testError, trainError, hidden: model.hidden, epochs: model.epochs };
    }),
  }));
  const differences =
    plan.figure === "size" &&
    plan.curves[0]!.points.map(({ x, job }) => ({ x, testError: results.get(job)!.paired[0]!.testError }));
  const { testRows } = results.values().next().value!.data;
  return {
    ...{ figure: plan.figure, data: data.name, testRows, seeds: seeds.length, maxNorm: maxNorm!, batchSize, curves },
    ...(differences && { differences }),
  };
}
