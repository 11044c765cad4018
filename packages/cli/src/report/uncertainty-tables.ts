// The numbers of an uncertainty run as HTML tables.

import type { Score } from "hadamask/uncertainty";
import type { UncertaintyResult } from "../uncertainty/request.js";
import { leastCertain } from "../uncertainty/rows.js";
import { rateText } from "../uncertainty/setting.js";
import { type Cell, htmlTable } from "./html.js";

/** Rows that are listed. */
const SHOWN = 20;

const digits = (value: number): string => String(Number(value.toPrecision(3))).replace("-", "−");

const cell = ({ value, interval }: Score, factor = 1): Cell => ({
  text: digits(factor * value),
  detail: `${digits(factor * interval[0])} to ${digits(factor * interval[1])}`,
});

export function scoresHtml({ plain, monteCarlo, rows }: NonNullable<UncertaintyResult["classes"]>): string {
  const cells = ({ accuracy, nll, brier, ece, adaptiveEce }: typeof plain): Cell[] => [
    cell(accuracy, 100),
    cell(nll),
    cell(brier),
    cell(ece, 100),
    cell(adaptiveEce, 100),
  ];
  const table = htmlTable(
    ["Answer", "Accuracy, %", "NLL, nats", "Brier score", "Calibration error, %", "with equal bins, %"],
    [
      ["without dropout", ...cells(plain)],
      ["Monte-Carlo dropout", ...cells(monteCarlo)],
    ],
  );
  return `${table}\n<p class="note">On ${rows} rows. Under each number its 95 % interval, by bootstrap over the rows. NLL and Brier score reward honest probabilities; a calibration error is above 0 by chance alone.</p>`;
}

export function choiceHtml({ trials, baseline }: NonNullable<UncertaintyResult["choice"]>): string {
  const table = htmlTable(
    ["Where", "Rate", "NLL, nats", "Difference to no dropout"],
    [
      ["without dropout", "0", digits(baseline), "—"],
      ...trials.map(({ candidate, nll, difference, interval }): [string, ...Cell[]] => [
        candidate.where,
        rateText(candidate),
        digits(nll),
        { text: digits(difference), detail: `${digits(interval[0])} to ${digits(interval[1])}` },
      ]),
    ],
  );
  return `${table}\n<p class="note">On half of the rows, 50 passes each. The intervals hold for all settings at once (95 %).</p>`;
}

export function rowsHtml(result: UncertaintyResult): string {
  const { prediction, labels, classNames } = result;
  const rows = leastCertain(result, SHOWN);
  const withError = (values: Float64Array, errors: Float64Array, row: number): Cell => ({
    text: digits(values[row]!),
    detail: `± ${digits(errors[row]!)}`,
  });
  if (prediction.kind === "values") {
    const { values, mean, variance, standardError } = prediction;
    return htmlTable(
      ["Row", "Mean", "Variance over passes"],
      rows.map((row) => [
        String(row + 1),
        withError(mean, standardError.mean, row * values),
        withError(variance, standardError.variance, row * values),
      ]),
    );
  }
  const { standardError } = prediction;
  return htmlTable(
    [
      "Row",
      ...(labels ? ["Right"] : []),
      "Predicted",
      "Probability",
      "Predictive entropy",
      "Mutual information",
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
