// What a run of `hadamask uncertainty` found becomes what it says: judged by the right answers where there are any.

import type { MonteCarlo, Prediction } from "@hadamask/onnx";
import { quantileCrossings } from "hadamask/uncertainty";
import { printable } from "../output/printable.js";
import type { Rival } from "./compare.js";
import type { ConformalFound } from "./conformal-found.js";
import { findingsOf } from "./findings.js";
import {
  type JudgedClasses,
  type JudgedLabels,
  type JudgedValues,
  judgeClasses,
  judgeLabels,
  judgePositions,
  judgeQuantiles,
  judgeValues,
} from "./judge.js";
import { judgeRivals } from "./judge-rivals.js";
import { channelsIn, imageIn, type Job, keyFor, namesOf, type Prepared } from "./prepare.js";
import type { QuantileJudgement, StrangeRows, UncertaintyResult } from "./request.js";
import type { Right } from "./right.js";
import { methodName } from "./rivals.js";
import type { Totals } from "./totals.js";

/** What right answers are held against. */
export type Judged = JudgedClasses | JudgedLabels | JudgedValues | Prediction;

/** What a run found, before it is judged. */
export interface Found {
  /** Of the rows that are shown. */
  readonly prediction: Prediction;
  /** Which rows of the data these are, from 0. */
  readonly numbers: readonly number[];
  /** What these are called, where the data say. */
  readonly ids: readonly string[] | undefined;
  readonly totals: Totals;
  /** What of all rows is judged by right answers; undefined if there are none. */
  readonly judged: Judged | undefined;
  /** The right answers of all rows. */
  readonly right: Right | undefined;
  readonly conformal: ConformalFound | undefined;
  /** Other predictions of all rows. */
  readonly rivals: readonly Rival[];
  readonly dataNote: string | undefined;
  readonly strange: readonly StrangeRows[];
  /** Values of a row of `prediction`. */
  readonly pixels: (row: number) => ArrayLike<number>;
}

/** From what was found to what is said. */
export async function conclude(job: Job, prepared: Prepared, found: Found): Promise<UncertaintyResult> {
  const { model } = job;
  const { mc, request, candidate, choice, held, answer } = prepared;
  const { prediction, numbers, ids, totals, judged, right, conformal, rivals, dataNote, strange, pixels } = found;
  const labels = right?.kind === "classes" ? right.labels : undefined;
  const names =
    prediction.kind === "values" ? 0 : prediction.kind === "labels" ? prediction.labels : prediction.classes;
  const key = keyFor(request, "bootstrap");
  const isOfOne = right?.kind === "values" && request.quantiles === undefined;
  const result: Omit<UncertaintyResult, "findings"> = {
    request,
    inspection: model.inspection,
    sites: sitesOf(mc).map(({ kind, name, rate }) => ({ kind, name: printable(name), rate: candidate.rate ?? rate })),
    answer,
    warnings: mc.warnings.map(printable),
    prediction,
    numbers,
    ids: ids?.map(printable),
    totals,
    classNames: names === 0 ? [] : namesOf(job, names).map(printable),
    labels: labels && Int32Array.from(numbers, (row) => labels[row]!),
    image: imageIn(job),
    channels: channelsIn(job),
    pixels,
    classes: labels && (await judgeClasses(judged as JudgedClasses, labels, held, key, methodName(request))),
    labelScores: right?.kind === "labels" ? judgeLabels(judged as JudgedLabels, right.labels, key) : undefined,
    positions:
      right?.kind === "positions" && prediction.kind === "positions"
        ? judgePositions(prediction, right.labels)
        : undefined,
    values: isOfOne ? judgeValues(judged as JudgedValues, right.values) : undefined,
    quantiles: quantilesOf(request.quantiles, prediction, right),
    conformal,
    choice,
    rivals:
      rivals.length === 0 || right === undefined
        ? []
        : await judgeRivals([{ name: methodName(request), prediction }, ...rivals], right, {
            plain: prediction.kind === "classes" ? prediction.deterministic.mean : undefined,
            held,
            key,
          }),
    dataNote,
    strange,
  };
  return { ...result, findings: findingsOf(result) };
}

const sitesOf = (mc: Prepared["mc"]): MonteCarlo["sites"] => ("sites" in mc ? mc.sites : []);

/** Whether the quantiles of the rows are in order, and how often the right value lies between the outer ones. */
function quantilesOf(
  levels: readonly number[] | undefined,
  prediction: Prediction,
  right: Right | undefined,
): QuantileJudgement | undefined {
  if (levels === undefined || prediction.kind !== "values") return undefined;
  const { rows, mean, deterministic } = prediction;
  return {
    levels,
    rows,
    crossings: quantileCrossings(mean, { rows, levels }),
    plainCrossings: quantileCrossings(deterministic.mean, { rows, levels }),
    inside: right?.kind === "values" ? judgeQuantiles(prediction, right.values, levels) : undefined,
  };
}
