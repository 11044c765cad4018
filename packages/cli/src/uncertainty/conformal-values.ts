// Intervals of values with a promise.

import type { ValuePrediction } from "@hadamask/onnx";
import { conformalIntervals, type IntervalScore, intervalCoverage, type PredictedValues } from "hadamask/uncertainty";
import type { ConformalEach, ConformalParts } from "./conformal-found.js";
import type { ConformalJob, ConformalRows } from "./conformal-job.js";
import { fieldOf } from "./fields.js";

const SCORES: Readonly<Record<IntervalScore, string>> = {
  quantile: "how far the right value lies outside the outer quantiles (CQR)",
  absolute: "the distance of the right value from the mean",
  normalized: "that distance in standard deviations of the row",
};

/** What is predicted of value `v` in some rows, as the score needs it. */
function predicted(
  of: ValuePrediction,
  v: number,
  rows: Int32Array,
  job: ConformalJob,
  score: IntervalScore,
): PredictedValues {
  const column = (values: Float64Array, c: number): Float64Array =>
    Float64Array.from(rows, (row) => values[row * of.values + c]!);
  if (score === "quantile") {
    const levels = job.quantiles!;
    const [low, high] = [Math.min(...levels), Math.max(...levels)].map((end) => levels.indexOf(end));
    return { lower: column(of.mean, low!), upper: column(of.mean, high!) };
  }
  const mean = column(of.mean, v);
  return score === "absolute" ? { mean } : { mean, deviation: column(of.total ?? of.variance, v).map(Math.sqrt) };
}

export function promisedValues(job: ConformalJob, { from, used, judged, rest }: ConformalRows): ConformalParts {
  const { level, right, quantiles } = job;
  const [source, prediction] = [from.prediction, job.prediction] as ValuePrediction[] as [
    ValuePrediction,
    ValuePrediction,
  ];
  const count = quantiles === undefined ? prediction.values : 1;
  const usual = quantiles !== undefined ? "quantile" : prediction.total === undefined ? "absolute" : "normalized";
  const score = (job.score ?? usual) as IntervalScore;
  const all = Int32Array.from({ length: prediction.rows }, (_, row) => row);
  const lower = new Float64Array(prediction.rows * count);
  const upper = new Float64Array(prediction.rows * count);
  const rightOf = (of: typeof right, v: number, rows: Int32Array): Float64Array =>
    Float64Array.from(rows, (row) => (of as { readonly values: Float64Array }).values[row * count + v]!);
  const each = Array.from({ length: count }, (_, v): ConformalEach => {
    const made = conformalIntervals(predicted(source, v, used, job, score), rightOf(from.right, v, used), {
      level,
      score,
    });
    const of = (rows: Int32Array) => made.intervals(predicted(prediction, v, rows, job, score));
    const intervals = of(all);
    intervals.lower.forEach((value, row) => {
      lower[row * count + v] = value;
      upper[row * count + v] = intervals.upper[row]!;
    });
    const coverage =
      right === undefined || judged === undefined ? undefined : intervalCoverage(of(judged), rightOf(right, v, judged));
    return { promise: made.promise, meanSize: of(rest).meanSize, coverage };
  });
  return { score: SCORES[score], each, fields: [fieldOf("lower", lower, count), fieldOf("upper", upper, count)] };
}
