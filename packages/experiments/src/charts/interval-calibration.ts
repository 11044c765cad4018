// Do intervals of values hold what they promise? The share that is held against the level that is promised; and where
// in their predicted law values lie.

import type { EChartsOption } from "echarts";
import type { ValueFit } from "../result.js";
import {
  axis,
  colourOf,
  dashOf,
  diagonal,
  frame,
  LEGEND_ROW,
  type Legend,
  legend,
  rounded,
  symbolOf,
  TITLE_HEIGHT,
  tooltip,
} from "./frame.js";
import type { Size } from "./size.js";
import type { Theme } from "./theme.js";

const DIAGRAM = 440;

export const intervalCalibrationSize = (variants: readonly Legend[]): Size => ({
  width: 560,
  height: TITLE_HEIGHT + variants.length * LEGEND_ROW + DIAGRAM + 74,
});

const fitOf = (fits: readonly ValueFit[], { name }: Legend): ValueFit | undefined =>
  fits.find(({ variant }) => variant === name);

/** Under the diagonal intervals are too narrow. */
export function intervalCalibration(
  fits: readonly ValueFit[],
  variants: readonly Legend[],
  theme: Theme,
): EChartsOption {
  const share = { type: "value", min: 0, max: 1, interval: 0.2 };
  return {
    ...frame(
      "Coverage of intervals",
      "On the diagonal, intervals hold what they promise; below, they are too narrow.",
      theme,
    ),
    legend: legend(variants, theme),
    tooltip: tooltip(theme, { trigger: "item" }),
    grid: { left: 76, right: 24, top: TITLE_HEIGHT + variants.length * LEGEND_ROW + 18, height: DIAGRAM },
    xAxis: axis(theme, { ...share, name: "promised", nameGap: 28 }),
    yAxis: axis(theme, { ...share, name: "held", nameGap: 40 }),
    series: [
      diagonal(theme),
      ...variants.map((variant, v) => ({
        type: "line",
        name: variant.title,
        symbol: symbolOf(v),
        symbolSize: 6,
        z: 3,
        lineStyle: { color: colourOf(v, theme), width: 2, type: dashOf(v) },
        itemStyle: { color: colourOf(v, theme) },
        data: (fitOf(fits, variant)?.coverage ?? []).map(({ level, held }) => ({
          value: [level, rounded(held)],
          tooltip: {
            formatter: `${variant.title}<br>promised ${rounded(100 * level)} %, held ${rounded(100 * held)} %`,
          },
        })),
      })),
    ],
  } as EChartsOption;
}

export const transformHistogramSize = (variants: readonly Legend[]): Size => ({
  width: 560,
  height: TITLE_HEIGHT + variants.length * LEGEND_ROW + 300,
});

/** Flat at 1 if laws are right: a hill where they are too wide, a valley where they are too narrow. */
export function transformHistogram(
  fits: readonly ValueFit[],
  variants: readonly Legend[],
  theme: Theme,
): EChartsOption {
  return {
    ...frame("Where values lie in their predicted laws", "Flat at 1 if laws are right; high ends: too narrow.", theme),
    legend: legend(variants, theme),
    tooltip: tooltip(theme, { trigger: "item" }),
    grid: { left: 62, right: 24, top: TITLE_HEIGHT + variants.length * LEGEND_ROW + 18, bottom: 56 },
    xAxis: axis(theme, { type: "value", min: 0, max: 1, interval: 0.2, name: "share of the law below", nameGap: 28 }),
    yAxis: axis(theme, { type: "value", min: 0, name: "density", nameGap: 40, axisLine: { show: false } }),
    series: variants.map((variant, v) => ({
      type: "line",
      name: variant.title,
      symbol: symbolOf(v),
      symbolSize: 5,
      lineStyle: { color: colourOf(v, theme), width: 2, type: dashOf(v) },
      itemStyle: { color: colourOf(v, theme) },
      data: densities(fitOf(fits, variant)?.transforms ?? []),
    })),
  } as EChartsOption;
}

/** In the middle of each part, how many times as many values as there would be if all parts had equally many. */
function densities(counts: readonly number[]): (readonly [number, number])[] {
  const all = counts.reduce((sum, count) => sum + count, 0);
  return counts.map((count, i) => [(i + 0.5) / counts.length, rounded((count * counts.length) / Math.max(1, all))]);
}
