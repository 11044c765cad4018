// Predicted values against those that came, of one variant.

import type { EChartsOption } from "echarts";
import type { ValueFit } from "../result.js";
import { axis, colourOf, diagonal, frame, rounded, TITLE_HEIGHT, tooltip } from "./frame.js";
import type { Size } from "./size.js";
import type { Theme } from "./theme.js";

export const predictedSize: Size = { width: 560, height: TITLE_HEIGHT + 500 };

/**
 * One mark a row; on the diagonal a prediction is exact. `v` says which of the variants it is, for its colour; `range`
 * has the ends of both axes, the same for all variants.
 */
export function predicted(
  fit: ValueFit,
  { title, target, v, range }: { title: string; target: string; v: number; range: readonly [number, number] },
  theme: Theme,
): EChartsOption {
  const [min, max] = range;
  const ends = { type: "value", min, max, splitNumber: 6 };
  return {
    ...frame(`Predicted and measured: ${title}`, "Test rows of the first seed. On the diagonal, exact.", theme),
    tooltip: tooltip(theme, { trigger: "item" }),
    grid: { left: 72, right: 28, top: TITLE_HEIGHT + 4, bottom: 56 },
    xAxis: axis(theme, { ...ends, name: `measured ${target}`, nameGap: 30 }),
    yAxis: axis(theme, { ...ends, name: `predicted ${target}`, nameGap: 52, axisLine: { show: false } }),
    series: [
      diagonal(theme, range),
      {
        type: "scatter",
        symbol: "circle",
        symbolSize: 5,
        clip: true,
        z: 2,
        itemStyle: { color: colourOf(v, theme), opacity: 0.5 },
        data: fit.points.map(({ value, mean, deviation }) => ({
          value: [rounded(value), rounded(mean)],
          tooltip: {
            formatter: `measured ${rounded(value)}<br>predicted ${rounded(mean)} ± ${rounded(1.96 * deviation)} (95 %)`,
          },
        })),
      },
    ],
  } as EChartsOption;
}

/** The ends that hold all values, and all predictions but those that are far out. */
export function predictedRange(fits: readonly ValueFit[]): readonly [number, number] {
  const values = fits.flatMap(({ points }) => points.map(({ value }) => value));
  const [low, high] = [smallest(values), -smallest(values.map((value) => -value))];
  const room = (high - low || Math.abs(high) || 1) * 0.25;
  const inside = fits
    .flatMap(({ points }) => points.map(({ mean }) => mean))
    .filter((mean) => mean > low - room && mean < high + room);
  const ends = [low, high, ...inside];
  return niceEnds(smallest(ends), -smallest(ends.map((end) => -end)));
}

const smallest = (values: readonly number[]): number =>
  values.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);

/** Ends at round numbers. */
function niceEnds(low: number, high: number): readonly [number, number] {
  const step = 10 ** Math.floor(Math.log10(high - low || Math.abs(high) || 1)) / 2;
  return [
    Number((Math.floor(low / step) * step).toPrecision(6)),
    Number((Math.ceil(high / step) * step).toPrecision(6)),
  ];
}
