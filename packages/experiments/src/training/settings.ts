// What a comparison is asked to do, as plain data: it travels to worker threads and is stored with every run.

import type { ModelKind } from "../kinds.js";
import type { ModelSummary } from "../result.js";

/**
 * What one run depends on, besides its variant and seed. Two runs with equal settings on equal data give equal
 * numbers.
 */
export interface RunSettings {
  readonly model: ModelKind;
  readonly hidden: readonly number[];
  readonly activation: ModelSummary["activation"];
  readonly epochs: number;
  readonly batchSize: number;
  readonly learningRate: number;
  readonly trainRows: number;
  /** Rate at the inputs, of all variants but "none". */
  readonly inputRate: number;
}

export interface ComparisonSettings extends RunSettings {
  /** As in `--variants`; the first one is what the others are compared with. */
  readonly variants: readonly string[];
  readonly seeds: readonly number[];
}
