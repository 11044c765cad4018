// The numbers of a comparison as tables: the measures, the paired differences, and every seed by itself.

import { learnedRows } from "../experiments/learned.js";
import type { Comparison, Difference, Measure } from "../experiments/result.js";
import { type Cell, htmlTable } from "./html.js";

/** Two significant digits tell these intervals; a third keeps neighbours apart. */
const digits = (value: number): string => String(Number(value.toPrecision(3))).replace("-", "−");

const percent = (share: number): string => `${digits(share * 100)} %`;
const signed = (value: number): string => (value > 0 ? `+${digits(value)}` : digits(value));

/** A mean with its interval; `factor` 100 shows shares in percent. */
function estimate({ mean, ci95: [low, high] }: Measure | Difference, factor: 1 | 100, show = digits): Cell {
  return { text: show(mean * factor), detail: `${show(low * factor)} to ${show(high * factor)}` };
}

export function measuresTable({ variants }: Comparison): string {
  return htmlTable(
    [
      "Variant",
      "NLL, nats",
      "Test error, %",
      "Calibration error, %",
      "Training error, %",
      "Seconds an epoch",
      "Dropout, % of a step",
    ],
    variants.map(({ title, nll, testError, ece, trainError, secondsPerEpoch, dropoutShareOfStep }) => [
      title,
      estimate(nll, 1),
      estimate(testError, 100),
      estimate(ece, 100),
      digits(trainError.mean * 100),
      digits(secondsPerEpoch),
      digits(dropoutShareOfStep * 100),
    ]),
  );
}

/** Differences on the same seeds; empty where there is only one variant. */
export function differencesTable({ paired, variants }: Comparison): string {
  const titleOf = (name: string) => variants.find((variant) => variant.name === name)?.title ?? name;
  return htmlTable(
    ["Difference", "NLL, nats", "Test error, points", "Calibration error, points"],
    paired.map(({ variant, against, nll, testError, ece }) => [
      `${titleOf(variant)}, against ${titleOf(against)}`,
      estimate(nll, 1, signed),
      estimate(testError, 100, signed),
      estimate(ece, 100, signed),
    ]),
  );
}

export function seedsTable({ variants, model }: Comparison): string {
  return htmlTable(
    ["Variant and measure", ...model.seeds.map((seed) => `seed ${seed}`)],
    variants.flatMap(({ title, nll, testError, ece }) => [
      [`${title}: NLL`, ...nll.perSeed.map(digits)],
      [`${title}: test error`, ...testError.perSeed.map(percent)],
      [`${title}: calibration error`, ...ece.perSeed.map(percent)],
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
  );
  return `<h3>Learned noise</h3>\n${table}`;
}
