// What the figure of the expected gradient says.

import type { Words } from "../../state/words.js";

const en = {
  title: "A loss, its mean over masks, and the slopes of both",
  x: "input x₁",
  rate: "rate",
  loss: "loss",
  losses: { square: "(f − 1)² / 2", linear: "f" },
  where: "f = x₁ − x₂ + 2 x₃ with x₂ = 2 and x₃ = 1",
  value: "loss",
  clean: "L without dropout",
  expected: "E[L] over all masks",
  cleanSlope: "slope without dropout",
  expectedSlope: "slope E[dL/dx₁]",
  columns: ["input", "x", "w", "dL/dx without dropout", "E[dL/dx]", "E[dL/dy]"],
  summary: (v: { x: string; rate: string; clean: string; expected: string; upstream: string }) =>
    `At x₁ = ${v.x} and rate ${v.rate}: without dropout dL/dx₁ is ${v.clean}; the mean of dL/dx₁ over all ` +
    `masks is ${v.expected}, the slope of E[L]; the mean of dL/dy₁ is ${v.upstream}.`,
};

export type Wording = typeof en;
const zh: Wording = {
  title: "损失、损失对掩码的期望，以及两者的斜率",
  x: "输入 x₁",
  rate: "丢弃率",
  loss: "损失",
  losses: { square: "(f − 1)² / 2", linear: "f" },
  where: "f = x₁ − x₂ + 2 x₃，其中 x₂ = 2，x₃ = 1",
  value: "损失",
  clean: "不用暂退法的 L",
  expected: "对所有掩码的 E[L]",
  cleanSlope: "不用暂退法的斜率",
  expectedSlope: "斜率 E[dL/dx₁]",
  columns: ["输入", "x", "w", "不用暂退法的 dL/dx", "E[dL/dx]", "E[dL/dy]"],
  summary: (v) =>
    `x₁ = ${v.x}，丢弃率为 ${v.rate}：不用暂退法时 dL/dx₁ 为 ${v.clean}；dL/dx₁ 对所有掩码的期望为 ${v.expected}，即 E[L] 的斜率；dL/dy₁ ` +
    `的期望为 ${v.upstream}。`,
};

export const WORDS: Words<Wording> = { en, zh };
