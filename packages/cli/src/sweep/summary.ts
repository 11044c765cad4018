// From the saved runs of a sweep to its result. Reads one cell after the other, so that a large grid needs no more
// memory than a small one.

import type { OwnVariant, TrainedRun } from "@hadamask/experiments";
import {
  type ComparisonSettings,
  type Dataset,
  fittedRows,
  readVariant,
  type Scores,
  type SweepConfig,
  type SweepData,
  type SweepFailure,
  type SweepResult,
  type SweepSettings,
} from "@hadamask/experiments/settings";
import { choose, measureRuns, targetSummary } from "@hadamask/experiments/statistics";
import { divergedFrom } from "../train/diverged.js";
import { loadRun } from "../train/run-file.js";
import type { Cell } from "./grid.js";
import { expectedOf, folderOf, type Plan, type PlannedRun } from "./plan.js";
import type { SweepRequest } from "./request.js";

export interface SummaryContext {
  readonly plan: Plan;
  readonly request: SweepRequest;
  readonly out: string;
  readonly command: string;
  readonly versions: Readonly<Record<string, string>>;
  readonly own: readonly OwnVariant[];
  /** Why a run that is not there could not be trained, by its index. */
  readonly reasons: ReadonlyMap<number, string>;
}

export function summariseSweep(context: SummaryContext): SweepResult {
  const { plan, request, command, versions } = context;
  const configs: SweepConfig[] = [];
  const failures: SweepFailure[] = [];
  /** Where the runs of a configuration are, for those that are looked at again. */
  const places: (readonly PlannedRun[])[] = [];
  let start = 0;
  for (const cell of plan.cells) {
    const runs = runsOfCell(plan, cell, start);
    start += runs.length;
    const complete: { variant: string; planned: readonly PlannedRun[]; runs: readonly TrainedRun[] }[] = [];
    for (const variant of cell.settings.variants) {
      const planned = runs.filter((run) => run.variant === variant);
      const loaded = planned.map((run) => loadOrReason(context, run));
      const failed = loaded.flatMap((one, i) => ("reason" in one ? [{ run: planned[i]!, reason: one.reason }] : []));
      for (const { run, reason } of failed) {
        failures.push({ ...settingsOf(cell), variant, seed: run.seed, reason });
      }
      if (failed.length === 0) complete.push({ variant, planned, runs: loaded.map((one) => (one as Loaded).run) });
    }
    if (complete.length === 0) continue;
    const { design } = cell.settings;
    const measured = measureRuns(
      complete.map(({ runs }) => runs),
      design,
      fittedRows(cell.settings),
    );
    complete.forEach(({ variant, planned, runs }, v) => {
      configs.push({
        ...settingsOf(cell),
        ...describe(cell.settings, variant, context.own),
        design,
        ...validationOf(runs),
        nll: measured.nll.measures[v]!,
        testError: measured.testError.measures[v]!,
        ece: measured.ece.measures[v]!,
        ...(measured.mae && { mae: measured.mae.measures[v]! }),
        ...(measured.coverage && { coverage: measured.coverage.measures[v]! }),
      });
      places.push(planned);
    });
  }
  const { noise } = plan.cells[0]!.settings;
  const again = (c: number): TrainedRun[] => places[c]!.map((run) => (loadOrReason(context, run) as Loaded).run);
  return {
    command,
    versions,
    data: [...new Set(plan.cells.map(({ data }) => data))].map(describeData),
    ...(noise && { noise }),
    seeds: plan.cells[0]!.settings.seeds,
    validation: request.validation,
    swept: sweptIn(configs),
    configs,
    choices: choose(configs, again, (c) => fittedRows(places[c]![0]!.cell.settings)),
    failures,
  };
}

function describeData(data: Dataset): SweepData {
  const { name, description, pool, featureCount, classes, notes } = data;
  const target = targetSummary(data);
  return {
    ...{ name, description, rows: pool.rows, features: featureCount, classes },
    ...(target && { target }),
    ...(notes && { notes }),
  };
}

const runsOfCell = (plan: Plan, { settings }: Cell, start: number): PlannedRun[] =>
  Array.from({ length: settings.variants.length * settings.seeds.length }, (_, i) => plan.at(start + i));

interface Loaded {
  readonly run: TrainedRun;
}

function loadOrReason({ out, reasons }: SummaryContext, planned: PlannedRun): Loaded | { readonly reason: string } {
  const saved = loadRun(folderOf(out, planned), expectedOf(planned));
  if (saved === undefined) return { reason: reasons.get(planned.index) ?? "it was not trained" };
  if ("damage" in saved) return { reason: saved.damage };
  const diverged = divergedFrom(saved.run);
  if (diverged === undefined) return saved;
  return { reason: `it diverged: from epoch ${diverged} on its loss is not a finite number` };
}

function settingsOf({ data, settings }: Cell): SweepSettings {
  const { model, hidden, activation, trainRows, learningRate, inputRate, batchSize, epochs } = settings;
  return { data: data.name, model, hidden, activation, trainRows, learningRate, inputRate, batchSize, epochs };
}

function describe(
  { inputRate, model }: ComparisonSettings,
  variant: string,
  own: readonly OwnVariant[],
): Pick<SweepConfig, "variant" | "kind" | "rate" | "title"> {
  const [kind, number] = variant.split(":") as [string, string | undefined];
  const { title } = readVariant(variant, inputRate, model, own);
  return { variant, kind, ...(number !== undefined && { rate: Number(number) }), title };
}

function validationOf(runs: readonly TrainedRun[]): Pick<SweepConfig, "validation"> {
  if (runs[0]!.validation === undefined) return {};
  const scores = (name: "nll" | "error"): Scores => {
    const perSeed = runs.map((run) => run.validation![name].at(-1)!);
    return { mean: perSeed.reduce((sum, value) => sum + value, 0) / perSeed.length, perSeed };
  };
  return { validation: { nll: scores("nll"), error: scores("error") } };
}

const QUANTITIES = [
  ...(["data", "model", "hidden", "activation", "trainRows", "learningRate", "inputRate", "batchSize"] as const),
  ...(["epochs", "variant", "rate"] as const),
];

/** The quantities that differ between configurations; the rate where one kind of variant has several. */
function sweptIn(configs: readonly SweepConfig[]): SweepResult["swept"] {
  const valuesOf = (name: (typeof QUANTITIES)[number]): number => {
    if (name === "variant") return new Set(configs.map(({ kind }) => kind)).size;
    if (name !== "rate") return new Set(configs.map((config) => JSON.stringify(config[name]))).size;
    const kinds = [...new Set(configs.map(({ kind }) => kind))];
    const rates = (kind: string) => new Set(configs.flatMap((config) => (config.kind === kind ? [config.rate] : [])));
    return Math.max(0, ...kinds.map((kind) => rates(kind).size));
  };
  return QUANTITIES.filter((name) => valuesOf(name) > 1);
}
