/**
 * What an experiment is asked to do and what it says, as plain data and checks: models, variants, settings, results.
 * Loads no engine, so that a command can print its help at once.
 *
 * @module @hadamask/experiments/settings
 */

export { permutation, runKeys } from "./chance.js";
export { type Dataset, shareDataset, type Table, type Target } from "./data/dataset.js";
export {
  type CategoryCode,
  type CodedCell,
  type ColumnCode,
  decodeCell,
  encodeCell,
  featureNames,
  featuresOf,
  type NumberCode,
  widthOf,
} from "./data/encoding.js";
export type { CellKind, ModelKind } from "./kinds.js";
export { listed } from "./listed.js";
export { DEFAULT_MODEL, MODELS, modelEntry, networkName } from "./models/spec.js";
export type {
  Comparison,
  ComparisonResult,
  Curves,
  DataSummary,
  Difference,
  Measure,
  PairedSummary,
  TargetSummary,
  ValueFit,
  VariantSummary,
} from "./result.js";
export type {
  Choice,
  Scores,
  SweepConfig,
  SweepData,
  SweepFailure,
  SweepResult,
  SweepSettings,
} from "./sweep-result.js";
export { chooseRows, testRowCount } from "./training/design.js";
export { checkRequest, DEFAULTS, LARGE, settingsFor, type TrainRequest } from "./training/request.js";
export type { ComparisonSettings, Noise, RunSettings } from "./training/settings.js";
export { fittedRows } from "./training/stopping.js";
export { asUsage, isRefusal, UsageError } from "./usage.js";
export { goesWith, lacksRate, readVariant, variantHelp, variantsOf } from "./variants/spec.js";
export type { VariantSpec } from "./variants/variant-spec.js";
export { inUnit, type MeasureName, outputsOf, predictsValues, type Wording, wordings } from "./wording.js";
