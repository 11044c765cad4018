// The table of the regression benchmark as text, and what it says.

import type { Compared, SetRow, SplitMean } from "@hadamask/experiments/reproduce";
import { type Column, table } from "../../output/table.js";
import type { Paint } from "../../output/terminal.js";

export function rowsText(rows: readonly SetRow[], paint: Paint): string {
  return [
    paint.bold("Root mean squared error"),
    "\n",
    table(
      [...COMMON, right("single pass"), right("published"), right("off"), ...MEAN_COLUMNS],
      rows.map((row) => [
        ...common(row),
        ...published(row.rmse.singlePass),
        own(row.rmse.off),
        ...meanCells(row.rmse.mean),
      ]),
    ),
    "\n",
    paint.bold("Log-likelihood of a test row, in nats"),
    "\n",
    table(
      [...COMMON, right("single pass"), right("off"), ...MEAN_COLUMNS],
      rows.map(({ logLikelihood, ...row }) => [
        ...common(row),
        ...[own(logLikelihood.singlePass), own(logLikelihood.off), ...meanCells(logLikelihood.mean)],
      ]),
    ),
    paint.dim("mean over splits ± standard error; the difference is taken split by split\n"),
    "\n",
    ...sentences(rows).map((sentence) => `${sentence}\n`),
  ].join("");
}

const right = (title: string): Column => ({ title, align: "right" });

const COMMON: readonly Column[] = [
  { title: "set" },
  right("splits"),
  right("epochs"),
  { title: "grid" },
  { title: "rates chosen" },
];

const MEAN_COLUMNS: readonly Column[] = [right("mean of passes"), right("published"), right("difference")];

type Common = Pick<SetRow, "title" | "splits" | "splitsPublished" | "epochs" | "settings" | "chosen">;

const common = ({ title, splits, splitsPublished, epochs, settings, chosen }: Common): string[] => [
  title,
  splits.length === splitsPublished ? String(splits.length) : `${splits.length} of ${splitsPublished}`,
  String(epochs),
  settings.grid,
  ratesText(chosen),
];

/** "0.005 × 18, 0.01 × 2" */
function ratesText(chosen: SetRow["chosen"]): string {
  const counts = new Map<number, number>();
  for (const { rate, splits } of chosen) counts.set(rate, (counts.get(rate) ?? 0) + splits);
  return [...counts]
    .sort(([a], [b]) => a - b)
    .map(([rate, splits]) => `${rate} × ${splits}`)
    .join(", ");
}

const own = (value: Compared): string => withError(value, decimalsOf(value));

const published = (value: Compared): string[] => [
  own(value),
  value.published === undefined ? "" : withError(value.published, decimalsOf(value)),
];

const meanCells = (value: Compared): string[] => [
  ...published(value),
  value.difference === undefined ? "" : signed(value.difference, decimalsOf(value)),
];

/** Two digits of the error. */
const decimalsOf = ({ mean, error = Math.abs(mean) / 100 }: SplitMean): number =>
  Math.min(6, Math.max(0, 1 - Math.floor(Math.log10(error || 1))));

const withError = ({ mean, error }: SplitMean, decimals: number): string =>
  error === undefined ? mean.toFixed(decimals) : `${mean.toFixed(decimals)} ± ${error.toFixed(decimals)}`;

const signed = (value: SplitMean, decimals: number): string =>
  `${value.mean < 0 ? "−" : "+"}${withError({ ...value, mean: Math.abs(value.mean) }, decimals)}`;

/**
 * What agrees with what was published within two standard errors of the difference, and what does not; and how much of
 * Monte-Carlo dropout's gain over a single pass needs no passes at all.
 */
function sentences(rows: readonly SetRow[]): string[] {
  return [...agreement(rows), ...gainOfOff(rows)];
}

function gainOfOff(rows: readonly SetRow[]): string[] {
  const gains = rows.map(({ title, rmse: { singlePass, off, mean } }) => ({
    title,
    share: (singlePass.mean - off.mean) / (singlePass.mean - mean.mean),
  }));
  if (gains.some(({ share }) => !(share > 0))) return [];
  const [least, most] = [...gains]
    .sort((a, b) => a.share - b.share)
    .filter((_, i, { length }) => i % (length - 1) === 0);
  if (most === undefined) return [];
  const percent = ({ title, share }: (typeof gains)[number]): string => `${Math.round(100 * share)} % (${title})`;
  return [
    `Of what the mean of passes gains in RMSE over a single pass, turning dropout off gains ${percent(least!)} to ` +
      `${percent(most)}.`,
  ];
}

function agreement(rows: readonly SetRow[]): string[] {
  const measures: readonly (readonly [string, (row: SetRow) => Compared])[] = [
    ["RMSE of a single pass", ({ rmse }) => rmse.singlePass],
    ["RMSE of the mean", ({ rmse }) => rmse.mean],
    ["Log-likelihood", ({ logLikelihood }) => logLikelihood.mean],
  ];
  return measures.flatMap(([name, of]) => {
    const judged = rows.filter((row) => of(row).agrees !== undefined);
    if (judged.length === 0) return [];
    const apart = judged.filter((row) => !of(row).agrees);
    const rest = apart.map((row) => {
      const { mean, error } = of(row).difference!;
      return `${row.title} (${(mean / error!).toFixed(1).replace("-", "−")})`;
    });
    return [
      `${name}: ${judged.length - apart.length} of ${judged.length} sets agree with what was published, within two ` +
        "standard errors of the difference" +
        (rest.length === 0 ? "." : `; not ${rest.join(", ")}, in standard errors.`),
    ];
  });
}
