// What the figure of placement says.

import type { Words } from "../../state/words.js";
import type { Letter } from "./letters.js";

const kinds: Readonly<Record<Letter, string>> = {
  d: "Dense",
  c: "Conv",
  b: "BatchNorm",
  r: "ReLU",
  s: "SELU",
  o: "Dropout",
  k: "Dropout, classic",
  a: "AlphaDropout",
  g: "GRU, one mask a sequence",
};

const en = {
  title: "A network to edit, and what lint says of it",
  kinds,
  network: "The network, from input to output",
  add: "Add",
  kind: "layer to add",
  rate: (name: string) => `rate of ${name} in percent`,
  up: (name: string) => `move ${name} up`,
  down: (name: string) => `move ${name} down`,
  remove: (name: string) => `remove ${name}`,
  found: "What lint finds",
  nothing: "Nothing: no rule is broken.",
  severities: { error: "error", warning: "warning" },
  columns: ["rule", "severity", "layers", "message"],
  summary: (n: number) =>
    n === 0 ? "lint finds nothing." : n === 1 ? "lint finds one thing." : `lint finds ${n} things.`,
};

export type Wording = typeof en;
const zh: Wording = {
  title: "可以改动的网络，以及 lint 的意见",
  kinds: { ...kinds, k: "Dropout（classic）", g: "GRU（整个序列一个掩码）" },
  network: "网络，从输入到输出",
  add: "添加",
  kind: "要添加的层",
  rate: (name) => `${name} 的丢弃率（百分比）`,
  up: (name) => `上移 ${name}`,
  down: (name) => `下移 ${name}`,
  remove: (name) => `删除 ${name}`,
  found: "lint 发现的问题",
  nothing: "没有问题，没有违反任何规则。",
  severities: { error: "错误", warning: "警告" },
  columns: ["规则", "级别", "层", "说明（英文）"],
  summary: (n) => (n === 0 ? "lint 没有发现问题。" : `lint 发现 ${n} 个问题。`),
};

export const WORDS: Words<Wording> = { en, zh };
