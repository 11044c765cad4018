// The numbers of an uncertainty run as HTML tables.

import type { Score } from "hadamask/uncertainty";
import { decimals, nats, percent, type Show, signed, significant } from "../../page/digits.js";
import { type Cell, htmlTable, withInterval } from "../../page/html.js";
import type { UncertaintyResult } from "../request.js";
import { methodName } from "../rivals.js";
import { leastCertain } from "../rows.js";
import { rateText } from "../setting.js";

/** Rows that are listed. */
const SHOWN = 20;

/** Values of a row that are listed. */
const VALUES = 10;

const cell = ({ value, interval }: Score, show: Show): Cell => withInterval(value, interval, show);

export function scoresHtml(
  { plain, monteCarlo, rows }: NonNullable<UncertaintyResult["classes"]>,
  { request, rivals }: UncertaintyResult,
): string {
  const cells = ({ accuracy, nll, brier, ece, overconfidence }: typeof plain): Cell[] => [
    cell(accuracy, percent),
    cell(nll, nats),
    cell(brier, decimals(4)),
    { text: percent(ece.value), detail: `chance: ${percent(ece.limit)}` },
    cell(overconfidence, percent),
  ];
  const table = htmlTable(
    ["Answer", "Accuracy, %", "NLL, nats", "Brier score", "Calibration error, %", "Overconfidence, points"],
    [
      ["without dropout", ...cells(plain)],
      [methodName(request), ...cells(monteCarlo)],
      ...rivals.slice(1).map(({ name, classes }): [string, ...Cell[]] => [name, ...cells(classes!)]),
    ],
  );
  return (
    `${table}\n<p class="note">On ${rows} rows. Under each number its 95 % interval; under a calibration error ` +
    `what a calibrated model stays below in 95 % of cases. NLL and Brier score reward honest probabilities. ` +
    `Overconfidence is mean confidence less accuracy.</p>`
  );
}

const change = signed(nats);

export function choiceHtml({ trials, baseline }: NonNullable<UncertaintyResult["choice"]>): string {
  const table = htmlTable(
    ["Where", "Rate", "NLL, nats", "Difference to no dropout"],
    [
      ["without dropout", "0", nats(baseline), "—"],
      ...trials.map(({ candidate, nll, difference, interval }): [string, ...Cell[]] => [
        candidate.where,
        rateText(candidate),
        nats(nll),
        { text: change(difference), detail: `${change(interval[0])} to ${change(interval[1])}` },
      ]),
    ],
  );
  return (
    `${table}\n<p class="note">On half of the rows, 50 passes each. The intervals hold for all settings at ` +
    `once (95 %).</p>`
  );
}

export function rowsHtml(result: UncertaintyResult): string {
  const { prediction, labels, classNames } = result;
  const rows = leastCertain(result, SHOWN);
  const withError = (values: Float64Array, errors: Float64Array, row: number, show: Show = decimals(3)): Cell => ({
    text: show(values[row]!),
    detail: `± ${show(errors[row]!)}`,
  });
  if (prediction.kind === "values") {
    const { values, mean, variance, standardError } = prediction;
    return htmlTable(
      ["Row", "Value", "Mean", "Variance over passes"],
      rows.flatMap((row) =>
        Array.from({ length: Math.min(values, VALUES) }, (_, v): [string, ...Cell[]] => [
          String(row + 1),
          String(v + 1),
          withError(mean, standardError.mean, row * values + v, significant),
          withError(variance, standardError.variance, row * values + v, significant),
        ]),
      ),
    );
  }
  if (prediction.kind === "labels") {
    const { labels: count, mean, sum, standardError } = prediction;
    const there = (row: number): string =>
      classNames.filter((_, l) => mean[row * count + l]! > 0.5).join(", ") || "none";
    return htmlTable(
      ["Row", "Labels", "Predictive entropy, summed, nats", "Mutual information, summed, nats"],
      rows.map((row): [string, ...Cell[]] => [
        String(row + 1),
        there(row),
        withError(sum.predictiveEntropy, standardError.sum.predictiveEntropy, row),
        withError(sum.mutualInformation, standardError.sum.mutualInformation, row),
      ]),
    );
  }
  if (prediction.kind === "positions") {
    const show = decimals(3);
    return htmlTable(
      ["Row", "Entropy: mean", "95th percentile", "largest", "Mutual information: mean", "95th percentile", "largest"],
      rows.map((row): [string, ...Cell[]] => {
        const { predictiveEntropy: all, mutualInformation: own } = prediction.maps[row]!.score;
        return [String(row + 1), ...[all.mean, all.high, all.max, own.mean, own.high, own.max].map(show)];
      }),
    );
  }
  const { standardError } = prediction;
  return htmlTable(
    [
      "Row",
      ...(labels ? ["Right"] : []),
      "Predicted",
      "Probability",
      "Predictive entropy, nats",
      "Mutual information, nats",
      "Variation ratio",
    ],
    rows.map((row): [string, ...Cell[]] => [
      String(row + 1),
      ...(labels ? [classNames[labels[row]!]!] : []),
      classNames[prediction.predicted[row]!]!,
      withError(prediction.maxProbability, standardError.maxProbability, row),
      withError(prediction.predictiveEntropy, standardError.predictiveEntropy, row),
      withError(prediction.mutualInformation, standardError.mutualInformation, row),
      withError(prediction.variationRatio, standardError.variationRatio, row),
    ]),
  );
}
