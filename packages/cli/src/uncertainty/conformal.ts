// A promise that can be checked: sets of classes, answers to labels, or intervals of values, that hold the right answer
// of new rows with a probability that was asked for. Calibrated on a share of the labelled rows, or on a file.

import { listed, permutation, UsageError } from "@hadamask/experiments/settings";
import type { Answer } from "@hadamask/onnx";
import type { ClassScore, IntervalScore } from "hadamask/uncertainty";
import { promisedClasses, promisedLabels } from "./conformal-classes.js";
import type { ConformalFound, ConformalParts } from "./conformal-found.js";
import type { ConformalJob, ConformalRows } from "./conformal-job.js";
import { promisedValues } from "./conformal-values.js";
import { type Field, fieldOf } from "./fields.js";
import { type StatisticsKind, statisticsKind } from "./kind.js";
import type { UncertaintyRequest } from "./request.js";

/** Of the labelled rows, unless --calibrate says another. */
export const SHARE = 0.5;

const SCORES: Readonly<Record<StatisticsKind, readonly (ClassScore | IntervalScore)[]>> = {
  classes: ["lac", "aps", "raps"],
  labels: ["lac"],
  values: ["absolute", "normalized", "quantile"],
  positions: [],
};

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
  { calibrate = SHARE, score, perClass, quantiles }: UncertaintyRequest,
): void {
  const kind = statisticsKind(answer.kind);
  if (kind === "positions")
    throw new UsageError(
      `uncertainty: --conformal goes with one class a row, labels or values, and the model's answers are ` +
        `${answer.kind}, which are not independent rows: those of one row err together`,
    );
  if (score !== undefined && !SCORES[kind].includes(score))
    throw new UsageError(`uncertainty: --score must be ${listed(SCORES[kind], "or")} for ${kind}, got ${score}`);
  if (score === "quantile" && quantiles === undefined)
    throw new UsageError("uncertainty: --score quantile needs --quantiles, the levels that the model predicts");
  if (perClass === true && kind !== "classes")
    throw new UsageError(
      `uncertainty: --per-class goes with one class a row, and the model's answers are ${answer.kind}`,
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

export function conformalOf(job: ConformalJob): ConformalFound {
  const { prediction, right, held, calibrate, key } = job;
  if (typeof calibrate !== "number") {
    const all = Int32Array.from({ length: calibrate.prediction.rows }, (_, row) => row);
    const rest = Int32Array.from({ length: prediction.rows }, (_, row) => row);
    return found(job, { from: calibrate, used: all, judged: right === undefined ? undefined : held, rest });
  }
  if (right === undefined) throw new Error("checked before");
  const count = Math.floor(calibrate * held.length);
  const order = Int32Array.from(permutation(key, held.length), (i) => held[i]!);
  const used = order.slice(0, count).sort();
  const isUsed = new Set(used);
  const others = held.filter((row) => !isUsed.has(row));
  return found(job, { from: { prediction, right }, used, judged: others, rest: others });
}

function found(job: ConformalJob, rows: ConformalRows): ConformalFound {
  const { kind } = job.prediction;
  if (kind === "positions") throw new Error("checked before");
  const parts = partsOf(job, rows, kind);
  return { level: job.level, kind, ...parts, fields: [...marks(job, rows), ...parts.fields] };
}

function partsOf(job: ConformalJob, rows: ConformalRows, kind: "classes" | "labels" | "values"): ConformalParts {
  if (kind === "classes") return promisedClasses(job, rows);
  return kind === "labels" ? promisedLabels(job, rows) : promisedValues(job, rows);
}

/** Which of the rows calibrated, where they did. */
function marks({ prediction }: ConformalJob, { from, used }: ConformalRows): Field[] {
  if (from.prediction !== prediction) return [];
  const part = new Int32Array(prediction.rows);
  for (const row of used) part[row] = 1;
  return [fieldOf("calibration", part, 1)];
}
