// The numbers of a comparison as tables: the measures, the paired differences, and every seed by itself.

import type { Comparison, Difference, Measure } from "@hadamask/experiments/settings";
import { learnedRows } from "@hadamask/experiments/statistics";
import { nats, percent, type Show, signed, significant } from "../../page/digits.js";
import { type Cell, htmlTable } from "../../page/html.js";
import { epochsText } from "../print.js";

/** A mean with its interval. */
const estimate = ({ mean, ci95 }: Measure | Difference, show: Show): Cell =>
  ci95 === undefined ? show(mean) : { text: show(mean), detail: `${show(ci95[0])} to ${show(ci95[1])}` };

export function measuresTable({ variants, model }: Comparison): string {
  return htmlTable(
    [
      "Variant",
      "NLL, nats",
      "Test error, %",
      "Calibration error, %",
      "Training error, %",
      "Epochs",
      "Seconds an epoch",
    ],
    variants.map((variant) => {
      const { title, nll, testError, ece, trainError, secondsPerEpoch } = variant;
      return [
        title,
        estimate(nll, nats),
        estimate(testError, percent),
        estimate(ece, percent),
        percent(trainError.mean),
        epochsText(variant, model.epochs),
        significant(secondsPerEpoch),
      ];
    }),
  );
}

/** Differences on the same seeds; empty where there is only one variant. */
export function differencesTable({ paired, variants }: Comparison): string {
  const titleOf = (name: string) => variants.find((variant) => variant.name === name)?.title ?? name;
  return htmlTable(
    ["Difference", "NLL, nats", "Test error, points", "Calibration error, points"],
    paired.map(({ variant, against, nll, testError, ece }) => [
      `${titleOf(variant)}, against ${titleOf(against)}`,
      estimate(nll, signed(nats)),
      estimate(testError, signed(percent)),
      estimate(ece, signed(percent)),
    ]),
  );
}

export function seedsTable({ variants, model }: Comparison): string {
  return htmlTable(
    ["Variant and measure", ...model.seeds.map((seed) => `seed ${seed}`)],
    variants.flatMap(({ title, nll, testError, ece }) => [
      [`${title}: NLL, nats`, ...nll.perSeed.map(nats)],
      [`${title}: test error, %`, ...testError.perSeed.map(percent)],
      [`${title}: calibration error, %`, ...ece.perSeed.map(percent)],
    ]),
  );
}

/** What learned noise became; empty where none learns. */
export function learnedTable(comparison: Comparison): string {
  const rows = learnedRows(comparison);
  if (rows.length === 0) return "";
  const table = htmlTable(
    ["Variant", "Penalty a training row, nats", "Weights left out", "What was learned"],
    rows.map(({ title, penalty, pruned, learned }) => [title, penalty, pruned, learned]),
    ["What was learned"],
  );
  return `<h3>Learned noise</h3>\n${table}`;
}
