// One measure of all variants side by side: mean, 95 % interval, and every seed.

import type { EChartsOption } from "echarts";
import type { Comparison, Measure, VariantSummary } from "../result.js";
import { type MeasureName, type Wording, wordings } from "../wording.js";
import { axis, colourOf, frame, rounded, symbolOf, TITLE_HEIGHT, tooltip } from "./frame.js";
import type { Size } from "./size.js";
import type { Theme } from "./theme.js";

const ROW = 84;

export const byVariantSize = (variants: readonly VariantSummary[]): Size => ({
  width: 560,
  height: TITLE_HEIGHT + variants.length * ROW + 70,
});

/** Smaller is better, left. Thin lines join the results of one seed: same split, same weights, same batches. */
export function byVariant(
  comparison: Pick<Comparison, "data" | "variants">,
  name: MeasureName,
  theme: Theme,
): EChartsOption {
  const { variants } = comparison;
  const text = wordings(comparison).find((wording) => wording.name === name)!;
  const { title, factor } = text;
  const unit = text.unit === "" ? `${comparison.data.target?.name} ` : `${text.unit} `;
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
      name: `${unit}(less is better)`,
      nameGap: 28,
      boundaryGap: ["6%", "6%"],
      axisLine: { onZero: false, lineStyle: { color: theme.softInk } },
    }),
    yAxis: [rowNames(variants, text, theme), positions(variants.length)],
    series: [
      ...Array.from({ length: seeds }, (_, s) => seedLine(measures, s, theme)),
      ...measures.map((measure, v) => seedMarks(measure, v, text, theme)),
      ...measures.flatMap((measure, v) => interval(measure, v, variants[v]!.title, text, theme)),
    ],
  } as EChartsOption;
}

/** An axis that would reach below 0 begins there, unless there are such values. */
function beginsAtZero(measures: readonly Measure[]): { readonly min?: 0 } {
  const ends = measures.flatMap(({ ci95 = [], perSeed }) => [...ci95, ...perSeed]);
  const low = Math.min(...ends);
  return low >= 0 && low < (Math.max(...ends) - low) / 4 ? { min: 0 } : {};
}

const inWords = (value: number, { show, unit }: Wording): string => `${show(value)} ${unit}`.trimEnd();

function scaled({ mean, ci95, perSeed }: Measure, factor: number): Measure {
  return {
    mean: rounded(mean * factor),
    ...(ci95 && { ci95: [rounded(ci95[0] * factor), rounded(ci95[1] * factor)] as const }),
    perSeed: perSeed.map((value) => rounded(value * factor)),
  };
}

/** The variants' titles and means, each over its row, where a long one has the whole width. */
function rowNames(variants: readonly VariantSummary[], text: Wording, theme: Theme): object {
  // A background of its own keeps the lines of the seeds from running through the letters.
  const plain = { color: theme.ink, fontSize: 13, backgroundColor: theme.background, padding: [1, 2] };
  return {
    type: "category",
    data: variants.map(
      (variant) => `{title|${variant.title}  }{mean|${inWords(variant[text.name].mean * text.factor, text)}}`,
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

function seedMarks({ perSeed }: Measure, v: number, text: Wording, theme: Theme): object {
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

function interval({ mean, ci95 }: Measure, v: number, title: string, text: Wording, theme: Theme): object[] {
  const color = colourOf(v, theme);
  const value = `${title}<br>${inWords(mean, text)}`;
  const formatter =
    ci95 === undefined ? value : `${value}, 95 % interval ${text.show(ci95[0])} to ${inWords(ci95[1], text)}`;
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
