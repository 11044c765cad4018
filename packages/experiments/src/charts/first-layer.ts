// What the first hidden units look for: the incoming weights of each, laid out as the picture they are applied to.

import type { EChartsOption } from "echarts";
import type { FirstLayer } from "../result.js";
import { frame, rounded, TITLE_HEIGHT, tooltip } from "./frame.js";
import type { Size } from "./size.js";
import type { Theme } from "./theme.js";

export interface ImageShape {
  readonly height: number;
  readonly width: number;
}

/** Room for the pictures, and the least a weight takes of it. */
const WIDTH = 528;
const MIN_CELL = 4;
/** Larger pictures get fewer units, so that a page stays light. */
const MAX_CELLS = 16_000;
/** Empty cells between two pictures. */
const GAP = 1;

/** Small pictures stand eight in a row, larger ones as many as stay readable. */
const columnsFor = (image: ImageShape): number =>
  Math.max(1, Math.min(8, Math.floor(WIDTH / (MIN_CELL * (image.width + GAP)))));

const unitsShown = (layer: FirstLayer, image: ImageShape): number => {
  const fit = Math.floor(MAX_CELLS / (image.height * image.width));
  const most = Math.min(layer.units.length, 24, Math.max(1, fit));
  const columns = columnsFor(image);
  return most >= columns ? most - (most % columns) : most;
};

/** Cells of the whole mosaic, and the whole number of units of length each takes: fractions would leave seams. */
function mosaic(
  layer: FirstLayer,
  image: ImageShape,
): { columns: number; width: number; height: number; cell: number } {
  const n = unitsShown(layer, image);
  const columns = Math.min(n, columnsFor(image));
  const width = columns * (image.width + GAP) - GAP;
  const height = Math.ceil(n / columns) * (image.height + GAP) - GAP;
  return { columns, width, height, cell: Math.max(1, Math.floor(WIDTH / width)) };
}

const LEGEND_HEIGHT = 56;

export function firstLayerSize(layer: FirstLayer, image: ImageShape): Size {
  const { height, cell } = mosaic(layer, image);
  return { width: 560, height: TITLE_HEIGHT + 8 + height * cell + LEGEND_HEIGHT };
}

/**
 * One variant's units. `limit` is the weight that gets the full colour: the same for all variants that are compared.
 */
export function firstLayer(
  layer: FirstLayer,
  image: ImageShape,
  title: string,
  limit: number,
  theme: Theme,
): EChartsOption {
  const { columns, width, height, cell } = mosaic(layer, image);
  const n = unitsShown(layer, image);
  const none = { show: false };
  return {
    ...frame(`First layer: ${title}`, `Incoming weights of units 0 to ${n - 1}, seed ${layer.seed}.`, theme),
    tooltip: tooltip(theme, {}),
    grid: { left: 16, top: TITLE_HEIGHT + 8, width: width * cell, height: height * cell },
    xAxis: { type: "category", data: Array(width).fill(""), ...none }, // no name that a tooltip would show
    yAxis: { type: "category", data: Array.from({ length: height }, (_, i) => i), inverse: true, ...none },
    visualMap: {
      type: "continuous",
      min: -limit,
      max: limit,
      dimension: 2,
      orient: "horizontal",
      precision: 3,
      hoverLink: false,
      left: 16,
      bottom: 14,
      itemWidth: 12,
      itemHeight: 160,
      text: [String(limit), String(-limit)],
      textStyle: { color: theme.softInk },
      inRange: { color: [...theme.diverging] },
    },
    series: [
      {
        type: "heatmap",
        name: "weight",
        encode: { tooltip: [2] },
        data: cells(layer, image, n, columns),
        progressive: 0,
      },
    ],
  } as EChartsOption;
}

function cells(layer: FirstLayer, image: ImageShape, n: number, columns: number): [number, number, number][] {
  return layer.units.slice(0, n).flatMap((weights, u) => {
    const left = (u % columns) * (image.width + GAP);
    const top = Math.floor(u / columns) * (image.height + GAP);
    return weights.map((weight, i): [number, number, number] => [
      left + (i % image.width),
      top + Math.floor(i / image.width),
      rounded(weight),
    ]);
  });
}

/**
 * A common limit for the colours: 99 % of all weights shown lie within it, so that one outlier does not grey out the
 * rest.
 */
export function weightLimit(layers: readonly FirstLayer[], image: ImageShape): number {
  const sizes = layers
    .flatMap((layer) => layer.units.slice(0, unitsShown(layer, image)).flat())
    .map(Math.abs)
    .sort((a, b) => a - b);
  const limit = sizes[Math.floor(0.99 * (sizes.length - 1))] ?? 0;
  return Number((limit || 1).toPrecision(2));
}
