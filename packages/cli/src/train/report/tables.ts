// The numbers of a comparison as tables: the measures, the paired differences, and every seed by itself.

import { type Comparison, type Difference, inUnit, type Measure, predictsValues } from "@hadamask/experiments/settings";
import { learnedRows } from "@hadamask/experiments/statistics";
import { inMinus, nats, percent, type Show, signed, significant } from "../../page/digits.js";
import { type Cell, htmlTable, withInterval } from "../../page/html.js";
import { epochsText } from "../print.js";

/** A mean with its interval. */
const estimate = ({ mean, ci95 }: Measure | Difference, show: Show): Cell => withInterval(mean, ci95, show);

interface Shown {
  readonly name: "nll" | "testError" | "ece" | "mae" | "coverage";
  /** Over a column, and over one of differences. */
  readonly heading: string;
  readonly difference: string;
  readonly show: Show;
}

/** What is told of classes or values, in the order of the columns. */
function shownOf(comparison: Comparison): readonly Shown[] {
  const { target } = comparison.data;
  const likelihood = { name: "nll", heading: "NLL, nats", difference: "NLL, nats", show: nats } as const;
  if (target === undefined) {
    return [
      likelihood,
      { name: "testError", heading: "Test error, %", difference: "Test error, points", show: percent },
      { name: "ece", heading: "Calibration error, %", difference: "Calibration error, points", show: percent },
    ];
  }
  const own = inMinus(inUnit(target.deviation));
  return [
    likelihood,
    { name: "testError", heading: "Test RMSE", difference: "Test RMSE", show: own },
    { name: "mae", heading: "Mean absolute error", difference: "Mean absolute error", show: own },
    { name: "coverage", heading: "In 95 % intervals, %", difference: "In 95 % intervals, points", show: percent },
    {
      name: "ece",
      heading: "Calibration error of intervals, %",
      difference: "Calibration error, points",
      show: percent,
    },
  ];
}

export function measuresTable(comparison: Comparison): string {
  const { variants, model } = comparison;
  const shown = shownOf(comparison);
  const isValues = predictsValues(comparison);
  const trained = shown.find(({ name }) => name === "testError")!.show;
  return htmlTable(
    [
      "Variant",
      ...shown.map(({ heading }) => heading),
      isValues ? "Training RMSE" : "Training error, %",
      "Epochs",
      "Seconds an epoch",
    ],
    variants.map((variant) => [
      variant.title,
      ...shown.map(({ name, show }) => estimate(variant[name]!, show)),
      trained(variant.trainError.mean),
      epochsText(variant, model.epochs),
      significant(variant.secondsPerEpoch),
    ]),
  );
}

/** Differences on the same seeds; empty where there is only one variant. */
export function differencesTable(comparison: Comparison): string {
  const { paired, variants } = comparison;
  const shown = shownOf(comparison);
  const titleOf = (name: string) => variants.find((variant) => variant.name === name)?.title ?? name;
  return htmlTable(
    ["Difference", ...shown.map(({ difference }) => difference)],
    paired.map((pair) => [
      `${titleOf(pair.variant)}, against ${titleOf(pair.against)}`,
      ...shown.map(({ name, show }) => estimate(pair[name]!, signed(show))),
    ]),
  );
}

export function seedsTable(comparison: Comparison): string {
  const { variants, model } = comparison;
  return htmlTable(
    ["Variant and measure", ...model.seeds.map((seed) => `seed ${seed}`)],
    variants.flatMap((variant) =>
      shownOf(comparison).map(({ name, heading, show }): [string, ...string[]] => [
        `${variant.title}: ${heading.startsWith("NLL") ? heading : `${heading[0]!.toLowerCase()}${heading.slice(1)}`}`,
        ...variant[name]!.perSeed.map(show),
      ]),
    ),
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
