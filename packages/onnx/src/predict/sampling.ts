// The loop of a prediction: which rows go into which run, what is kept of it, and when a row is done.

import type { AnswerKind, NoiseOutput } from "./answers.js";
import { floatsOf } from "./answers.js";
import type { RowTable } from "./inputs.js";
import type { Draw, MaskedSession } from "./masked-session.js";
import type { OrtTensor } from "./ort.js";
import { buildPrediction, type Prediction, type PredictionBuilder, type RawPasses } from "./prediction.js";
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
  readonly stopping: Stopping;
  readonly kind: AnswerKind;
  readonly noise: NoiseOutput | undefined;
  readonly levels: readonly number[];
  readonly sampleIds: Float64Array;
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
interface Run extends SamplingJob {
  readonly placed: Awaited<ReturnType<MaskedSession["place"]>>;
  /** Rows times passes in one run. */
  readonly capacity: number;
  /** Whether all rows of a run must be of one pass, because a mask is the same for all rows. */
  readonly isOnePass: boolean;
  readonly builder: PredictionBuilder;
  readonly columns: number;
  /** Whether the model works in float64. */
  readonly isDouble: boolean;
  readonly progress: { rowsDone: number; passes: number };
}

export async function sampleRows(job: SamplingJob): Promise<{ prediction: Prediction; isStopped: boolean }> {
  const { where, session, table } = job;
  const placed = await session.place(where, table);
  const capacity = session.fixedRows ?? job.batch ?? defaultBatch(placed);
  const rows = Math.min(table.rows, capacity);
  // One run without dropout tells how many numbers a row has.
  const first = await deterministic(job, placed, 0, rows);
  const columns = first.answers.length / rows;
  const isDouble = first.answers instanceof Float64Array;
  const perRow = columns * job.stopping.checkpoints.at(-1)! * (isDouble ? 8 : 4) * (job.noise ? 2 : 1);
  const inMemory = Math.floor(job.memory / perRow);
  if (inMemory < 1) {
    throw new RangeError(
      `${where}: memory must hold the passes of one row, ${perRow} bytes, got ${job.memory}; take fewer samples, or pass { memory } to monteCarlo`,
    );
  }
  const builder = buildPrediction({
    kind: job.kind,
    columns,
    levels: job.levels,
    noise: job.noise,
    sampleIds: job.sampleIds,
  });
  const isOnePass = placed.some(({ shape }) => shape.isRowless);
  const run: Run = {
    ...job,
    placed,
    capacity,
    isOnePass,
    builder,
    columns,
    isDouble,
    progress: { rowsDone: 0, passes: 0 },
  };
  const size = Math.min(rows, inMemory);
  for (let row = 0; row < table.rows; row += size) {
    const count = Math.min(size, table.rows - row);
    builder.setDeterministic(row, row === 0 && count === rows ? first : await deterministic(job, placed, row, count));
    if (!(await sampleChunk(run, row, count))) return { prediction: builder.prediction, isStopped: true };
  }
  return { prediction: builder.prediction, isStopped: false };
}

function defaultBatch(placed: Run["placed"]): number {
  const perRow = placed.reduce((sum, { shape }) => sum + (shape.isRowless ? 0 : shape.perRow), 0);
  return Math.max(1, Math.min(DEFAULT_BATCH, Math.floor(MASK_BUDGET / Math.max(1, perRow))));
}

/** The model's own answers for rows `row` … `row + count - 1`. */
async function deterministic(job: SamplingJob, placed: Run["placed"], row: number, count: number): Promise<RawPasses> {
  const slots = Int32Array.from({ length: job.session.fixedRows ?? count }, (_, i) => row + Math.min(i, count - 1));
  const tensors = await job.session.deterministic(job.where, job.table, placed, slots);
  return rawOf(tensors, count / slots.length);
}

/** Outputs as floats; of padded runs only the first part. Copied, since a runtime may use its memory again. */
function rawOf([answer, noise]: readonly OrtTensor[], part: number): RawPasses {
  const floats = (tensor: OrtTensor): Float32Array | Float64Array => {
    const values = floatsOf(tensor);
    return values.slice(0, Math.round(values.length * part));
  };
  return { answers: floats(answer!), variances: noise && floats(noise) };
}

/** Outputs of all passes of some rows: row by row, pass by pass. */
interface Kept {
  readonly answers: Float32Array | Float64Array;
  readonly variances: Float32Array | Float64Array | undefined;
  /** Passes that a row has room for. */
  readonly room: number;
  /** Passes that each row has. */
  readonly counts: Int32Array;
}

/** Samples some rows until they are done. False if the signal ended it; rows with two passes or more are filled in then, too. */
async function sampleChunk(run: Run, first: number, count: number): Promise<boolean> {
  const { stopping, columns } = run;
  const room = stopping.checkpoints.at(-1)!;
  const size = count * room * columns;
  const make = () => (run.isDouble ? new Float64Array(size) : new Float32Array(size));
  const kept: Kept = { answers: make(), variances: run.noise && make(), room, counts: new Int32Array(count) };
  let active = Int32Array.from({ length: count }, (_, i) => i);
  for (const target of stopping.checkpoints) {
    const isGoing = await samplePasses(run, first, kept, active, target);
    for (const i of active) if (kept.counts[i]! >= 2) fillRow(run, first, kept, i);
    if (!isGoing) return false;
    active = active.filter(
      (i) => target < room && !(stopping.precision && isPrecise(run.builder.prediction, first + i, stopping.precision)),
    );
    if (active.length === 0) break;
  }
  run.progress.rowsDone += count;
  report(run);
  return true;
}

function fillRow({ builder, columns }: Run, first: number, kept: Kept, i: number): void {
  const from = i * kept.room * columns;
  const to = from + kept.counts[i]! * columns;
  builder.fill(first + i, { answers: kept.answers.subarray(from, to), variances: kept.variances?.subarray(from, to) });
}

/** Brings the active rows to `target` passes, as many passes a run as fit. */
async function samplePasses(run: Run, first: number, kept: Kept, active: Int32Array, target: number): Promise<boolean> {
  const together = run.isOnePass ? 1 : Math.max(1, Math.floor(run.capacity / active.length));
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
  const used = passes * active.length;
  const length = run.session.fixedRows ?? used;
  const slot = (i: number): number => Math.min(i, used - 1); // a run of fixed size is filled up with its last row
  const rows = Int32Array.from({ length }, (_, i) => first + active[slot(i) % active.length]!);
  const passOf = Int32Array.from({ length }, (_, i) => pass + Math.floor(slot(i) / active.length));
  const tensors = await run.session.sample(run.where, run.table, run.placed, { rows, passes: passOf }, run.draw);
  const [answers, variances] = tensors.map(floatsOf);
  for (let i = 0; i < used; i++) {
    const row = active[i % active.length]!;
    const at = (row * kept.room + passOf[i]!) * run.columns;
    for (let c = 0; c < run.columns; c++) kept.answers[at + c] = answers![i * run.columns + c]!;
    if (variances !== undefined)
      for (let c = 0; c < run.columns; c++) kept.variances![at + c] = variances[i * run.columns + c]!;
  }
  for (const i of active) kept.counts[i] = pass + passes;
}

function report({ onProgress, table, progress }: Run): void {
  onProgress?.({ rows: table.rows, ...progress });
}
