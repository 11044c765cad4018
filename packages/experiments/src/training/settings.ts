// What a comparison is asked to do, as plain data: it travels to worker threads and is stored with every run.

import type { ModelKind } from "../kinds.js";
import type { Design, ModelSummary } from "../result.js";

/** "fixed": of one size for all rows. "learned": of each row. */
export type Noise = "fixed" | "learned";

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
  /** Which rows a seed trains on and is tested on. */
  readonly design: Design;
  /** The test rows are asked about after every so many epochs, and after the last. */
  readonly evaluateEvery: number;
  /** Rate at the inputs, of all variants but "none". */
  readonly inputRate: number;
  /** Norm that the incoming weights of a hidden unit of an mlp are kept within; absent where it is not limited. */
  readonly maxNorm?: number;
  /**
   * Share of the training rows that is held back and asked about instead, so that settings can be chosen without the
   * test rows. Absent where none is: such runs are as they always were.
   */
  readonly validation?: number;
  /**
   * What is predicted of the noise of a value: one size for all rows, with squared errors as the loss, or that of each
   * row, which is learned. Absent where classes are predicted.
   */
  readonly noise?: Noise;
}

export interface ComparisonSettings extends RunSettings {
  /** As in `--variants`; the first one is what the others are compared with. */
  readonly variants: readonly string[];
  readonly seeds: readonly number[];
}
