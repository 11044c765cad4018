// How a measure changed over the epochs: for each variant the mean over the seeds, in a band from the lowest to the
// highest seed.

import type { EChartsOption } from "echarts";
import type { Comparison, Curves } from "../result.js";
import { predictsValues } from "../wording.js";
import {
  axis,
  colourOf,
  dashOf,
  frame,
  LEGEND_ROW,
  type Legend,
  legend,
  rounded,
  TITLE_HEIGHT,
  tooltip,
} from "./frame.js";
import type { Size } from "./size.js";
import type { Theme } from "./theme.js";

/** The measures that are taken after every epoch. */
export type CurveName = "testNll" | "testError" | "trainLoss";

interface Text {
  readonly title: string;
  readonly unit: string;
  readonly factor: number;
}

const TEXTS: Readonly<Record<CurveName, Text>> = {
  testNll: { title: "Test negative log-likelihood", unit: "nats", factor: 1 },
  testError: { title: "Test error", unit: "%", factor: 100 },
  trainLoss: { title: "Training loss, dropout on", unit: "nats", factor: 1 },
};

function textOf(name: CurveName, comparison: Pick<Comparison, "data" | "model">): Text {
  const { data, model } = comparison;
  if (!predictsValues(comparison) || name === "testNll") return TEXTS[name];
  if (name === "testError") return { title: "Test RMSE", unit: data.target!.name, factor: 1 };
  const unit = model.noise === "learned" ? "nats" : "squared error";
  return { ...TEXTS.trainLoss, unit: `${unit}, of the standardised value` };
}

export const learningCurvesSize = (variants: readonly Legend[]): Size => ({
  width: 560,
  height: 380 + variants.length * LEGEND_ROW,
});

/**
 * One chart for one measure. The scale is logarithmic: what matters happens late, at a tenth of the first epoch's
 * values. (Not where there are values below 0, as of the likelihood of a density.)
 */
export function learningCurves(
  curves: readonly Curves[],
  comparison: Pick<Comparison, "data" | "model"> & { readonly variants: readonly Legend[] },
  name: CurveName,
  theme: Theme,
): EChartsOption {
  const { variants } = comparison;
  const { title, unit, factor } = textOf(name, comparison);
  const seeds = new Set(curves.map(({ seed }) => seed)).size;
  const explanation = seeds > 1 ? `Mean of ${seeds} seeds; the band goes from the lowest to the highest.` : "One seed.";
  const summaries = variants.map((variant) => {
    const own = curves.filter((curve) => curve.variant === variant.name);
    return {
      ...variant,
      epochs: overSeeds(
        own.map((curve) => byEpoch(curve, name)),
        factor,
      ),
    };
  });
  const ends = summaries.flatMap(({ epochs }) =>
    epochs.flatMap((epoch) => (epoch === undefined ? [] : [epoch.low, epoch.high])),
  );
  const isLinear = ends.some((value) => value < 0);
  const scale = isLinear ? { scale: true } : logScale(ends);
  const floor = "min" in scale ? scale.min : Number.NEGATIVE_INFINITY;
  const last = Math.max(0, ...summaries.map(({ epochs }) => epochs.length));
  return {
    ...frame(title, explanation, theme),
    legend: legend(variants, theme),
    tooltip: tooltip(theme, { trigger: "axis", unit }),
    grid: { left: 62, right: 24, top: TITLE_HEIGHT + variants.length * LEGEND_ROW + 18, bottom: 52 },
    xAxis: axis(theme, {
      type: "category",
      data: Array.from({ length: last + 1 }, (_, e) => e),
      boundaryGap: false,
      name: "epoch",
      nameGap: 28,
      axisPointer: { label: { formatter: "epoch {value}" } },
      axisLabel: { color: theme.softInk, fontSize: 12, interval: tickStep(last) - 1 },
      splitLine: { show: false },
    }),
    yAxis: axis(theme, {
      type: isLinear ? "value" : "log",
      ...scale,
      name: unit,
      nameGap: 44,
      axisLine: { show: false },
    }),
    series: summaries.flatMap((summary, v) => lines(summary, v, floor, theme)),
  } as EChartsOption;
}

