// What the charts of a comparison share: title, legend, axes, the diagonal. Knows no measure.
//
// Charts are plain data without functions, so that one definition goes to the server's renderer and, as JSON, into a
// page.

import type { EChartsOption } from "echarts";
import { FONT, type Theme } from "./theme.js";

/** A variant as charts name it. */
export interface Legend {
  readonly name: string;
  readonly title: string;
}

/** Line patterns and symbols, so that series can be told apart without colour. */
const DASHES = ["dashed", "solid", "dotted", [8, 3, 2, 3], [2, 2], [12, 4], [6, 2, 2, 2, 2, 2], "solid"] as const;
const SYMBOLS = ["circle", "diamond", "triangle", "rect", "roundRect", "pin", "arrow", "circle"] as const;

export const colourOf = (v: number, theme: Theme): string => theme.series[v % theme.series.length]!;
export const dashOf = (v: number): string | readonly number[] => DASHES[v % DASHES.length]!;
export const symbolOf = (v: number): string => SYMBOLS[v % SYMBOLS.length]!;

/** Rows of a legend have this height; charts with one grow by it, so that it never runs into the drawing. */
export const LEGEND_ROW = 22;
/** Space over the legend, for the title and its explanation. */
export const TITLE_HEIGHT = 66;

/** Title and explanation, background and type. */
export function frame(title: string, explanation: string, theme: Theme): EChartsOption {
  return {
    animation: false,
    backgroundColor: theme.background,
    textStyle: { fontFamily: FONT, color: theme.ink },
    title: {
      text: title,
      subtext: explanation,
      left: 16,
      top: 15,
      padding: 0,
      itemGap: 9,
      textStyle: { fontSize: 16, color: theme.ink },
      subtextStyle: { fontSize: 12, color: theme.softInk },
    },
  };
}

/** One row for each variant, under the title. */
export function legend(variants: readonly Legend[], theme: Theme): NonNullable<EChartsOption["legend"]> {
  return {
    orient: "vertical",
    left: 14,
    top: TITLE_HEIGHT,
    padding: 0,
    itemGap: LEGEND_ROW - 14,
    itemHeight: 14,
    itemWidth: 34,
    textStyle: { color: theme.ink, fontSize: 12, lineHeight: 14 },
    data: variants.map(({ title }) => title),
  } as NonNullable<EChartsOption["legend"]>;
}

/** The style of an axis; `rest` says what it measures. */
export function axis(theme: Theme, rest: object): object {
  return {
    nameLocation: "middle",
    nameTextStyle: { color: theme.softInk, fontSize: 12 },
    axisLabel: { color: theme.softInk, fontSize: 12 },
    axisLine: { show: true, lineStyle: { color: theme.softInk } },
    axisTick: { show: false },
    splitLine: { show: true, lineStyle: { color: theme.grid } },
    ...rest,
  };
}

/** The line on which the two axes say the same, from one end of both to the other. */
export const diagonal = (theme: Theme, [min, max]: readonly [number, number] = [0, 1]): object => ({
  type: "line",
  symbol: "none",
  silent: true,
  z: 1,
  lineStyle: { color: theme.softInk, width: 1, type: [4, 4] },
  data: [
    [min, min],
    [max, max],
  ],
});

/** `unit` is not an option of ECharts: the page writes it behind values, which takes a function (report/script.ts). */
export function tooltip(theme: Theme, rest: { readonly unit?: string; readonly [option: string]: unknown }): object {
  return {
    confine: true,
    backgroundColor: theme.background,
    borderColor: theme.grid,
    textStyle: { color: theme.ink, fontSize: 12, fontFamily: FONT },
    ...rest,
  };
}

/** Four digits: more would be noise in a chart, and weight in a page. */
export const rounded = (value: number): number => Number(value.toPrecision(4));
