// What the figure of doubt says.

import type { Words } from "../../state/words.js";

const en = {
  title: "A network through a few points, and how far to believe it",
  rate: "rate",
  passes: "passes",
  place: "read at x",
  view: "show",
  views: { passes: "stochastic passes", conformal: "conformal interval" },
  seed: "seed",
  next: "next",
  play: "Train",
  pause: "Pause",
  step: "Ten steps",
  clear: "Remove all points",
  add: "Add a point here",
  steps: (now: number, of: number) => `${now} of ${of} steps`,
  hint: "Click into the picture to add a point. Or set x above and the height here, and press the button.",
  height: "height of the point",
  x: "x",
  y: "y",
  points: "points to learn",
  kept: "points kept for calibration",
  mean: "mean of the passes",
  plain: "prediction",
  band: "± 2 standard deviations",
  interval: "interval for 80 % of new points",
  single: (i: number) => `pass ${i}`,
  columns: ["x", "mean", "low", "high"],
  summary: (v: { place: string; steps: number; mean: string; passes: number; deviation: string }) =>
    `After ${v.steps} steps, at x = ${v.place}: the mean of ${v.passes} passes is ${v.mean}, their standard ` +
    `deviation ${v.deviation}.`,
  conformalSummary: (v: { place: string; steps: number; mean: string; kept: number; half: string }) =>
    `After ${v.steps} steps, at x = ${v.place}: the prediction is ${v.mean}; calibrated on ${v.kept} points, ` +
    `the interval reaches ${v.half} to both sides, here as everywhere.`,
};

export type Wording = typeof en;
const zh: Wording = {
  title: "穿过几个点的网络，以及它有多可信",
  rate: "丢弃率",
  passes: "前向次数",
  place: "在此 x 处读数",
  view: "显示",
  views: { passes: "多次随机前向", conformal: "共形区间" },
  seed: "种子",
  next: "下一个",
  play: "训练",
  pause: "暂停",
  step: "走十步",
  clear: "删除所有点",
  add: "在此处加一个点",
  steps: (now, of) => `${now} / ${of} 步`,
  hint: "在图中点击就可以加点；也可以在上面选好 x，在这里选好高度，再按按钮。",
  height: "点的高度",
  x: "x",
  y: "y",
  points: "用于学习的点",
  kept: "留作校准的点",
  mean: "各次前向的均值",
  plain: "预测",
  band: "± 2 倍标准差",
  interval: "覆盖 80% 新点的区间",
  single: (i) => `第 ${i} 次前向`,
  columns: ["x", "均值", "下界", "上界"],
  summary: (v) =>
    `${v.steps} 步之后，在 x = ${v.place} 处：${v.passes} 次前向的均值为 ${v.mean}，标准差为 ${v.deviation}。`,
  conformalSummary: (v) =>
    `${v.steps} 步之后，在 x = ${v.place} 处：预测为 ${v.mean}；用 ${v.kept} 个点校准后，区间向两侧各延伸 ${v.half}，处处相同。`,
};

export const WORDS: Words<Wording> = { en, zh };
