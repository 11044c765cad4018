// What the report runs in the browser: draws the charts, again when light turns to dark, and fits them to the window.

export const SCRIPT = `
"use strict";
const charts = JSON.parse(document.getElementById("charts").textContent);
const isDark = matchMedia("(prefers-color-scheme: dark)");
const drawn = charts.map((chart) => {
  const place = document.getElementById(chart.name);
  place.replaceChildren();
  return { chart, place, instance: echarts.init(place, null, { renderer: "canvas" }) };
});
function withUnit(option) {
  const unit = option.tooltip?.unit;
  if (unit === undefined) return option;
  const valueFormatter = (value) => (typeof value === "number" ? value + " " + unit : "–");
  return { ...option, tooltip: { ...option.tooltip, valueFormatter } };
}
/* Names too long for a narrow window end in dots; cells of a fixed size become smaller, and the chart lower. */
function fitted(option, height, width) {
  const legend = option.legend && {
    ...option.legend, textStyle: { ...option.legend.textStyle, width: width - 76, overflow: "truncate" },
  };
  const named = legend ? { ...option, legend } : option;
  const { grid, xAxis, yAxis } = named;
  if (grid?.width === undefined || grid.left + grid.width <= width) return { option: named, height };
  const cell = Math.max(1, Math.floor((width - 2 * grid.left) / xAxis.data.length));
  const size = { width: cell * xAxis.data.length, height: cell * yAxis.data.length };
  return { option: { ...named, grid: { ...grid, ...size } }, height: height - grid.height + size.height };
}
let width = 0;
function draw() {
  width = document.body.clientWidth;
  for (const { chart, place, instance } of drawn) {
    const { option, height } = fitted(isDark.matches ? chart.dark : chart.light, chart.height, place.clientWidth);
    place.style.height = height + "px";
    instance.resize();
    instance.setOption(withUnit(option), true);
  }
}
draw();
isDark.addEventListener("change", draw);
new ResizeObserver(() => { if (document.body.clientWidth !== width) draw(); }).observe(document.body);
`;
