// What the figure of overfitting says.

import type { Words } from "../../state/words.js";

const en = {
  title: "The same network, the same noisy points, without dropout and with it",
  rate: "rate",
  points: "points",
  flipped: "share with the wrong class",
  units: "units in each of two layers",
  seed: "seed",
  next: "next",
  play: "Train",
  pause: "Pause",
  step: "One step",
  steps: (now: number, of: number) => `${now} of ${of} steps`,
  without: "without dropout",
  dropout: "with dropout",
  train: "right on these points",
  test: "right on 500 others",
  picture: (name: string, share: string) =>
    `${name}: the plane coloured by class, with the training points; right on new points: ${share}`,
  columns: ["network", "right on the training points", "right on 500 others"],
  summary: (v: {
    steps: number;
    withoutTrain: string;
    withoutTest: string;
    dropoutTrain: string;
    dropoutTest: string;
  }) =>
    `After ${v.steps} steps: without dropout ${v.withoutTrain} of the training points are right, and ` +
    `${v.withoutTest} of new ones; with dropout ${v.dropoutTrain} and ${v.dropoutTest}.`,
};

export type Wording = typeof en;
const zh: Wording = {
  title: "同一个网络，同一批带噪声的点：不用暂退法与用暂退法",
  rate: "丢弃率",
  points: "点数",
  flipped: "标错类别的比例",
  units: "两个隐藏层各自的单元数",
  seed: "种子",
  next: "下一个",
  play: "训练",
  pause: "暂停",
  step: "走一步",
  steps: (now, of) => `${now} / ${of} 步`,
  without: "不用暂退法",
  dropout: "用暂退法",
  train: "在这些点上的正确率",
  test: "在另外 500 个点上的正确率",
  picture: (name, share) => `${name}：平面按类别着色，并画出训练点；新点上的正确率为 ${share}`,
  columns: ["网络", "训练点上的正确率", "另外 500 个点上的正确率"],
  summary: (v) =>
    `${v.steps} 步之后：不用暂退法时，训练点的正确率为 ${v.withoutTrain}，新点的正确率为 ${v.withoutTest}；用暂退法时分别为 ${v.dropoutTrain} 和 ` +
    `${v.dropoutTest}。`,
};

export const WORDS: Words<Wording> = { en, zh };
