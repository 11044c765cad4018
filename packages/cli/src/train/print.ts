// A finished comparison as text for a terminal: the table, what it says, what to try next.

import {
  type Comparison,
  type ComparisonResult,
  DEFAULT_MODEL,
  inUnit,
  type Measure,
  modelEntry,
  networkName,
  outputsOf,
  type TargetSummary,
  type VariantSummary,
} from "@hadamask/experiments/settings";
import { learnedRows } from "@hadamask/experiments/statistics";
import { asCalled, called } from "../output/called.js";
import { counted } from "../output/number.js";
import { type Column, table } from "../output/table.js";
import type { Paint } from "../output/terminal.js";

export function comparisonText(
  { comparison, findings }: Pick<ComparisonResult, "comparison" | "findings">,
  paint: Paint,
): string {
  const { data, model } = comparison;
  const network = networkName(model, data.features, outputsOf(comparison));
  return [
    `${paint.bold(data.name)}: ${data.trainRows} training rows, ${data.testRows} test rows; ` +
      `network ${network} (${model.activation}), ` +
      `${counted(model.epochs, "epoch")}, ${counted(model.seeds.length, "seed")}\n`,
    "\n",
    data.target === undefined ? classTable(comparison) : valueTable(comparison, data.target),
    paint.dim("mean over seeds (95 % interval)\n"),
    ...learnedText(comparison, paint),
    "\n",
    ...findings.map((finding) => `${finding}\n`),
  ].join("");
}

/** What learned noise became; nothing where none learns. */
function learnedText(comparison: Comparison, paint: Paint): string[] {
  const rows = learnedRows(comparison);
  if (rows.length === 0) return [];
  return [
    "\n",
    table(
      LEARNED_COLUMNS,
      rows.map(({ name, penalty, pruned, learned }) => [name, penalty, pruned, learned]),
    ),
    paint.dim("penalty: what learned noise adds to the loss of a training row, in nats (KL / training rows)\n"),
  ];
}

const LEARNED_COLUMNS: readonly Column[] = [
  { title: "variant" },
  { title: "penalty", align: "right" },
  { title: "weights left out", align: "right" },
  { title: "what was learned" },
];

const right = (title: string): Column => ({ title, align: "right" });
const LAST = [right("epochs"), right("s / epoch")];

const lastCells = (variant: VariantSummary, epochs: number): string[] => [
  epochsText(variant, epochs),
  variant.secondsPerEpoch.toPrecision(2),
];

const nats = (value: number): string => value.toFixed(3);

const classTable = ({ variants, model }: Comparison): string =>
  table(
    [{ title: "variant" }, ...["test NLL", "calibration error", "test error", "train error"].map(right), ...LAST],
    variants.map((variant) => [
      variant.name,
      withInterval(variant.nll, nats),
      withInterval(variant.ece, percent, " %"),
      withInterval(variant.testError, percent, " %"),
      `${percent(variant.trainError.mean)} %`,
      ...lastCells(variant, model.epochs),
    ]),
  );

function valueTable({ variants, model }: Comparison, { deviation }: TargetSummary): string {
  const show = inUnit(deviation);
  const titles = ["test RMSE", "test MAE", "test NLL", "in 95 % intervals", "train RMSE"];
  return table(
    [{ title: "variant" }, ...titles.map(right), ...LAST],
    variants.map((variant) => [
      variant.name,
      withInterval(variant.testError, show),
      withInterval(variant.mae!, show),
      withInterval(variant.nll, nats),
      withInterval(variant.coverage!, percent, " %"),
      show(variant.trainError.mean),
      ...lastCells(variant, model.epochs),
    ]),
  );
}

/** "200", or "27 to 45" where seeds were stopped early. */
export function epochsText(variant: VariantSummary, epochs: number): string {
  if (variant.epochs === undefined) return String(epochs);
  const [least, most] = [Math.min(...variant.epochs), Math.max(...variant.epochs)];
  return least === most ? String(least) : `${least} to ${most}`;
}

const percent = (value: number): string => (100 * value).toFixed(2);

const withInterval = ({ mean, ci95 }: Measure, format: (value: number) => string, unit = ""): string =>
  ci95 === undefined ? `${format(mean)}${unit}` : `${format(mean)}${unit} (${format(ci95[0])} to ${format(ci95[1])})`;

/**
 * Commands worth trying after this one, with what each would tell; none that repeats this comparison.
 *
 * @param out The options that name this comparison's folder, as they were typed.
 */
export function nextSteps({ command, data, variants, model }: Comparison, out: string): (readonly [string, string])[] {
  const names = variants.map(({ name }) => name);
  const ours = called();
  const steps: (readonly [string, string])[] = [];
  const rates = ["none", ...[0.2, 0.5, 0.8].map((rate) => `${modelEntry(model.kind).main}:${rate}`)];
  if (!rates.every((name) => names.includes(name))) {
    const rest = command.replace(/ --variants \S+/, "");
    steps.push([`${asCalled(rest)} --variants ${rates.join(",")}${out} --resume`, "how much dropout is right"]);
  }
  if (model.kind === DEFAULT_MODEL && data.name === "optdigits" && data.trainRows < 1000) {
    steps.push([`${ours} train --train-size 1000 --out report-1000`, "the same with more training rows"]);
    steps.push([
      `${ours} train --data fashion-mnist --seeds 3 --out fashion`,
      "a larger problem; downloads 31 MB once",
    ]);
  }
  // Rows of their own for more seeds would have to be fewer: another experiment.
  if (model.seeds.length < 20 && data.split !== "disjoint") {
    const more = command.replace(/ --seeds \S+/, "");
    steps.push([`${asCalled(more)} --seeds 20${out} --resume`, "more seeds; what is done is kept"]);
  }
  steps.push([`${ours} explain`, "one dropout layer, element by element"]);
  return steps;
}
