// What `hadamask sweep` does once its options are read: the grid, the training, the report.

import { availableParallelism } from "node:os";
import { resolve } from "node:path";
import { type Dataset, UsageError } from "@hadamask/experiments/settings";
import { isNamedSet } from "../data/known.js";
import { asCalled, called } from "../output/called.js";
import { startProgress } from "../output/progress.js";
import { quoted } from "../output/quoted.js";
import type { Terminal } from "../output/terminal.js";
import { checkReportFolder } from "../page/own.js";
import { type EndingSignal, exitAs, holdSignals, InterruptedError } from "../signals.js";
import { checkFresh, type Missing, missingRuns } from "../sweep/folder.js";
import { gridOf } from "../sweep/grid.js";
import { nameOf, type Plan, type PlannedRun, planOf, type Shard } from "../sweep/plan.js";
import { type Asked, type DataAsked, type SweepRequest, withDefaults } from "../sweep/request.js";
import { readSpec } from "../sweep/spec-file.js";
import { workOf } from "../sweep/work.js";
import { lockFolder } from "../train/lock.js";
import { columnReaders, tableAsked } from "./column-options.js";
import { checkFolder, checkOutside, makeFolder, type NamedPath } from "./paths.js";
import { READERS, type SweepOptions } from "./sweep-options.js";
import { errorText } from "./train-progress.js";
import { loadData, ownVariants, withOwn } from "./train-run.js";

/** What spans the grid: a file, and what was typed. */
export interface Spanned {
  readonly spec: string | undefined;
  readonly data: readonly string[];
  readonly asked: Asked;
}

export async function runSweep(
  spanned: Spanned,
  options: SweepOptions,
  command: string,
  terminal: Terminal,
): Promise<void> {
  const shard = options.shard === undefined ? undefined : readShard(options.shard);
  check(options, shard);
  checkOutside("sweep", ["--out", options.out], filesOf(spanned, options));
  const request = requestOf(spanned, options);
  const variantFiles = options.variant.map((file) => resolve(file));
  const own = await ownVariants(variantFiles);
  const datasets: Dataset[] = [];
  for (const { what, ...columns } of request.data) {
    const data = await loadData(what, tableAsked(columns), terminal);
    for (const note of data.notes ?? []) terminal.note(`sweep: ${data.name}: ${note}`);
    datasets.push(data);
  }
  checkAlike(datasets);
  const { cells, leftOut } = gridOf(
    { ...request, variants: withOwn(request.variants, own) },
    datasets,
    own,
    variantFiles,
  );
  for (const combination of leftOut) terminal.note(`sweep: left out ${combination}, which the network does not take`);
  const plan = planOf(cells);
  makeFolder("sweep: --out", options.out);
  const again = `${asCalled(command)} --out ${quoted(options.out)} --resume`;
  const reasons = await trainAll({ plan, request, datasets, options, shard, again, command, variantFiles }, terminal);
  if (shard !== undefined) {
    const then = `${called()} merge FOLDERS --out all, then ${asCalled(command)} --out all --resume`;
    terminal.note(`sweep: shard ${shard.i}/${shard.n} is in ${options.out}; when all are done: ${then}`);
    return;
  }
  const { summariseSweep } = await import("../sweep/summary.js");
  const { decisiveVersions } = await import("../train/versions.js");
  const { out } = options;
  const result = summariseSweep({ plan, request, out, command, own, reasons, versions: decisiveVersions() });
  const { sweepJson, writeSweepReport } = await import("../sweep/report/write-report.js");
  const page = writeSweepReport(result, options.out);
  if (options.json) return terminal.write(sweepJson(result));
  const { sweepText } = await import("../sweep/print.js");
  await terminal.write(`${sweepText(result, terminal.paint)}\n${terminal.paint.bold("Report")}: ${page}\n`);
}

const filesOf = ({ spec, data }: Spanned, { variant }: SweepOptions): NamedPath[] => [
  ["the grid", spec],
  ...data.map((path): NamedPath => ["--data", path]),
  ...variant.map((path): NamedPath => ["--variant", path]),
];

/** @throws {UsageError} If some data have classes and some values: their scores are of different kinds. */
function checkAlike(datasets: readonly Dataset[]): void {
  const [classes, values] = [false, true].map((isOfValues) =>
    datasets.find(({ target }) => (target !== undefined) === isOfValues),
  );
  if (classes === undefined || values === undefined) return;
  throw new UsageError(
    `sweep: --data: ${classes.name} has classes to predict, and ${values.name} has values; ` +
      "make a sweep of each, or pass --task for both",
  );
}

function check(options: SweepOptions, shard: Shard | undefined): void {
  if (!(options.checkpoint > 0)) throw new UsageError(`sweep: --checkpoint must be above 0, got ${options.checkpoint}`);
  if (options.queue !== undefined && shard !== undefined) {
    throw new UsageError("sweep: --shard is for machines without a queue; leave it out, or --queue");
  }
  if (options.queue !== undefined && options.threads !== undefined) {
    throw new UsageError("sweep: --threads is for training here; with --queue, hadamask worker --concurrency says it");
  }
  checkFolder("sweep: --out", options.out);
  if (!options.force)
    checkReportFolder("sweep: --out", options.out, ["configurations"], ["sweep.json", "configs.csv", "runs.csv"]);
  if (!options.resume) checkFresh(options.out);
}

function readShard(text: string): Shard {
  const [, i, n] = /^(\d+)\/(\d+)$/.exec(text) ?? [];
  const shard = { i: Number(i), n: Number(n) };
  if (shard.i >= 1 && shard.i <= shard.n) return shard;
  throw new UsageError(`sweep: --shard must be i/n with 1 ≤ i ≤ n, got ${JSON.stringify(text)}`);
}

