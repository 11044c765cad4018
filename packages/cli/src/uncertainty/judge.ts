// What right answers say about a prediction: scores of classes, errors of values.

import type { ClassPrediction, ValuePrediction } from "@hadamask/onnx";
import type { Key } from "hadamask";
import { chooseByLikelihood, riskCoverage, scores } from "hadamask/uncertainty";
import type { ClassJudgement, ValueJudgement } from "./request.js";
import { pick } from "./some-rows.js";

/** What of a classifier's prediction is judged. */
export type JudgedClasses = Pick<
  ClassPrediction,
  "rows" | "classes" | "mean" | "predicted" | "predictiveEntropy" | "deterministic"
>;

/** What of a regression's prediction is judged. */
export type JudgedValues = Pick<ValuePrediction, "rows" | "mean" | "variance" | "total" | "deterministic">;

/** Judges the given rows of a classifier's prediction. */
export async function judgeClasses(
  prediction: JudgedClasses,
  labels: Int32Array,
  rows: Int32Array,
  key: Key,
): Promise<ClassJudgement> {
  const { classes, deterministic, predictiveEntropy } = prediction;
  const right = pick(labels, rows, 1);
  const plain = pick(deterministic.mean, rows, classes);
  const mean = pick(prediction.mean, rows, classes);
  const wrong = Float64Array.from(rows, (row) => (prediction.predicted[row] === labels[row] ? 0 : 1));
  const plainWrong = Float64Array.from(rows, (row) => (deterministic.predicted[row] === labels[row] ? 0 : 1));
  const doubt = Float64Array.from(rows, (_, i) => -largest(plain, i * classes, classes));
  const { best, sentence } = await chooseByLikelihood(["Monte-Carlo"], {
    labels: right,
    baseline: plain,
    predict: () => mean,
  });
  return {
    rows: rows.length,
    plain: scores(plain, right, { key }),
    monteCarlo: scores(mean, right, { key }),
    difference: best,
    sentence,
    byEntropy: riskCoverage(pick(predictiveEntropy, rows, 1), wrong),
    byConfidence: riskCoverage(doubt, plainWrong),
  };
}

/** Judges a regression with one value a row. */
export function judgeValues(prediction: JudgedValues, right: Float64Array): ValueJudgement {
  const { mean, variance, total, deterministic } = prediction;
  const rootMeanSquare = (answers: Float64Array): number =>
    Math.sqrt(right.reduce((sum, value, row) => sum + (value - answers[row]!) ** 2, 0) / right.length);
  const spread = total ?? variance;
  const isInside = (value: number, row: number): boolean =>
    Math.abs(value - mean[row]!) <= 1.96 * Math.sqrt(spread[row]!);
  const inside = right.reduce((count, value, row) => count + (isInside(value, row) ? 1 : 0), 0);
  return {
    rows: right.length,
    plainError: rootMeanSquare(deterministic.mean),
    error: rootMeanSquare(mean),
    coverage: inside / right.length,
  };
}

function largest(values: ArrayLike<number>, from: number, n: number): number {
  let most = values[from]!;
  for (let i = from + 1; i < from + n; i++) most = Math.max(most, values[i]!);
  return most;
}
