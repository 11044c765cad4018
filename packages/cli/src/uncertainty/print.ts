// A finished run as text for a terminal, and as the object that --json prints.

import { basename } from "node:path";
import { riskWhenRefusing, type Score, type Scores } from "hadamask/uncertainty";
import { type Column, table } from "../output/table.js";
import type { Paint } from "../output/terminal.js";
import type { UncertaintyResult } from "./request.js";
import { leastCertain } from "./rows.js";
import { rateText } from "./setting.js";

/** Rows that are shown. */
const SHOWN = 10;

export function uncertaintyText(result: UncertaintyResult, paint: Paint): string {
  const { request, prediction, totals, classes, choice, findings } = result;
  return [
    `${paint.bold(basename(request.model))} on ${basename(request.data)}: ${totals.rows} rows, ${whatIs(result)}\n`,
    `dropout at ${result.sites.map(({ name, rate }) => `${name} (${rate})`).join(", ")}; seed ${request.seed}\n\n`,
    ...(choice ? [choiceTable(choice), "\n"] : []),
    ...(classes ? [scoreTable(classes), paint.dim(`on ${classes.rows} rows, 95 % intervals\n`), "\n"] : []),
    paint.bold(prediction.kind === "classes" ? "Least certain rows\n" : "Rows with the largest variance\n"),
    rowTable(result),
    "\n",
    ...findings.map((finding) => `${finding}\n`),
  ].join("");
}

const whatIs = ({ prediction }: UncertaintyResult): string => {
  if (prediction.kind === "classes") return `${prediction.classes} classes`;
  return prediction.values === 1 ? "one value each" : `${prediction.values} values each`;
};

const percent = ({ value, interval }: Score): string =>
  `${(100 * value).toFixed(2)} % (${interval.map((end) => (100 * end).toFixed(2)).join(" to ")})`;
const number = ({ value, interval }: Score): string =>
  `${value.toFixed(3)} (${interval.map((end) => end.toFixed(3)).join(" to ")})`;

function scoreTable({ plain, monteCarlo }: NonNullable<UncertaintyResult["classes"]>): string {
  const columns: Column[] = ["", "accuracy", "NLL", "Brier score", "calibration error", "adaptive"].map((title, c) => ({
    title,
    align: c === 0 ? "left" : "right",
  }));
  const row = (name: string, { accuracy, nll, brier, ece, adaptiveEce }: Scores): string[] => [
    name,
    percent(accuracy),
    number(nll),
    number(brier),
    percent(ece),
    percent(adaptiveEce),
  ];
  return table(columns, [row("without dropout", plain), row("Monte-Carlo dropout", monteCarlo)]);
}

function choiceTable({ trials, baseline }: NonNullable<UncertaintyResult["choice"]>): string {
  const columns: Column[] = [
    { title: "where" },
    { title: "rate", align: "right" },
    { title: "NLL", align: "right" },
    { title: "less than without dropout", align: "right" },
  ];
  return table(columns, [
    ["without dropout", "0", baseline.toFixed(4), ""],
    ...trials.map(({ candidate, nll, difference, interval }) => [
      candidate.where,
      rateText(candidate),
      nll.toFixed(4),
      `${(-difference).toFixed(4)} (${(-interval[1]).toFixed(4)} to ${(-interval[0]).toFixed(4)})`,
    ]),
  ]);
}

function rowTable(result: UncertaintyResult): string {
  const { prediction, numbers, ids, classNames, labels } = result;
  const rows = leastCertain(result, SHOWN);
  const right = (title: string): Column => ({ title, align: "right" });
  if (prediction.kind === "values") {
    const { mean, variance, standardError, values } = prediction;
    return table(
      [right("row"), ...(ids ? [{ title: "id" }] : []), right("mean"), right("± se"), right("standard deviation")],
      rows.map((row) => [
        String(numbers[row]! + 1),
        ...(ids ? [ids[row]!] : []),
        mean[row * values]!.toPrecision(4),
        standardError.mean[row * values]!.toPrecision(2),
        Math.sqrt(variance[row * values]!).toPrecision(3),
      ]),
    );
  }
  const { predicted, maxProbability, predictiveEntropy, mutualInformation, standardError } = prediction;
  return table(
    [
      right("row"),
      ...(ids ? [{ title: "id" }] : []),
      ...(labels ? [{ title: "right" }] : []),
      { title: "predicted" },
      right("probability"),
      right("entropy"),
      right("mutual information"),
    ],
    rows.map((row) => [
      String(numbers[row]! + 1),
      ...(ids ? [ids[row]!] : []),
      ...(labels ? [classNames[labels[row]!]!] : []),
      classNames[predicted[row]!]!,
      `${maxProbability[row]!.toFixed(3)} ± ${standardError.maxProbability[row]!.toFixed(3)}`,
      `${predictiveEntropy[row]!.toFixed(3)} ± ${standardError.predictiveEntropy[row]!.toFixed(3)}`,
      `${mutualInformation[row]!.toFixed(3)} ± ${standardError.mutualInformation[row]!.toFixed(3)}`,
    ]),
  );
}

/** What `--json` prints: everything but the rows. */
export function uncertaintyJson(result: UncertaintyResult): object {
  const { request, sites, prediction, numbers, ids, totals, classes, values, choice, strange, findings } = result;
  return {
    model: basename(request.model),
    data: basename(request.data),
    rows: totals.rows,
    kind: prediction.kind,
    samples: { asked: request.samples, mean: totals.samples.sum / totals.rows },
    seed: Number(request.seed),
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
    ...(values && { judgement: values }),
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
