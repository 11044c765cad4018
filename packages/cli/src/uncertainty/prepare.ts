// What every run of `hadamask uncertainty` begins with: the model with dropout where it was asked for, or where it
// does best.

import { permutation, UsageError } from "@hadamask/experiments/settings";
import type { Answer, ClassPrediction, MonteCarlo, MonteCarloOptions, Ort, Prediction } from "@hadamask/onnx";
import type { Ensemble } from "@hadamask/onnx/ensemble";
import { foldIn, type Key, key as makeKey } from "hadamask";
import { type Choice, chooseByLikelihood } from "hadamask/uncertainty";
import type { JpegCodec } from "../data/pictures/decode.js";
import { sizeOf } from "../data/size.js";
import type { RowFile } from "./files.js";
import { sizesOf, statisticsKind } from "./kind.js";
import type { LoadedModel } from "./model.js";
import type { ModelRows } from "./model-rows.js";
import { type Candidate, candidates, hasOwnRates, open, outputsOf, placesOf } from "./open.js";
import { openEnsemble } from "./open-ensemble.js";
import type { Portion } from "./portion.js";
import type { ImageShape, Setting, UncertaintyRequest } from "./request.js";
import { type Right, rightAnswers } from "./right.js";
import { NO_DROPOUT } from "./rivals.js";
import { settingText } from "./setting.js";
import { pick } from "./some-rows.js";

/** Told what is being done, and how far it is: 0 to 1. */
export type OnProgress = (done: number, what: string) => void;

/** Keys of everything random in a run, from its seed. */
const CHANCE = { masks: 0, split: 1, bootstrap: 2, strange: 3, calibration: 4, folds: 5, edges: 6 } as const;

export const keyFor = ({ seed }: UncertaintyRequest, what: keyof typeof CHANCE): Key =>
  foldIn(makeKey(seed), CHANCE[what]);

/** Passes that candidates are compared by: the winner is predicted with as many as were asked for. */
const TRIAL_SAMPLES = 50;

/** What a run gets besides its request. */
export interface Surroundings {
  readonly ort: Ort;
  readonly onProgress: OnProgress;
  /** Ends the run early: what is complete is written. */
  readonly signal?: AbortSignal | undefined;
  /** Where the rows go. */
  readonly file?: RowFile | undefined;
  /** Reads JPEG files. */
  readonly jpeg?: JpegCodec | undefined;
}

/** What everything else needs. */
export interface Job {
  readonly request: UncertaintyRequest;
  readonly model: LoadedModel;
  /** Reads JPEG files, where folders of pictures were named. */
  readonly jpeg: JpegCodec | undefined;
  /** All rows, or the first of them where they are read piece by piece. */
  readonly rows: ModelRows;
  readonly texts: readonly string[] | undefined;
  readonly ort: Ort;
  readonly onProgress: OnProgress;
  readonly signal: AbortSignal | undefined;
}

export interface Prepared {
  /** Predicts. An ensemble where nothing is dropped. */
  readonly mc: MonteCarlo | Ensemble;
  /** What was asked for, with `where` "none" where nothing is dropped. */
  readonly request: UncertaintyRequest;
  readonly candidate: Candidate;
  readonly choice: Choice<Setting> | undefined;
  /** The rows to judge by: those that had no part in choosing. */
  readonly held: Int32Array;
  /** What the output is taken for. */
  readonly answer: Answer;
}

