// One run: one variant, one seed, trained from the first weight to the last epoch and tested on the way. A pure
// function of the data, the settings, the variant and the seed: the same numbers on every thread, in every order,
// however often it was interrupted. (But for its two timings.)

import { type RunKeys, runKeys } from "../chance.js";
import type { Dataset } from "../data/dataset.js";
import type { Predictions } from "../metrics.js";
import { buildModel } from "../models/build.js";
import type { Model, ModelOptions, WeightArray } from "../models/model.js";
import { activate } from "../variants/activate.js";
import type { ActiveVariant, LearnedNoise } from "../variants/active.js";
import type { OwnVariant } from "../variants/define.js";
import { readVariant } from "../variants/spec.js";
import { Clock } from "./clock.js";
import { roundAlike } from "./same-bits.js";
import type { RunSettings } from "./settings.js";
import { partOf, type Rows, splitRows } from "./split.js";
import { bestEpoch, fittedRows, isGivenUp, validationRows } from "./stopping.js";
import { outputsFor, type Task, taskOf } from "./task.js";
import { type RunCurves, Trainer, type TrainerState } from "./trainer.js";

/** All that is kept of a run. What the network learned is complete: a model file can be made from it. */
export interface TrainedRun extends RunCurves {
  readonly variant: string;
  readonly seed: number;
  /** Of the test rows after the last epoch. */
  readonly predictions: Predictions;
  /** As `testError`, of the training rows. */
  readonly trainError: number;
  /** Of the whole run. */
  readonly seconds: number;
  /** Mean over the epochs that were trained here, evaluation included. */
  readonly secondsPerEpoch: number;
  /** Absent where the noise learns nothing. */
  readonly learned?: LearnedNoise;
  /**
   * The arrays of each layer, from the inputs on (in an MLP weights [inputs, outputs] and biases): those of
   * prediction, without noise.
   */
  readonly weights: readonly WeightArray[];
}

/** A run between two steps. */
export interface Checkpoint {
  readonly seconds: number;
  /** How many epochs validation found best; absent while it looks for it, and where there is none. */
  readonly stoppedAt?: number;
  readonly trainer: TrainerState;
}

export interface RunEvents {
  /** An epoch ended: `done` of `of`. Early stopping looks for its number of epochs first; `of` is then the most. */
  onEpoch?(done: number, of: number): void;
  /** Called between any two steps; `checkpoint` makes a copy of all that the run is. */
  onStep?(checkpoint: () => Checkpoint): void;
  /** Where to go on. */
  readonly from?: Checkpoint;
}

/** A run as it is between two steps. */
export interface RunView {
  /** Whether an epoch ended with the last step. */
  readonly isEpoch: boolean;
  /**
   * Early stopping looks for its number of epochs, on a part of the training rows; curves and predictions are of those.
   */
  readonly isSearching: boolean;
  /** Epochs that are done, and how many there will be (at most, while early stopping looks for it). */
  readonly done: number;
  readonly of: number;
  readonly curves: RunCurves;
  /** Of the test rows, when they were asked about last; undefined before that. */
  readonly predictions: Predictions | undefined;
  /** A copy of the arrays of each layer. */
  weights(): readonly WeightArray[];
  /** A copy of all that the run is. */
  checkpoint(): Checkpoint;
}

/** What is not in the settings, since it is not plain data. */
export interface OwnParts {
  /** Variants beside those that have a name here. */
  readonly variants?: readonly OwnVariant[];
  /** Takes the place of the network that the settings name. */
  readonly model?: (options: ModelOptions) => Model;
}

