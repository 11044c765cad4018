// Does confidence mean anything? For predictions of about the same confidence, the share that is right; below, how
// many there are.

import type { EChartsOption } from "echarts";
import type { Reliability, ReliabilityBin } from "../result.js";
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
const COUNTS = 96;

export const reliabilitySize = (variants: readonly Legend[]): Size => ({
  width: 560,
  height: TITLE_HEIGHT + variants.length * LEGEND_ROW + DIAGRAM + COUNTS + 112,
});

/** A calibrated model lies on the diagonal; under it, it is surer than it is right. */
export function reliability(
  diagrams: readonly Reliability[],
  variants: readonly Legend[],
  theme: Theme,
): EChartsOption {
  const top = TITLE_HEIGHT + variants.length * LEGEND_ROW + 18;
  const ordered = variants.map(({ name }) => diagrams.find(({ variant }) => variant === name)?.bins ?? []);
  const place = { left: 76, right: 24, outerBoundsMode: "none" }; // labels must not move one panel against the other
  const confidence = { type: "value", min: 0, max: 1, interval: 0.2 };
  return {
    ...frame("Reliability", "On the diagonal, confidence is honest; below it, the model is too sure.", theme),
    legend: legend(variants, theme),
    tooltip: tooltip(theme, { trigger: "item" }),
    grid: [
      { ...place, top, height: DIAGRAM },
      { ...place, top: top + DIAGRAM + 26, height: COUNTS },
    ],
    xAxis: [
      axis(theme, { ...confidence, gridIndex: 0, axisLabel: { show: false } }),
      axis(theme, { ...confidence, gridIndex: 1, name: "confidence", nameGap: 28, splitLine: { show: false } }),
    ],
    yAxis: [
      axis(theme, {
        type: "value",
        gridIndex: 0,
        min: 0,
        max: 1,
        interval: 0.2,
        name: "share that is right",
        nameGap: 40,
      }),
      axis(theme, { type: "log", gridIndex: 1, min: 1, name: "predictions", nameGap: 48, axisLine: { show: false } }),
    ],
    series: [
      diagonal(theme),
      ...ordered.flatMap((bins, v) => line(bins, v, variants[v]!.title, theme)),
      ...ordered.map((bins, v) => counts(bins, v, variants[v]!.title, theme)),
    ],
  } as EChartsOption;
}

const percent = (share: number): string => `${rounded(share * 100)} %`;

const inWords = ({ confidence, accuracy, count }: ReliabilityBin, title: string): string =>
  `${title}<br>confidence ${percent(confidence)}, right ${percent(accuracy)}<br>${count} predictions`;

/** Groups of fewer predictions are mostly chance: they are faint, and the line passes over them. */
const FEW = 20;

const sizeOf = (count: number): number => Math.min(14, 4 + 2 * Math.log10(count));

function line(bins: readonly ReliabilityBin[], v: number, title: string, theme: Theme): object[] {
  const color = colourOf(v, theme);
  const symbol = symbolOf(v);
  const marks = (shown: readonly ReliabilityBin[]) =>
    shown.map((bin) => ({
      value: [rounded(bin.confidence), rounded(bin.accuracy)],
      symbolSize: sizeOf(bin.count),
      tooltip: { formatter: inWords(bin, title) },
    }));
  const many = marks(bins.filter(({ count }) => count >= FEW));
  const few = marks(bins.filter(({ count }) => count > 0 && count < FEW));
  const lineStyle = { color, width: 2, type: dashOf(v) };
  return [
    { type: "line", name: title, symbol, z: 3, lineStyle, itemStyle: { color }, data: many },
    { type: "scatter", name: title, symbol, z: 2, itemStyle: { color, opacity: 0.4 }, data: few },
  ];
}

/** Steps rather than bars, so that variants can share one picture. */
function counts(bins: readonly ReliabilityBin[], v: number, title: string, theme: Theme): object {
  const color = colourOf(v, theme);
  return {
    type: "line",
    name: title,
    xAxisIndex: 1,
    yAxisIndex: 1,
    symbol: symbolOf(v),
    symbolSize: 5,
    lineStyle: { color, width: 1.5, type: dashOf(v) },
    itemStyle: { color },
    data: bins
      .filter(({ count }) => count > 0)
      .map((bin) => ({
        value: [rounded((bin.lower + bin.upper) / 2), bin.count],
        tooltip: { formatter: inWords(bin, title) },
      })),
  };
}
