// The report of a comparison: words, numbers, pictures, and how to get them again.

import {
  type Comparison,
  type ComparisonResult,
  inUnit,
  modelEntry,
  networkName,
  outputsOf,
  predictsValues,
  type TargetSummary,
} from "@hadamask/experiments/settings";
import { asCalled } from "../../output/called.js";
import { nats } from "../../page/digits.js";
import { figuresHtml, reportDocument } from "../../page/document.js";
import type { Figure } from "../../page/figure.js";
import { escaped, findingsHtml } from "../../page/html.js";
import { methodHtml, type Term } from "../../page/method.js";
import { byName, variantNames } from "./names.js";
import { differencesTable, learnedTable, measuresTable, seedsTable } from "./tables.js";

/** @param chartCode ECharts as one script. */
export function page(result: ComparisonResult, figures: readonly Figure[], chartCode: string): string {
  const { comparison } = byName(result);
  const { findings } = result;
  const sections = [
    `<h2>What happened</h2>
${findingsHtml(findings)}
<p class="note">${escaped(likelihood(result.comparison))}</p>
${variantNames(result.comparison)}`,
    `<h2>The numbers</h2>
${measuresTable(comparison)}
${comparison.paired.length > 0 ? `<h3>Paired differences</h3>\n${differencesTable(comparison)}` : ""}
${learnedTable(comparison)}
<p class="note">${INTERVALS}</p>
<details><summary>Every seed</summary>
${seedsTable(comparison)}
</details>`,
    `<h2>The pictures</h2>
${figuresHtml(figures)}`,
    `<h2>How it was done</h2>
${method(result)}`,
  ];
  return reportDocument({
    title: `Dropout on ${comparison.data.name}`,
    lead: setting(result),
    sections,
    figures,
    chartCode,
  });
}

const INTERVALS =
  "Under each number its 95 % interval, for other seeds and other test rows. " +
  "Differences are paired: all variants share each seed's rows, first weights and batches. " +
  "Below 0 the variant is better.";

/** What NLL is, for who has not met it. */
function likelihood(comparison: Comparison): string {
  if (predictsValues(comparison))
    return (
      "NLL (negative log-likelihood) is the mean of −ln f over the test rows, " +
      "where f is the density that a network " +
      "gave to the right value. It can be below 0; less is better."
    );
  const { length } = comparison.data.classes;
  return (
    "NLL (negative log-likelihood) is the mean of −ln p over the test rows, " +
    "where p is the probability that a network " +
    "gave to the right class: 0 nats where it was certain and right every time, " +
    `${nats(Math.log(length))} where it only guessed among ${length} classes; less is better.`
  );
}

const counted = (n: number, noun: string): string => `${n.toLocaleString("en-GB")} ${noun}${n === 1 ? "" : "s"}`;

function setting({ comparison }: ComparisonResult): string {
  const { data, model, variants } = comparison;
  const network = networkName(model, data.features, outputsOf(comparison));
  return (
    `${counted(variants.length, "variant")} of a ${network} network, ${counted(model.seeds.length, "seed")} each, ` +
    `trained on ${counted(data.trainRows, "row")} and tested on ${data.testRows.toLocaleString("en-GB")}.`
  );
}

const SPLITS: Readonly<Record<Comparison["data"]["split"], string>> = {
  given: "as the data come; each seed draws its training rows",
  disjoint: "one part of the rows is for testing, the same for all; each seed has training rows of its own",
  folds: "each seed is tested on a fifth of the rows and trained on others",
};

/** What is predicted, and how its noise is. */
function predictedText({ name, mean, deviation }: TargetSummary, { noise }: Comparison["model"]): string {
  const show = inUnit(deviation);
  const law =
    noise === "learned"
      ? "the mean and the log variance of a normal law, by its likelihood"
      : "the mean, by squared errors; as its noise what is left of the training rows";
  return `${name}, of mean ${show(mean)} and standard deviation ${show(deviation)}: ${law}`;
}

function method({ comparison: { data, model, command, versions }, seconds }: ComparisonResult): string {
  const terms: Term[] = [
    [
      "Data",
      [data.description, ...(data.notes ?? []).map((note) => `${note[0]!.toUpperCase()}${note.slice(1)}.`)].join(" "),
    ],
    ...(data.target === undefined ? [] : [["Predicted", predictedText(data.target, model)] as const]),
    ["Split", SPLITS[data.split]],
    ["Network", `${modelEntry(model.kind).describe(model.hidden, data.image)}, ${model.activation}`],
    [
      "Training",
      `${model.optimiser}, learning rate ${model.learningRate}, batches of ${model.batchSize}, ` +
        counted(model.epochs, "epoch"),
    ],
    ["Time", `${Math.round(seconds).toLocaleString("en-GB")} s of training, all runs together`],
  ];
  return methodHtml(terms, versions, asCalled(command));
}
