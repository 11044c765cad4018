// One measure of all variants side by side: mean, 95 % interval, and every seed.

import type { EChartsOption } from "echarts";
import type { Measure, VariantSummary } from "../result.js";
import { axis, colourOf, frame, rounded, symbolOf, TITLE_HEIGHT, tooltip } from "./frame.js";
import type { Size } from "./size.js";
import type { Theme } from "./theme.js";

export type MeasureName = "testError" | "nll" | "ece";

interface Text {
  readonly title: string;
  readonly unit: string;
  readonly factor: number;
  /** Of values in words. */
  readonly decimals: number;
}

const TEXTS: Readonly<Record<MeasureName, Text>> = {
  testError: { title: "Test error", unit: "%", factor: 100, decimals: 2 },
  nll: { title: "Negative log-likelihood", unit: "nats", factor: 1, decimals: 4 },
  ece: { title: "Calibration error", unit: "%", factor: 100, decimals: 2 },
};

const ROW = 84;

export const byVariantSize = (variants: readonly VariantSummary[]): Size => ({
  width: 560,
  height: TITLE_HEIGHT + variants.length * ROW + 70,
});

/** Smaller is better, left. Thin lines join the results of one seed: same split, same weights, same batches. */
export function byVariant(variants: readonly VariantSummary[], name: MeasureName, theme: Theme): EChartsOption {
  const text = TEXTS[name];
  const { title, unit, factor } = text;
  const measures = variants.map((variant) => scaled(variant[name], factor));
  const seeds = Math.max(0, ...measures.map(({ perSeed }) => perSeed.length));
  const explanation = "Mean and 95 % interval; small marks are single seeds, a thin line joins each.";
  return {
    ...frame(title, explanation, theme),
    tooltip: tooltip(theme, { trigger: "item" }),
    grid: { left: 24, right: 32, top: TITLE_HEIGHT + 4, bottom: 56 },
    xAxis: axis(theme, {
      type: "value",
      scale: true,
      ...beginsAtZero(measures),
      name: `${unit} (less is better)`,
      nameGap: 28,
      boundaryGap: ["6%", "6%"],
      axisLine: { onZero: false, lineStyle: { color: theme.softInk } },
    }),
    yAxis: [rowNames(variants, name, theme), positions(variants.length)],
    series: [
      ...Array.from({ length: seeds }, (_, s) => seedLine(measures, s, theme)),
      ...measures.map((measure, v) => seedMarks(measure, v, text, theme)),
      ...measures.flatMap((measure, v) => interval(measure, v, variants[v]!.title, text, theme)),
    ],
  } as EChartsOption;
}

/** No measure is below 0: an axis that would reach there begins at 0. */
function beginsAtZero(measures: readonly Measure[]): { readonly min?: 0 } {
  const ends = measures.flatMap(({ ci95 = [], perSeed }) => [...ci95, ...perSeed]);
  const low = Math.min(...ends);
  return low < (Math.max(...ends) - low) / 4 ? { min: 0 } : {};
}

const inWords = (value: number, { decimals, unit }: Text): string => `${value.toFixed(decimals)} ${unit}`;

function scaled({ mean, ci95, perSeed }: Measure, factor: number): Measure {
  return {
    mean: rounded(mean * factor),
    ...(ci95 && { ci95: [rounded(ci95[0] * factor), rounded(ci95[1] * factor)] as const }),
    perSeed: perSeed.map((value) => rounded(value * factor)),
  };
}

/** The variants' titles and means, each over its row, where a long one has the whole width. */
function rowNames(variants: readonly VariantSummary[], name: MeasureName, theme: Theme): object {
  const text = TEXTS[name];
  // A background of its own keeps the lines of the seeds from running through the letters.
  const plain = { color: theme.ink, fontSize: 13, backgroundColor: theme.background, padding: [1, 2] };
  return {
    type: "category",
    data: variants.map(
      (variant) => `{title|${variant.title}  }{mean|${inWords(variant[name].mean * text.factor, text)}}`,
    ),
    inverse: true,
    axisLine: { show: false },
    axisTick: { show: false },
    axisLabel: {
      inside: true,
      verticalAlign: "bottom",
      margin: 0,
      padding: [0, 0, 16, 0],
      rich: { title: plain, mean: { ...plain, fontWeight: "bold" } },
    },
    z: 4,
  };
}

/** The rows as numbers: variant v lies at v, its seeds a little below. */
const positions = (n: number): object => ({ type: "value", min: -0.5, max: n - 0.5, inverse: true, show: false });

/** Where the single seeds of a row lie, under the mean. */
const SEED_SHIFT = 0.22;

const onRows = { yAxisIndex: 1 };

function seedLine(measures: readonly Measure[], s: number, theme: Theme): object {
  return {
    ...onRows,
    type: "line",
    symbol: "none",
    silent: true,
    z: 1,
    lineStyle: { color: theme.softInk, width: 1, opacity: 0.35 },
    data: measures.map(({ perSeed }, v) => [perSeed[s] ?? null, v + SEED_SHIFT]),
  };
}

function seedMarks({ perSeed }: Measure, v: number, text: Text, theme: Theme): object {
  return {
    ...onRows,
    type: "scatter",
    symbol: symbolOf(v),
    symbolSize: 7,
    z: 2,
    itemStyle: { color: colourOf(v, theme), opacity: 0.55 },
    data: perSeed.map((value, s) => ({
      value: [value, v + SEED_SHIFT],
      tooltip: { formatter: `seed ${s}: ${inWords(value, text)}` },
    })),
  };
}

function interval({ mean, ci95 }: Measure, v: number, title: string, text: Text, theme: Theme): object[] {
  const color = colourOf(v, theme);
  const value = `${title}<br>${inWords(mean, text)}`;
  const formatter =
    ci95 === undefined
      ? value
      : `${value}, 95 % interval ${ci95[0].toFixed(text.decimals)} to ${inWords(ci95[1], text)}`;
  const mark = {
    ...onRows,
    type: "scatter",
    symbol: symbolOf(v),
    symbolSize: 14,
    z: 4,
    itemStyle: { color, borderColor: theme.background, borderWidth: 1.5 },
    tooltip: { formatter },
    data: [[mean, v]],
  };
  if (ci95 === undefined) return [mark];
  const line = {
    ...onRows,
    type: "line",
    symbol: "rect",
    symbolSize: [2, 14],
    z: 3,
    lineStyle: { color, width: 2.5 },
    itemStyle: { color },
    tooltip: { formatter },
    data: ci95.map((end) => [end, v]),
  };
  return [line, mark];
}