/**
 * Trains one variant with one seed.
 *
 * Randomness. Depends on the data, the settings, the variant's name and the seed alone: not on the thread, the machine
 * or how often it was left and gone on with.
 * Numerics. The same bits in every version of Node and in browsers, on jax-js's "wasm", which is the default device of
 *   all: as long as jax-js was not used in this thread before.
 * Cost. Blocks its thread until it is done: `onStep` and `onEpoch` are called on the way, and may throw to end it.
 *
 * @throws {UsageError} If the variant makes no sense, or does not fit the model.
 * @example
 * ```ts
 * import { trainRun } from "@hadamask/experiments";
 * const features = Float32Array.from({ length: 400 }, (_, i) => Math.sin(12.9898 * i));
 * const labels = Uint16Array.from({ length: 200 }, (_, i) => (features[2 * i]! > 0 ? 1 : 0));
 * const pool = { rows: 200, features, labels };
 * const about = { name: "halves", description: "Points in two halves.", classes: ["left", "right"] };
 * const data = { ...about, featureCount: 2, scaling: 1, pool, defaultTrainRows: 30 };
 * const settings = {
 *   ...({ model: "mlp", hidden: [16], activation: "relu", epochs: 5, batchSize: 10, learningRate: 0.01 } as const),
 *   ...({ trainRows: 30, design: "disjoint", evaluateEvery: 1, inputRate: 0 } as const),
 * };
 * const { testNll } = trainRun(data, settings, "bernoulli:0.2", 0);
 * console.log(testNll.length); // 5
 * ```
 */
export function trainRun(
  data: Dataset,
  settings: RunSettings,
  variantName: string,
  seed: number,
  events: RunEvents = {},
  own: OwnParts = {},
): TrainedRun {
  const run = startRun(data, settings, variantName, seed, events.from, own);
  for (;;) {
    const { done, value } = run.next();
    if (done) return value;
    if (value.isEpoch) events.onEpoch?.(value.done, value.of);
    events.onStep?.(value.checkpoint);
  }
}

/**
 * A run that stands still between any two steps, to be looked at, gone on with, or left: for pages that show training
 * as it goes, and may train several networks in turn. Each `next()` takes a step; the last one returns what
 * {@link trainRun} does, with the same numbers.
 *
 * @throws {UsageError} At the first step, if the variant makes no sense, or does not fit the model.
 * @example
 * ```ts
 * import { startRun } from "@hadamask/experiments";
 * const features = Float32Array.from({ length: 400 }, (_, i) => Math.sin(12.9898 * i));
 * const labels = Uint16Array.from({ length: 200 }, (_, i) => (features[2 * i]! > 0 ? 1 : 0));
 * const pool = { rows: 200, features, labels };
 * const about = { name: "halves", description: "Points in two halves.", classes: ["left", "right"] };
 * const data = { ...about, featureCount: 2, scaling: 1, pool, defaultTrainRows: 30 };
 * const settings = {
 *   ...({ model: "mlp", hidden: [16], activation: "relu", epochs: 5, batchSize: 10, learningRate: 0.01 } as const),
 *   ...({ trainRows: 30, design: "disjoint", evaluateEvery: 1, inputRate: 0 } as const),
 * };
 * const run = startRun(data, settings, "bernoulli:0.2", 0);
 * let steps = 0;
 * while (!run.next().done) steps++;
 * console.log(steps); // 15
 * ```
 */
export function* startRun(
  data: Dataset,
  settings: RunSettings,
  variantName: string,
  seed: number,
  from?: Checkpoint,
  own: OwnParts = {},
): Generator<RunView, TrainedRun> {
  roundAlike(); // before a model or a variant makes its first array
  const clock = new Clock(from?.seconds ?? 0);
  const rows = splitRows(data, settings, seed);
  const job: Job = {
    model: modelOf(data, settings, own),
    task: taskOf(data, settings, rows.targetScaling),
    own,
    settings,
    variantName,
    keys: runKeys(seed),
    clock,
  };

  const held = rows.train.count - fittedRows(settings); // the first ones; 0 where nothing is held back
  const fit = held === 0 ? rows.train : partOf(rows.train, held, rows.train.count);
  const validation = held === 0 ? undefined : partOf(rows.train, 0, held);
  const share = activated(job, 0).validationShare;
  const stoppedAt = from?.stoppedAt ?? (share === undefined ? undefined : yield* stopEarly(job, fit, share, from));
  const start = from !== undefined && from.stoppedAt === stoppedAt ? from.trainer : undefined;
  const epochs = stoppedAt ?? settings.epochs;
  const trainer = trainerOf(job, { fit, test: rows.test, validation }, epochs, start);
  const [begunAt, before] = [clock.seconds, trainer.curves.trainLoss.length];
  yield* train(job, trainer, stoppedAt);
  const secondsPerEpoch = (clock.seconds - begunAt) / Math.max(1, epochs - before);

  const [predictions, trainError] = [trainer.predictTest(), trainer.trainError()];
  const { learned, weights } = trainer.finish();
  const { variant } = trainer;
  return {
    variant: variantName,
    seed,
    ...trainer.curves,
    predictions,
    trainError,
    seconds: clock.seconds,
    secondsPerEpoch,
    ...(variant.summary && { learned: variant.summary(learned, weights) }),
    weights: variant.deployed?.(learned, weights) ?? weights,
  };
}

