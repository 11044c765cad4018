// What the figure of strength says.

import type { Words } from "../../state/words.js";

const en = {
  title: "Noise, weights and error at every rate",
  rate: "rate",
  rows: "rows of training data",
  noise: "noise in the targets",
  seed: "seed of the data",
  next: "next",
  noiseTitle: "How strong is the noise?",
  noiseAxis: "variance for x = 1, or share",
  fixed: "keep · rate: weights held fixed",
  felt: "rate / keep: as trained weights feel it",
  shrunk: "share of the weights' length that is lost",
  errorTitle: "Error on new data, mean of 40 data sets",
  errorAxis: "squared error above the noise",
  error: "error",
  columns: ["rate", "keep · rate", "rate / keep", "share lost", "error"],
  summary: (v: {
    rate: string;
    fixed: string;
    felt: string;
    near: string;
    shrunk: string;
    error: string;
    none: string;
    best: string;
    least: string;
  }) =>
    `At rate ${v.rate}: keep · rate is ${v.fixed}, rate / keep is ${v.felt}. At ${v.near} the weights have ` +
    `lost ${v.shrunk} of their length, and the error is ${v.error}; without dropout it is ${v.none}, and at ` +
    `the best rate, ${v.best}, it is ${v.least}.`,
};

export type Wording = typeof en;
const zh: Wording = {
  title: "各个丢弃率下的噪声、权重与误差",
  rate: "丢弃率",
  rows: "训练数据的行数",
  noise: "目标值中的噪声",
  seed: "数据的种子",
  next: "下一个",
  noiseTitle: "噪声有多强？",
  noiseAxis: "x = 1 时的方差，或比例",
  fixed: "keep · rate：权重固定不动",
  felt: "rate / keep：训练好的权重所受的噪声",
  shrunk: "权重长度损失的比例",
  errorTitle: "新数据上的误差，40 个数据集的平均",
  errorAxis: "扣除噪声后的平方误差",
  error: "误差",
  columns: ["丢弃率", "keep · rate", "rate / keep", "损失的比例", "误差"],
  summary: (v) =>
    `丢弃率为 ${v.rate} 时，keep · rate 为 ${v.fixed}，rate / keep 为 ${v.felt}。在 ${v.near} 处，权重的长度损失了 ${v.shrunk}，误差为 ` +
    `${v.error}；不用暂退法时误差为 ${v.none}，最佳丢弃率为 ${v.best}，误差为 ${v.least}。`,
};

export const WORDS: Words<Wording> = { en, zh };