/** Opens the model with dropout where it is asked for, or where it does best on half of the rows. */
export async function prepare(job: Job): Promise<Prepared> {
  const { model, rows } = job;
  const request = withEnsemble(job);
  if (request.rate === "choose" && job.texts === undefined) {
    throw new UsageError("uncertainty: --rate choose needs right answers; pass --labels");
  }
  if (request.freeze === true && !model.inspection.normalisation.some(({ isTraining }) => isTraining))
    throw new UsageError(
      `uncertainty: --freeze goes with batch normalisation in training mode, and ${model.path} has none`,
    );
  const all = Int32Array.from({ length: rows.rows }, (_, row) => row);
  if (request.where === NO_DROPOUT && request.others !== undefined) {
    const mc = await openEnsemble(model, request, { ort: job.ort, constant: rows.constant });
    const answer = await answerOf(mc, rows);
    checkNames(request, answer);
    const candidate: Candidate = { where: NO_DROPOUT, placement: undefined, rate: undefined };
    return { mc, request, candidate, choice: undefined, held: all, answer };
  }
  const options = { ort: job.ort, key: keyFor(request, "masks") };
  const tried = request.rate === "choose" ? candidates(model, request) : [];
  const first: Candidate = tried[0] ?? { ...placesOf(model, request), rate: request.rate as number | undefined };
  checkRate(job, first);
  const { kind, scale } = request;
  const said: Pick<MonteCarloOptions, "kind" | "scale"> = { kind, ...(scale === undefined ? {} : { scale }) };
  const openAt = (candidate: Candidate): Promise<MonteCarlo> =>
    open(model, request, candidate, { ...options, constant: rows.constant, ...(hasNoise(request) ? {} : said) });
  const mc = await openAt(first);
  const answer = await answerOf(mc, rows);
  checkNames(request, answer);
  if (tried.length === 0) return { mc, request, candidate: first, choice: undefined, held: all, answer };

  await mc.dispose();
  if (statisticsKind(answer.kind) !== "classes")
    throw new UsageError(`uncertainty: --rate choose goes with classes; pass a number for ${answer.kind}`);
  if (rows.rows < 4) throw new UsageError(`uncertainty: --rate choose needs at least 4 rows, got ${rows.rows}`);
  const order = Int32Array.from(permutation(keyFor(request, "split"), rows.rows));
  const half = Math.floor(rows.rows / 2);
  const choice = await choose(job, answer, tried, order.subarray(0, half), openAt);
  const best = choice.best.candidate as Candidate;
  return { mc: await openAt(best), request, candidate: best, choice, held: order.slice(half).sort(), answer };
}

/** Rows that are looked at to see what the answers are. */
const LOOKED_AT = 16;

/** Several models without a word on dropout, and without Dropout nodes, are an ensemble and nothing else. */
function withEnsemble({ request, model }: Job): UncertaintyRequest {
  const { others, where, rate } = request;
  const { sites, dropout } = model.inspection;
  const isAlone = where === undefined && rate === undefined && sites.length === 0 && dropout.length === 0;
  if (others === undefined || !(isAlone || where === NO_DROPOUT)) return request;
  if (rate !== undefined) throw new UsageError("uncertainty: --rate goes with dropout, and --where none drops nothing");
  return { ...request, where: NO_DROPOUT };
}

function answerOf(mc: MonteCarlo | Ensemble, rows: ModelRows): Promise<Answer> {
  const few = Math.min(rows.rows, LOOKED_AT);
  const size = rows.values.length / rows.rows;
  return mc.answer(rows.inputs(rows.values.subarray(0, few * size)));
}

/** @throws {UsageError} If classes or labels were given other than as many names as there are. */
function checkNames({ classes, quantiles }: UncertaintyRequest, answer: Answer): void {
  const { columns } = sizesOf(answer);
  if (classes !== undefined && answer.kind === "values")
    throw new UsageError("uncertainty: --classes goes with classes or labels, and the model's answers are values");
  if (classes !== undefined && classes.length !== columns)
    throw new UsageError(
      `uncertainty: --classes must name the ${columns} ${answer.kind === "labels" ? "labels" : "classes"} of ` +
        `the model, got ${classes.length}`,
    );
  if (quantiles === undefined) return;
  if (answer.kind !== "values")
    throw new UsageError(`uncertainty: --quantiles goes with values, and the model's answers are ${answer.kind}`);
  if (quantiles.length !== columns)
    throw new UsageError(
      `uncertainty: --quantiles must have a level for each of the ${columns} values of a row, got ${quantiles.length}`,
    );
}

function hasNoise(request: UncertaintyRequest): boolean {
  const { variance, logVariance } = outputsOf(request);
  return variance !== undefined || logVariance !== undefined;
}

function checkRate({ model, request }: Job, candidate: Candidate): void {
  if (candidate.rate !== undefined || hasOwnRates(candidate)) return;
  throw new UsageError(
    `uncertainty: --rate is missing: ${model.path} has no rate at ${request.where}; pass --rate 0.1 or --rate choose`,
  );
}

