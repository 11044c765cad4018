/**
 * Training: one run, and several variants times several seeds, as pure functions of data, settings, variant and seed.
 * Needs an engine (jax-js), no file and no terminal, so that a command, a page and a worker on another machine share
 * it.
 *
 * @module @hadamask/experiments
 */

export { type CompareEvents, compare } from "./comparison.js";
export { buildModel } from "./models/build.js";
export { MOST_LOG_VARIANCE } from "./models/gaussian.js";
export type { Likelihood } from "./models/likelihood.js";
export type {
  DenseWeights,
  Draws,
  LayerWeights,
  Learned,
  Model,
  ModelOptions,
  NetworkHooks,
  Pass,
  Place,
  Recurrence,
  WeightArray,
} from "./models/model.js";
export {
  type Checkpoint,
  type OwnParts,
  type RunEvents,
  type RunView,
  startRun,
  type TrainedRun,
  trainRun,
} from "./training/run.js";
export { type Split, splitRows, type TargetScaling } from "./training/split.js";
export type { Activate, ActiveVariant, LearnedNoise, LearnedValues } from "./variants/active.js";
export { defineVariant, type OwnVariant } from "./variants/define.js";
export type { VariantSpec } from "./variants/variant-spec.js";
