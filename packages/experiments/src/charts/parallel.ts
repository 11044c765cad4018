// Parallel coordinates: a line for each configuration of a sweep, from its settings to its scores.

import type { EChartsOption } from "echarts";
import { colourOf, frame, LEGEND_ROW, legend, rounded, TITLE_HEIGHT, tooltip } from "./frame.js";
import type { Size } from "./size.js";
import type { Theme } from "./theme.js";

/** An axis: the values as they are written, in order, or numbers. */
export type ParallelAxis =
  | { readonly name: string; readonly values: readonly string[] }
  | { readonly name: string; readonly values?: undefined };

export interface ParallelGroup {
  readonly title: string;
  /** Which of the theme's colours. */
  readonly colour: number;
  /** An entry for each axis: a text of its values, or a number. */
  readonly lines: readonly (readonly (string | number)[])[];
}

export interface Parallel {
  readonly title: string;
  readonly explanation: string;
  readonly axes: readonly ParallelAxis[];
  readonly groups: readonly ParallelGroup[];
}

const AXIS_WIDTH = 150;

export const parallelSize = ({ axes, groups }: Parallel): Size => ({
  width: Math.max(640, axes.length * AXIS_WIDTH),
  height: 400 + groups.length * LEGEND_ROW,
});

export function parallel({ title, explanation, axes, groups }: Parallel, theme: Theme): EChartsOption {
  const names = groups.map((group) => ({ name: group.title, title: group.title }));
  const lines = groups.reduce((sum, group) => sum + group.lines.length, 0);
  const opacity = Math.max(0.15, Math.min(0.8, 12 / lines));
  return {
    ...frame(title, explanation, theme),
    legend: legend(names, theme),
    tooltip: tooltip(theme, { trigger: "item" }),
    parallel: { left: 70, right: 70, top: TITLE_HEIGHT + groups.length * LEGEND_ROW + 44, bottom: 30 },
    parallelAxis: axes.map(({ name, values }, dim) => ({
      dim,
      name,
      nameTextStyle: { color: theme.ink, fontSize: 12 },
      axisLabel: { color: theme.softInk, fontSize: 12 },
      axisLine: { lineStyle: { color: theme.softInk } },
      axisTick: { show: false },
      ...(values === undefined ? { type: "value", scale: true } : { type: "category", data: [...values] }),
    })),
    series: groups.map((group) => ({
      type: "parallel",
      name: group.title,
      smooth: false,
      lineStyle: { color: colourOf(group.colour, theme), width: 1.6, opacity },
      itemStyle: { color: colourOf(group.colour, theme) },
      data: group.lines.map((line) => line.map((value) => (typeof value === "number" ? rounded(value) : value))),
    })),
  } as EChartsOption;
}
