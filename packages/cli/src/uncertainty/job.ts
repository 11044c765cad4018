// One run of `hadamask uncertainty` with all rows at hand, from files to findings.

import { UsageError } from "@hadamask/experiments/settings";
import { type ClassPrediction, type MonteCarlo, type Prediction, PredictionStopped } from "@hadamask/onnx";
import { auroc } from "hadamask/uncertainty";
import { allRows } from "../data/model-inputs.js";
import type { RowData, RowSource } from "../data/row-source.js";
import { checkCompare, rivalsOf } from "./compare.js";
import { conclude } from "./conclude.js";
import { checkConformal, conformalOf, SHARE } from "./conformal.js";
import type { ConformalFound } from "./conformal-found.js";
import type { Labelled } from "./conformal-job.js";
import { readLike } from "./data-source.js";
import { statisticsKind } from "./kind.js";
import type { LoadedModel } from "./model.js";
import { rowsFor } from "./model-rows.js";
import { writePasses } from "./passes-file.js";
import {
  channelsIn,
  imageIn,
  type Job,
  keyFor,
  type Prepared,
  predictRows,
  prepare,
  rightOf,
  type Surroundings,
} from "./prepare.js";
import type { StrangeRows, UncertaintyRequest, UncertaintyResult } from "./request.js";
import type { Right } from "./right.js";
import { NO_DROPOUT } from "./rivals.js";
import { keepFound } from "./stopped.js";
import { type StrangeSet, strangeRows, USUAL } from "./strange.js";
import { totalsOf } from "./totals.js";

/**
 * @throws {UsageError | DataError} If the request makes no sense, or a file cannot be used.
 * @throws {InterruptedError} If the signal ended it.
 */
export async function runWhole(
  request: UncertaintyRequest,
  model: LoadedModel,
  source: RowSource,
  { ort, onProgress, signal, file, jpeg }: Surroundings,
): Promise<UncertaintyResult> {
  const data = allRows(source);
  const rows = rowsFor(model, data, request);
  const job: Job = { request, model, jpeg, rows, texts: data.labels, ort, onProgress, signal };
  imageIn(job); // refused before the work, not after it
  let prediction: Prediction | undefined;
  try {
    const prepared = await prepare(job);
    const sets = strangeSets(job, prepared);
    const right = data.labels && rightOf(job, prepared.answer, data.labels, rows.rows);
    const conformalWith = calibrationRows(job, prepared, right !== undefined);
    const names = checkCompare(request, prepared.answer);
    checkEnsemble(prepared, right !== undefined);
    const targets = right?.kind === "positions" ? right.labels : undefined;
    const portion = { values: rows.values, first: 0, of: rows.rows, targets };
    prediction = await predictRows(job, prepared, portion, "predicting");
    const conformal =
      conformalWith === undefined ? undefined : await calibrated(job, prepared, prediction, right, conformalWith);
    file?.add(prediction, rows.rows, data.ids, conformal?.fields); // whatever fails now, they are there
    await keepPasses(job, prepared);
    const rivals = right === undefined ? [] : await rivalsOf(job, prepared, prediction, { right, portion, names });
    const strange = prediction.kind === "classes" ? await compareStrange(job, prepared, sets, prediction) : [];
    await prepared.mc.dispose();
    const size = rows.values.length / rows.rows;
    return await conclude(job, prepared, {
      prediction,
      numbers: Array.from({ length: rows.rows }, (_, row) => row),
      ids: data.ids,
      totals: totalsOf(prediction),
      judged: prediction,
      right,
      conformal,
      rivals,
      dataNote: source.note,
      strange,
      pixels: (row) => rows.values.subarray(row * size, (row + 1) * size),
    });
  } catch (error) {
    if (!(error instanceof PredictionStopped)) throw error;
    // While candidates or strange rows are predicted, what was stopped is not about the rows that were asked for.
    const isOfThese = prediction === undefined && error.partial.rows === rows.rows;
    const before = prediction === undefined ? 0 : rows.rows;
    const found = { before, rows: rows.rows, samples: request.samples, ids: data.ids };
    throw keepFound(file, signal, isOfThese ? error.partial : undefined, found);
  } finally {
    if (prediction !== undefined) file?.finish();
  }
}

