// A promise that can be checked: sets of classes, or intervals of values, that hold the right answer of new rows with a
// probability that was asked for. Calibrated on a share of the labelled rows, or on a file of its own.

import { permutation, UsageError } from "@hadamask/experiments/settings";
import type { Answer, Prediction } from "@hadamask/onnx";
import type { Key } from "hadamask";
import {
  conformalClasses,
  conformalIntervals,
  intervalCoverage,
  type PredictedValues,
  setCoverage,
} from "hadamask/uncertainty";
import type { ConformalEach, ConformalFound } from "./conformal-found.js";
import type { Field } from "./fields.js";
import { statisticsKind } from "./kind.js";
import type { UncertaintyRequest } from "./request.js";
import type { Right } from "./right.js";
import { pick } from "./some-rows.js";

/** Predicted rows with their right answers. */
export interface Labelled {
  readonly prediction: Prediction;
  readonly right: Right;
}

export interface ConformalJob {
  readonly level: number;
  readonly prediction: Prediction;
  /** Right answers of the rows, where there are any. */
  readonly right: Right | undefined;
  /** Rows to calibrate with, or to judge by. */
  readonly held: Int32Array;
  /** Other rows to calibrate with, or the share of the held rows. */
  readonly calibrate: Labelled | number;
  /** Levels that the values of a row are quantiles of. */
  readonly quantiles: readonly number[] | undefined;
  readonly key: Key;
}

/**
 * Known before the work.
 *
 * @param held How many rows there are to calibrate with.
 * @throws {UsageError} If the answers are of another kind, or there are too few rows.
 */
export function checkConformal(
  answer: Answer,
  hasRight: boolean,
  held: number,
  calibrate: UncertaintyRequest["calibrate"] = SHARE,
): void {
  const kind = statisticsKind(answer.kind);
  if (kind !== "classes" && kind !== "values")
    throw new UsageError(
      `uncertainty: --conformal goes with one class a row or with values, and the model's answers are ${answer.kind}`,
    );
  if (typeof calibrate !== "number") return;
  if (!hasRight)
    throw new UsageError("uncertainty: --conformal needs right answers; pass --labels, or --calibrate FILE,COLUMN");
  const count = Math.floor(calibrate * held);
  if (count < 1 || count >= held)
    throw new UsageError(
      `uncertainty: --calibrate ${calibrate} must leave rows on both sides, got ${count} of ${held} rows`,
    );
}

/** Of the labelled rows, unless --calibrate says another. */
export const SHARE = 0.5;

export function conformalOf(job: ConformalJob): ConformalFound {
  const { prediction, right, held, calibrate, key } = job;
  if (typeof calibrate !== "number") {
    const used = Int32Array.from({ length: calibrate.prediction.rows }, (_, row) => row);
    const rest = Int32Array.from({ length: prediction.rows }, (_, row) => row);
    return found(job, calibrate, { used, judged: right === undefined ? undefined : held, rest });
  }
  if (right === undefined) throw new Error("checked before");
  const count = Math.floor(calibrate * held.length);
  const order = Int32Array.from(permutation(key, held.length), (i) => held[i]!);
  const used = order.slice(0, count).sort();
  const isUsed = new Set(used);
  const others = held.filter((row) => !isUsed.has(row));
  return found(job, { prediction, right }, { used, judged: others, rest: others });
}

/** Which rows serve for what. */
interface Parted {
  /** Those of the labelled prediction that calibrate. */
  readonly used: Int32Array;
  /** Those of the prediction that it is judged by. */
  readonly judged: Int32Array | undefined;
  /** Those of the prediction whose sets count for the mean size. */
  readonly rest: Int32Array;
}

function found(job: ConformalJob, from: Labelled, parted: Parted): ConformalFound {
  const isOwn = from.prediction === job.prediction;
  const part = Int32Array.from({ length: job.prediction.rows }, () => 0);
  if (isOwn) for (const row of parted.used) part[row] = 1;
  const marks = isOwn ? [field("calibration", part, 1)] : [];
  const { each, fields, score } =
    job.prediction.kind === "classes" ? ofClasses(job, from, parted) : ofValues(job, from, parted);
  const kind = job.prediction.kind === "classes" ? "classes" : "values";
  return { level: job.level, kind, each, score, fields: [...marks, ...fields] };
}

