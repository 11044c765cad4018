// From the options of `hadamask train` to settings that make sense for the data, or a sentence that says which does
// not.

import type { Dataset } from "../data/dataset.js";
import { checkData, modelEntry, type NetworkRequest, networkSettings } from "../models/spec.js";
import { UsageError } from "../usage.js";
import { type OwnEntry, readVariant } from "../variants/spec.js";
import { designFor, mostTrainRows } from "./design.js";
import type { ComparisonSettings, Noise } from "./settings.js";

/** Options as they were typed; what is missing is chosen to fit the data. */
export interface TrainRequest extends NetworkRequest {
  readonly variants: readonly string[];
  readonly inputRate: number;
  readonly trainSize?: number;
  readonly epochs?: number;
  readonly batchSize?: number;
  readonly learningRate?: number;
  /** Test rows are asked about after every so many epochs; 1 by default. */
  readonly evaluate?: number;
  /** How many seeds: `firstSeed`, the next one, … */
  readonly seeds: number;
  /** 0 by default. */
  readonly firstSeed?: number;
  /** Share of the training rows that is held back for validation; 0 by default. */
  readonly validation?: number;
  /** Of values that are predicted; "fixed" by default. */
  readonly noise?: Noise;
  /** Norm that the incoming weights of a hidden unit are kept within; not limited by default. */
  readonly maxNorm?: number;
}

/** From so many training rows on, defaults are those for large data: fewer epochs, larger batches. */
export const LARGE = 10_000;
export const DEFAULTS = {
  small: { epochs: 200, batchSize: 50 },
  large: { epochs: 20, batchSize: 128 },
} as const;

const MOST_SEEDS = 1000;

/**
 * Checks what can be checked without the data, so that a slip is found before anything is read or downloaded.
 *
 * @example
 * ```ts
 * import { checkRequest, UsageError } from "@hadamask/experiments/settings";
 * const network = { model: "mlp", hidden: [16], activation: undefined } as const;
 * try {
 *   checkRequest({ ...network, variants: ["bernoulli:2"], inputRate: 0, seeds: 2 });
 * } catch (error) {
 *   console.log(error instanceof UsageError); // true
 * }
 * ```
 */
export function checkRequest(request: TrainRequest, own: readonly OwnEntry[] = []): void {
  const { variants, inputRate, model, trainSize, epochs, batchSize, learningRate, seeds } = request;
  const { evaluate, firstSeed = 0, validation = 0, maxNorm } = request;
  if (!(inputRate >= 0 && inputRate < 1)) fail("--input-rate", "in [0, 1)", inputRate);
  if (!(validation >= 0 && validation < 1)) fail("--validation", "in [0, 1)", validation);
  if (maxNorm !== undefined && !(maxNorm > 0)) fail("--max-norm", "above 0", maxNorm);
  if (maxNorm !== undefined && model !== "mlp") fail("--max-norm", "left out unless --model is mlp", maxNorm);
  const { activation } = networkSettings(request);
  for (const variant of variants) {
    const { kind } = readVariant(variant, inputRate, model, own);
    if ((kind === "alpha" || kind === "feature-alpha") && activation !== "selu") {
      throw new UsageError(`train: --variants: ${kind} goes with --activation selu, got ${activation}`);
    }
  }
  const twice = variants.find((variant, i) => variants.indexOf(variant) !== i);
  if (twice !== undefined) throw new UsageError(`train: --variants: ${twice} is there twice`);
  const isOneOrMore = (value: number | undefined): boolean => value === undefined || value >= 1;
  if (!isOneOrMore(trainSize)) fail("--train-size", "at least 1", trainSize!);
  if (!isOneOrMore(epochs)) fail("--epochs", "at least 1", epochs!);
  if (!isOneOrMore(batchSize)) fail("--batch-size", "at least 1", batchSize!);
  if (!isOneOrMore(evaluate)) fail("--evaluate", "at least 1", evaluate!);
  if (!(firstSeed >= 0 && firstSeed < 2 ** 32)) fail("--first-seed", "in [0, 2^32)", firstSeed);
  if (!(seeds >= 1 && seeds <= MOST_SEEDS)) fail("--seeds", `between 1 and ${MOST_SEEDS}`, seeds);
  if (learningRate !== undefined && !(learningRate > 0)) fail("--learning-rate", "above 0", learningRate);
}

/**
 * @throws {UsageError} If there are not as many rows as were asked for, or the model needs pictures and there are
 * none.
 * @example
 * ```ts
 * import { settingsFor } from "@hadamask/experiments/settings";
 * const features = Float32Array.from({ length: 400 }, (_, i) => Math.sin(12.9898 * i));
 * const labels = Uint16Array.from({ length: 200 }, (_, i) => (features[2 * i]! > 0 ? 1 : 0));
 * const pool = { rows: 200, features, labels };
 * const about = { name: "halves", description: "Points in two halves.", classes: ["left", "right"] };
 * const data = { ...about, featureCount: 2, scaling: 1, pool, defaultTrainRows: 30 };
 * const network = { model: "mlp", hidden: [16], activation: undefined } as const;
 * const settings = settingsFor({ ...network, variants: ["none"], inputRate: 0, seeds: 2 }, data);
 * console.log(settings.epochs, settings.trainRows, settings.seeds); // 200 30 [ 0, 1 ]
 * ```
 */
export function settingsFor(request: TrainRequest, data: Dataset): ComparisonSettings {
  checkData(request.model, data);
  if (request.noise !== undefined && data.target === undefined)
    throw new UsageError(`train: --noise goes with values, and ${data.name} has classes; pass --task regression`);
  const { rows } = data.pool;
  const hasTest = data.test !== undefined;
  const most = hasTest ? rows : mostTrainRows(rows);
  const trainRows = request.trainSize ?? data.defaultTrainRows;
  if (trainRows > most || trainRows < 1) {
    const rest = hasTest ? "" : `, since a fifth of its ${rows} rows is for testing`;
    fail("--train-size", `between 1 and ${most} for ${data.name}${rest}`, trainRows);
  }
  const { validation = 0 } = request;
  if (validation > 0 && trainRows < 2) fail("--train-size", "at least 2 where some are for validation", trainRows);
  const first = request.firstSeed ?? 0;
  const seeds = Array.from({ length: request.seeds }, (_, seed) => first + seed);
  const defaults = trainRows >= LARGE ? DEFAULTS.large : DEFAULTS.small;
  const { variants, inputRate, model } = request;
  return {
    variants,
    inputRate,
    model,
    ...networkSettings(request),
    learningRate: request.learningRate ?? modelEntry(model).learningRate,
    trainRows,
    epochs: request.epochs ?? defaults.epochs,
    batchSize: Math.min(request.batchSize ?? defaults.batchSize, trainRows),
    seeds,
    design: designFor(data, trainRows, seeds),
    evaluateEvery: request.evaluate ?? 1,
    ...(validation > 0 && { validation }),
    ...(data.target && { noise: request.noise ?? "fixed" }),
    ...(request.maxNorm !== undefined && { maxNorm: request.maxNorm }),
  };
}

function fail(option: string, rule: string, value: number | string): never {
  throw new UsageError(`train: ${option} must be ${rule}, got ${value}`);
}
