// The result of a prediction: what it holds.

import type { ClassStatistics, LabelStatistics, PositionStatistics, ValueStatistics } from "hadamask/uncertainty";
import type { Answer } from "../answers/answer.js";

/** What the model says without dropout, for comparison. */
export interface ClassBaseline {
  /** rows x classes. */
  readonly mean: Float64Array;
  readonly predicted: Int32Array;
}

export interface LabelBaseline {
  /** rows x labels. */
  readonly mean: Float64Array;
}

/** rows x positions. */
export interface PositionBaseline {
  readonly predicted: Int32Array;
  readonly maxProbability: Float32Array;
  /** Of the right class, where `targets` named it. */
  readonly targetProbability?: Float32Array;
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

/** Of a classifier: one distribution a row. Of a binary one the second class is "yes". */
export interface ClassPrediction extends ClassStatistics, Told {
  readonly kind: "classes";
  readonly deterministic: ClassBaseline;
}

/** Of labels that do not exclude each other. */
export interface LabelPrediction extends LabelStatistics, Told {
  readonly kind: "labels";
  readonly deterministic: LabelBaseline;
}

/** Of several distributions a row: pixels, tokens, anchors. */
export interface PositionPrediction extends Told {
  readonly kind: "positions";
  readonly rows: number;
  readonly classes: number;
  /** Shape of a row's positions. */
  readonly positions: readonly number[];
  /** How many passes each row's numbers are from. */
  readonly samples: Int32Array;
  /** Statistics of every position, one entry a row; undefined for rows that were not reached. */
  readonly maps: readonly (PositionStatistics | undefined)[];
  /** rows x positions: the mean probability of the right class, where `targets` named it. NaN for rows not reached. */
  readonly targetProbability?: Float32Array;
  readonly deterministic: PositionBaseline;
}

/** Of a regression, or of any output whose numbers are taken as they are. */
export interface ValuePrediction extends ValueStatistics, Told {
  readonly kind: "values";
  readonly deterministic: ValueBaseline;
}

export type Prediction = ClassPrediction | LabelPrediction | PositionPrediction | ValuePrediction;

/** Predictions with one answer a row. */
export type RowPrediction = ClassPrediction | ValuePrediction;
