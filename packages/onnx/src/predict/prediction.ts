// The result of a prediction: what it holds, and how it is put together row by row.

import {
  ClassCounter,
  type ClassStatistics,
  emptyClassStatistics,
  emptyValueStatistics,
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

/** Outputs of one row in some passes, columns x passes in C order, and the variances likewise. */
export interface RowPasses {
  readonly answers: Float64Array;
  readonly variances: Float64Array | undefined;
}

/** Fills a prediction row by row. Rows that were not filled hold NaN and 0 samples. */
export interface PredictionBuilder {
  readonly prediction: Prediction;
  /** The model's own answer for some rows, from `row` on: rows x columns. */
  setDeterministic(row: number, answers: Float64Array, variances: Float64Array | undefined): void;
  /** At least two passes of one row; `read` writes them where it is told. */
  fill(row: number, count: number, read: (into: Float64Array, variances?: Float64Array) => void): void;
}

export const buildPrediction = (plan: PredictionPlan): PredictionBuilder =>
  plan.kind === "values" ? buildValues(plan) : buildClasses(plan, plan.kind);

function buildClasses(plan: PredictionPlan, kind: "probabilities" | "logits"): PredictionBuilder {
  const { columns, sampleIds } = plan;
  const rows = sampleIds.length;
  const classes = classCount(columns);
  const statistics = emptyClassStatistics(rows, classes);
  const mean = new Float64Array(rows * classes).fill(Number.NaN);
  const predicted = new Int32Array(rows).fill(-1);
  markUnknown(statistics);
  statistics.predicted.fill(-1);
  let counter = new ClassCounter(statistics, 0);
  return {
    prediction: { kind: "classes", ...statistics, sampleIds, deterministic: { mean, predicted } },
    setDeterministic(row, answers) {
      for (let r = 0; r * columns < answers.length; r++) {
        const probabilities = mean.subarray((row + r) * classes, (row + r + 1) * classes);
        probabilities.set(answers.subarray(r * columns, (r + 1) * columns));
        toProbabilities(probabilities, columns, kind);
        predicted[row + r] = probabilities.reduce((best, p, c) => (p > probabilities[best]! ? c : best), 0);
      }
    },
    fill(row, count, read) {
      if (counter.passes.length !== classes * count) counter = new ClassCounter(statistics, count);
      read(counter.passes);
      toProbabilities(counter.passes, columns, kind);
      counter.take(row);
    },
  };
}

function buildValues(plan: PredictionPlan): PredictionBuilder {
  const { columns, sampleIds, noise, levels } = plan;
  const rows = sampleIds.length;
  const statistics = emptyValueStatistics(rows, columns, levels, noise !== undefined);
  markUnknown(statistics);
  const all = (): Float64Array => new Float64Array(rows * columns).fill(Number.NaN);
  const deterministic = noise === undefined ? { mean: all() } : { mean: all(), aleatoric: all() };
  const toVariances = (values: Float64Array): Float64Array => (noise?.isLog ? values.map(Math.exp) : values);
  return {
    prediction: { kind: "values", ...statistics, sampleIds, deterministic },
    setDeterministic(row, answers, variances) {
      deterministic.mean.set(answers, row * columns);
      if (variances !== undefined) deterministic.aleatoric?.set(toVariances(variances), row * columns);
    },
    fill(row, count, read) {
      const answers = new Float64Array(columns * count);
      const variances = noise && new Float64Array(columns * count);
      read(answers, variances);
      fillValueRow(statistics, row, answers, variances && toVariances(variances));
    },
  };
}

/** Numbers of rows that were never reached must not look like zeros. */
function markUnknown(statistics: object): void {
  for (const value of Object.values(statistics) as unknown[]) {
    if (value instanceof Float64Array) value.fill(Number.NaN);
    else if (typeof value === "object" && value !== null && !ArrayBuffer.isView(value)) markUnknown(value);
  }
}
