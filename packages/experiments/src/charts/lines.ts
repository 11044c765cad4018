// A chart of a few curves over one number: for figures of theory, where the curves are what is to be read.

import type { EChartsOption } from "echarts";
import { axis, colourOf, dashOf, frame, LEGEND_ROW, legend, rounded, TITLE_HEIGHT, tooltip } from "./frame.js";
import type { Size } from "./size.js";
import type { Theme } from "./theme.js";

export interface Curve {
  readonly title: string;
  /** Points `[x, y]` in order of x. */
  readonly points: readonly (readonly [number, number])[];
  /** Which of the theme's colours. */
  readonly colour: number;
  /**
   * A curve of its own unless said otherwise: "dashed" for what it is compared with, "points" for single
   * measurements.
   */
  readonly style?: "line" | "dashed" | "points";
  /** Left out of the legend, where the explanation says what it is. */
  readonly isUnnamed?: true;
}

export interface Lines {
  readonly title: string;
  readonly explanation: string;
  readonly xName: string;
  readonly yName: string;
  readonly curves: readonly Curve[];
  readonly x: { readonly min: number; readonly max: number; readonly interval: number };
  /** "log" for a logarithmic axis with base 2; else where the axis begins and ends. */
  readonly y: "log" | { readonly min: number; readonly max: number };
}

const namedIn = ({ curves }: Lines): readonly Curve[] => curves.filter(({ isUnnamed }) => isUnnamed !== true);

export const linesSize = (chart: Lines): Size => ({ width: 640, height: 420 + namedIn(chart).length * LEGEND_ROW });

export function lines(chart: Lines, theme: Theme): EChartsOption {
  const named = namedIn(chart);
  return {
    ...frame(chart.title, chart.explanation, theme),
    legend: {
      ...legend(
        named.map(({ title }) => ({ name: title, title })),
        theme,
      ),
      // A line stands for a line: without this ECharts draws a dot on it.
      data: named.map(({ title, style }) => (style === "points" ? title : { name: title, itemStyle: { opacity: 0 } })),
    },
    tooltip: tooltip(theme, { trigger: "item" }),
    grid: { left: 66, right: 28, top: TITLE_HEIGHT + named.length * LEGEND_ROW + 18, bottom: 54 },
    xAxis: axis(theme, { type: "value", ...chart.x, name: chart.xName, nameGap: 30 }),
    yAxis: axis(theme, {
      ...(chart.y === "log" ? { type: "log", logBase: 2, min: 1 } : { type: "value", ...chart.y }),
      name: chart.yName,
      nameGap: 44,
      axisLine: { show: false },
    }),
    series: chart.curves.map((curve) => seriesOf(curve, theme)),
  } as EChartsOption;
}

function seriesOf({ title, points, colour, style = "line" }: Curve, theme: Theme): object {
  const ink = colourOf(colour, theme);
  return {
    type: style === "points" ? "scatter" : "line",
    name: title,
    symbol: style === "points" ? "circle" : "none",
    symbolSize: 9,
    clip: true,
    data: points.map(([x, y]) => [rounded(x), rounded(y)]),
    lineStyle: { color: ink, width: style === "dashed" ? 1.6 : 2.4, type: style === "dashed" ? dashOf(4) : "solid" },
    itemStyle: { color: ink },
  };
}
