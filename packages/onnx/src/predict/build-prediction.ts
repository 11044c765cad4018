// Puts a prediction together row by row.

import {
  ClassCounter,
  emptyClassStatistics,
  emptyLabelStatistics,
  emptyValueStatistics,
  fillLabelRow,
  fillValueRow,
} from "hadamask/uncertainty";
import { toProbabilities } from "../answers/to-probabilities.js";
import { buildPositions } from "./build-positions.js";
import type { PredictionBuilder, PredictionPlan } from "./prediction-builder.js";

export function buildPrediction(plan: PredictionPlan): PredictionBuilder {
  switch (plan.answer.kind) {
    case "values":
      return buildValues(plan);
    case "labels":
      return buildLabels(plan);
    case "classes":
    case "binary":
      return buildClasses(plan);
    default:
      return buildPositions(plan);
  }
}

function buildClasses({ columns, sampleIds, answer }: PredictionPlan): PredictionBuilder {
  const rows = sampleIds.length;
  const classes = Math.max(2, columns);
  const statistics = emptyClassStatistics(rows, classes);
  const mean = new Float64Array(rows * classes).fill(Number.NaN);
  const predicted = new Int32Array(rows).fill(-1);
  markUnknown(statistics);
  statistics.predicted.fill(-1);
  let counter = new ClassCounter(statistics, 0);
  return {
    prediction: { kind: "classes", ...statistics, answer, sampleIds, deterministic: { mean, predicted } },
    setDeterministic(row, answers) {
      for (let r = 0; r * columns < answers.length; r++) {
        const probabilities = mean.subarray((row + r) * classes, (row + r + 1) * classes);
        probabilities.set(answers.subarray(r * columns, (r + 1) * columns));
        toProbabilities(probabilities, columns, answer.scale);
        predicted[row + r] = probabilities.reduce((best, p, c) => (p > probabilities[best]! ? c : best), 0);
      }
    },
    fill(row, { count, read }) {
      if (counter.passes.length !== classes * count) counter = new ClassCounter(statistics, count);
      read(counter.passes);
      toProbabilities(counter.passes, columns, answer.scale);
      counter.take(row);
    },
  };
}

function buildLabels({ columns, sampleIds, answer }: PredictionPlan): PredictionBuilder {
  const rows = sampleIds.length;
  const statistics = emptyLabelStatistics(rows, columns);
  markUnknown(statistics);
  const mean = new Float64Array(rows * columns).fill(Number.NaN);
  const toProbability = (value: number): number => {
    const p = answer.scale === "logits" ? 1 / (1 + Math.exp(-value)) : value;
    return Math.min(1, Math.max(0, p));
  };
  return {
    prediction: { kind: "labels", ...statistics, answer, sampleIds, deterministic: { mean } },
    setDeterministic(row, answers) {
      mean.set(answers.map(toProbability), row * columns);
    },
    fill(row, { count, read }) {
      const passes = new Float64Array(columns * count);
      read(passes);
      fillLabelRow(statistics, row, passes.map(toProbability));
    },
  };
}

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
    fill(row, { count, read }) {
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
