// One run of `hadamask uncertainty` over data that need not fit into memory: rows are read, predicted and written
// piece by piece. Only the least certain rows are kept, and of labelled rows what they are judged by.

import { UsageError } from "@hadamask/experiments/settings";
import { type Prediction, PredictionStopped } from "@hadamask/onnx";
import type { RowData, RowSource } from "../data/row-source.js";
import { conclude, type Found, type Judged } from "./conclude.js";
import type { JudgedClasses } from "./judge.js";
import { statisticsKind } from "./kind.js";
import type { LoadedModel } from "./model.js";
import { rowsFor } from "./model-rows.js";
import { type Job, type Prepared, predictRows, prepare, rightOf, type Surroundings } from "./prepare.js";
import type { UncertaintyRequest, UncertaintyResult } from "./request.js";
import type { Right } from "./right.js";
import { NO_DROPOUT } from "./rivals.js";
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
  let begun: Begun | undefined;
  for (const batch of source.batches(piece)) {
    begun ??= await begin(request, model, batch, { texts, rows }, surroundings);
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
      throw keepFound(file, signal, error.partial, { before: seen.rows, rows, samples, ids: batch.ids });
    }
    if (signal?.aborted) throw keepFound(file, signal, undefined, { before: seen.rows, rows, samples, ids: undefined });
  }
  const { job, prepared, right } = begun!;
  await prepared.mc.dispose();
  file?.finish();
  const held = Int32Array.from({ length: rows }, (_, row) => row);
  return conclude(job, { ...prepared, held }, { ...seen.found(right), dataNote: source.note });
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

interface Begun {
  readonly job: Job;
  readonly prepared: Prepared;
  /** The right answers of all rows. */
  readonly right: Right | undefined;
}

async function begin(
  request: UncertaintyRequest,
  model: LoadedModel,
  batch: RowData,
  { texts, rows }: { readonly texts: readonly string[] | undefined; readonly rows: number },
  { ort, onProgress, signal, jpeg }: Surroundings,
): Promise<Begun> {
  const job: Job = {
    request,
    model,
    jpeg,
    rows: rowsFor(model, batch, request),
    texts: batch.labels,
    ort,
    onProgress,
    signal,
  };
  const prepared = await prepare(job);
  const { others, where } = prepared.request;
  if (others !== undefined && where !== NO_DROPOUT)
    throw new UsageError(
      "uncertainty: --stream does not go with several models and dropout, which are compared on all rows",
    );
  if (texts !== undefined && statisticsKind(prepared.answer.kind) === "positions")
    throw new UsageError(
      `uncertainty: --stream does not go with --labels of ${prepared.answer.kind}, which need all rows at once`,
    );
  return { job, prepared, right: texts && rightOf(job, prepared.answer, texts, rows) };
}

/** What is kept of rows that have gone by. */
class SeenRows {
  rows = 0;
  #totals: Totals | undefined;
  #shown: Pick<Found, "prediction" | "numbers" | "ids"> | undefined;
  readonly #judged: Judged[] = [];

  add(prediction: Prediction, { labels, ids }: RowData): void {
    const own = totalsOf(prediction);
    this.#totals = this.#totals === undefined ? own : addTotals(this.#totals, own);
    const least = leastCertain({ prediction }, SHOWN);
    const first = this.rows;
    this.#show(
      pickRows(prediction, least),
      least.map((row) => first + row),
      ids && least.map((row) => ids[row]!),
    );
    if (labels !== undefined) this.#judged.push(judgedOf(prediction));
    this.rows += prediction.rows;
  }

  /** The least certain of those that were shown until now and the new ones. */
  #show(prediction: Prediction, numbers: readonly number[], ids: readonly string[] | undefined): void {
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

  found(right: Right | undefined): Found {
    return {
      ...this.#shown!,
      totals: this.#totals!,
      judged: right === undefined ? undefined : joinRows(this.#judged as JudgedClasses[]),
      right,
      conformal: undefined,
      rivals: [],
      dataNote: undefined,
      strange: [],
      pixels: () => [],
    };
  }
}

/** What of a prediction right answers are held against. */
function judgedOf(prediction: Prediction): Judged {
  if (prediction.kind === "positions") return prediction;
  const { rows, mean } = prediction;
  if (prediction.kind === "labels") {
    const { labels, deterministic } = prediction;
    return { rows, labels, mean, deterministic };
  }
  if (prediction.kind === "values") {
    const { values, variance, total, deterministic } = prediction;
    return { rows, values, mean, variance, deterministic, ...(total && { total }) };
  }
  const { classes, predicted, predictiveEntropy, deterministic } = prediction;
  return { rows, classes, mean, predicted, predictiveEntropy, deterministic };
}
