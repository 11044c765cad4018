// How a prediction is put together: the contract of those who do it.

import type { Answer } from "../answers/answer.js";
import type { Prediction } from "./prediction.js";

/** What a prediction is to hold. */
export interface PredictionPlan {
  readonly answer: Answer;
  /** Numbers of the first output for a row. */
  readonly columns: number;
  readonly levels: readonly number[];
  /** undefined where the model predicts no variance; else whether it predicts the logarithm. */
  readonly noise: { readonly isLog: boolean } | undefined;
  readonly sampleIds: Float64Array;
  /** Right classes of positions, rows x positions. */
  readonly targets?: ArrayLike<number> | undefined;
}

/** At least two passes of one row. */
export interface RowPasses {
  readonly count: number;
  /** The numbers of pass `t`, as the model gave them. */
  pass(t: number): Float32Array | Float64Array;
  /** Writes all numbers, columns x passes, and the variances likewise. */
  read(into: Float64Array, variances?: Float64Array): void;
}

/** Fills a prediction row by row. Rows that were not filled hold NaN and 0 samples. */
export interface PredictionBuilder {
  readonly prediction: Prediction;
  /** The model's own answer for some rows, from `row` on: rows x columns. */
  setDeterministic(row: number, answers: Float64Array, variances: Float64Array | undefined): void;
  fill(row: number, passes: RowPasses): void;
}
