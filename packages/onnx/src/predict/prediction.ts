// The result of a prediction: what it holds.

import type { ClassStatistics, ValueStatistics } from "hadamask/uncertainty";
import type { Answer } from "../answers/answer.js";

/** What the model says without dropout, for comparison. */
export interface ClassBaseline {
  /** Distributions x classes. */
  readonly mean: Float64Array;
  readonly predicted: Int32Array;
}

export interface ValueBaseline {
  /** rows x values. */
  readonly mean: Float64Array;
  /** The variances that the model predicts, where it does. */
  readonly aleatoric?: Float64Array;
}

/** What every prediction says of itself. */
interface Told {
  /** What the output was taken for, and why. */
  readonly answer: Answer;
  readonly sampleIds: Float64Array;
}

/** Of a classifier: one distribution a row. */
export interface ClassPrediction extends ClassStatistics, Told {
  readonly kind: "classes";
  readonly deterministic: ClassBaseline;
}

/** Of a regression, or of any output whose numbers are to be taken as they are. */
export interface ValuePrediction extends ValueStatistics, Told {
  readonly kind: "values";
  readonly deterministic: ValueBaseline;
}

/** Of several distributions a row: labels, pixels, tokens, anchors. */
export interface PositionPrediction extends Told {
  readonly kind: "positions";
  readonly rows: number;
  /** Shape of a row's distributions. */
  readonly positions: readonly number[];
  /** How many passes each row's numbers are from. */
  readonly samples: Int32Array;
  /**
   * Statistics of every distribution, in C order of rows x positions: its `rows` is their number. A label has two
   * classes, the second of which is "yes".
   */
  readonly entries: ClassStatistics;
  readonly deterministic: ClassBaseline;
}

export type Prediction = ClassPrediction | ValuePrediction | PositionPrediction;

/** Predictions with one answer a row. */
export type RowPrediction = ClassPrediction | ValuePrediction;
