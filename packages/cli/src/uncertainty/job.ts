// One run of `hadamask uncertainty`, from files to findings. Writes nothing.

import type { ClassPrediction, MonteCarlo, Ort, Prediction, ValuePrediction } from "@hadamask/onnx";
import { foldIn, type Key, key as makeKey } from "hadamask";
import { auroc, type Choice, chooseByLikelihood } from "hadamask/uncertainty";
import { permutation } from "../experiments/chance.js";
import { UsageError } from "../usage.js";
import { readRows } from "./data.js";
import { findingsOf } from "./findings.js";
import { judgeClasses, judgeValues, pick } from "./judge.js";
import { answerKind } from "./kind.js";
import { classNumbers, labelValues } from "./labels.js";
import { type LoadedModel, loadModel, type ModelRows, rowsFor } from "./model.js";
import { type Candidate, candidates, hasOwnRates, open, placesOf } from "./open.js";
import type { Setting, StrangeRows, UncertaintyRequest, UncertaintyResult } from "./request.js";
import { settingText } from "./setting.js";
import { strangeRows, USUAL } from "./strange.js";

/** Told what is being done, and how far it is: 0 to 1. */
export type OnProgress = (done: number, what: string) => void;

/** Keys of everything random in a run, from its seed. */
const CHANCE = { masks: 0, split: 1, bootstrap: 2, strange: 3 } as const;

/** Passes that candidates are compared by: the winner is predicted with as many as were asked for. */
const TRIAL_SAMPLES = 50;

/** What everything else needs. */
interface Job {
  readonly request: UncertaintyRequest;
  readonly model: LoadedModel;
  readonly rows: ModelRows;
  readonly texts: readonly string[] | undefined;
  readonly ort: Ort;
  readonly key: (what: keyof typeof CHANCE) => Key;
  readonly onProgress: OnProgress;
}

/** @throws {UsageError | DataError} If the request makes no sense, or a file cannot be used. */
export async function runUncertainty(
  request: UncertaintyRequest,
  ort: Ort,
  onProgress: OnProgress,
): Promise<UncertaintyResult> {
  const model = loadModel(request.model);
  const data = readRows(request.data, request.labels);
  const rows = rowsFor(model, data);
  const seedKey = makeKey(request.seed);
  const key = (what: keyof typeof CHANCE): Key => foldIn(seedKey, CHANCE[what]);
  const job: Job = { request, model, rows, texts: data.labels, ort, key, onProgress };
  if (request.rate === "choose" && data.labels === undefined) {
    throw new UsageError("uncertainty: --rate choose needs right answers; pass --labels");
  }
  const { mc, candidate, choice, held } = await prepare(job);
  const prediction = await predictAll(job, mc, candidate, "predicting", rows.values);
  const image = request.image ?? imageIn(job);
  const strange = prediction.kind === "classes" ? await compareStrange(job, mc, candidate, image, prediction) : [];
  await mc.dispose();
  const labels = prediction.kind === "classes" && data.labels ? labelsOf(job, prediction.classes) : undefined;
  const size = rows.values.length / rows.rows;
  const result: Omit<UncertaintyResult, "findings"> = {
    request,
    inspection: model.inspection,
    sites: mc.sites.map(({ kind, name, rate }) => ({ kind, name, rate: candidate.rate ?? rate })),
    prediction,
    classNames: prediction.kind === "classes" ? namesOf(job, prediction.classes) : [],
    labels,
    image,
    pixels: (row) => rows.values.subarray(row * size, (row + 1) * size),
    classes: labels && (await judgeClasses(prediction as ClassPrediction, labels, held, key("bootstrap"))),
    values: valuesOf(job, prediction),
    choice,
    strange,
  };
  return { ...result, findings: findingsOf(result) };
}

interface Prepared {
  readonly mc: MonteCarlo;
  readonly candidate: Candidate;
  readonly choice: Choice<Setting> | undefined;
  /** The rows to judge by: those that had no part in choosing. */
  readonly held: Int32Array;
}

