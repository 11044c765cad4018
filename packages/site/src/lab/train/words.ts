// What the lab's training says.

import type { Words } from "../../state/words.js";

interface Latest {
  readonly variant: string;
  readonly epoch: number;
  readonly error: string;
  readonly nll: string;
}
interface Gap {
  readonly variant: string;
  readonly against: string;
  readonly nll: string;
  readonly interval: readonly [low: string, high: string] | undefined;
}

const en = {
  title: "The same network with and without dropout, trained in this page",
  data: "data",
  sets: { optdigits: "1797 handwritten digits", own: "a CSV file of yours" },
  file: "Your CSV file",
  fileHint: "A row an example, the class in the last column. The file is read here and sent nowhere.",
  noFile: "Choose a CSV file first.",
  label: "column of the class",
  labelPlaceholder: "the last",
  found: (v: { name: string; rows: number; features: number; classes: number }) =>
    `${v.name}: ${v.rows} rows, ${v.features} features, ${v.classes} classes`,
  model: "network",
  models: {
    mlp: "fully connected (mlp)",
    cnn: "convolutions (cnn)",
    residual: "residual blocks",
    gru: "GRU over rows",
    lstm: "LSTM over rows",
  },
  variants: "variants: the first is what the others are held to",
  variant: (i: number) => `variant ${i}`,
  number: (variant: string, name: string) => `${name.toLowerCase()} of ${variant}`,
  add: "Add a variant",
  remove: (variant: string) => `Remove ${variant}`,
  epochs: "epochs",
  seeds: "seeds (each trains all variants)",
  more: "More settings",
  firstSeed: "first seed",
  next: "next",
  inputRate: "rate at the inputs",
  hidden: "sizes of hidden layers",
  activation: "activation",
  activations: { "": "that of the network", relu: "ReLU", tanh: "tanh", selu: "SELU" },
  trainSize: "training rows",
  batchSize: "rows in a step",
  learningRate: "learning rate of Adam",
  fits: "fits the data",
  wholeRule: "A whole number above 0.",
  sizesRule: "Whole numbers, separated by commas.",
  rateRule: "A number above 0, at most 1.",
  play: "Train",
  pause: "Pause",
  step: "One epoch",
  over: "Start over",
  command: "Copy as command",
  code: "Copy as code",
  progress: (v: { seed: number; done: number; of: number; run: number; runs: number }) =>
    `seed ${v.seed}, epoch ${v.done} of ${v.of}; ${v.run} of ${v.runs} networks done`,
  searching: "looking for the best number of epochs",
  curve: "show",
  curves: { nll: "test NLL", error: "test error, %", loss: "training loss" },
  epoch: "epoch",
  thin: "Thin lines: the seeds before.",
  error: "test error",
  nll: "NLL",
  weights: "weights of the first units",
  weightsLabel: (variant: string, units: number) =>
    `Incoming weights of ${units} units of the first layer, ${variant}: green above 0, orange below`,
  confusion: "Test rows: right class down, answer across",
  confusionOf: (variant: string) => `Confusion matrix of ${variant}: rows are the right classes, columns the answers`,
  manyClasses: "too many classes for a table",
  mistakes: (list: readonly string[]) => (list.length === 0 ? "no mistakes" : `most often: ${list.join(", ")}`),
  mistake: (right: string, taken: string, count: number) => `${right} taken for ${taken} (${count})`,
  columns: ["variant", "seed", "epochs", "training loss", "test error", "test NLL"],
  nothing: "Nothing is trained yet. Press Train: it happens in this page, and nothing is sent anywhere.",
  training: "Training. Pause to hear the numbers.",
  run: (v: Latest) => `${v.variant}, epoch ${v.epoch}: test error ${v.error}, NLL ${v.nll}`,
  now: (seed: number, runs: readonly string[]) => `Seed ${seed}. ${runs.join("; ")}.`,
  mean: (v: Omit<Latest, "epoch">) => `${v.variant}: test error ${v.error}, NLL ${v.nll}`,
  gap: (v: Gap) =>
    `NLL of ${v.variant} minus that of ${v.against}: ${v.nll}` +
    (v.interval ? `, 95 % interval ${v.interval[0]} to ${v.interval[1]}` : ""),
  end: (seeds: number, means: readonly string[], gaps: readonly string[]) =>
    `Done; means over ${seeds} ${seeds === 1 ? "seed" : "seeds"}. ${[...means, ...gaps].join("; ")}.`,
};

