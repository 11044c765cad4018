// From a chart's definition to a picture: SVG by ECharts on the server, PNG by resvg. Loading this is heavy; import
// it late.

import { createRequire } from "node:module";
import type { Size } from "@hadamask/experiments/charts";
import { Resvg } from "@resvg/resvg-js";
import type { EChartsOption } from "echarts";

const require = createRequire(import.meta.url);

/** ECharts as one file: loads eight times faster than its modules, and is what a report carries inside. */
export const ECHARTS_FILE: string = require.resolve("echarts/dist/echarts.min.js");

const echarts = require(ECHARTS_FILE) as typeof import("echarts");

/**
 * The typeface of PNGs, shipped as a package: a bare machine has no fonts, and text without a font vanishes silently.
 */
const FONT_FILES: string[] = ["DejaVuSansCondensed.ttf", "DejaVuSansCondensed-Bold.ttf"].map((name) =>
  require.resolve(`dejavu-fonts-ttf/ttf/${name}`),
);

/** Pixels of a PNG for each unit of the figure: sharp on dense screens and in print. */
const PNG_SCALE = 2;

export function renderSvg(option: EChartsOption, { width, height }: Size): string {
  const chart = echarts.init(null, null, { renderer: "svg", ssr: true, width, height });
  try {
    chart.setOption({ ...option, animation: false });
    return chart.renderToSVGString();
  } finally {
    chart.dispose(); // Node would not exit
  }
}

export function renderPng(option: EChartsOption, size: Size): Uint8Array {
  const resvg = new Resvg(renderSvg(option, size), {
    fitTo: { mode: "zoom", value: PNG_SCALE },
    font: { fontFiles: FONT_FILES, loadSystemFonts: false, defaultFontFamily: "DejaVu Sans Condensed" },
  });
  return resvg.render().asPng();
}
