// What the figure of ridge regression says.

import type { Words } from "../../state/words.js";

const en = {
  title: "The weights of a linear model, trained to the end with dropout and by ridge regression",
  rate: "rate",
  factor: "feature 1 multiplied by",
  standardised: "features standardised",
  weight: "weight at prediction",
  feature: (j: number) => `feature ${j}, dropout`,
  ridge: (j: number) => `feature ${j}, ridge`,
  dashed: "dashed: plain ridge, λ = mean G · rate / keep",
  columns: ["feature", "weight with dropout", "weight by ridge"],
  summary: (v: { rate: string; distance: string; dropout: string; ridge: string }) =>
    `At rate ${v.rate} the weights of the two differ by up to ${v.distance}. For the first row dropout ` +
    `predicts ${v.dropout}, ridge ${v.ridge}.`,
};

export type Wording = typeof en;
const zh: Wording = {
  title: "线性模型的权重：用暂退法训练到底，与岭回归",
  rate: "丢弃率",
  factor: "特征 1 乘以",
  standardised: "特征标准化",
  weight: "预测时的权重",
  feature: (j) => `特征 ${j}，暂退法`,
  ridge: (j) => `特征 ${j}，岭回归`,
  dashed: "虚线：普通岭回归，λ = G 的平均值 · rate / keep",
  columns: ["特征", "暂退法的权重", "岭回归的权重"],
  summary: (v) =>
    `丢弃率为 ${v.rate} 时，两者的权重最多相差 ${v.distance}。对第一行数据，暂退法预测 ${v.dropout}，岭回归预测 ${v.ridge}。`,
};

export const WORDS: Words<Wording> = { en, zh };
