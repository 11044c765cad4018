// Puts a prediction together row by row.

import {
  ClassCounter,
  type ClassStatistics,
  emptyClassStatistics,
  emptyValueStatistics,
  fillValueRow,
} from "hadamask/uncertainty";
import type { Answer } from "../answers/answer.js";
import { type Distributions, distributionsOf, positionsOf, toProbabilities } from "../answers/to-probabilities.js";
import type { ClassBaseline, Prediction } from "./prediction.js";

/** What a prediction is to hold. */
export interface PredictionPlan {
  readonly answer: Answer;
  /** Numbers of the first output for a row. */
  readonly columns: number;
  readonly levels: readonly number[];
  /** undefined where the model predicts no variance; else whether it predicts the logarithm. */
  readonly noise: { readonly isLog: boolean } | undefined;
  readonly sampleIds: Float64Array;
}

/** Fills a prediction row by row. Rows that were not filled hold NaN and 0 samples. */
export interface PredictionBuilder {
  readonly prediction: Prediction;
  /** The model's own answer for some rows, from `row` on: rows x columns. */
  setDeterministic(row: number, answers: Float64Array, variances: Float64Array | undefined): void;
  /** At least two passes of one row; `read` writes them, columns x passes, where it is told. */
  fill(row: number, count: number, read: (into: Float64Array, variances?: Float64Array) => void): void;
}

export function buildPrediction(plan: PredictionPlan): PredictionBuilder {
  const distributions = distributionsOf(plan.answer);
  return distributions === undefined ? buildValues(plan) : buildClasses(plan, distributions);
}

function buildClasses(plan: PredictionPlan, distributions: Distributions): PredictionBuilder {
  const { columns, sampleIds, answer } = plan;
  const rows = sampleIds.length;
  const { count: perRow, size, inner, classes } = distributions;
  const statistics = emptyClassStatistics(rows * perRow, classes);
  const baseline = emptyBaseline(statistics);
  markUnknown(statistics);
  statistics.predicted.fill(-1);
  let [counter, passes] = [new ClassCounter(statistics, 0), new Float64Array(0)];
  /** Numbers of a distribution of `from` (columns x passes) become probabilities in `into`. */
  const read = (from: Float64Array, entry: number, count: number, into: Float64Array): void => {
    const first = (Math.floor(entry / inner) * size * inner + (entry % inner)) * count;
    for (let k = 0; k < size; k++) {
      const at = first + k * inner * count;
      into.set(from.subarray(at, at + count), k * count);
    }
    toProbabilities(into, size, answer.scale);
  };
  const isSingle = answer.kind === "classes" || answer.kind === "binary";
  const samples = isSingle ? statistics.samples : new Int32Array(rows);
  const told = { answer, sampleIds, deterministic: baseline };
  return {
    prediction: isSingle
      ? { kind: "classes", ...statistics, ...told }
      : { kind: "positions", rows, positions: positionsOf(answer), samples, entries: statistics, ...told },
    setDeterministic(row, answers) {
      for (let r = 0; r * columns < answers.length; r++) {
        const own = answers.subarray(r * columns, (r + 1) * columns);
        for (let entry = 0; entry < perRow; entry++) {
          const at = (row + r) * perRow + entry;
          const probabilities = baseline.mean.subarray(at * classes, (at + 1) * classes);
          read(own, entry, 1, probabilities);
          baseline.predicted[at] = largest(probabilities);
        }
      }
    },
    fill(row, count, readPasses) {
      if (counter.passes.length !== classes * count) counter = new ClassCounter(statistics, count);
      if (passes.length !== columns * count) passes = new Float64Array(columns * count);
      readPasses(passes);
      for (let entry = 0; entry < perRow; entry++) {
        read(passes, entry, count, counter.passes);
        counter.take(row * perRow + entry);
      }
      samples[row] = count;
    },
  };
}

function emptyBaseline({ rows, classes }: ClassStatistics): ClassBaseline {
  return { mean: new Float64Array(rows * classes).fill(Number.NaN), predicted: new Int32Array(rows).fill(-1) };
}

const largest = (probabilities: Float64Array): number =>
  probabilities.reduce((best, p, c) => (p > probabilities[best]! ? c : best), 0);

function buildValues(plan: PredictionPlan): PredictionBuilder {
  const { answer, columns, sampleIds, noise, levels } = plan;
  const rows = sampleIds.length;
  const statistics = emptyValueStatistics(rows, columns, levels, noise !== undefined);
  markUnknown(statistics);
  const all = (): Float64Array => new Float64Array(rows * columns).fill(Number.NaN);
  const deterministic = noise === undefined ? { mean: all() } : { mean: all(), aleatoric: all() };
  const toVariances = (values: Float64Array): Float64Array => (noise?.isLog ? values.map(Math.exp) : values);
  return {
    prediction: { kind: "values", ...statistics, answer, sampleIds, deterministic },
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
