// The report of a sweep: words, what was chosen, pictures, all configurations, and how to get them again.

import type { Measure, SweepConfig, SweepResult } from "@hadamask/experiments/settings";
import { counted } from "../../output/number.js";
import { inMinus, nats, type Show, signed } from "../../page/digits.js";
import { figuresHtml, reportDocument } from "../../page/document.js";
import type { Figure } from "../../page/figure.js";
import { type Cell, escaped, findingsHtml, htmlTable, withInterval } from "../../page/html.js";
import { methodHtml, type Term } from "../../page/method.js";
import { describeSweep } from "../findings.js";
import { shownScores, targetOf } from "../scores.js";
import { chosenText, shown, TITLES } from "../values.js";

/** @param chartCode ECharts as one script. */
export function sweepPage(result: SweepResult, figures: readonly Figure[], chartCode: string): string {
  const { configs, seeds, data, choices, failures } = result;
  const sections = [
    `<h2>What happened</h2>\n${findingsHtml(describeSweep(result))}`,
    ...(choices.length > 0 ? [`<h2>Best of each kind</h2>\n${choicesTable(result)}\n${note(CHOSEN)}`] : []),
    ...(figures.length > 0 ? [`<h2>The pictures</h2>\n${figuresHtml(figures)}`] : []),
    `<h2>All configurations</h2>\n${configsTable(result)}`,
    ...(failures.length > 0 ? [`<h2>Runs without numbers</h2>\n${failuresTable(result)}`] : []),
    `<h2>How it was done</h2>\n${method(result)}`,
  ];
  return reportDocument({
    title: `Sweep on ${data.map(({ name }) => name).join(", ")}`,
    lead: `${configs.length} configurations, ${counted(seeds.length, "seed")} each.`,
    sections,
    figures,
    chartCode,
  });
}

const note = (text: string): string => `<p class="note">${escaped(text)}</p>`;

const CHOSEN =
  "Chosen by the mean NLL of validation rows, a part of each seed's training rows; the other numbers are of test " +
  "rows, which had no part in the choice. Differences are paired: seeds share rows, first weights and batches.";

const estimate = ({ mean, ci95 }: Pick<Measure, "mean" | "ci95">, show: Show): Cell => withInterval(mean, ci95, show);

const scoreHeadings = (result: SweepResult): string[] => shownScores(result).map(({ heading }) => heading);

const scoreCells = (result: SweepResult, config: SweepConfig): Cell[] =>
  shownScores(result).map(({ name, show }) =>
    estimate(
      config[name]!,
      inMinus((value) => show(value, targetOf(result, config))),
    ),
  );

function choicesTable(result: SweepResult): string {
  const { choices, configs, swept } = result;
  return htmlTable(
    ["Kind", "Data", "Training rows", "Chosen", "Of", ...scoreHeadings(result), "NLL against the first"],
    choices.map(({ config: c, kind, of, against, data, trainRows }) => {
      const config = configs[c]!;
      return [
        kind,
        data,
        String(trainRows),
        chosenText(config, swept) || "–",
        String(of),
        ...scoreCells(result, config),
        against === undefined ? "–" : estimate(against.nll, signed(nats)),
      ];
    }),
    ["Data", "Chosen"],
  );
}

/** Configurations that a page lists; a browser would be slow with more, and configs.csv has all. */
const MOST_ROWS = 500;

function configsTable(result: SweepResult): string {
  const { configs, swept } = result;
  const quantities = swept.filter((quantity) => quantity !== "variant" && quantity !== "rate");
  const table = htmlTable(
    ["Variant", ...quantities.map((name) => TITLES[name]), "Validation NLL", ...scoreHeadings(result)],
    configs
      .slice(0, MOST_ROWS)
      .map((config) => [
        config.title,
        ...quantities.map((name) => shown(config, name)),
        config.validation === undefined ? "–" : nats(config.validation.nll.mean),
        ...scoreCells(result, config),
      ]),
  );
  const left = configs.length - MOST_ROWS;
  return `<details><summary>Mean and 95 % interval of each</summary>\n${table}\n</details>${
    left > 0 ? note(`${left} more are in configs.csv.`) : ""
  }`;
}

const asSentence = (note: string): string => `${note[0]!.toUpperCase()}${note.slice(1)}.`;

const NOISE = {
  fixed: "of one size for all rows: the loss is the squared error, and the size what is left of the training rows",
  learned: "of each row its own: the network gives the mean and the log variance of a normal law",
} as const;

const MOST_FAILURES = 200;

const failuresTable = ({ failures }: SweepResult): string =>
  htmlTable(
    ["Variant", "Seed", "Data", "Training rows", "Reason"],
    failures
      .slice(0, MOST_FAILURES)
      .map(({ variant, seed, data, trainRows, reason }) => [variant, String(seed), data, String(trainRows), reason]),
    ["Data", "Reason"],
  );

function method({ data, noise, validation, command, versions }: SweepResult): string {
  const held =
    validation === 0
      ? "none: all training rows are fitted"
      : `${Math.round(100 * validation)} % of each seed's training rows are not fitted, and choose`;
  const terms: Term[] = [
    ...data.map(({ description, notes = [] }): Term => ["Data", [description, ...notes.map(asSentence)].join(" ")]),
    ...(noise === undefined ? [] : [["Noise", NOISE[noise]] satisfies Term]),
    ["Validation", held],
    ["Files", "sweep.json has all of this; configs.csv and runs.csv have its numbers as tables"],
  ];
  return methodHtml(terms, versions, command);
}
