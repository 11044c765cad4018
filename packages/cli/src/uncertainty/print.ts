// A finished run as text for a terminal, and as the object that --json prints.

import { basename } from "node:path";
import { type CalibrationFloor, riskWhenRefusing, type Score, type Scores } from "hadamask/uncertainty";
import { absent } from "../output/json.js";
import { type Column, table } from "../output/table.js";
import type { Paint } from "../output/terminal.js";
import { nats as four, percent as hundredths } from "../page/digits.js";
import { answerText, sizesOf } from "./kind.js";
import type { UncertaintyResult } from "./request.js";
import { methodName } from "./rivals.js";
import { rowHeading, rowTable, SHOWN } from "./row-table.js";
import { leastCertain, rankedBy } from "./rows.js";
import { rateText } from "./setting.js";

export function uncertaintyText(result: UncertaintyResult, paint: Paint): string {
  const { request, totals, answer, classes, labelScores, classNames, choice, findings } = result;
  return [
    `${paint.bold(basename(request.model))} on ${basename(request.data)}: ${totals.rows} rows, ${whatIs(result)}\n`,
    `${fromText(result)}\n`,
    `${answerText(answer)}\n${result.dataNote === undefined ? "" : `${result.dataNote}\n`}\n`,
    ...(choice ? [choiceTable(choice), "\n"] : []),
    ...(classes
      ? [scoreTable(classes, result), paint.dim(`on ${classes.rows} rows, 95 % intervals; ${ABOUT_CHANCE}\n`), "\n"]
      : []),
    ...(labelScores
      ? [
          labelTable(labelScores, classNames),
          paint.dim(`on ${labelScores.rows} rows, 95 % intervals; ${ABOUT_CHANCE}\n`),
          "\n",
        ]
      : []),
    paint.bold(`${rowHeading(result)}\n`),
    rowTable(result),
    "\n",
    ...findings.map((finding) => `${finding}\n`),
  ].join("");
}

/** What the statistics are from. */
function fromText({ request, sites }: UncertaintyResult): string {
  const models = [request.model, ...(request.others ?? [])].map((path) => basename(path)).join(", ");
  if (sites.length === 0) return `${methodName(request)}: ${models}`;
  const beside = request.others === undefined ? "" : `; beside it the ensemble of ${models}`;
  return `dropout at ${sites.map(({ name, rate }) => `${name} (${rate})`).join(", ")}; seed ${request.seed}${beside}`;
}

const whatIs = ({ prediction, answer }: UncertaintyResult): string => {
  if (prediction.kind === "classes") return `${prediction.classes} classes`;
  if (prediction.kind === "labels") return `${prediction.labels} labels`;
  if (prediction.kind === "positions") {
    const { columns, positions } = sizesOf(answer);
    return `${positions} ${answer.kind} of ${columns} classes each`;
  }
  return prediction.values === 1 ? "one value each" : `${prediction.values} values each`;
};

const percent = ({ value, interval }: Score): string =>
  `${hundredths(value)} % (${interval.map(hundredths).join(" to ")})`;
const number = ({ value, interval }: Score): string =>
  `${value.toFixed(3)} (${interval.map((end) => end.toFixed(3)).join(" to ")})`;
const calibration = ({ value, limit }: CalibrationFloor): string =>
  `${hundredths(value)} % (chance ${hundredths(limit)})`;
const ABOUT_CHANCE = "chance: a calibrated model stays below it in 95 % of cases";

function scoreTable(
  { plain, monteCarlo }: NonNullable<UncertaintyResult["classes"]>,
  { request, rivals }: UncertaintyResult,
): string {
  const columns: Column[] = ["", "accuracy", "NLL", "Brier score", "calibration error", "overconfidence"].map(
    (title, c) => ({
      title,
      align: c === 0 ? "left" : "right",
    }),
  );
  const row = (name: string, { accuracy, nll, brier, ece, overconfidence }: Scores): string[] => [
    name,
    percent(accuracy),
    number(nll),
    number(brier),
    calibration(ece),
    percent(overconfidence),
  ];
  return table(columns, [
    row(request.others === undefined ? "without dropout" : `${basename(request.model)} by itself`, plain),
    row(methodName(request), monteCarlo),
    ...rivals.slice(1).map(({ name, classes }) => row(name, classes!)),
  ]);
}

