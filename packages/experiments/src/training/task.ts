// What a network is trained to say of a row, classes or a value: its law, how right answers go in, and what is kept of
// its predictions. Knows no network.

import { portableExp } from "hadamask/theory";
import type { Dataset } from "../data/dataset.js";
import { type ClassPredictions, emptyPredictions, errorRate, type Predictions, scoreLogits } from "../metrics.js";
import { categorical } from "../models/categorical.js";
import { gaussian, MOST_LOG_VARIANCE, squared } from "../models/gaussian.js";
import type { Likelihood } from "../models/likelihood.js";
import { emptyValues, rootMeanSquare, scoreOutputs, type ValuePredictions, withNoise } from "../value-metrics.js";
import type { RunSettings } from "./settings.js";
import type { Rows, TargetScaling } from "./split.js";

/** Predicts some rows, `size` of them from `start` on: outputs one row after the other. */
export type Ask = (rows: Rows) => Iterable<{ readonly start: number; readonly outputs: Float32Array }>;

export interface Task {
  readonly likelihood: Likelihood;
  /** Writes a right answer, as the network is to give it, to `at` in an array of zeros. */
  writeTarget(label: number, out: Float32Array, at: number): void;
  /** What the network says of some rows. @param train The rows that it is trained on. */
  predict(ask: Ask, rows: Rows, train: Rows): Predictions;
  /** What is told as the error of its own predictions: the share of wrong classes, or the root mean square error. */
  error(predictions: Predictions): number;
  /** Which of the two curves says how many epochs are best: that of the loss that is trained. */
  readonly stopsBy: "testNll" | "testError";
}

/** @param scaling Of the values that are predicted; undefined for classes. */
export function taskOf(data: Dataset, { noise }: Pick<RunSettings, "noise">, scaling: TargetScaling | undefined): Task {
  return scaling === undefined ? classTask(data.classes.length) : valueTask(scaling, noise === "learned");
}

/** The outputs that a network needs for these data. */
export const outputsFor = (data: Dataset, { noise }: Pick<RunSettings, "noise">): number =>
  data.target === undefined ? data.classes.length : likelihoodOf(noise === "learned").outputs;

const likelihoodOf = (isLearned: boolean): Likelihood => (isLearned ? gaussian : squared);

export const classTask = (count: number): Task => ({
  likelihood: categorical(count),
  writeTarget(label, out, at) {
    out[at + label] = 1;
  },
  predict(ask, rows) {
    const predictions = emptyPredictions(rows.count);
    for (const { start, outputs } of ask(rows)) {
      scoreLogits(predictions, start, outputs, labelsOf(rows, start, outputs.length / count), count);
    }
    return predictions;
  },
  error: (predictions) => errorRate(predictions as ClassPredictions),
  stopsBy: "testNll",
});

function valueTask(scaling: TargetScaling, isLearned: boolean): Task {
  const likelihood = likelihoodOf(isLearned);
  const predict = (ask: Ask, rows: Rows): ValuePredictions => {
    const predictions = emptyValues(rows.count);
    for (const { start, outputs } of ask(rows)) {
      const labels = labelsOf(rows, start, outputs.length / likelihood.outputs);
      scoreOutputs(predictions, start, outputs, labels, scaling, MOST_LOG_VARIANCE);
    }
    return predictions;
  };
  return {
    likelihood,
    writeTarget(label, out, at) {
      out[at] = (label - scaling.shift) / scaling.scale;
    },
    predict(ask, rows, train) {
      const predictions = predict(ask, rows);
      if (isLearned) return predictions;
      // The likeliest noise of one size, as least squares have it: what is left of the training rows.
      const left = rootMeanSquare(rows === train ? predictions : predict(ask, train));
      withNoise(predictions, Math.max(left, LEAST * scaling.scale));
      return predictions;
    },
    error: (predictions) => rootMeanSquare(predictions as ValuePredictions),
    stopsBy: isLearned ? "testNll" : "testError",
  };
}

/** The least noise, as a share of the training rows' deviation: as that which is learned, e^-7. */
const LEAST = portableExp(-MOST_LOG_VARIANCE / 2);

const labelsOf = (rows: Rows, start: number, count: number): number[] =>
  Array.from({ length: count }, (_, i) => rows.label(start + i));
