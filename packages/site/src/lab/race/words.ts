// What the lab's race says.

import type { Words } from "../../state/words.js";
import type { Runner } from "./runners.js";

const runners: Readonly<Record<Runner, string>> = {
  copy: "copy",
  loop: "plain loop",
  random: "Math.random()",
  scalar: "hadamask, plain",
  ours: "hadamask",
  alloc: "hadamask, alloc",
  tfjsCpu: "TF.js cpu",
  tfjsWasm: "TF.js wasm",
};

const en = {
  title: "Dropout on your machine, in nanoseconds an element",
  rate: "rate",
  size: "elements (float32)",
  sizes: { "64k": "65,536", "1M": "1,048,576", "4M": "4,194,304" },
  rounds: "rounds",
  tfjs: "with TensorFlow.js (loads 1.1 MB from this site)",
  start: "Start the race",
  running: "Running…",
  share: "Copy as text",
  runners,
  axis: "nanoseconds an element, logarithmic; median, with quartiles of the rounds",
  bar: (v: { name: string; ns: string; low: string; high: string }) => `${v.name}: ${v.ns} (${v.low} to ${v.high})`,
  kernel: (name: string): string =>
    name === "simd"
      ? "hadamask runs by its WebAssembly kernel here."
      : "WebAssembly with SIMD is not to be had here: hadamask runs by its plain kernel.",
  columns: ["runner", "ns an element", "lower quartile", "upper quartile", "× copy", "code"],
  nothing: "Nothing was timed yet. The race takes some seconds and keeps one core busy.",
  ours: (v: { ns: string; ratio: string }) => `hadamask takes ${v.ns} ns an element, ${v.ratio} times a copy`,
  beside: (v: { name: string; times: string }) => `${v.name} takes ${v.times} times as long as hadamask`,
  summary: (v: { rate: string; elements: number; facts: readonly string[] }) =>
    `Rate ${v.rate}, ${v.elements} elements: ${v.facts.join("; ")}.`,
  head: (v: { rate: string; elements: number; rounds: number }) =>
    `Dropout in a page, ns an element (quartiles), × copy; rate ${v.rate}, ${v.elements} float32 elements, ${v.rounds} rounds`,
};

export type Wording = typeof en;

const zh: Wording = {
  title: "你的机器上的暂退法，每个元素多少纳秒",
  rate: "丢弃率",
  size: "元素个数（float32）",
  sizes: { "64k": "65,536", "1M": "1,048,576", "4M": "4,194,304" },
  rounds: "测量轮数",
  tfjs: "加上 TensorFlow.js（从本站读取 1.1 MB）",
  start: "开始测速",
  running: "正在测量……",
  share: "复制为文本",
  runners: {
    ...runners,
    copy: "复制数组",
    loop: "普通循环",
    scalar: "hadamask（普通内核）",
    alloc: "hadamask（alloc）",
  },
  axis: "每个元素的纳秒数，对数坐标；中位数与各轮的四分位数",
  bar: (v) => `${v.name}：${v.ns}（${v.low} 到 ${v.high}）`,
  kernel: (name) =>
    name === "simd"
      ? "这里的 hadamask 使用 WebAssembly 内核。"
      : "这里没有带 SIMD 的 WebAssembly：hadamask 使用普通内核。",
  columns: ["选手", "每元素纳秒", "下四分位数", "上四分位数", "相对复制的倍数", "代码"],
  nothing: "还没有测量。测速需要几秒，会占满一个核。",
  ours: (v) => `hadamask 每个元素 ${v.ns} 纳秒，是复制的 ${v.ratio} 倍`,
  beside: (v) => `${v.name} 的用时是 hadamask 的 ${v.times} 倍`,
  summary: (v) => `丢弃率 ${v.rate}，${v.elements} 个元素：${v.facts.join("；")}。`,
  head: (v) =>
    `网页中的暂退法，每元素纳秒（四分位数），相对复制的倍数；丢弃率 ${v.rate}，${v.elements} 个 float32 元素，${v.rounds} 轮`,
};

export const WORDS: Words<Wording> = { en, zh };
