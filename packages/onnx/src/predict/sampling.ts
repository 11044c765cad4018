// The loop of a prediction: which rows go into which run, what is kept of it, and when a row is done.

import type { Answer } from "../answers/answer.js";
import { distributionsOf, positionsOf } from "../answers/to-probabilities.js";
import { someRows } from "./all-rows.js";
import { buildPrediction } from "./build-prediction.js";
import type { Draw } from "./draw.js";
import type { RowTable } from "./inputs.js";
import type { MaskedSession } from "./masked-session.js";
import type { Prediction } from "./prediction.js";
import type { PredictionBuilder } from "./prediction-builder.js";
import type { Placing } from "./probe.js";
import type { RowOutput } from "./row-outputs.js";
import { isPrecise, type Stopping } from "./stopping.js";

/** How far a prediction is. */
export interface Progress {
  readonly rows: number;
  readonly rowsDone: number;
  /** Rows times passes so far. */
  readonly passes: number;
}

export interface SamplingJob {
  readonly where: string;
  readonly session: MaskedSession;
  readonly table: RowTable;
  readonly draw: Draw;
  /** What the answer is, by the outputs of the first rows without dropout; of further rows it is checked. */
  readonly judge: (rows: number, output: RowOutput) => Answer;
  readonly stopping: (answer: Answer) => Stopping;
  readonly noise: { readonly isLog: boolean } | undefined;
  readonly levels: readonly number[];
  readonly sampleIds: Float64Array;
  readonly targets: ArrayLike<number> | undefined;
  readonly batch: number | undefined;
  readonly memory: number;
  readonly signal: AbortSignal | undefined;
  readonly onProgress: ((progress: Progress) => void) | undefined;
}

/** Slots of a run unless `batch` says otherwise: matrix products gain nothing from more rows. */
const DEFAULT_BATCH = 1024;

/** Multipliers of one run, unless `batch` says otherwise. Activations are about as many. */
const MASK_BUDGET = 2 ** 22;

/** What stays the same during a prediction. */
interface Run extends Omit<SamplingJob, "stopping"> {
  readonly placed: Placing;
  readonly stopping: Stopping;
  /** Rows times passes in one run. */
  readonly capacity: number;
  /** Whether all rows of a run must be of one pass, because a mask is the same for all rows. */
  readonly isOnePass: boolean;
  readonly builder: PredictionBuilder;
  readonly columns: number;
  readonly progress: { rowsDone: number; passes: number };
  last?: { readonly active: Int32Array; readonly passes: number; readonly rows: Int32Array };
}

export async function sampleRows(job: SamplingJob): Promise<{ prediction: Prediction; isStopped: boolean }> {
  const { where, session, table } = job;
  const placed = await session.place(where, table);
  const capacity = capacityOf(job, placed);
  const rows = Math.min(table.rows, capacity);
  // One run without dropout tells how many numbers a row has, and what they are.
  const first = await deterministic(job, placed, 0, rows);
  const answer = job.judge(rows, first[0]!);
  const stopping = job.stopping(answer);
  const columns = first[0]!.data.length / rows;
  const perRow = columns * stopping.checkpoints.at(-1)! * 8 * (job.noise ? 2 : 1);
  const inMemory = Math.floor(job.memory / perRow);
  if (inMemory < 1) {
    throw new RangeError(
      `${where}: memory must hold the passes of one row, ${perRow} bytes, got ${job.memory}; take fewer ` +
        `samples, or pass { memory } to monteCarlo`,
    );
  }
  const { levels, noise, sampleIds, targets } = job;
  checkTargets(where, answer, sampleIds.length, targets);
  const builder = buildPrediction({ answer, columns, levels, noise, sampleIds, targets });
  const isOnePass = placed.sites.some(({ shape }) => shape.isRowless);
  const progress = { rowsDone: 0, passes: 0 };
  const run: Run = { ...job, placed, stopping, capacity, isOnePass, builder, columns, progress };
  const size = Math.min(rows, inMemory);
  for (let row = 0; row < table.rows; row += size) {
    const count = Math.min(size, table.rows - row);
    const isFirst = row === 0 && count === rows;
    const [answers, variances] = isFirst ? first : await deterministic(job, placed, row, count);
    if (row > 0) job.judge(count, answers!);
    builder.setDeterministic(row, Float64Array.from(answers!.data), variances && Float64Array.from(variances.data));
    if (!(await sampleChunk(run, row, count))) return { prediction: builder.prediction, isStopped: true };
  }
  return { prediction: builder.prediction, isStopped: false };
}

/** @throws {TypeError | RangeError} If right classes do not fit the answer. */
export function checkTargets(
  where: string,
  answer: Answer,
  rows: number,
  targets: ArrayLike<number> | undefined,
): void {
  if (targets === undefined) return;
  if (positionsOf(answer).length === 0 || answer.kind === "labels")
    throw new TypeError(`${where}: targets go with pixels, tokens and anchors, and the answers are ${answer.kind}`);
  const { count, classes } = distributionsOf(answer)!;
  if (targets.length !== rows * count)
    throw new RangeError(
      `${where}: targets must hold a class for each of the ${count} positions of ${rows} rows, got ${targets.length}`,
    );
  for (let i = 0; i < targets.length; i++) {
    if (Number.isInteger(targets[i]) && targets[i]! >= 0 && targets[i]! < classes) continue;
    throw new RangeError(`${where}: targets[${i}] must be a class number below ${classes}, got ${targets[i]}`);
  }
}

/** Rows times passes in one run. */
export const capacityOf = ({ batch }: Pick<SamplingJob, "batch">, placed: Placing): number =>
  placed.fixed ?? batch ?? defaultBatch(placed);

