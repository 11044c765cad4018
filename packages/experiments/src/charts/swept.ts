// A score over a quantity that was swept: a curve for each kind of variant, with 95 % intervals.

import type { EChartsOption } from "echarts";
import type { Interval } from "../result.js";
import {
  axis,
  colourOf,
  dashOf,
  frame,
  LEGEND_ROW,
  legend,
  rounded,
  symbolOf,
  TITLE_HEIGHT,
  tooltip,
} from "./frame.js";
import type { Size } from "./size.js";
import type { Theme } from "./theme.js";

export interface SweptPoint {
  /** Index into `places`. */
  readonly at: number;
  readonly mean: number;
  readonly ci95?: Interval;
  /** What the point is, for whoever points at it. */
  readonly about: string;
}

export interface SweptCurve {
  readonly title: string;
  /** Which of the theme's colours; the first, grey, is what others are held to. */
  readonly colour: number;
  /** Which of the symbols and line patterns. */
  readonly mark: number;
  readonly points: readonly SweptPoint[];
  /** Of a kind that the quantity says nothing of: drawn across, dashed. */
  readonly isConstant?: true;
}

export interface Swept {
  readonly title: string;
  readonly explanation: string;
  /** The quantity, and its values as they are written, in order. */
  readonly xName: string;
  readonly places: readonly string[];
  readonly yName: string;
  /** Of scores: 100 for percent. */
  readonly factor: number;
  /** A score as it is stored, in words. */
  show(score: number): string;
  readonly curves: readonly SweptCurve[];
}

export const sweptSize = ({ curves }: Swept): Size => ({ width: 640, height: 400 + curves.length * LEGEND_ROW });

/** Values stand side by side at even distances: sizes and learning rates are swept by factors, rates by steps. */
export function swept(chart: Swept, theme: Theme): EChartsOption {
  const { title, explanation, xName, yName, places, curves } = chart;
  const names = curves.map((curve) => ({ name: curve.title, title: curve.title }));
  return {
    ...frame(title, explanation, theme),
    legend: legend(names, theme),
    tooltip: tooltip(theme, { trigger: "item" }),
    grid: { left: 66, right: 28, top: TITLE_HEIGHT + curves.length * LEGEND_ROW + 18, bottom: 58 },
    // Numbers, not names, so that each curve stands a little beside the others.
    xAxis: [
      { type: "category", data: [...places], show: false },
      axis(theme, {
        type: "category",
        data: [...places],
        position: "bottom",
        name: xName,
        nameGap: 32,
        splitLine: { show: false },
        axisLabel: { color: theme.softInk, fontSize: 12, hideOverlap: true },
      }),
      { type: "value", min: -0.5, max: places.length - 0.5, show: false },
    ],
    yAxis: axis(theme, { type: "value", scale: true, name: yName, nameGap: 46, axisLine: { show: false } }),
    series: curves.flatMap((curve, c) => seriesOf(curve, c, chart, theme)),
  } as EChartsOption;
}

/** The first two are full lines: most figures have no more. */
const patternOf = (mark: number): ReturnType<typeof dashOf> => (mark < 2 ? "solid" : dashOf(mark));

/** How far the curves of one place stand apart, all together. */
const SPREAD = 0.3;

function seriesOf(curve: SweptCurve, c: number, chart: Swept, theme: Theme): object[] {
  const { factor, curves, places } = chart;
  const color = colourOf(curve.colour, theme);
  const shift = curves.length === 1 ? 0 : SPREAD * (c / (curves.length - 1) - 0.5);
  const y = (value: number): number => rounded(value * factor);
  const words = ({ about, mean, ci95 }: SweptPoint): string => {
    const interval = ci95 === undefined ? "" : `, 95 % interval ${chart.show(ci95[0])} to ${chart.show(ci95[1])}`;
    return `${about}<br>${chart.show(mean)}${interval}`;
  };
  const onPlaces = { xAxisIndex: 2, type: "line" };
  const [only] = curve.points;
  const data =
    curve.isConstant && only !== undefined
      ? [-0.5, places.length - 0.5].map((x) => [x, y(only.mean)])
      : curve.points.map((point) => ({
          value: [point.at + shift, y(point.mean)],
          tooltip: { formatter: words(point) },
        }));
  const line = {
    ...onPlaces,
    name: curve.title,
    symbol: curve.isConstant ? "none" : symbolOf(curve.mark),
    symbolSize: 9,
    z: 3,
    lineStyle: {
      color,
      width: curve.isConstant ? 1.6 : 2.2,
      type: curve.isConstant ? dashOf(4) : patternOf(curve.mark),
    },
    itemStyle: { color },
    data,
  };
  const bars = curve.isConstant
    ? []
    : curve.points.flatMap((point) =>
        point.ci95 === undefined
          ? []
          : {
              ...onPlaces,
              symbol: "rect",
              symbolSize: [9, 1.5],
              silent: true,
              z: 2,
              lineStyle: { color, width: 1.4, opacity: 0.8 },
              itemStyle: { color, opacity: 0.8 },
              data: point.ci95.map((end) => [point.at + shift, y(end)]),
            },
      );
  return [line, ...bars];
}
