// docs/figures/speed.svg: nanoseconds an element against size, both axes logarithmic, with the memory limit drawn in.

import { renderSvg } from "../packages/cli/dist/output/render-chart.js";
import {
  axis,
  colourOf,
  dashOf,
  frame,
  LEGEND_ROW,
  legend,
  rounded,
  symbolOf,
  TITLE_HEIGHT,
} from "../packages/experiments/dist/charts/frame.js";
import { light } from "../packages/experiments/dist/charts/theme.js";
import { COPY, LOOPS, OURS } from "./ours.mjs";
import { resultsAt, sizeName } from "./tables.mjs";

const LEFT_OUT = [LOOPS.scale, OURS.scalar];

/** One curve a case: points [n, ns]. */
function curvesOf(data) {
  const curves = new Map();
  for (const group of data.curve) {
    for (const { name, ns } of resultsAt(data, group, group.n, 0.5)) {
      if (LEFT_OUT.includes(name)) continue;
      if (!curves.has(name)) curves.set(name, []);
      curves.get(name).push([group.n, rounded(ns.median)]);
    }
  }
  return [...curves].map(([name, points]) => ({
    title: name === COPY ? "array copy: the memory limit" : name,
    points,
  }));
}

function seriesOf({ title, points }, i) {
  const ink = colourOf(i, light);
  const mark = i < light.series.length ? i : i + 2; // where colours begin again, other dashes and symbols
  const isOurs = title.startsWith("hadamask");
  return {
    type: "line",
    name: title,
    data: points,
    symbol: i === 0 ? "none" : symbolOf(mark),
    symbolSize: 6,
    lineStyle: { color: ink, width: isOurs ? 3 : 1.6, type: i === 0 || isOurs ? "solid" : dashOf(mark) },
    itemStyle: { color: ink },
  };
}

export function chart(data) {
  const curves = curvesOf(data);
  const named = curves.map(({ title }) => ({ name: title, title }));
  /** @type {import("echarts").EChartsOption} */
  const option = {
    ...frame(
      "What dropout costs, by size",
      "Forward, float32, rate 1/2, one thread each; medians. Lower is better.",
      light,
    ),
    legend: legend(named, light),
    grid: { left: 66, right: 28, top: TITLE_HEIGHT + curves.length * LEGEND_ROW + 18, bottom: 54 },
    xAxis: axis(light, {
      type: "log",
      logBase: 16,
      min: 64,
      max: "dataMax",
      name: "elements",
      nameGap: 30,
      axisLabel: { color: light.softInk, fontSize: 12, formatter: sizeName },
    }),
    yAxis: axis(light, { type: "log", logBase: 10, min: 0.01, name: "nanoseconds an element", nameGap: 48 }),
    series: /** @type {import("echarts").LineSeriesOption[]} */ (curves.map(seriesOf)),
  };
  return renderSvg(option, { width: 720, height: 440 + curves.length * LEGEND_ROW });
}
