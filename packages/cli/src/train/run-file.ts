// Runs on disk: one file each, complete or not there, with all that the run depends on written beside its numbers.

import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { TrainedRun } from "@hadamask/experiments";
import { type Dataset, type RunSettings, UsageError } from "@hadamask/experiments/settings";
import type { Predictions } from "@hadamask/experiments/statistics";
import { writeFileWhole } from "../files/write-file.js";

/** Changes whenever an older file would be misread, or training gives other numbers than it did. */
const FORMAT = 2;

/** What a run depends on. Equal provenance, equal numbers. */
export interface Provenance extends RunSettings {
  readonly format: number;
  readonly data: string;
  /** SHA-256 of the data's rows. */
  readonly digest: string;
  readonly variant: string;
  readonly seed: number;
}

export function provenanceOf(data: Dataset, settings: RunSettings): Omit<Provenance, "variant" | "seed"> {
  const { model, hidden, activation, epochs, batchSize, learningRate, trainRows, inputRate } = settings;
  const own: RunSettings = { model, hidden, activation, epochs, batchSize, learningRate, trainRows, inputRate };
  return { format: FORMAT, data: data.name, digest: digestOf(data), ...own };
}

function digestOf(data: Dataset): string {
  const hash = createHash("sha256");
  for (const table of data.test === undefined ? [data.pool] : [data.pool, data.test]) {
    for (const { buffer, byteOffset, byteLength } of [table.features, table.labels]) {
      hash.update(new Uint8Array(buffer, byteOffset, byteLength));
    }
  }
  return hash.digest("hex");
}

/** "bernoulli:0.5" of seed 3 is in bernoulli-0.5-seed3.json. */
export const runPath = (folder: string, variant: string, seed: number): string =>
  join(folder, `${variant.replaceAll(/[^\w.-]+/g, "-")}-seed${seed}.json`);

export function saveRun(folder: string, provenance: Provenance, run: TrainedRun): void {
  mkdirSync(folder, { recursive: true });
  const { predictions, weights, ...numbers } = run;
  const packed = {
    provenance,
    ...numbers,
    predictions: Object.fromEntries(PREDICTION_TYPES.map(([field]) => [field, toBase64(predictions[field])])),
    weights: weights.map(({ shape, values }) => ({ shape, values: toBase64(values) })),
  };
  writeFileWhole(runPath(folder, run.variant, run.seed), `${JSON.stringify(packed)}\n`);
}

/**
 * The run that is saved for this provenance; undefined where there is none.
 *
 * @throws {UsageError} If there is one, but it was made with other settings or other data.
 */
export function loadRun(folder: string, wanted: Provenance): TrainedRun | undefined {
  const path = runPath(folder, wanted.variant, wanted.seed);
  if (!existsSync(path)) return undefined;
  const saved = parse(path);
  for (const name of Object.keys(wanted) as (keyof Provenance)[]) {
    const [found, expected] = [saved.provenance[name], wanted[name]].map((value) => JSON.stringify(value));
    if (found !== expected) {
      throw new UsageError(
        `train: --resume: ${path} was made with ${name} ${found}, not ${expected}; ` +
          "ask for the same, choose another --out, or leave out --resume to begin anew",
      );
    }
  }
  return saved.run;
}

function parse(path: string): { provenance: Provenance; run: TrainedRun } {
  try {
    const { provenance, predictions, weights, ...numbers } = JSON.parse(readFileSync(path, "utf8"));
    const arrays = PREDICTION_TYPES.map(([field, Type]) => [field, fromBase64(predictions[field], Type)]);
    const run = {
      ...numbers,
      predictions: Object.fromEntries(arrays),
      weights: (weights as { shape: number[]; values: string }[]).map(({ shape, values }) => ({
        shape,
        values: fromBase64(values, Float32Array),
      })),
    };
    return { provenance, run: run as TrainedRun };
  } catch (error) {
    throw new Error(`${path}: is no run that can be read (${(error as Error).message}); remove it and run again`, {
      cause: error,
    });
  }
}

type Numbers = Float32Array | Uint16Array;
type NumbersType<T extends Numbers> = new (buffer: ArrayBuffer) => T;

const PREDICTION_TYPES: readonly (readonly [keyof Predictions, NumbersType<Numbers>])[] = [
  ["label", Uint16Array],
  ["predicted", Uint16Array],
  ["confidence", Float32Array],
  ["nll", Float32Array],
];

/** Exact, and about as long as the bytes; little endian, as every machine that Node runs on. */
const toBase64 = ({ buffer, byteOffset, byteLength }: Numbers): string =>
  Buffer.from(buffer, byteOffset, byteLength).toString("base64");

/** Copies: a buffer of Node's may begin anywhere, and an array of floats may not. */
function fromBase64<T extends Numbers>(text: string, Type: NumbersType<T>): T {
  const bytes = Buffer.from(text, "base64");
  return new Type(new Uint8Array(bytes).buffer);
}