/** What the parts of a run share. */
interface Job {
  readonly model: Model;
  readonly task: Task;
  readonly own: OwnParts;
  readonly settings: RunSettings;
  readonly variantName: string;
  readonly keys: RunKeys;
  readonly clock: Clock;
  readonly isSearching?: boolean;
}

function activated({ settings, variantName, model, keys, own }: Job, steps: number): ActiveVariant {
  const spec = readVariant(variantName, settings.inputRate, settings.model, own.variants);
  const { maxNorm } = settings;
  const variant = activate(spec, model, keys.dropout, steps, own.variants);
  return maxNorm === undefined ? variant : { ...variant, maxNorm };
}

/** The parts that the rows of a run are cut into. */
interface Parts {
  readonly fit: Rows;
  readonly test: Rows;
  readonly validation: Rows | undefined;
}

function trainerOf(job: Job, parts: Parts, epochs: number, from: TrainerState | undefined): Trainer {
  const { fit, test, validation } = parts;
  const { batchSize, learningRate, evaluateEvery } = job.settings;
  const options = {
    epochs,
    batchSize,
    learningRate,
    evaluateEvery,
    keys: job.keys,
    ...(validation && { validation }),
    activate: (_: Model, steps: number) => activated(job, steps),
  };
  return new Trainer(job.model, job.task, { train: fit, test }, options, from);
}

/** Trains to the end, or until `isEnough`. */
function* train(
  { clock, isSearching = false }: Job,
  trainer: Trainer,
  stoppedAt: number | undefined,
  isEnough: () => boolean = () => false,
): Generator<RunView, void> {
  const checkpoint = (): Checkpoint => ({
    seconds: clock.seconds,
    ...(stoppedAt === undefined ? {} : { stoppedAt }),
    trainer: trainer.state(),
  });
  while (!trainer.isDone && !isEnough()) {
    const isEpoch = trainer.advance();
    clock.stop();
    yield {
      isEpoch,
      isSearching,
      done: trainer.curves.trainLoss.length,
      of: trainer.epochs,
      curves: trainer.curves,
      predictions: trainer.asked,
      weights: () => trainer.weights(),
      checkpoint,
    };
    clock.start();
  }
}

/**
 * How many epochs are best for a part of the training rows, when the network is trained on the others. It is then
 * trained anew on all of them: what was held back is not lost.
 */
function* stopEarly(job: Job, rows: Rows, share: number, from: Checkpoint | undefined): Generator<RunView, number> {
  const held = validationRows(rows.count, share);
  const parts = { fit: partOf(rows, held, rows.count), test: partOf(rows, 0, held), validation: undefined };
  const every: Job = { ...job, settings: { ...job.settings, evaluateEvery: 1 }, isSearching: true };
  const trainer = trainerOf(every, parts, job.settings.epochs, from?.trainer);
  const { stopsBy } = job.task;
  yield* train(every, trainer, undefined, () => isGivenUp(trainer.curves[stopsBy]));
  const best = bestEpoch(trainer.curves[stopsBy]);
  trainer.release();
  return best;
}

function modelOf(data: Dataset, settings: RunSettings, own: OwnParts): Model {
  const { model, hidden, activation } = settings;
  const options = {
    features: data.featureCount,
    outputs: outputsFor(data, settings),
    hidden,
    activation,
    ...(data.image === undefined ? {} : { image: data.image }),
  };
  return own.model === undefined ? buildModel(model, options) : own.model(options);
}