interface Epoch {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

/** Entry e is after epoch e + 1; undefined where nothing was measured. */
function byEpoch(curve: Curves, name: CurveName): (number | undefined)[] {
  if (name === "trainLoss") return [...curve.trainLoss];
  const values: (number | undefined)[] = [];
  curve.epochs.forEach((epoch, i) => {
    values[epoch - 1] = curve[name][i];
  });
  return Array.from(values);
}

/** Undefined where no seed has a value. A mean is of the seeds that were trained for so long. */
function overSeeds(runs: readonly (readonly (number | undefined)[])[], factor: number): (Epoch | undefined)[] {
  const epochs = Math.max(0, ...runs.map((run) => run.length));
  return Array.from({ length: epochs }, (_, e) => {
    const values = runs.flatMap((run) => (run[e] === undefined ? [] : [run[e] * factor]));
    if (values.length === 0) return undefined;
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    return { mean, low: Math.min(...values), high: Math.max(...values) };
  });
}

/**
 * A logarithmic axis that begins at a power of its base: 2 where that gives few ticks, else 10. Values of 0 cannot be
 * on it and do not count.
 */
function logScale(values: readonly number[]): { readonly logBase: number; readonly min: number } {
  const positive = values.filter((value) => value > 0);
  if (positive.length === 0) return { logBase: 10, min: 1 };
  const low = Math.min(...positive);
  const logBase = Math.max(...positive) / low < 64 ? 2 : 10;
  const power = Math.floor(Math.log(low) / Math.log(logBase));
  // Not 10 ** power: V8 makes 0.00009999999999999999 of 10 ** -4, and the axis would say so.
  return { logBase, min: logBase === 2 ? 2 ** power : Number(`1e${power}`) };
}

/** Epochs between two labels: a round number that gives at most ten of them. */
const tickStep = (last: number): number =>
  [1, 2, 5, 10, 20, 50, 100, 200, 500].find((step) => last / step <= 10) ?? 1000;

/** The mean, and under it the band: an invisible line at the lower end with an area stacked on it. */
function lines(
  { title, epochs }: Legend & { epochs: readonly (Epoch | undefined)[] },
  v: number,
  floor: number,
  theme: Theme,
): object[] {
  const colour = colourOf(v, theme);
  const silent = {
    type: "line",
    symbol: "none",
    silent: true,
    tooltip: { show: false },
    stack: `band ${v}`,
    stackStrategy: "all", // values below 0, too
    connectNulls: true,
    lineStyle: { opacity: 0 },
  };
  return [
    { ...silent, data: fromEpoch1(epochs.map((epoch) => (epoch === undefined ? null : Math.max(epoch.low, floor)))) },
    {
      ...silent,
      data: fromEpoch1(
        epochs.map((epoch) => (epoch === undefined ? null : Math.max(epoch.high, floor) - Math.max(epoch.low, floor))),
      ),
      areaStyle: { color: colour, opacity: theme.name === "light" ? 0.16 : 0.22 },
    },
    {
      type: "line",
      name: title,
      symbol: epochs.length === 1 ? "circle" : "none",
      connectNulls: true,
      data: fromEpoch1(
        epochs.map((epoch) => (epoch !== undefined && (epoch.mean > 0 || floor < 0) ? epoch.mean : null)),
      ),
      lineStyle: { color: colour, width: 2.2, type: dashOf(v) },
      itemStyle: { color: colour },
    },
  ];
}

/** Values by epoch: entry 0 of the axis is the untrained network, which is not measured. */
const fromEpoch1 = (values: readonly (number | null)[]): (number | null)[] => [
  null,
  ...values.map((value) => (value === null ? null : rounded(value))),
];
