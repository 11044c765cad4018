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
function draw() {
  for (const { chart, instance } of drawn) instance.setOption(withUnit(isDark.matches ? chart.dark : chart.light), true);
}
draw();
isDark.addEventListener("change", draw);
new ResizeObserver(() => { for (const { instance } of drawn) instance.resize(); }).observe(document.body);
`;