function choiceTable({ trials, baseline }: NonNullable<UncertaintyResult["choice"]>): string {
  const columns: Column[] = [
    { title: "where" },
    { title: "rate", align: "right" },
    { title: "NLL", align: "right" },
    { title: "less than without dropout", align: "right" },
  ];
  return table(columns, [
    ["without dropout", "0", four(baseline), ""],
    ...trials.map(({ candidate, nll, difference, interval }) => [
      candidate.where,
      rateText(candidate),
      four(nll),
      `${four(-difference)} (${four(-interval[1])} to ${four(-interval[0])})`,
    ]),
  ]);
}

/** Labels that are shown, those that the model knows worst first. */
const LABELS = 10;

function labelTable({ labels }: NonNullable<UncertaintyResult["labelScores"]>, names: readonly string[]): string {
  const titles = ["", "there", "NLL without dropout", "NLL with", "calibration error without", "with"];
  const worst = [...labels.keys()].sort((a, b) => labels[b]!.plain.nll.value - labels[a]!.plain.nll.value);
  return table(
    titles.map((title, c) => ({ title, align: c === 0 ? "left" : "right" })),
    worst.slice(0, LABELS).map((l) => {
      const { there, plain, monteCarlo } = labels[l]!;
      return [
        names[l]!,
        String(there),
        ...[plain.nll, monteCarlo.nll].map(number),
        ...[plain.ece, monteCarlo.ece].map(calibration),
      ];
    }),
  );
}

const WHY_ABSENT = {
  entropyWhereRight: "no position is right",
  entropyWhereWrong: "no position is wrong",
} as const;

/** What `--json` prints: everything but the rows. */
export function uncertaintyJson(result: UncertaintyResult): object {
  const { request, sites, answer, prediction, numbers, ids, totals, classes, labelScores, positions } = result;
  const { values, quantiles, conformal, choice, rivals, dataNote, strange, findings } = result;
  return {
    model: basename(request.model),
    ...(request.others && { others: request.others.map((path) => basename(path)) }),
    data: basename(request.data),
    rows: totals.rows,
    kind: prediction.kind,
    answer,
    rankedBy: rankedBy(prediction),
    samples: { asked: request.samples, mean: totals.samples.sum / totals.rows },
    seed: Number.isSafeInteger(Number(request.seed)) ? Number(request.seed) : String(request.seed),
    masks: request.masks,
    sites,
    ...(choice && {
      choice: { best: choice.best, trials: choice.trials, baseline: choice.baseline, helps: choice.helps },
    }),
    ...(classes && {
      judgement: {
        rows: classes.rows,
        plain: classes.plain,
        monteCarlo: classes.monteCarlo,
        nllDifference: {
          mean: classes.difference.difference,
          standardError: classes.difference.standardError,
          interval: classes.difference.interval,
        },
        aurc: {
          byEntropy: classes.byEntropy.aurc,
          byConfidence: classes.byConfidence.aurc,
          best: classes.byEntropy.best,
          random: classes.byEntropy.random,
        },
        accuracyWhenRefusingTenth: 1 - riskWhenRefusing(classes.byEntropy, 0.1),
      },
    }),
    ...(labelScores && { judgement: labelScores }),
    ...(positions && { judgement: { ...positions, ...absent(positions, WHY_ABSENT) } }),
    ...(values && { judgement: values }),
    ...(quantiles && { quantiles }),
    ...(conformal && {
      conformal: {
        level: conformal.level,
        score: conformal.score,
        each: conformal.each,
        ...(conformal.overall && { overall: conformal.overall }),
      },
    }),
    ...(rivals.length > 0 && {
      compared: rivals.map(({ choice: _, ...scores }) => scores),
      ...(rivals[0]!.choice && { best: rivals[0]!.choice.best.candidate, bestHelps: rivals[0]!.choice.helps }),
    }),
    ...(dataNote !== undefined && { pictures: dataNote }),
    strange: strange.map(({ name, rows, mutualInformation, predictiveEntropy }) => ({
      name,
      rows,
      mutualInformation,
      predictiveEntropy,
    })),
    leastCertain: leastCertain(result, SHOWN).map((row) => numbers[row]! + 1),
    ...(ids && { leastCertainIds: leastCertain(result, SHOWN).map((row) => ids[row]!) }),
    findings,
  };
}
