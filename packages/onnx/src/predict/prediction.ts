// The result of a prediction: what it holds, and how it is put together row by row.

import {
  type ClassStatistics,
  emptyClassStatistics,
  emptyValueStatistics,
  fillClassRow,
  fillValueRow,
  type ValueStatistics,
} from "hadamask/uncertainty";
import { type AnswerKind, classCount, toProbabilities } from "./answers.js";

/** What the model says without dropout, for comparison. */
export interface ClassBaseline {
  /** rows x classes. */
  readonly mean: Float64Array;
  readonly predicted: Int32Array;
}

export interface ValueBaseline {
  /** rows x values. */
  readonly mean: Float64Array;
  /** The variances that the model predicts, where it does. */
  readonly aleatoric?: Float64Array;
}

/** Of a classifier. */
export interface ClassPrediction extends ClassStatistics {
  readonly kind: "classes";
  readonly sampleIds: Float64Array;
  readonly deterministic: ClassBaseline;
}

/** Of a regression, or of any output whose numbers are to be taken as they are. */
export interface ValuePrediction extends ValueStatistics {
  readonly kind: "values";
  readonly sampleIds: Float64Array;
  readonly deterministic: ValueBaseline;
}

export type Prediction = ClassPrediction | ValuePrediction;

/** What a prediction is to hold. */
export interface PredictionPlan {
  readonly kind: AnswerKind;
  /** Numbers of the first output for a row. */
  readonly columns: number;
  readonly levels: readonly number[];
  /** undefined where the model predicts no variance; else whether it predicts the logarithm. */
  readonly noise: { readonly isLog: boolean } | undefined;
  readonly sampleIds: Float64Array;
}

/** Raw outputs of one row: passes x columns, and the variances likewise. */
export interface RawPasses {
  readonly answers: Float32Array | Float64Array;
  readonly variances: Float32Array | Float64Array | undefined;
}

/** Fills a prediction row by row. Rows that were not filled hold NaN and 0 samples. */
export interface PredictionBuilder {
  readonly prediction: Prediction;
  /** The model's own answer for some rows, from `row` on. */
  setDeterministic(row: number, raw: RawPasses): void;
  /** At least two passes of one row. */
  fill(row: number, raw: RawPasses): void;
}

export const buildPrediction = (plan: PredictionPlan): PredictionBuilder =>
  plan.kind === "values" ? buildValues(plan) : buildClasses(plan, plan.kind);

function buildClasses(plan: PredictionPlan, kind: "probabilities" | "logits"): PredictionBuilder {
  const { columns, sampleIds } = plan;
  const rows = sampleIds.length;
  const classes = classCount(columns);
  const statistics = emptyClassStatistics(rows, classes);
  const deterministic = {
    mean: new Float64Array(rows * classes).fill(Number.NaN),
    predicted: new Int32Array(rows).fill(-1),
  };
  markUnknown(statistics);
  statistics.predicted.fill(-1);
  return {
    prediction: { kind: "classes", ...statistics, sampleIds, deterministic },
    setDeterministic(row, { answers }) {
      const probabilities = toProbabilities(answers, columns, kind);
      deterministic.mean.set(probabilities, row * classes);
      for (let r = 0; r * classes < probabilities.length; r++) {
        let best = 0;
        for (let c = 1; c < classes; c++)
          if (probabilities[r * classes + c]! > probabilities[r * classes + best]!) best = c;
        deterministic.predicted[row + r] = best;
      }
    },
    fill: (row, { answers }) => fillClassRow(statistics, row, toProbabilities(answers, columns, kind)),
  };
}

function buildValues(plan: PredictionPlan): PredictionBuilder {
  const { columns, sampleIds, noise, levels } = plan;
  const rows = sampleIds.length;
  const statistics = emptyValueStatistics(rows, columns, levels, noise !== undefined);
  markUnknown(statistics);
  const all = (): Float64Array => new Float64Array(rows * columns).fill(Number.NaN);
  const deterministic = noise === undefined ? { mean: all() } : { mean: all(), aleatoric: all() };
  const variancesOf = (raw: RawPasses): Float64Array | undefined =>
    raw.variances && Float64Array.from(raw.variances, noise?.isLog ? Math.exp : Number);
  return {
    prediction: { kind: "values", ...statistics, sampleIds, deterministic },
    setDeterministic(row, raw) {
      deterministic.mean.set(raw.answers, row * columns);
      const variances = variancesOf(raw);
      if (variances !== undefined) deterministic.aleatoric?.set(variances, row * columns);
    },
    fill: (row, raw) => fillValueRow(statistics, row, raw.answers, variancesOf(raw)),
  };
}

/** Numbers of rows that were never reached must not look like zeros. */
function markUnknown(statistics: object): void {
  for (const value of Object.values(statistics) as unknown[]) {
    if (value instanceof Float64Array) value.fill(Number.NaN);
    else if (typeof value === "object" && value !== null && !ArrayBuffer.isView(value)) markUnknown(value);
  }
}
