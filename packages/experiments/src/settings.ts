// What an experiment is asked to do and what it says, as plain data and checks: models, variants, settings, results.
// Loads no engine, so that a command can print its help at once.

export { permutation, runKeys } from "./chance.js";
export { type Dataset, shareDataset, type Table } from "./data/dataset.js";
export type { CellKind, ModelKind } from "./kinds.js";
export { DEFAULT_MODEL, MODELS, modelEntry, networkName } from "./models/spec.js";
export type {
  Comparison,
  ComparisonResult,
  Difference,
  Measure,
  PairedSummary,
  VariantSummary,
} from "./result.js";
export { chooseRows } from "./training/design.js";
export { checkRequest, DEFAULTS, LARGE, settingsFor, type TrainRequest } from "./training/request.js";
export type { ComparisonSettings, RunSettings } from "./training/settings.js";
export { asUsage, isRefusal, UsageError } from "./usage.js";
export { readVariant, variantHelp, variantsOf } from "./variants/spec.js";
export type { VariantSpec } from "./variants/variant-spec.js";
