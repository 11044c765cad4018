// Which figures a sweep has, in the order they are read, each with words on how to read it.

import {
  type ParallelGroup,
  parallel,
  parallelSize,
  type Swept,
  swept as sweptChart,
  sweptSize,
} from "@hadamask/experiments/charts";
import type { SweepResult } from "@hadamask/experiments/settings";
import type { Figure } from "../../page/figure.js";
import { type Score, shownScores } from "../scores.js";
import { type Quantity, shown, TITLES } from "../values.js";
import { curvesOver, placesOf } from "./curves.js";

/** Curves that one figure can hold and still be read. */
const MOST_CURVES = 16;

export function sweepFigures(result: SweepResult): Figure[] {
  const quantities = result.swept.filter((quantity) => quantity !== "variant");
  const over = quantities.length === 0 && result.swept.length > 0 ? (["variant"] as const) : quantities;
  const curves = over.flatMap((quantity) => shownScores(result).map((score) => curveFigure(result, quantity, score)));
  return result.swept.length > 2 ? [...curves, parallelFigure(result)] : curves;
}

function curveFigure(result: SweepResult, quantity: Quantity, score: Score): Figure {
  const all = curvesOver(quantity, result, score.name);
  const others = result.swept.some((other) => !["variant", "data", "trainRows", quantity].includes(other));
  const chart: Swept = {
    ...axisOf(score, result),
    title: `${score.title} over ${TITLES[quantity]}`,
    explanation: `Mean over ${result.seeds.length} seeds and 95 % interval${
      others && result.validation > 0 ? "; of all else that was swept the best by validation" : ""
    }.`,
    xName: TITLES[quantity],
    places: placesOf(result.configs, quantity),
    curves: all.slice(0, MOST_CURVES),
  };
  const left = all.length - chart.curves.length;
  return {
    name: `${FILES[score.name]}-${TITLES[quantity].replaceAll(" ", "-")}`,
    caption:
      `On test rows, which had no part in any choice. ${score.goal}` +
      `${chart.curves.some(({ isConstant }) => isConstant) ? ` Dashed: what has no ${TITLES[quantity]}.` : ""}` +
      `${left > 0 ? ` ${left} more curves are in configs.csv.` : ""}`,
    size: sweptSize(chart),
    option: (theme) => sweptChart(chart, theme),
  };
}

/** How the files of figures begin. */
const FILES = { nll: "nll", testError: "test-error", coverage: "coverage", ece: "calibration", mae: "mae" } as const;

/** Values of one target are in its unit, and those of several each in its own. */
function axisOf(score: Score, { data }: SweepResult): Pick<Swept, "yName" | "factor" | "show"> {
  const targets = data.flatMap(({ target }) => target ?? []);
  const name = score.heading.replace(/^./, (first) => first.toLowerCase());
  const isOwn = targets.length > 0 && score.name === "testError";
  const unit = !isOwn ? "" : targets.length === 1 ? `, ${targets[0]!.name}` : ", each in its own unit";
  const [target] = targets;
  const show = (value: number): string =>
    isOwn && targets.length > 1 ? String(Number(value.toPrecision(4))) : score.show(value, target);
  return { yName: `${name}${unit}`, factor: score.factor, show };
}

function parallelFigure({ configs, swept, validation }: SweepResult): Figure {
  const kinds = [...new Set(configs.map(({ kind }) => kind))];
  const quantities = swept.filter((quantity) => quantity !== "variant");
  const isEverywhere = (name: Quantity): boolean => configs.every((config) => shown(config, name) !== "");
  const chart = {
    title: "All configurations",
    explanation: "A line for each, from its settings to its scores.",
    axes: [
      { name: TITLES.variant, values: kinds },
      ...quantities.map((name) => ({
        name: TITLES[name],
        values: [...(isEverywhere(name) ? [] : ["–"]), ...placesOf(configs, name)],
      })),
      ...(validation > 0 ? [{ name: "validation NLL" }] : []),
      { name: "test NLL" },
    ],
    groups: kinds.map((kind, k): ParallelGroup => {
      const lines = configs
        .filter((config) => config.kind === kind)
        .map((config) => [
          kind,
          ...quantities.map((name) => shown(config, name) || "–"),
          ...(config.validation === undefined ? [] : [config.validation.nll.mean]),
          config.nll.mean,
        ]);
      return { title: kind, colour: k, lines };
    }),
  };
  return {
    name: "configurations",
    caption: "Lines that end low are good; where they come from says which settings those have in common.",
    size: parallelSize(chart),
    isFixed: true,
    option: (theme) => parallel(chart, theme),
  };
}
