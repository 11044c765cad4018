// How a number is spread over rows, for a few groups of rows on one axis.

import type { EChartsOption } from "echarts";
import { axis, colourOf, dashOf, frame, LEGEND_ROW, legend, rounded, TITLE_HEIGHT, tooltip } from "./frame.js";
import type { Size } from "./size.js";
import type { Theme } from "./theme.js";

/** Rows of one kind. */
export interface Group {
  readonly title: string;
  readonly values: ArrayLike<number>;
}

export interface Histogram {
  readonly title: string;
  readonly explanation: string;
  readonly xName: string;
  readonly groups: readonly Group[];
}

const BINS = 24;

export const histogramSize = ({ groups }: Histogram): Size => ({
  width: 560,
  height: 360 + groups.length * LEGEND_ROW,
});

/** The share of each group in bins of equal width; shares, so that groups of different sizes can be compared. */
export function histogram(chart: Histogram, theme: Theme): EChartsOption {
  const { groups, title, explanation, xName } = chart;
  const most = Math.max(...groups.map(({ values }) => largest(values)), Number.MIN_VALUE);
  const width = most / BINS;
  const names = groups.map((group) => ({ name: group.title, title: group.title }));
  return {
    ...frame(title, explanation, theme),
    // A line stands for a line: without this ECharts draws a dot on it.
    legend: { ...legend(names, theme), data: names.map(({ name }) => ({ name, itemStyle: { opacity: 0 } })) },
    tooltip: tooltip(theme, { trigger: "item" }),
    grid: { left: 66, right: 28, top: TITLE_HEIGHT + groups.length * LEGEND_ROW + 18, bottom: 54 },
    xAxis: axis(theme, {
      type: "value",
      min: 0,
      max: rounded(most),
      name: xName,
      nameGap: 30,
      splitLine: { show: false },
      axisLabel: { color: theme.softInk, showMaxLabel: false },
    }),
    yAxis: axis(theme, { type: "value", min: 0, name: "share of rows, %", nameGap: 44, axisLine: { show: false } }),
    series: groups.map((group, g) => seriesOf(group, g + 1, width, theme)),
  } as EChartsOption;
}

function seriesOf({ title, values }: Group, colour: number, width: number, theme: Theme): object {
  const counts = new Float64Array(BINS);
  for (let i = 0; i < values.length; i++) counts[Math.min(BINS - 1, Math.floor(values[i]! / width))]!++;
  const share = (b: number): number => rounded((100 * counts[b]!) / Math.max(1, values.length));
  const ink = colourOf(colour, theme);
  return {
    type: "line",
    name: title,
    step: "end",
    symbol: "none",
    lineStyle: { color: ink, width: 2, type: dashOf(colour) },
    itemStyle: { color: ink },
    areaStyle: { color: ink, opacity: 0.12 },
    // Steps that end: each bin's share is drawn from its left edge to its right one, and the last comes down to 0.
    data: [...Array.from(counts, (_, b) => [rounded(b * width), share(b)]), [rounded(BINS * width), share(BINS - 1)]],
  };
}

const largest = (values: ArrayLike<number>): number => {
  let most = 0;
  for (let i = 0; i < values.length; i++) most = Math.max(most, values[i]!);
  return most;
};
