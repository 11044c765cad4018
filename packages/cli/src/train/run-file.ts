// Runs on disk: one file each, complete or not there, with all that the run depends on written beside its numbers, and
// a sum over all of it, so that what was altered is not taken for what was trained.

import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { TrainedRun } from "@hadamask/experiments";
import { type Dataset, type RunSettings, UsageError } from "@hadamask/experiments/settings";
import type { ClassPredictions, ValuePredictions } from "@hadamask/experiments/statistics";
import { sizeOf } from "../data/size.js";
import { madeWith } from "../files/made-with.js";
import { isSystemError, reasonOf } from "../files/reasons.js";
import { sha256 } from "../files/sha256.js";
import { writeFileWhole } from "../files/write-file.js";
import { digestOfFiles } from "./own-variants.js";

/** Changes whenever an older file would be misread, or training gives other numbers than it did. */
const FORMAT = 4;

/** What a run depends on. Equal provenance, equal numbers. */
export interface Provenance extends RunSettings {
  readonly format: number;
  readonly data: string;
  /** SHA-256 of the data: its rows, and how they are read. */
  readonly digest: string;
  readonly variant: string;
  readonly seed: number;
  /** SHA-256 of the files with the user's own variants; absent where there are none. */
  readonly variantFiles?: string;
}

export function provenanceOf(
  data: Dataset,
  settings: RunSettings,
  variantFiles: readonly string[] = [],
): Omit<Provenance, "variant" | "seed"> {
  const { model, hidden, activation, epochs, batchSize, learningRate, trainRows, design, inputRate } = settings;
  const { evaluateEvery, validation, noise, maxNorm } = settings;
  const first = { model, hidden, activation, epochs, batchSize, learningRate, trainRows, inputRate };
  const asked = { ...(validation !== undefined && { validation }), ...(maxNorm !== undefined && { maxNorm }) };
  const own: RunSettings = { ...first, design, evaluateEvery, ...asked, ...(noise !== undefined && { noise }) };
  const files = variantFiles.length === 0 ? {} : { variantFiles: digestOfFiles(variantFiles) };
  return { format: FORMAT, data: data.name, digest: digestOf(data), ...own, ...files };
}

/** SHA-256 of the rows of a data set, and of what else numbers depend on: the same bytes may be other pictures. */
export function digestOf(data: Dataset): string {
  const found = digests.get(data);
  if (found !== undefined) return found;
  const { featureCount, image, scaling, classes } = data;
  const hash = createHash("sha256");
  hash.update(JSON.stringify([featureCount, classes.length, scaling, image?.height, image?.width]));
  for (const table of data.test === undefined ? [data.pool] : [data.pool, data.test]) {
    for (const { buffer, byteOffset, byteLength } of [table.features, table.labels]) {
      hash.update(new Uint8Array(buffer, byteOffset, byteLength));
    }
  }
  const digest = hash.digest("hex");
  digests.set(data, digest);
  return digest;
}

/** A sweep asks again and again. */
const digests = new WeakMap<Dataset, string>();

/** "bernoulli:0.5" of seed 3 is in bernoulli-0.5-seed3.json. */
export const runPath = (folder: string, variant: string, seed: number): string =>
  join(folder, `${variant.replaceAll(/[^\w.-]+/g, "-")}-seed${seed}.json`);

export function saveRun(folder: string, provenance: Provenance, run: TrainedRun): void {
  saveRunText(folder, provenance, runText(provenance, run));
}

/** Saves what {@link runText} gave, here or on another machine. */
export function saveRunText(folder: string, { variant, seed }: Provenance, text: string): void {
  mkdirSync(folder, { recursive: true });
  writeFileWhole(runPath(folder, variant, seed), text);
}

/** A run as the text of its file. */
export function runText(provenance: Provenance, run: TrainedRun): string {
  const { predictions, weights, ...numbers } = run;
  const packed = JSON.stringify({
    provenance,
    ...numbers,
    predictions: Object.fromEntries(Object.entries(predictions).map(([field, array]) => [field, toBase64(array)])),
    weights: weights.map(({ shape, values }) => ({ shape, values: toBase64(values) })),
  });
  return `{"sha256":"${sha256(packed)}","run":${packed}}\n`;
}

/** What a saved run is held to. */
export interface Expected {
  readonly provenance: Provenance;
  /** Rows that it was tested on. */
  readonly testRows: number;
  /** Whether what the network learned has to be there as well: sweeps leave it out. */
  readonly needsWeights?: boolean;
}

/** A run that is saved; what is wrong with its file; or nothing, where there is none. */
export type Saved = { readonly run: TrainedRun } | { readonly damage: string } | undefined;

/** A saved run that is sound, but was made with other settings or other data; a command adds what to do about it. */
export class OtherRun extends UsageError {
  /** "FILE was made with epochs 2, not 3". */
  readonly found: string;

  constructor(path: string, difference: string) {
    const found = `${path} was made with ${difference}`;
    super(
      `train: --resume: ${found}; ` +
        "ask for the same, choose another --out, or pass --force without --resume to begin anew",
    );
    this.found = found;
  }
}