function defaultBatch(placed: Placing): number {
  const perRow = placed.sites.reduce((sum, { shape }) => sum + (shape.isRowless ? 0 : shape.perRow), 0);
  return Math.max(1, Math.min(DEFAULT_BATCH, Math.floor(MASK_BUDGET / Math.max(1, perRow))));
}

/** The model's own answers for rows `row` … `row + count - 1`, and the variances that it predicts. */
export function deterministic(
  job: Pick<SamplingJob, "where" | "session" | "table" | "draw">,
  placed: Placing,
  row: number,
  count: number,
): Promise<RowOutput[]> {
  return someRows(placed, row, count, (rows) =>
    job.session.deterministic(job.where, job.table, placed, rows, job.draw),
  );
}

/** Outputs of some rows: one array a pass, rows x columns. */
export interface Kept {
  readonly rows: number;
  readonly answers: (Float32Array | Float64Array)[];
  readonly variances: (Float32Array | Float64Array)[];
  /** Passes that each row has. */
  readonly counts: Int32Array;
}

/**
 * Samples some rows until they are done. False if the signal ended it; rows with two passes or more are filled in
 * then, too.
 */
async function sampleChunk(run: Run, first: number, rows: number): Promise<boolean> {
  const { stopping } = run;
  const kept: Kept = { rows, answers: [], variances: [], counts: new Int32Array(rows) };
  let active = Int32Array.from({ length: rows }, (_, i) => i);
  for (const target of stopping.checkpoints) {
    const isGoing = await samplePasses(run, first, kept, active, target);
    for (const i of active) if (kept.counts[i]! >= 2) fillRow(run, first, kept, i);
    if (!isGoing) return false;
    active = active.filter(
      (i) => !(stopping.precision && isPrecise(run.builder.prediction, first + i, stopping.precision)),
    );
    if (active.length === 0) break;
  }
  run.progress.rowsDone += rows;
  report(run);
  return true;
}

/** Fills row `first + i` of a prediction. */
export function fillRow(
  { builder, columns }: Pick<Run, "builder" | "columns">,
  first: number,
  kept: Kept,
  i: number,
): void {
  const count = kept.counts[i]!;
  builder.fill(first + i, {
    count,
    pass: (t) => kept.answers[t]!.subarray(i * columns, (i + 1) * columns),
    read(answers, variances) {
      gather(kept.answers, i, columns, count, answers);
      if (variances !== undefined) gather(kept.variances, i, columns, count, variances);
    },
  });
}

/** The numbers of one row, column by column. */
function gather(
  passes: readonly (Float32Array | Float64Array)[],
  row: number,
  columns: number,
  count: number,
  into: Float64Array,
): void {
  for (let t = 0; t < count; t++) {
    const values = passes[t]!;
    for (let c = 0; c < columns; c++) into[c * count + t] = values[row * columns + c]!;
  }
}

/** From here on one mask for all rows, which broadcasts, is worth more than several passes in one run. */
const MANY_ROWS = 32;

/** Brings the active rows to `target` passes, as many passes a run as fit. */
async function samplePasses(run: Run, first: number, kept: Kept, active: Int32Array, target: number): Promise<boolean> {
  const isOnePass = run.isOnePass || (run.draw.masks === "consistent" && active.length >= MANY_ROWS);
  const together = isOnePass ? 1 : Math.max(1, Math.floor(run.capacity / active.length));
  let pass = kept.counts[active[0]!]!; // all active rows have had the same passes
  while (pass < target) {
    if (run.signal?.aborted) return false;
    const passes = Math.min(together, target - pass);
    await sampleRun(run, first, kept, active, pass, passes);
    pass += passes;
    run.progress.passes += passes * active.length;
    report(run);
  }
  return true;
}

async function sampleRun(
  run: Run,
  first: number,
  kept: Kept,
  active: Int32Array,
  pass: number,
  passes: number,
): Promise<void> {
  const rows = rowsOfRun(run, first, active, passes);
  const slots = { rows, count: passes === 1 ? rows.length : active.length, firstPass: pass };
  const outputs = await run.session.sample(run.where, run.table, run.placed, slots, run.draw);
  const [answers, variances] = outputs.map(({ data }) => data);
  for (let p = 0; p < passes; p++) {
    kept.answers[pass + p] = onePass(answers!, p, kept.rows, active, run.columns);
    if (variances !== undefined) kept.variances[pass + p] = onePass(variances, p, kept.rows, active, run.columns);
  }
  for (const i of active) kept.counts[i] = pass + passes;
}

/** The row in each slot of a run. The same as in the run before it, mostly. */
function rowsOfRun(run: Run, first: number, active: Int32Array, passes: number): Int32Array {
  const { last } = run;
  if (last?.active === active && last.passes === passes) return last.rows;
  const used = passes * active.length;
  const rows = new Int32Array(run.placed.fixed ?? used);
  // A run of fixed size is filled up with its last row.
  for (let i = 0; i < rows.length; i++) rows[i] = first + active[Math.min(i, used - 1) % active.length]!;
  run.last = { active, passes, rows };
  return rows;
}

/** Pass `p` of a run's output, with a place for every row of the chunk, also for those that are done. */
function onePass(
  output: Float32Array | Float64Array,
  p: number,
  rows: number,
  active: Int32Array,
  columns: number,
): Float32Array | Float64Array {
  const size = active.length * columns;
  const values = output.subarray(p * size, (p + 1) * size);
  if (active.length === rows) return values;
  const all = output instanceof Float64Array ? new Float64Array(rows * columns) : new Float32Array(rows * columns);
  active.forEach((row, i) => {
    all.set(values.subarray(i * columns, (i + 1) * columns), row * columns);
  });
  return all;
}

function report({ onProgress, table, progress }: Run): void {
  onProgress?.({ rows: table.rows, ...progress });
}
