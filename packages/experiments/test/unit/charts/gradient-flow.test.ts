import { describe, expect, test } from "vitest";
import { renderSvg } from "../../../../cli/src/output/render-chart.js";
import { GRADIENT_FLOW_SIZE, type GradientFlow, gradientFlow } from "../../../src/charts/gradient-flow.js";
import { dark, light } from "../../../src/charts/theme.js";

const mask = [1, 0, 1, 0];
const x = [2, 4, -6, -8];
const flow: GradientFlow = {
  x,
  mask,
  y: [4, 0, -12, 0],
  dx: [8, 0, -24, 0],
  dxWithout: [4, 8, -12, -16],
  caption: "rate 0.5, seed 42",
};

interface Bar {
  readonly value: number;
  readonly label: {
    readonly show: boolean;
    readonly formatter: string;
    readonly position: string;
    readonly color: string;
  };
}
interface Series {
  readonly name: string;
  readonly xAxisIndex: number;
  readonly data: readonly (Bar | number | null)[];
  readonly itemStyle: { readonly color: string; readonly borderType?: unknown };
}
const seriesOf = (given: GradientFlow, theme = light): Series[] =>
  gradientFlow(given, theme).series as unknown as Series[];

describe("gradientFlow", () => {
  test("has the four panels in reading order", () => {
    const titles = (gradientFlow(flow, light).title as { text: string }[]).map(({ text }) => text);
    expect(titles).toEqual([
      "Dropout, forward and back: rate 0.5, seed 42",
      "Input x",
      "Mask",
      "Output y",
      "Gradient ∂L/∂x",
    ]);
  });

  test("kept elements are filled bars of their value", () => {
    const filled = seriesOf(flow).filter(({ itemStyle }) => itemStyle.borderType === undefined);
    expect(filled.map(({ name, xAxisIndex }) => [name, xAxisIndex])).toEqual([
      ["Input x", 0],
      ["Mask", 1],
      ["Output y", 2],
      ["Gradient ∂L/∂x", 3],
    ]);
    expect(filled[0]!.data).toEqual(x);
    const values = filled.slice(1).map(({ data }) => data.map((bar) => (bar as Bar | null)?.value ?? null));
    expect(values).toEqual([
      [1, null, 1, null],
      [4, null, -12, null],
      [8, null, -24, null],
    ]);
  });

  test("a dropped element can be seen: an empty, dashed bar of what it would have been without dropout", () => {
    const empty = seriesOf(flow).filter(({ itemStyle }) => itemStyle.borderType !== undefined);
    const values = empty.map(({ data }) => data.map((bar) => (bar as Bar | null)?.value ?? null));
    expect(values).toEqual([
      [null, 1, null, 1],
      [null, 4, null, -8],
      [null, 8, null, -16],
    ]);
    for (const { itemStyle } of empty)
      expect(itemStyle).toMatchObject({ color: "transparent", borderColor: light.dropped });
  });

  test("✓ and ✗ stand beyond the outer end of the bar: above positive, below negative ones", () => {
    for (const theme of [light, dark]) {
      for (const { name, data } of seriesOf(flow, theme).slice(1)) {
        for (const [i, bar] of data.entries()) {
          if (bar === null || typeof bar === "number") continue;
          expect(bar.label, `${name} ${i}`).toMatchObject({
            show: true,
            formatter: mask[i] === 1 ? "✓" : "✗",
            color: mask[i] === 1 ? theme.kept : theme.dropped,
            position: bar.value < 0 ? "bottom" : "top",
          });
        }
      }
    }
  });

  test("in the picture no mark lies on a bar or outside the panels", () => {
    const svg = renderSvg(gradientFlow(flow, light), GRADIENT_FLOW_SIZE);
    const marks = [...svg.matchAll(/<text[^>]*>[✓✗]<\/text>/g)].map(([text]) => text);
    expect(marks).toHaveLength(12);
    const bars = boxesOf(svg);
    expect(bars.length).toBe(4 + 3 * 4);
    for (const text of marks) {
      const [cx, baseline] = /translate\(([\d.]+) ([\d.]+)\)/.exec(text)!.slice(1).map(Number) as [number, number];
      const cy = baseline + Number(/ y="(-?[\d.]+)"/.exec(text)![1]);
      const half = 17 / 2; // of the type's size: glyphs are a little smaller
      for (const [left, top, right, bottom] of bars) {
        const isApart = cx + half <= left || cx - half >= right || cy + half <= top || cy - half >= bottom;
        expect(isApart, `${text} on ${[left, top, right, bottom]}`).toBe(true);
      }
      expect(cy - half).toBeGreaterThan(100);
      expect(cy + half).toBeLessThan(GRADIENT_FLOW_SIZE.height);
    }
  });

  test("with many elements the marks go, and the colours stay", () => {
    const n = 60;
    const many = {
      ...flow,
      x: Array(n).fill(1),
      mask: Array(n).fill(0),
      y: Array(n).fill(0),
      dx: Array(n).fill(0),
      dxWithout: Array(n).fill(2),
    };
    const labels = seriesOf(many)
      .slice(1)
      .flatMap(({ data }) => data.flatMap((bar) => (bar as Bar | null)?.label ?? []));
    expect(labels).toHaveLength(3 * n);
    expect(labels.every(({ show }) => !show)).toBe(true);
  });

  test("in mode eval the mask panel says that there is none", () => {
    const option = gradientFlow({ ...flow, mask: null, y: x, dx: [1, 1, 1, 1] }, light);
    expect((option.title as { text: string }[])[2]!.text).toBe("Mask: none in mode eval");
    expect((option.series as unknown as Series[]).find(({ name }) => name.startsWith("Mask"))!.data).toEqual([]);
  });
});

/** Left, top, right and bottom of the bars, which ECharts draws as paths of four corners. */
function boxesOf(svg: string): [number, number, number, number][] {
  return [...svg.matchAll(/<path d="([^"]+)Z"[^>]*ecmeta_ssr_type="chart"/g)].map((match) => {
    let [x, y] = [0, 0];
    const corners = [...match[1]!.matchAll(/([MLl])(-?[\d.]+) (-?[\d.]+)/g)].map(([, command, dx, dy]) => {
      [x, y] = command === "l" ? [x + Number(dx), y + Number(dy)] : [Number(dx), Number(dy)];
      return [x, y] as const;
    });
    const [xs, ys] = [corners.map(([cx]) => cx), corners.map(([, cy]) => cy)];
    return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
  });
}
