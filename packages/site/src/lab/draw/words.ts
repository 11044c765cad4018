// What the lab's drawing page says.

import type { Words } from "../../state/words.js";

interface Summary {
  readonly digit: number;
  readonly passes: number;
  readonly mean: string;
  readonly deviation: string;
  readonly others: number;
  readonly entropy: string;
  readonly most: string;
  readonly information: string;
}

const en = {
  title: "A digit of yours, and how sure the network is of it",
  board: "Drawing board",
  boardHelp:
    "Draw with the pointer. With keys: arrows move the pen, space puts it down or lifts it, Delete wipes all away.",
  pen: (v: { column: number; row: number; isDown: boolean }) =>
    `column ${v.column}, row ${v.row}, pen ${v.isDown ? "down" : "up"}`,
  clear: "Clear",
  turn: "Turn by 90°",
  example: "example",
  seen: "what the network sees",
  seenLabel: (counts: string) => `8 × 8 squares, ink from 0 to 16, row by row: ${counts}`,
  passes: "passes",
  rate: "rate",
  seed: "seed",
  next: "next",
  loading: "The network is being fetched…",
  empty: "Nothing is drawn yet.",
  network: (v: { sizes: string; trainRows: number; testRows: number; error: string }) =>
    `${v.sizes}, trained on ${v.trainRows} digits when this page was built; ` +
    `${v.error} of ${v.testRows} others are told wrongly.`,
  chances: "mean probability, and ± one standard deviation of the passes",
  chance: (v: { digit: number; mean: string; deviation: string }) => `${v.digit}: ${v.mean} ± ${v.deviation}`,
  single: (n: number) => `the first ${n} passes, one by one`,
  pass: (v: { pass: number; digit: number; p: string }) => `pass ${v.pass}: ${v.digit} with probability ${v.p}`,
  columns: ["digit", "mean", "standard deviation", "lowest", "highest", "passes that choose it"],
  summary: (v: Summary) =>
    `${v.passes} passes: ${v.digit} with probability ${v.mean}, standard deviation ${v.deviation}; ` +
    `${v.others} ${v.others === 1 ? "pass chooses" : "passes choose"} another digit. ` +
    `Predictive entropy ${v.entropy} nats (at most ${v.most}), mutual information ${v.information}.`,
};

export type Wording = typeof en;

const zh: Wording = {
  title: "写一个数字，看网络有多大把握",
  board: "画板",
  boardHelp: "用鼠标或手指画。用键盘：方向键移动笔，空格落笔或提笔，Delete 全部擦掉。",
  pen: (v) => `第 ${v.column} 列，第 ${v.row} 行，${v.isDown ? "已落笔" : "已提笔"}`,
  clear: "清空",
  turn: "旋转 90°",
  example: "示例",
  seen: "网络看到的图",
  seenLabel: (counts) => `8 × 8 个方格，墨量 0 到 16，逐行：${counts}`,
  passes: "前向次数",
  rate: "丢弃率",
  seed: "种子",
  next: "下一个",
  loading: "正在读取网络……",
  empty: "还没有画任何东西。",
  network: (v) =>
    `${v.sizes}，生成本页时在 ${v.trainRows} 个数字上训练；` + `对另外 ${v.testRows} 个数字，错误率为 ${v.error}。`,
  chances: "平均概率，以及各次前向的 ± 一个标准差",
  chance: (v) => `${v.digit}：${v.mean} ± ${v.deviation}`,
  single: (n) => `前 ${n} 次前向，逐次显示`,
  pass: (v) => `第 ${v.pass} 次前向：${v.digit}，概率 ${v.p}`,
  columns: ["数字", "均值", "标准差", "最低", "最高", "选它的前向次数"],
  summary: (v) =>
    `${v.passes} 次前向：${v.digit}，概率 ${v.mean}，标准差 ${v.deviation}；` +
    `其中 ${v.others} 次选了别的数字。` +
    `预测熵 ${v.entropy} 奈特（最大 ${v.most}），互信息 ${v.information}。`,
};

export const WORDS: Words<Wording> = { en, zh };
