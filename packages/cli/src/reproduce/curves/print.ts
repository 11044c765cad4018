// The figures as tables.

import type { Difference, Measure } from "@hadamask/experiments/settings";
import { counted } from "../../output/number.js";
import { table } from "../../output/table.js";
import type { Paint } from "../../output/terminal.js";
import type { FigureResult } from "./run.js";

export function figureText(result: FigureResult, paint: Paint): string {
  const { figure, curves, differences, data, testRows, seeds, maxNorm, batchSize } = result;
  const [first] = curves;
  const x = figure === "rate" ? "rate" : "training rows";
  const columns = [x, ...curves.flatMap(({ title }) => ["layers", title]), ...(differences ? ["difference"] : [])];
  const rows = first!.points.map((point, i) => [
    String(point.x),
    ...curves.flatMap(({ points }) => [points[i]!.hidden.join("-"), percent(points[i]!.testError)]),
    ...(differences ? [signed(differences[i]!.testError)] : []),
  ]);
  return [
    `${paint.bold(data)}: test error on ${testRows} rows; ${counted(seeds, "seed")}, `,
    `batches of ${batchSize}, max-norm ${maxNorm}\n\n`,
    table(
      columns.map((title) => ({ title, align: "right" })),
      rows,
    ),
    paint.dim(seeds === 1 ? "one seed (95 % interval, over test rows alone)\n" : "mean over seeds (95 % interval)\n"),
  ].join("");
}

const fixed = (share: number): string => (100 * share).toFixed(2);

const percent = ({ mean, ci95 }: Measure): string =>
  ci95 === undefined ? `${fixed(mean)} %` : `${fixed(mean)} % (${fixed(ci95[0])} to ${fixed(ci95[1])})`;

const sign = (share: number): string => `${share < 0 ? "−" : "+"}${fixed(Math.abs(share))}`;

const signed = ({ mean, ci95 }: Difference): string =>
  ci95 === undefined ? `${sign(mean)} points` : `${sign(mean)} (${sign(ci95[0])} to ${sign(ci95[1])}) points`;