async function choose(
  job: Job,
  answer: Answer,
  tried: readonly Candidate[],
  half: Int32Array,
  openAt: (candidate: Candidate) => Promise<MonteCarlo>,
): Promise<Choice<Setting>> {
  const { rows } = job;
  const size = rows.values.length / rows.rows;
  const chosen = Float64Array.from(
    { length: half.length * size },
    (_, i) => rows.values[half[Math.floor(i / size)]! * size + (i % size)]!,
  );
  let mc: { readonly where: string; readonly opened: MonteCarlo } | undefined;
  let done = 0;
  const at = async (candidate: Candidate): Promise<ClassPrediction> => {
    if (mc?.where !== candidate.where) {
      await mc?.opened.dispose();
      mc = { where: candidate.where, opened: await openAt(candidate) };
    }
    job.onProgress(done++ / tried.length, `trying ${settingText(candidate)}`);
    const { rate } = candidate;
    const { masks } = job.request;
    const options = {
      samples: typeof masks === "object" ? masks.fixed : TRIAL_SAMPLES,
      sampleIds: half,
      ...(rate === undefined ? {} : { rate }),
      ...(job.signal && { signal: job.signal }),
    };
    return (await mc.opened.predict(rows.inputs(chosen, half), options)) as ClassPrediction;
  };
  const first = await at(tried[0]!);
  const right = rightOf(job, answer, job.texts!, rows.rows);
  if (right.kind !== "classes") throw new Error("only classes are chosen by");
  const labels = pick(right.labels, half, 1);
  const choice = await chooseByLikelihood(tried, {
    labels,
    baseline: first.deterministic.mean,
    predict: async (candidate) => (await at(candidate)).mean,
  });
  await mc?.opened.dispose();
  return choice;
}

/** Predicts some rows, as was asked. @throws {PredictionStopped} If the signal says so. */
export async function predictRows(
  job: Job,
  { mc, candidate: { rate }, request: { where } }: Prepared,
  { values, first, of, targets }: Portion,
  what: string,
): Promise<Prediction> {
  const { samples } = job.request;
  const size = job.rows.values.length / job.rows.rows;
  const passesOfRow = samples === "auto" ? 1000 : samples;
  const inputs = job.rows.inputs(values, first);
  const common = {
    sampleIds: Float64Array.from({ length: values.length / size }, (_, i) => first + i),
    ...(targets && { targets }),
    ...(job.signal && { signal: job.signal }),
  };
  if (where === NO_DROPOUT) {
    const done = (member: number, members: number): void =>
      job.onProgress((first + (member / members) * (values.length / size)) / of, what);
    return (mc as Ensemble).predict(inputs, { ...common, onProgress: done });
  }
  return (mc as MonteCarlo).predict(inputs, {
    ...common,
    samples,
    ...(rate === undefined ? {} : { rate }),
    onProgress: ({ passes }) => job.onProgress(Math.min(1, (first + passes / passesOfRow) / of), what),
  });
}

/**
 * What was asked for, the model's own note, or two last axes that are a picture.
 *
 * @throws {UsageError} If a row is not a picture of the size that was asked for, in grey or three colours.
 */
export function imageIn({ request, model, rows }: Pick<Job, "request" | "model" | "rows">): ImageShape | undefined {
  const asked = request.image;
  if (asked !== undefined) {
    const size = sizeOf(rows.dims);
    if ([1, 3].some((colours) => colours * asked.height * asked.width === size)) return asked;
    throw new UsageError(
      `uncertainty: --image must hold the ${size} numbers of a row, got ${asked.height}x${asked.width}`,
    );
  }
  if (model.notes.image !== undefined) return model.notes.image;
  const [height, width] = channelsIn({ rows }) === "last" ? rows.dims : rows.dims.slice(-2);
  return rows.dims.length >= 2 && height! > 3 && width! > 3 ? { height: height!, width: width! } : undefined;
}

/** Where the colours of a picture lie in a row: last where its last axis is 1 or 3 and its first is none of these. */
export function channelsIn({ rows: { dims } }: Pick<Job, "rows">): "first" | "last" {
  const isFew = (size: number | undefined): boolean => size === 1 || size === 3;
  return dims.length === 3 && isFew(dims[2]) && !isFew(dims[0]) ? "last" : "first";
}

/**
 * Right answers, as far as they are there. Read before the work, so that what cannot be read is known then.
 *
 * @param rows How many rows the texts are of.
 * @throws {DataError | UsageError} Naming the row, if an answer cannot be one of the model's.
 */
export function rightOf({ request, model }: Job, answer: Answer, texts: readonly string[], rows: number): Right {
  const path = request.labels ?? request.data;
  const names = request.classes ?? model.notes.classes;
  return rightAnswers({ path, texts, rows, names, areQuantiles: request.quantiles !== undefined }, answer);
}

/** What classes or labels are called: by the user, by the model, or by their numbers. */
export const namesOf = ({ request, model }: Job, count: number): readonly string[] =>
  request.classes ?? model.notes.classes ?? Array.from({ length: count }, (_, c) => String(c));
