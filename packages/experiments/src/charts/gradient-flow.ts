// Four panels, element by element: the input, the mask, the output and the gradient that comes back.

import type { EChartsOption } from "echarts";
import { FONT, type Theme } from "./theme.js";

/** One pass through dropout and back. */
export interface GradientFlow {
  readonly x: ArrayLike<number>;
  /** 1 kept, 0 dropped; null where no mask was drawn (mode "eval"). */
  readonly mask: ArrayLike<number> | null;
  readonly y: ArrayLike<number>;
  readonly dx: ArrayLike<number>;
  /** The gradient that the same loss would send back without dropout. */
  readonly dxWithout: ArrayLike<number>;
  /** What is shown, in one line, for instance "rate 0.5, seed 42". */
  readonly caption: string;
}

export const GRADIENT_FLOW_SIZE = { width: 1050, height: 744 };

/** Where the four panels lie, in reading order. */
const PANELS = [
  { left: 64, top: 128 },
  { left: 594, top: 128 },
  { left: 64, top: 466 },
  { left: 594, top: 466 },
] as const;
const PANEL = { width: 420, height: 220 };

/**
 * The flow of one gradient as a chart. A kept element is a filled bar with a ✓; a dropped one has a ✗ and an empty,
 * dashed bar: the value it would have had without dropout, since a bar of height 0 could not be seen.
 */
export function gradientFlow(flow: GradientFlow, theme: Theme): EChartsOption {
  const n = flow.x.length;
  const isKept = (i: number) => flow.mask === null || flow.mask[i] === 1;
  const ones = Array.from({ length: n }, () => 1);
  const panels: Panel[] = [
    { title: "Input x", values: flow.x, colour: theme.input },
    {
      title: flow.mask === null ? "Mask: none in mode eval" : "Mask",
      values: flow.mask ?? [],
      outline: flow.mask === null ? [] : ones,
      colour: theme.kept,
      isKept,
    },
    { title: "Output y", values: flow.y, outline: flow.x, colour: theme.input, isKept },
    { title: "Gradient ∂L/∂x", values: flow.dx, outline: flow.dxWithout, colour: theme.gradient, isKept },
  ];
  return {
    backgroundColor: theme.background,
    textStyle: { fontFamily: FONT, color: theme.ink },
    title: [heading(flow, theme), ...panels.map((panel, p) => panelTitle(panel.title, p, theme))],
    tooltip: { trigger: "item", confine: true },
    grid: PANELS.map((place) => ({ ...place, ...PANEL })),
    xAxis: panels.map((_, p) => indexAxis(p, n, theme)),
    yAxis: panels.map((panel, p) => valueAxis(p, panel.title === "Mask", theme)),
    series: panels.flatMap((panel, p) => bars(panel, p, n, theme)),
  } as EChartsOption;
}

interface Panel {
  readonly title: string;
  readonly values: ArrayLike<number>;
  /** The values without dropout. */
  readonly outline?: ArrayLike<number>;
  readonly colour: string;
  /** Absent where nothing is kept or dropped yet. */
  readonly isKept?: (i: number) => boolean;
}

function heading({ caption }: GradientFlow, theme: Theme): object {
  const text = `{kept|✓ kept}     {dropped|✗ dropped}     {plain|dashed: what it would be without dropout}`;
  const rich = {
    kept: { color: theme.kept, fontSize: 14, fontWeight: "bold" },
    dropped: { color: theme.dropped, fontSize: 14, fontWeight: "bold" },
    plain: { color: theme.softInk, fontSize: 14 },
  };
  return {
    text: `Dropout, forward and back: ${caption}`,
    subtext: text,
    left: 24,
    top: 16,
    itemGap: 12,
    textStyle: { fontSize: 20, color: theme.ink },
    subtextStyle: { rich },
  };
}

const panelTitle = (text: string, p: number, theme: Theme): object => ({
  text,
  left: PANELS[p]!.left - 6,
  top: PANELS[p]!.top - 36,
  padding: 0,
  textStyle: { fontSize: 15, color: theme.ink },
});

const indexAxis = (p: number, n: number, theme: Theme): object => ({
  type: "category",
  gridIndex: p,
  data: Array.from({ length: n }, (_, i) => String(i)),
  name: "element",
  nameLocation: "middle",
  nameGap: 26,
  nameTextStyle: { color: theme.softInk, fontSize: 12 },
  axisLabel: { color: theme.softInk, fontSize: 12 },
  axisTick: { show: false },
  axisLine: { lineStyle: { color: theme.softInk }, onZero: true },
});

const valueAxis = (p: number, isMask: boolean, theme: Theme): object => ({
  type: "value",
  gridIndex: p,
  ...(isMask ? { min: 0, max: 1.2, interval: 1 } : { boundaryGap: ["14%", "14%"], splitNumber: 4 }),
  axisLabel: { color: theme.softInk, fontSize: 12, showMaxLabel: !isMask },
  splitLine: { showMaxLine: !isMask, lineStyle: { color: theme.grid } },
});

/**
 * Filled bars for the values; for dropped elements, whose value is 0, empty and dashed ones for what they would have
 * been.
 */
function bars({ title, values, outline, colour, isKept }: Panel, p: number, n: number, theme: Theme): object[] {
  const axes = { type: "bar", xAxisIndex: p, yAxisIndex: p, barCategoryGap: "30%", barGap: "-100%" };
  const filled = { ...axes, name: title, itemStyle: { color: colour } };
  if (outline === undefined || isKept === undefined) return [{ ...filled, data: Array.from(values) }];
  const marked = (value: number, i: number) => ({ value, label: mark(isKept(i), value, n, theme) });
  return [
    { ...filled, data: Array.from(values, (value, i) => (isKept(i) ? marked(value, i) : null)) },
    {
      ...axes,
      name: `${title} without dropout`,
      itemStyle: { color: "transparent", borderColor: theme.dropped, borderWidth: 1.3, borderType: [4, 3] },
      data: Array.from(outline, (value, i) => (isKept(i) ? null : marked(value, i))),
    },
  ];
}

/** ✓ or ✗ at the outer end of a bar, so that it never lies on one; too many elements leave no room for marks. */
function mark(isKept: boolean, value: number, n: number, theme: Theme): object {
  if (n > 40) return { show: false };
  return {
    show: true,
    formatter: isKept ? "✓" : "✗",
    position: value < 0 ? "bottom" : "top",
    distance: 3,
    color: isKept ? theme.kept : theme.dropped,
    fontSize: n > 20 ? 11 : 17,
    fontWeight: "bold",
  };
}
