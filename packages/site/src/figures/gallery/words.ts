// What the gallery of masks says.

import type { Words } from "../../state/words.js";
import type { CardName, NoiseName } from "./names.js";

interface CardWords {
  readonly name: string;
  readonly code: string;
}

const cards: Readonly<Record<CardName, CardWords>> = {
  original: { name: "the picture", code: "x.shape // [1, 18, 18, 3]" },
  elements: { name: "values", code: "new Dropout({ rate })" },
  pixels: { name: "pixels", code: "new SpatialDropout({ rate, sharedAxes: [3] })" },
  rows: { name: "rows", code: "new SpatialDropout({ rate, sharedAxes: [2, 3] })" },
  channels: { name: "channels", code: "new SpatialDropout2D({ rate })" },
  blocks: { name: "blocks", code: 'new DropBlock2D({ rate, blockSize: 4, channels: "shared" })' },
  gaussian: { name: "Gaussian noise", code: "new GaussianDropout({ rate })" },
  units: { name: "each unit at each step", code: "new Dropout({ rate })" },
  sequence: { name: "one mask a sequence", code: "new SpatialDropout({ rate, sharedAxes: [1] })" },
  steps: { name: "whole steps", code: "new SpatialDropout({ rate, sharedAxes: [2] })" },
  samples: { name: "whole sequences", code: "new DropPath({ rate })" },
  matrix: { name: "a weight matrix", code: "W.shape // [14, 14]" },
  weights: { name: "single weights", code: "dropout(W, { rate, key }) // as DropConnect" },
  scores: { name: "attention weights", code: 'new AttentionDropout({ rate, mode: "eval" })' },
  attention: { name: "attention weights, dropped", code: "new AttentionDropout({ rate })" },
};

const noises: Readonly<Record<NoiseName, string>> = {
  gaussian: "Gaussian, N(1, rate / keep)",
  uniform: "uniform, of the same variance up to 1/3",
  concrete: "concrete, temperature 0.25",
  logitNormal: "logit-normal, sigma 1",
};

const en = {
  title: "What is dropped together",
  group: "show",
  groups: { picture: "on a picture", time: "over time", weights: "weights, attention", noise: "noises" },
  rate: "rate",
  seed: "seed",
  next: "next",
  cards,
  noises,
  card: (name: string, dropped: string) => `${name}: ${dropped} of the values are 0`,
  multiplier: "multiplier",
  density: "density, from 20000 draws",
  columns: ["mask", "share of zeros"],
  noiseColumns: ["noise", "mean of 20000 draws", "variance of 20000 draws"],
  summary: (rate: string, shares: readonly string[]) => `Rate ${rate}. Zeros: ${shares.join(", ")}.`,
  noiseSummary: (rate: string, variance: string) =>
    `Rate ${rate}: a mask with inverted scaling has mean 1 and variance ${variance}. The table has mean and ` +
    `variance of each noise.`,
};

export type Wording = typeof en;
const zhNames: Readonly<Record<CardName, string>> = {
  original: "原图",
  elements: "单个值",
  pixels: "像素",
  rows: "整行",
  channels: "通道",
  blocks: "方块",
  gaussian: "高斯噪声",
  units: "每一步各丢各的",
  sequence: "整个序列一个掩码",
  steps: "整个时间步",
  samples: "整个序列",
  matrix: "权重矩阵",
  weights: "单个权重",
  scores: "注意力权重",
  attention: "丢弃后的注意力权重",
};
const zhCard = (name: CardName): CardWords => ({ name: zhNames[name], code: cards[name].code });

const zh: Wording = {
  title: "哪些值一起丢",
  group: "显示",
  groups: { picture: "图像", time: "时间序列", weights: "权重与注意力", noise: "噪声" },
  rate: "丢弃率",
  seed: "种子",
  next: "下一个",
  cards: {
    original: zhCard("original"),
    elements: zhCard("elements"),
    pixels: zhCard("pixels"),
    rows: zhCard("rows"),
    channels: zhCard("channels"),
    blocks: zhCard("blocks"),
    gaussian: zhCard("gaussian"),
    units: zhCard("units"),
    sequence: zhCard("sequence"),
    steps: zhCard("steps"),
    samples: zhCard("samples"),
    matrix: zhCard("matrix"),
    weights: zhCard("weights"),
    scores: zhCard("scores"),
    attention: zhCard("attention"),
  },
  noises: {
    gaussian: "高斯，N(1, rate / keep)",
    uniform: "均匀，方差相同（至多 1/3）",
    concrete: "concrete，温度 0.25",
    logitNormal: "logit-normal，sigma 1",
  },
  card: (name, dropped) => `${name}：${dropped} 的值为 0`,
  multiplier: "乘数",
  density: "密度，由 20000 次抽样得到",
  columns: ["掩码", "零的比例"],
  noiseColumns: ["噪声", "20000 次抽样的均值", "20000 次抽样的方差"],
  summary: (rate, shares) => `丢弃率为 ${rate}。零的比例：${shares.join("，")}。`,
  noiseSummary: (rate, variance) =>
    `丢弃率为 ${rate}：训练时缩放的掩码均值为 1，方差为 ${variance}。表中是各种噪声的均值和方差。`,
};

export const WORDS: Words<Wording> = { en, zh };
