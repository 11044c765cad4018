// One run of `hadamask uncertainty` over data that need not fit into memory: rows are read, predicted and written
// piece by piece. Only the least certain rows are kept, and of labelled rows what they are judged by.

import { PredictionStopped, type RowPrediction } from "@hadamask/onnx";
import type { RowData, RowSource } from "../data/model-inputs.js";
import { conclude, type Found, type Surroundings } from "./job.js";
import type { JudgedClasses, JudgedValues } from "./judge.js";
import { type LoadedModel, rowsFor } from "./model.js";
import { checkLabels, type Job, oneAnswer, type Prepared, predictRows, prepare } from "./prepare.js";
import type { UncertaintyRequest, UncertaintyResult } from "./request.js";
import { leastCertain } from "./rows.js";
import { joinRows, pickRows } from "./some-rows.js";
import { keepFound } from "./stopped.js";
import { addTotals, type Totals, totalsOf } from "./totals.js";

/** Rows that are read at a time, unless `--batch` says more. */
const PIECE = 1024;

/** Least certain rows that are kept to be shown. */
const SHOWN = 10;

/**
 * @throws {UsageError | DataError} If the request makes no sense, or a file cannot be used.
 * @throws {InterruptedError} If the signal ended it.
 */
export async function runStreamed(
  request: UncertaintyRequest,
  model: LoadedModel,
  source: RowSource,
  surroundings: Surroundings,
): Promise<UncertaintyResult> {
  const { file, signal } = surroundings;
  const rows = source.dims[0]!;
  const { samples } = request;
  const piece = Math.max(PIECE, request.batch ?? 0);
  const texts = readThrough(source, piece);
  const seen = new SeenRows();
  let begun: { readonly job: Job; readonly prepared: Prepared } | undefined;
  for (const batch of source.batches(piece)) {
    begun ??= await begin(request, model, batch, texts, surroundings);
    const { job, prepared } = begun;
    try {
      const portion = { values: batch.values, first: seen.rows, of: rows };
      const prediction = await predictRows(job, prepared, portion, "predicting");
      file?.add(prediction, rows, batch.ids);
      seen.add(prediction, batch);
    } catch (error) {
      if (!(error instanceof PredictionStopped)) {
        if (seen.rows > 0) file?.finish(); // what is done is worth keeping
        throw error;
      }
      throw keepFound(file, signal, oneAnswer(error.partial), { before: seen.rows, rows, samples, ids: batch.ids });
    }
    if (signal?.aborted) throw keepFound(file, signal, undefined, { before: seen.rows, rows, samples, ids: undefined });
  }
  const { job, prepared } = begun!;
  await prepared.mc.dispose();
  file?.finish();
  return conclude(job, { ...prepared, held: Int32Array.from({ length: rows }, (_, row) => row) }, seen.found());
}

/**
 * All rows, once, before the work: what cannot be read at the end is better known at the beginning.
 *
 * @returns The right answers, where there are any.
 */
function readThrough(source: RowSource, piece: number): string[] | undefined {
  const texts: string[] = [];
  for (const { labels } of source.batches(piece)) for (const label of labels ?? []) texts.push(label);
  return source.hasLabels ? texts : undefined;
}

async function begin(
  request: UncertaintyRequest,
  model: LoadedModel,
  batch: RowData,
  texts: readonly string[] | undefined,
  { ort, onProgress, signal }: Surroundings,
): Promise<{ job: Job; prepared: Prepared }> {
  const job: Job = { request, model, rows: rowsFor(model, batch), texts: batch.labels, ort, onProgress, signal };
  const prepared = await prepare(job);
  if (texts !== undefined) await checkLabels(job, prepared, texts);
  return { job, prepared };
}

/** What is kept of rows that have gone by. */
class SeenRows {
  rows = 0;
  #totals: Totals | undefined;
  #shown: Pick<Found, "prediction" | "numbers" | "ids"> | undefined;
  readonly #judged: (JudgedClasses | JudgedValues)[] = [];
  readonly #texts: string[] = [];
  #hasLabels = false;

  add(prediction: RowPrediction, { labels, ids }: RowData): void {
    const own = totalsOf(prediction);
    this.#totals = this.#totals === undefined ? own : addTotals(this.#totals, own);
    const least = leastCertain({ prediction }, SHOWN);
    const first = this.rows;
    this.#show(
      pickRows(prediction, least),
      least.map((row) => first + row),
      ids && least.map((row) => ids[row]!),
    );
    if (labels !== undefined) {
      this.#hasLabels = true;
      this.#judged.push(judgedOf(prediction));
      for (const label of labels) this.#texts.push(label);
    }
    this.rows += prediction.rows;
  }

  /** The least certain of those that were shown until now and the new ones. */
  #show(prediction: RowPrediction, numbers: readonly number[], ids: readonly string[] | undefined): void {
    const last = this.#shown;
    const joined = last === undefined ? prediction : joinRows([last.prediction, prediction]);
    const all = [...(last?.numbers ?? []), ...numbers];
    const named = ids && [...(last?.ids ?? []), ...ids];
    const least = leastCertain({ prediction: joined }, SHOWN);
    this.#shown = {
      prediction: pickRows(joined, least),
      numbers: least.map((row) => all[row]!),
      ids: named && least.map((row) => named[row]!),
    };
  }

  found(): Found {
    return {
      ...this.#shown!,
      totals: this.#totals!,
      judged: this.#hasLabels ? joinRows(this.#judged as JudgedClasses[]) : undefined,
      texts: this.#hasLabels ? this.#texts : undefined,
      strange: [],
      pixels: () => [],
    };
  }
}

/** What right answers are held against. */
function judgedOf(prediction: RowPrediction): JudgedClasses | JudgedValues {
  const { rows, mean, deterministic } = prediction;
  if (prediction.kind === "values") {
    const { variance, total } = prediction;
    return { rows, mean, variance, deterministic, ...(total && { total }) };
  }
  const { classes, predicted, predictiveEntropy } = prediction;
  return { rows, classes, mean, predicted, predictiveEntropy, deterministic: prediction.deterministic };
}