/** @throws {UsageError} If an ensemble is to be compared with dropout, and nothing says what is right. */
function checkEnsemble({ request: { others, where } }: Prepared, hasRight: boolean): void {
  if (others === undefined || where === NO_DROPOUT || hasRight) return;
  throw new UsageError(
    "uncertainty: several models are compared with dropout by right answers; pass --labels, or --where none for " +
      "the ensemble alone",
  );
}

/** Read before the work: the rows to calibrate with, or their share. undefined where nothing is promised. */
function calibrationRows(job: Job, { answer, held }: Prepared, hasRight: boolean): RowData | number | undefined {
  const { conformal, calibrate } = job.request;
  if (conformal === undefined) return undefined;
  checkConformal(answer, hasRight, held.length, job.request);
  if (typeof calibrate !== "object") return calibrate ?? SHARE;
  return readLike(job, calibrate.file, calibrate.labels);
}

/** What is promised of new rows, calibrated with these. */
async function calibrated(
  job: Job,
  prepared: Prepared,
  prediction: Prediction,
  right: Right | undefined,
  calibrate: RowData | number,
): Promise<ConformalFound> {
  const { conformal: level = 0.9, quantiles, score, perClass } = job.request;
  const source = typeof calibrate === "number" ? calibrate : await labelled(job, prepared, calibrate);
  const key = keyFor(job.request, "calibration");
  const edges = keyFor(job.request, "edges");
  const { held } = prepared;
  return conformalOf({ level, score, perClass, prediction, right, held, calibrate: source, quantiles, key, edges });
}

/** Predicts the rows to calibrate with, under the masks of the same passes. */
async function labelled(job: Job, prepared: Prepared, data: RowData): Promise<Labelled> {
  const rows = rowsFor(job.model, data, job.request);
  const right = rightOf(job, prepared.answer, data.labels ?? [], rows.rows);
  const portion = { values: rows.values, first: job.rows.rows, of: job.rows.rows + rows.rows };
  return { right, prediction: await predictRows(job, prepared, portion, "predicting rows to calibrate with") };
}

async function keepPasses({ request, rows, signal }: Job, { mc, candidate }: Prepared): Promise<void> {
  const { passes, samples } = request;
  if (passes === undefined || samples === "auto") return;
  const { rate } = candidate;
  const options = { samples, ...(rate === undefined ? {} : { rate }), ...(signal && { signal }) };
  await writePasses(passes, (mc as MonteCarlo).passes(rows.inputs(rows.values), options), { rows: rows.rows, samples });
}

/** Made, or read, before the work. @throws {UsageError} If that is not possible, or goes with classes only. */
function strangeSets(job: Job, { answer }: Prepared): StrangeSet[] {
  const { strange } = job.request;
  const isClasses = statisticsKind(answer.kind) === "classes";
  if (!isClasses && strange !== undefined && strange.length > 0)
    throw new UsageError(
      `uncertainty: --strange goes with one class a row, and the model's answers are ${answer.kind}`,
    );
  const image = imageIn(job);
  const channels = channelsIn(job);
  const what = strange ?? (image === undefined || !isClasses ? [] : USUAL);
  const from = keyFor(job.request, "strange");
  const read = (path: string): RowData => readLike(job, path, undefined);
  return what.map((name) => strangeRows(name, job.rows, { image, channels, from, read }));
}

async function compareStrange(
  job: Job,
  prepared: Prepared,
  sets: readonly StrangeSet[],
  familiar: ClassPrediction,
): Promise<StrangeRows[]> {
  const found: StrangeRows[] = [];
  for (const { values, name: title } of sets) {
    const of = values.length / (job.rows.values.length / job.rows.rows);
    const portion = { values, first: 0, of };
    const prediction = (await predictRows(job, prepared, portion, `predicting ${title} rows`)) as ClassPrediction;
    found.push({
      name: title,
      rows: prediction.rows,
      mutualInformation: auroc(prediction.mutualInformation, familiar.mutualInformation),
      predictiveEntropy: auroc(prediction.predictiveEntropy, familiar.predictiveEntropy),
      prediction,
    });
  }
  return found;
}