function requestOf({ spec, data, asked }: Spanned, options: SweepOptions): SweepRequest {
  const fromFile = spec === undefined ? {} : readSpec(spec, READERS, columnReaders("sweep"));
  const columns = Object.entries(tableAsked(options)).filter(([, value]) => value !== undefined);
  // Columns that were typed are those of the files that were; data sets that have a name have none.
  const typed: DataAsked[] = data.map((what) => ({ what, ...(!isNamedSet(what) && Object.fromEntries(columns)) }));
  if (columns.length > 0 && data.every(isNamedSet)) {
    const option = columns[0]![0];
    throw new UsageError(`sweep: --${option} goes with --data FILE.csv; in a SPEC file it stands beside "what"`);
  }
  return withDefaults({ ...fromFile, ...asked, ...(typed.length > 0 && { data: typed }) });
}

interface Work {
  readonly plan: Plan;
  readonly request: SweepRequest;
  readonly datasets: readonly Dataset[];
  readonly options: SweepOptions;
  readonly shard: Shard | undefined;
  /** The command that goes on. */
  readonly again: string;
  readonly command: string;
  readonly variantFiles: readonly string[];
}

/** Trains what is missing, here or through the queue. @returns Why runs could not be trained. */
async function trainAll(work: Work, terminal: Terminal): Promise<Map<number, string>> {
  const { plan, options, shard } = work;
  const unlock = lockFolder("sweep", options.out);
  try {
    const missing = missingRuns(plan, options.out, shard, (sentence) => terminal.note(`sweep: ${sentence}`));
    const total = missing.found + missing.indices.length;
    if (missing.found > 0) terminal.note(`sweep: ${missing.found} of ${total} runs are done already`);
    if (missing.indices.length === 0) return new Map();
    return await (options.queue === undefined ? trainLocally : trainElsewhere)(work, missing, terminal);
  } finally {
    unlock();
  }
}

/** Counts runs, with a bar or lines; the time that is left is told by their work. */
function counted(plan: Plan, missing: Missing, terminal: Terminal) {
  const total = missing.found + missing.indices.length;
  const progress = startProgress(
    terminal,
    missing.indices.reduce((sum, index) => sum + workOf(plan.at(index)), 0),
  );
  const reasons = new Map<number, string>();
  let [done, work] = [0, 0];
  const count = (run: PlannedRun): void => {
    done++;
    work += workOf(run);
    progress.update(work, nameOf(run));
  };
  return {
    total,
    reasons,
    saved: (): number => missing.found + done - reasons.size,
    progress,
    onRun(run: PlannedRun, testError: number): void {
      count(run);
      progress.log(`${missing.found + done}/${total}  ${nameOf(run)}: ${errorText(run.cell.data, testError)}`);
    },
    onFailure(run: PlannedRun, reason: string): void {
      reasons.set(run.index, reason);
      count(run);
      terminal.note(`sweep: ${nameOf(run)} failed: ${reason}`);
    },
  };
}

async function trainLocally(work: Work, missing: Missing, terminal: Terminal): Promise<Map<number, string>> {
  const { plan, options, again, variantFiles, shard } = work;
  const count = counted(plan, missing, terminal);
  const threads = options.threads ?? availableParallelism();
  const suffix = shard === undefined ? "" : ` --shard ${shard.i}/${shard.n}`;
  const onSignal = (signal: EndingSignal): never => {
    count.progress.stop();
    terminal.note(
      `sweep: interrupted with ${count.saved()} of ${count.total} runs saved; continue with ${again}${suffix}`,
    );
    return exitAs(signal);
  };
  // This thread hears of nothing while it trains: signals end it at once then, and runs that are saved stay.
  const letGo = threads === 0 ? () => {} : holdSignals(onSignal);
  try {
    const { trainHere } = await import("../sweep/local.js");
    const { onRun, onFailure } = count;
    const checkpointMs = 60_000 * options.checkpoint;
    await trainHere(plan, missing.indices, { out: options.out, threads, variantFiles, checkpointMs, onRun, onFailure });
    return count.reasons;
  } finally {
    letGo();
    count.progress.stop();
  }
}

async function trainElsewhere(work: Work, missing: Missing, terminal: Terminal): Promise<Map<number, string>> {
  const { plan, options, again, command, variantFiles, request, datasets } = work;
  const count = counted(plan, missing, terminal);
  const stop = new AbortController();
  let ended: EndingSignal | undefined;
  const letGo = holdSignals((signal) => {
    ended = signal;
    stop.abort();
  });
  try {
    const { coordinate } = await import("../sweep/queue/coordinator.js");
    await coordinate(plan, missing.indices, {
      ...{ url: options.queue!, name: options.name, out: options.out, command, variantFiles },
      attempts: options.attempts,
      sources: datasets.map((data, d) => ({ data, asked: request.data[d]! })),
      mostBytes: options.send * 1e6,
      lockMs: options.lock * 1000,
      checkpointMs: 60_000 * options.checkpoint,
      signal: stop.signal,
      note: (line) => terminal.note(line),
      onRun: count.onRun,
      onFailure: count.onFailure,
    });
  } finally {
    letGo();
    count.progress.stop();
  }
  if (ended === undefined) return count.reasons;
  const rest = `queued runs continue; collect them with ${again} --name ${options.name} and the same --queue`;
  throw new InterruptedError(`sweep: interrupted with ${count.saved()} of ${count.total} runs saved; ${rest}`, ended);
}