export type Wording = typeof en;

const zh: Wording = {
  title: "同一个网络，用与不用暂退法，就在本页训练",
  data: "数据",
  sets: { optdigits: "1797 个手写数字", own: "你自己的 CSV 文件" },
  file: "你的 CSV 文件",
  fileHint: "每行一个样本，最后一列是类别。文件只在本页读取，不会发送到任何地方。",
  noFile: "请先选择一个 CSV 文件。",
  label: "类别所在的列",
  labelPlaceholder: "最后一列",
  found: (v) => `${v.name}：${v.rows} 行，${v.features} 个特征，${v.classes} 个类别`,
  model: "网络",
  models: {
    mlp: "全连接（mlp）",
    cnn: "卷积（cnn）",
    residual: "残差块",
    gru: "GRU，逐行读图",
    lstm: "LSTM，逐行读图",
  },
  variants: "变体：其余的都与第一个比较",
  variant: (i) => `变体 ${i}`,
  number: (variant, name) => `${variant} 的 ${name.toLowerCase()}`,
  add: "添加一个变体",
  remove: (variant) => `删除 ${variant}`,
  epochs: "轮数",
  seeds: "种子数（每个种子训练所有变体）",
  more: "更多设置",
  firstSeed: "第一个种子",
  next: "下一个",
  inputRate: "输入的丢弃率",
  hidden: "隐藏层大小",
  activation: "激活函数",
  activations: { "": "由网络决定", relu: "ReLU", tanh: "tanh", selu: "SELU" },
  trainSize: "训练样本数",
  batchSize: "批量大小",
  learningRate: "Adam 的学习率",
  fits: "按数据选取",
  wholeRule: "须为大于 0 的整数。",
  sizesRule: "须为整数，用英文逗号分隔。",
  rateRule: "须大于 0 且不超过 1。",
  play: "训练",
  pause: "暂停",
  step: "走一轮",
  over: "重新开始",
  command: "复制为命令",
  code: "复制为代码",
  progress: (v) => `种子 ${v.seed}，第 ${v.done} / ${v.of} 轮；已完成 ${v.run} / ${v.runs} 个网络`,
  searching: "正在寻找最佳轮数",
  curve: "显示",
  curves: { nll: "测试 NLL", error: "测试错误率（%）", loss: "训练损失" },
  epoch: "轮数",
  thin: "细线：之前的种子。",
  error: "测试错误率",
  nll: "NLL",
  weights: "第一层前几个单元的权重",
  weightsLabel: (variant, units) => `${variant} 第一层 ${units} 个单元的输入权重：绿色为正，橙色为负`,
  confusion: "测试样本：行为正确类别，列为网络的回答",
  confusionOf: (variant) => `${variant} 的混淆矩阵：行为正确类别，列为网络的回答`,
  manyClasses: "类别太多，无法列表",
  mistakes: (list) => (list.length === 0 ? "没有错误" : `最常见的错误：${list.join("，")}`),
  mistake: (right, taken, count) => `${right} 认成 ${taken}（${count} 次）`,
  columns: ["变体", "种子", "轮数", "训练损失", "测试错误率", "测试 NLL"],
  nothing: "还没有训练。按“训练”开始：一切都在本页进行，不会发送到任何地方。",
  training: "训练中。暂停后可以听到数值。",
  run: (v) => `${v.variant} 第 ${v.epoch} 轮：测试错误率 ${v.error}，NLL ${v.nll}`,
  now: (seed, runs) => `种子 ${seed}。${runs.join("；")}。`,
  mean: (v) => `${v.variant}：测试错误率 ${v.error}，NLL ${v.nll}`,
  gap: (v) =>
    `${v.variant} 的 NLL 减去 ${v.against} 的：${v.nll}` +
    (v.interval ? `，95 % 置信区间 ${v.interval[0]} 到 ${v.interval[1]}` : ""),
  end: (seeds, means, gaps) => `完成；以下为 ${seeds} 个种子的均值。${[...means, ...gaps].join("；")}。`,
};

export const WORDS: Words<Wording> = { en, zh };