const field = (name: string, values: Float64Array | Int32Array, size: number): Field => ({
  name,
  size,
  values,
  isError: false,
  isMap: false,
});

type Parts = Pick<ConformalFound, "each" | "fields" | "score">;

function ofClasses({ level, prediction, right }: ConformalJob, from: Labelled, { used, judged, rest }: Parted): Parts {
  const source = from.prediction;
  if (source.kind !== "classes" || from.right.kind !== "classes" || prediction.kind !== "classes")
    throw new Error("sets are of classes");
  const { classes } = prediction;
  const made = conformalClasses(pick(source.mean, used, classes), pick(from.right.labels, used, 1), { level });
  const { contains, sizes } = made.sets(prediction.mean);
  const { meanSize } = made.sets(pick(prediction.mean, rest, classes));
  const labels = right?.kind === "classes" ? right.labels : undefined;
  const coverage =
    labels && judged && setCoverage(made.sets(pick(prediction.mean, judged, classes)), pick(labels, judged, 1));
  return {
    score: "one less the probability of the right class (LAC)",
    each: [{ promise: made.promises[0]!, meanSize, coverage }],
    fields: [field("setSize", sizes, 1), field("inSet", Int32Array.from(contains), classes)],
  };
}

function ofValues(
  { level, prediction, right, quantiles }: ConformalJob,
  from: Labelled,
  { used, judged, rest }: Parted,
): Parts {
  const source = from.prediction;
  if (source.kind !== "values" || from.right.kind !== "values" || prediction.kind !== "values")
    throw new Error("intervals are of values");
  const count = quantiles === undefined ? prediction.values : 1;
  const score = quantiles !== undefined ? "quantile" : prediction.total === undefined ? "absolute" : "normalized";
  const predicted = (of: typeof prediction, v: number, rows: Int32Array): PredictedValues => {
    const column = (values: Float64Array, c: number): Float64Array =>
      Float64Array.from(rows, (row) => values[row * of.values + c]!);
    if (quantiles !== undefined) {
      const [low, high] = [Math.min(...quantiles), Math.max(...quantiles)].map((end) => quantiles.indexOf(end));
      return { lower: column(of.mean, low!), upper: column(of.mean, high!) };
    }
    const mean = column(of.mean, v);
    return of.total === undefined ? { mean } : { mean, deviation: column(of.total, v).map(Math.sqrt) };
  };
  const all = Int32Array.from({ length: prediction.rows }, (_, row) => row);
  const lower = new Float64Array(prediction.rows * count);
  const upper = new Float64Array(prediction.rows * count);
  const each = Array.from({ length: count }, (_, v): ConformalEach => {
    const rightOf = (values: Float64Array, rows: Int32Array): Float64Array =>
      Float64Array.from(rows, (row) => values[row * count + v]!);
    const targets = rightOf((from.right as { values: Float64Array }).values, used);
    const made = conformalIntervals(predicted(source, v, used), targets, { level, score });
    const intervals = made.intervals(predicted(prediction, v, all));
    intervals.lower.forEach((value, row) => {
      lower[row * count + v] = value;
      upper[row * count + v] = intervals.upper[row]!;
    });
    const coverage =
      right?.kind === "values" && judged
        ? intervalCoverage(made.intervals(predicted(prediction, v, judged)), rightOf(right.values, judged))
        : undefined;
    return { promise: made.promise, meanSize: made.intervals(predicted(prediction, v, rest)).meanSize, coverage };
  });
  const scores = {
    quantile: "how far the right value lies outside the outer quantiles (CQR)",
    absolute: "the distance of the right value from the mean",
    normalized: "that distance in standard deviations of the row",
  };
  return { score: scores[score], each, fields: [field("lower", lower, count), field("upper", upper, count)] };
}
