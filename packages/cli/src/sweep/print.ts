// A finished sweep as text for a terminal.

import type { Measure, SweepResult } from "@hadamask/experiments/settings";
import { counted } from "../output/number.js";
import { type Column, table } from "../output/table.js";
import type { Paint } from "../output/terminal.js";
import { describeSweep } from "./findings.js";
import { shownScores, targetOf } from "./scores.js";
import { chosenText } from "./values.js";

/** Configurations that a terminal lists where none was chosen. */
const MOST_LINES = 40;
/** Failed runs that a terminal names. */
const MOST_FAILURES = 10;

export function sweepText(result: SweepResult, paint: Paint): string {
  const { configs, seeds, failures, choices, swept } = result;
  const chosen = choices.length > 0 ? choices.map(({ config }) => config) : configs.map((_, c) => c);
  const shown = shownScores(result);
  const rows = chosen.slice(0, MOST_LINES).map((c) => {
    const config = configs[c]!;
    return [
      config.data,
      String(config.trainRows),
      config.kind,
      chosenText(config, swept) || "–",
      config.validation === undefined ? "–" : nats(config.validation.nll.mean),
      ...shown.map((score) => {
        const target = targetOf(result, config);
        const show = score.name === "nll" ? nats : (value: number): string => score.show(value, target);
        return withInterval(config[score.name]!, show);
      }),
    ];
  });
  const title =
    choices.length > 0 ? "Best of each kind by validation, and what it is worth on the test rows" : "Configurations";
  return [
    `${paint.bold("Sweep")}: ${configs.length} configurations, `,
    `${counted(seeds.length, "seed")} each\n\n`,
    `${paint.bold(title)}\n`,
    table([...COLUMNS, ...shown.map(({ heading }) => right(headingHere(heading)))], rows),
    chosen.length > MOST_LINES ? `and ${chosen.length - MOST_LINES} more in the report\n` : "",
    paint.dim("mean over seeds (95 % interval)\n"),
    "\n",
    ...describeSweep(result).map((sentence) => `${sentence}\n`),
    ...failures
      .slice(0, MOST_FAILURES)
      .map(
        ({ variant, seed, trainRows, data, reason }) =>
          `  ${variant}, seed ${seed}, ${trainRows} rows of ${data}: ${reason}\n`,
      ),
    failures.length > MOST_FAILURES ? `  and ${failures.length - MOST_FAILURES} more in sweep.json\n` : "",
  ].join("");
}

const nats = (value: number): string => value.toFixed(3);

const right = (title: string): Column => ({ title, align: "right" });

/** As the other columns of a terminal are called: "test NLL" for "Test NLL, nats". */
const headingHere = (heading: string): string => heading.replace(/^./, (c) => c.toLowerCase()).replace(", nats", "");

const COLUMNS: readonly Column[] = [
  { title: "data" },
  right("rows"),
  { title: "kind" },
  { title: "chosen" },
  right("validation NLL"),
];

const withInterval = ({ mean, ci95 }: Measure, show: (value: number) => string): string =>
  ci95 === undefined ? show(mean) : `${show(mean)} (${show(ci95[0])} to ${show(ci95[1])})`;
