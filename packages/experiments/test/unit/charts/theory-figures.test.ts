import { describe, expect, test } from "vitest";
import { type Lines, lines, linesSize } from "../../../src/charts/lines.js";
import { type Picture, pixels, pixelsSize } from "../../../src/charts/pixels.js";
import { light } from "../../../src/charts/theme.js";

const chart: Lines = {
  title: "t",
  explanation: "e",
  xName: "x",
  yName: "y",
  curves: [
    {
      title: "a",
      colour: 1,
      points: [
        [0, 1],
        [1, 2.00004],
      ],
    },
    { title: "b", colour: 2, style: "dashed", isUnnamed: true, points: [[0, 3]] },
    { title: "c", colour: 3, style: "points", points: [[0, 4]] },
  ],
  x: { min: 0, max: 1, interval: 0.5 },
  y: "log",
};

interface Drawn {
  readonly series: readonly {
    readonly type: string;
    readonly data: number[][];
    readonly lineStyle: { readonly type: unknown };
  }[];
  readonly legend: { readonly data: readonly (string | { readonly name: string })[] };
  readonly yAxis: { readonly type: string };
}

describe("lines", () => {
  const option = lines(chart, light) as unknown as Drawn;

  test("draws curves as lines, comparisons dotted, measurements as points", () => {
    expect(option.series.map(({ type }) => type)).toEqual(["line", "line", "scatter"]);
    expect(option.series[0]!.lineStyle.type).toBe("solid");
    expect(option.series[1]!.lineStyle.type).not.toBe("solid");
    expect(option.series[0]!.data).toEqual([
      [0, 1],
      [1, 2],
    ]);
    expect(option.yAxis.type).toBe("log");
  });

  test("names only curves that are to be named, and makes room for them", () => {
    expect(option.legend.data.map((entry) => (typeof entry === "string" ? entry : entry.name))).toEqual(["a", "c"]);
    const named = { ...chart, curves: chart.curves.slice(0, 1) };
    expect(linesSize(chart).height).toBeGreaterThan(linesSize(named).height);
  });
});

describe("pixels", () => {
  const picture = (values: number[], width = 2): Picture => ({
    title: "p",
    explanation: "",
    width,
    height: values.length / 3 / width,
    values,
  });
  interface Element {
    readonly type: string;
    readonly shape: { readonly x: number; readonly y: number; readonly width: number; readonly height: number };
    readonly style: { readonly fill: string };
  }
  const rectangles = (p: Picture) =>
    (pixels("t", "e", [p], light) as { graphic: Element[] }).graphic.filter(({ type }) => type === "rect");

  test("one rectangle for a run of equal pixels, in the pixel's colour", () => {
    const drawn = rectangles(picture([1, 0, 0, 1, 0, 0, 0, 0.5, 1, 0, 0, 0]));
    expect(drawn.map(({ style }) => style.fill)).toEqual(["#ff0000", "#0080ff", "#000000"]);
    expect(drawn.map(({ shape }) => shape.width)).toEqual([16, 8, 8]);
    expect(drawn[1]!.shape.y - drawn[0]!.shape.y).toBe(8);
  });

  test("values outside 0 and 1 are cut off", () => {
    expect(rectangles(picture([-3, 7, Number.NEGATIVE_INFINITY], 1))[0]!.style.fill).toBe("#00ff00");
  });

  test("pictures stand in rows of four inside the figure", () => {
    const five = Array.from({ length: 5 }, () => picture([1, 1, 1, 0, 0, 0]));
    const { width, height } = pixelsSize(five);
    const all = (pixels("t", "e", five, light) as { graphic: Element[] }).graphic.filter(({ type }) => type === "rect");
    expect(Math.max(...all.map(({ shape }) => shape.x + shape.width))).toBeLessThanOrEqual(width);
    expect(Math.max(...all.map(({ shape }) => shape.y + shape.height))).toBeLessThanOrEqual(height);
    expect(new Set(all.map(({ shape }) => shape.y)).size).toBe(2);
  });
});