/** @throws {OtherRun} If there is a sound one, but it was made with other settings or other data. */
export function loadRun(folder: string, { provenance: wanted, testRows, needsWeights }: Expected): Saved {
  const path = runPath(folder, wanted.variant, wanted.seed);
  if (!existsSync(path)) return undefined;
  let saved: { readonly provenance: Provenance; readonly run: TrainedRun };
  try {
    saved = parse(path);
  } catch (error) {
    if (error instanceof Damage) return { damage: `${path} ${error.message}` };
    throw error;
  }
  const { variant, seed, format } = saved.provenance;
  if (format === FORMAT && (variant !== wanted.variant || seed !== wanted.seed))
    return { damage: `${path} holds ${variant}, seed ${seed}` };
  const difference = madeWith(saved.provenance, wanted);
  if (difference !== undefined) throw new OtherRun(path, difference);
  const isWeightless = needsWeights === true && saved.run.weights.length === 0;
  const odd = isWeightless ? "has no weights" : oddLength(saved.run, wanted, testRows);
  return odd === undefined ? { run: saved.run } : { damage: `${path} ${odd}` };
}

/** @throws {UsageError} If a sound run of other settings would be replaced. */
export function checkNoOther(folder: string, wanted: Provenance): void {
  const path = runPath(folder, wanted.variant, wanted.seed);
  if (!existsSync(path)) return;
  let found: Provenance;
  try {
    found = parse(path).provenance;
  } catch (error) {
    if (error instanceof Damage) return;
    throw error;
  }
  const difference = madeWith(found, wanted);
  if (difference === undefined) return;
  throw new UsageError(
    `train: --out: ${path} was made with ${difference}, and would be replaced; ` +
      "choose another --out, or continue with the same settings and --resume",
  );
}

/** What a saved run was made with. @throws {UsageError} If the file is damaged. */
export function readProvenance(command: string, path: string): Provenance {
  try {
    return parse(path).provenance;
  } catch (error) {
    if (error instanceof Damage) throw new UsageError(`${command}: ${path} ${error.message}`);
    throw error;
  }
}

/** What two runs differ in, besides variant and seed. */
export const commonDifference = (found: Provenance, wanted: Provenance): string | undefined =>
  madeWith(found, { ...wanted, variant: found.variant, seed: found.seed });

/** Why a file cannot be used, to stand after its name. */
export class Damage extends Error {}

const parse = (path: string): { provenance: Provenance; run: TrainedRun } => parseRunText(readText(path));

/** The opposite of {@link runText}. @throws {Damage} If the text is not a run. */
export function parseRunText(whole: string): { provenance: Provenance; run: TrainedRun } {
  const [, sum, text] = /^\{"sha256":"([0-9a-f]{64})","run":(.*)\}\n$/s.exec(whole) ?? [];
  if (text === undefined) throw new Damage("is not a whole file of a run");
  if (sha256(text) !== sum) throw new Damage("was altered: its sum does not fit");
  // What has the right sum was written by us; a newer program may have written something else.
  const { provenance, predictions, weights, ...numbers } = JSON.parse(text);
  if (provenance?.format !== FORMAT) return { provenance, run: numbers as TrainedRun };
  const arrays = Object.entries(predictionTypes(predictions)).map(([field, Type]) => [
    field,
    fromBase64(predictions[field], Type),
  ]);
  const run = {
    ...numbers,
    predictions: Object.fromEntries(arrays),
    weights: (weights as { shape: number[]; values: string }[]).map(({ shape, values }) => ({
      shape,
      values: fromBase64(values, Float32Array),
    })),
  };
  return { provenance, run: run as TrainedRun };
}

function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if (isSystemError(error)) throw new Damage(`cannot be read: ${reasonOf(error)}`);
    throw error;
  }
}

/** What has another length than the settings say. */
function oddLength(run: TrainedRun, { epochs, validation }: Provenance, testRows: number): string | undefined {
  const trained = run.trainLoss.length; // fewer than all epochs where it was stopped early
  if (!(trained >= 1 && trained <= epochs)) return `has ${trained} of ${epochs} epochs in trainLoss`;
  const evaluated = run.epochs.length;
  for (const curve of ["testNll", "testError"] as const) {
    if (run[curve].length !== evaluated) return `has ${run[curve].length} of ${evaluated} values in ${curve}`;
  }
  const validated = run.validation?.nll.length ?? 0;
  if (validated !== (validation === undefined ? 0 : evaluated)) return `has ${validated} values of validation`;
  for (const { length: found } of Object.values(run.predictions)) {
    if (found !== testRows) return `has ${found} of ${testRows} predictions`;
  }
  const odd = run.weights.find(({ shape, values }) => values.length !== sizeOf(shape));
  return odd && `has ${odd.values.length} weights of shape ${odd.shape.join(" × ")}`;
}

type Numbers = Float32Array | Float64Array | Uint16Array;
type NumbersType<T extends Numbers> = new (buffer: ArrayBuffer) => T;

type Types<P> = { readonly [Field in keyof P]: NumbersType<Numbers> };

const CLASS_TYPES: Types<ClassPredictions> = {
  label: Uint16Array,
  predicted: Uint16Array,
  confidence: Float32Array,
  nll: Float32Array,
};

const VALUE_TYPES: Types<ValuePredictions> = {
  value: Float64Array,
  mean: Float64Array,
  deviation: Float64Array,
  nll: Float64Array,
};

/** What the arrays of saved predictions are made of. */
const predictionTypes = (saved: object): Types<ClassPredictions> | Types<ValuePredictions> =>
  "value" in saved ? VALUE_TYPES : CLASS_TYPES;

/** Exact, and about as long as the bytes; little endian, as every machine that Node runs on. */
export const toBase64 = ({ buffer, byteOffset, byteLength }: Numbers): string =>
  Buffer.from(buffer, byteOffset, byteLength).toString("base64");

/** Copies: a buffer of Node's may begin anywhere, and an array of floats may not. */
export function fromBase64<T extends Numbers>(text: string, Type: NumbersType<T>): T {
  const bytes = Buffer.from(text, "base64");
  return new Type(new Uint8Array(bytes).buffer);
}