/** Opens the model with dropout where it is asked for, or where it does best on half of the rows. */
async function prepare(job: Job): Promise<Prepared> {
  const { request, model, rows } = job;
  const all = Int32Array.from({ length: rows.rows }, (_, row) => row);
  const options = { ort: job.ort, key: job.key("masks") };
  const tried = request.rate === "choose" ? candidates(model, request) : [];
  const first: Candidate = tried[0] ?? { ...placesOf(model, request), rate: request.rate as number | undefined };
  checkRate(job, first);
  const outputs = model.inspection.outputs;
  const guess = (outputs.find(({ name }) => name === request.output) ?? outputs[0])?.looksLike ?? "logits";
  const openAsValues = (): Promise<MonteCarlo> => open(model, request, first, { ...options, kind: "values" });
  const kind = hasNoise(request) ? "values" : await answerKind(request.softmax, guess, openAsValues, rows);
  const openAt = (candidate: Candidate): Promise<MonteCarlo> => open(model, request, candidate, { ...options, kind });
  if (tried.length === 0) return { mc: await openAt(first), candidate: first, choice: undefined, held: all };

  if (kind === "values")
    throw new UsageError("uncertainty: --rate choose goes with classes; pass a number for a regression");
  if (rows.rows < 4) throw new UsageError(`uncertainty: --rate choose needs at least 4 rows, got ${rows.rows}`);
  const order = Int32Array.from(permutation(job.key("split"), rows.rows));
  const half = Math.floor(rows.rows / 2);
  const choice = await choose(job, tried, order.subarray(0, half), openAt);
  const best = choice.best.candidate as Candidate;
  return { mc: await openAt(best), candidate: best, choice, held: order.slice(half).sort() };
}

const hasNoise = ({ variance, logVariance }: UncertaintyRequest): boolean =>
  variance !== undefined || logVariance !== undefined;

function checkRate({ model, request }: Job, candidate: Candidate): void {
  if (candidate.rate !== undefined || hasOwnRates(candidate)) return;
  throw new UsageError(
    `uncertainty: --rate is missing: ${model.path} has no rate at ${request.where}; pass --rate 0.1 or --rate choose`,
  );
}

async function choose(
  job: Job,
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
    const options = { samples: TRIAL_SAMPLES, sampleIds: half, ...(rate === undefined ? {} : { rate }) };
    return (await mc.opened.predict(rows.inputs(chosen), options)) as ClassPrediction;
  };
  const first = await at(tried[0]!);
  const labels = pick(labelsOf(job, first.classes), half, 1);
  const choice = await chooseByLikelihood(tried, {
    labels,
    baseline: first.deterministic.mean,
    predict: async (candidate) => (await at(candidate)).mean,
  });
  await mc?.opened.dispose();
  return choice;
}

async function predictAll(
  job: Job,
  mc: MonteCarlo,
  { rate }: Candidate,
  what: string,
  values: ArrayLike<number>,
): Promise<Prediction> {
  const { samples } = job.request;
  return mc.predict(job.rows.inputs(values), {
    samples,
    ...(rate === undefined ? {} : { rate }),
    onProgress: ({ rows, passes }) =>
      job.onProgress(Math.min(1, passes / (rows * (samples === "auto" ? 1000 : samples))), what),
  });
}

async function compareStrange(
  job: Job,
  mc: MonteCarlo,
  candidate: Candidate,
  image: UncertaintyResult["image"],
  familiar: ClassPrediction,
): Promise<StrangeRows[]> {
  const what = job.request.strange ?? (image === undefined ? [] : USUAL);
  const found: StrangeRows[] = [];
  for (const name of what) {
    const set = strangeRows(name, job.rows, image, job.key("strange"));
    const prediction = (await predictAll(
      job,
      mc,
      candidate,
      `predicting ${set.name} rows`,
      set.values,
    )) as ClassPrediction;
    found.push({
      name: set.name,
      rows: prediction.rows,
      mutualInformation: auroc(prediction.mutualInformation, familiar.mutualInformation),
      predictiveEntropy: auroc(prediction.predictiveEntropy, familiar.predictiveEntropy),
      prediction,
    });
  }
  return found;
}

/** The model's own note, or two last axes that are a picture. */
function imageIn({ model, rows }: Job): UncertaintyResult["image"] {
  const { image } = model.notes;
  const [height, width] = rows.dims.slice(-2);
  if (image !== undefined) return image;
  return rows.dims.length >= 2 && height! > 3 && width! > 3 ? { height: height!, width: width! } : undefined;
}

const labelsOf = ({ request, model, texts }: Job, classes: number): Int32Array =>
  classNumbers(request.labels ?? request.data, texts!, classes, model.notes.classes);

const namesOf = ({ model }: Job, classes: number): readonly string[] =>
  model.notes.classes ?? Array.from({ length: classes }, (_, c) => String(c));

function valuesOf({ request, texts }: Job, prediction: Prediction): UncertaintyResult["values"] {
  if (prediction.kind !== "values" || texts === undefined) return undefined;
  if (prediction.values !== 1)
    throw new UsageError(
      `uncertainty: --labels goes with one value a row, got ${prediction.values}; pass --softmax on for classes`,
    );
  return judgeValues(prediction as ValuePrediction, labelValues(request.labels ?? request.data, texts));
}
