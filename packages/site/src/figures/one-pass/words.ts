// What the figure of one pass says.

import type { Words } from "../../state/words.js";

const en = {
  title: "Ten units, forward and back",
  rate: "rate (probability of dropping)",
  seed: "seed",
  next: "next",
  scaling: "scaling",
  scalings: { inverted: "inverted", classic: "classic" },
  mode: "mode",
  modes: { train: "train", eval: "eval", sample: "sample" },
  pass: "pass",
  loss: "loss",
  losses: { sum: "L = Σ y", "sum-of-squares": "L = Σ y²" },
  stream: "mask drawn by",
  streams: { hadamask: "hadamask", torch: "PyTorch (CPU)" },
  panels: { x: "Input x", mask: "Mask m", y: "Output y", dx: "Gradient ∂L/∂x" },
  noMask: "Prediction draws no mask.",
  dashed: "dashed: what it would be without dropout",
  unit: (i: number) => `unit ${i}`,
  input: (i: number) => `input of unit ${i}`,
  decision: (i: number) => `unit ${i} is kept`,
  pick: (i: number) => `walk through unit ${i}`,
  walk: (i: number) => `Unit ${i}, step by step`,
  columns: ["unit", "x", "m", "y", "∂L/∂y", "∂L/∂x"],
  summary: (kept: number, of: number, rate: string, scale: string, loss: string) =>
    `Rate ${rate}: ${kept} of ${of} units are kept; what is kept is multiplied by ${scale}. The loss is ${loss}.`,
  summaryEval: (factor: string, loss: string) =>
    `Prediction: no mask is drawn, every unit is multiplied by ${factor}. The loss is ${loss}.`,
};

export type Wording = typeof en;

const zh: Wording = {
  title: "十个单元，前向与反向",
  rate: "丢弃率",
  seed: "种子",
  next: "下一个",
  scaling: "缩放",
  scalings: { inverted: "训练时", classic: "预测时" },
  mode: "模式",
  modes: { train: "train", eval: "eval", sample: "sample" },
  pass: "第几次前向",
  loss: "损失",
  losses: { sum: "L = Σ y", "sum-of-squares": "L = Σ y²" },
  stream: "掩码来自",
  streams: { hadamask: "hadamask", torch: "PyTorch（CPU）" },
  panels: { x: "输入 x", mask: "掩码 m", y: "输出 y", dx: "梯度 ∂L/∂x" },
  noMask: "预测时不抽掩码。",
  dashed: "虚线：不用暂退法时的值",
  unit: (i) => `单元 ${i}`,
  input: (i) => `单元 ${i} 的输入`,
  decision: (i) => `保留单元 ${i}`,
  pick: (i) => `逐步看单元 ${i}`,
  walk: (i) => `单元 ${i} 的每一步`,
  columns: ["单元", "x", "m", "y", "∂L/∂y", "∂L/∂x"],
  summary: (kept, of, rate, scale, loss) =>
    `丢弃率为 ${rate}：${of} 个单元中保留了 ${kept} 个；保留的值乘以 ${scale}。损失为 ${loss}。`,
  summaryEval: (factor, loss) => `预测：不抽掩码，每个单元乘以 ${factor}。损失为 ${loss}。`,
};

export const WORDS: Words<Wording> = { en, zh };
