// What the figure of submodels says.

import type { Words } from "../../state/words.js";

const en = {
  title: "Sixteen networks in one: every mask of four hidden units",
  rate: "rate",
  depth: "behind the mask",
  depths: { one: "one softmax layer", two: "a hidden layer more" },
  seed: "seed of the network",
  next: "next",
  x: "point, across",
  y: "point, up",
  full: "the network without dropout",
  arithmetic: "arithmetic mean",
  geometric: "geometric mean",
  submodel: (mask: string) => `mask ${mask}`,
  picture: (name: string, p: string) => `${name}: probability of the outer class over the plane; at the point ${p}`,
  columns: ["mask", "probability of the mask", "p at the point"],
  summary: (v: {
    x: string;
    y: string;
    full: string;
    arithmetic: string;
    geometric: string;
    farArithmetic: string;
    farGeometric: string;
  }) =>
    `At (${v.x}, ${v.y}) the network without dropout gives ${v.full}, the arithmetic mean of the submodels ` +
    `${v.arithmetic}, the geometric mean ${v.geometric}. Over the whole picture the arithmetic mean is at most ` +
    `${v.farArithmetic} away from the network, the geometric mean ${v.farGeometric}.`,
};

export type Wording = typeof en;
const zh: Wording = {
  title: "一个网络里的十六个网络：四个隐藏单元的每一种掩码",
  rate: "丢弃率",
  depth: "掩码之后",
  depths: { one: "一个 softmax 层", two: "再加一个隐藏层" },
  seed: "网络的种子",
  next: "下一个",
  x: "点的横坐标",
  y: "点的纵坐标",
  full: "不用暂退法的网络",
  arithmetic: "算术平均",
  geometric: "几何平均",
  submodel: (mask) => `掩码 ${mask}`,
  picture: (name, p) => `${name}：平面上各处属于外圈类的概率；所选点处为 ${p}`,
  columns: ["掩码", "掩码的概率", "所选点处的 p"],
  summary: (v) =>
    `在 (${v.x}, ${v.y}) 处，不用暂退法的网络给出 ${v.full}，子模型的算术平均为 ${v.arithmetic}，几何平均为 ` +
    `${v.geometric}。在整幅图上，算术平均与网络最多相差 ${v.farArithmetic}，几何平均最多相差 ${v.farGeometric}。`,
};

export const WORDS: Words<Wording> = { en, zh };
