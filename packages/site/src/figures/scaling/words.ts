// What the figure of scaling says.

import type { Words } from "../../state/words.js";

const en = {
  title: "A sum of n inputs over all its masks, and what prediction makes of it",
  n: "n inputs",
  rate: "rate",
  rule: "rule",
  rules: {
    inverted: "inverted",
    classic: "classic",
    forgotten: "no scaling at all",
    twice: "scaled twice",
    rate: "rate / keep",
  },
  formulas: {
    inverted: "training: m x / keep; prediction: x",
    classic: "training: m x; prediction: keep x",
    forgotten: "training: m x; prediction: x",
    twice: "training: m x / keep; prediction: keep x",
    rate: "training: m x rate / keep; prediction: x",
  },
  samples: "masks drawn",
  seed: "seed",
  next: "next",
  distribution: "Every value of the output in training, with its probability",
  output: "output of one unit (1 without dropout)",
  probability: "probability",
  mean: "mean of training",
  test: "prediction",
  sampled: "mean of the drawn masks",
  depthTitle: "Prediction over mean of training, through ten linear layers",
  layers: "layers",
  ratio: "prediction / mean of training",
  columns: ["kept inputs", "output", "probability"],
  summary: (v: {
    masks: number;
    mean: string;
    deviation: string;
    test: string;
    samples: number;
    sampled: string;
    depth: string;
  }) =>
    `Over all ${v.masks} masks the mean is ${v.mean} and the standard deviation ${v.deviation}; the mean of ` +
    `${v.samples} drawn masks is ${v.sampled}. Prediction gives ${v.test}. After ten layers it is ${v.depth} ` +
    `times the mean of training.`,
};

export type Wording = typeof en;
const zh: Wording = {
  title: "n 个输入之和在所有掩码下的取值，以及预测时的取值",
  n: "输入个数 n",
  rate: "丢弃率",
  rule: "规则",
  rules: {
    inverted: "训练时缩放（inverted）",
    classic: "预测时缩放（classic）",
    forgotten: "完全不缩放",
    twice: "缩放两次",
    rate: "rate / keep",
  },
  formulas: {
    inverted: "训练：m x / keep；预测：x",
    classic: "训练：m x；预测：keep x",
    forgotten: "训练：m x；预测：x",
    twice: "训练：m x / keep；预测：keep x",
    rate: "训练：m x rate / keep；预测：x",
  },
  samples: "抽取的掩码数",
  seed: "种子",
  next: "下一个",
  distribution: "训练时输出的每一个取值及其概率",
  output: "一个单元的输出（不用暂退法时为 1）",
  probability: "概率",
  mean: "训练时的期望",
  test: "预测值",
  sampled: "所抽掩码的平均",
  depthTitle: "经过十个线性层：预测值与训练期望之比",
  layers: "层数",
  ratio: "预测值 / 训练时的期望",
  columns: ["保留的输入数", "输出", "概率"],
  summary: (v) =>
    `对全部 ${v.masks} 个掩码，期望为 ${v.mean}，标准差为 ${v.deviation}；抽取 ${v.samples} 个掩码，平均为 ${v.sampled}。预测值为 ` +
    `${v.test}。十层之后，预测值是训练期望的 ${v.depth} 倍。`,
};

export const WORDS: Words<Wording> = { en, zh };
