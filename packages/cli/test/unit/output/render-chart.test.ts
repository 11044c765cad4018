import type { EChartsOption } from "echarts";
import { describe, expect, test } from "vitest";
import { FONT } from "../../../../experiments/src/charts/theme.js";
import { renderPng, renderSvg } from "../../../src/output/render-chart.js";

const size = { width: 200, height: 100 };
const titled = (text: string): EChartsOption => ({
  textStyle: { fontFamily: FONT },
  title: { text, textStyle: { color: "#000" } },
});

describe("rendering", () => {
  test("SVG is the same for the same chart", () => {
    const bars: EChartsOption = { xAxis: { data: ["a", "b"] }, yAxis: {}, series: [{ type: "bar", data: [1, 2] }] };
    const shapes = (svg: string) => svg.replaceAll(/zr\d+-cls-\d+/g, "class"); // numbered through the process
    expect(shapes(renderSvg(bars, size))).toBe(shapes(renderSvg(bars, size)));
    expect(renderSvg(bars, size)).toContain('width="200" height="100"');
  });

  test("PNGs have twice the size of the figure", () => {
    const png = Buffer.from(renderPng(titled("a"), size));
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([400, 200]);
  });

  // Without a font resvg leaves text out, silently: different words would give the same picture.
  test("text is drawn, with the shipped font, signs included", () => {
    const pictures = ["", "dropout", "dropped", "✓", "✗", "∂L/∂x", "y²", "−1"].map((text) =>
      Buffer.from(renderPng(titled(text), size)).toString("base64"),
    );
    expect(new Set(pictures).size).toBe(pictures.length);
  });
});
