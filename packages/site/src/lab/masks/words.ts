// What the lab's masks and its doctor say.

import type { Words } from "../../state/words.js";

/** What is said of a mask. */
export interface MaskFacts {
  readonly stream: string;
  readonly seed: number;
  readonly rate: string;
  readonly kept: number;
  readonly n: number;
  readonly share: string;
}
interface Kind {
  readonly name: string;
  readonly shape: string;
  readonly kind: "mask" | "multipliers" | "values";
  readonly factor: string;
}

const en = {
  title: "Masks of eighteen streams, bit for bit",
  stream: "stream",
  own: "hadamask (our own)",
  rate: "rate",
  seed: "seed",
  next: "next",
  rows: "rows",
  columnCount: "columns",
  second: "compare with",
  seconds: { none: "nothing", stream: "another stream", seed: "another seed", rate: "another rate" },
  otherStream: "the other stream",
  otherSeed: "the other seed",
  otherRate: "the other rate",
  save: "Download .npy",
  command: "Copy as command",
  differences: "where they differ: orange",
  space: " ",
  picture: (v: MaskFacts) => `Mask of ${v.stream}, seed ${v.seed}, rate ${v.rate}: ${v.kept} of ${v.n} kept`,
  agreementLabel: (different: number, n: number) => `The two masks differ in ${different} of ${n} elements`,
  one: (v: MaskFacts) =>
    `${v.stream}, seed ${v.seed}, rate ${v.rate}: ${v.kept} of ${v.n} elements are kept, ${v.share} dropped.`,
  different: (different: number, n: number) => `They differ in ${different} of ${n} elements.`,
  columns: ["row", "mask", "the other mask"],
  doctorTitle: "The doctor: what is wrong with a mask, and which stream drew it",
  file: "A mask of yours (.npy)",
  fileHint:
    "A mask, its multipliers, or dropout of an array without zeros, saved with numpy.save. " +
    "It is read here and sent nowhere.",
  known: "the rate that was asked for is known",
  asked: "rate that was asked for",
  examining: "Examining…",
  noFile: "No file yet: choose one, or drop it into the box.",
  tryOne: "Examine the mask above",
  verdict: (name: string, bad: number) =>
    bad === 0
      ? `${name}: nothing is wrong with it.`
      : `${name}: ${bad} ${bad === 1 ? "finding" : "findings"} to look at.`,
  findings: ["finding", "verdict"],
  verdicts: { fine: "as it should be", bad: "look here" },
  kind: (v: Kind) =>
    `${v.name}: shape ${v.shape}, ` +
    `${v.kind === "mask" ? "zeros and ones" : v.kind === "multipliers" ? `0 and ${v.factor}` : "0 and other numbers"}.`,
  rateFound: (rate: string, low: string, high: string) => `Rate ${rate}, 95 % interval ${low} to ${high}`,
  rightRate: (text: string) => `${text}: as asked for.`,
  wrongRate: (text: string) => `${text}: not the rate that was asked for.`,
  shared: (axes: string, draws: number, elements: number) =>
    `One decision for all elements along axes ${axes}: ${draws} decisions for ${elements} elements.`,
  grouped: (group: number) => `Each decision serves ${group} neighbours.`,
  periodic: (period: number) => `The mask starts again after ${period} elements.`,
  noRepeats: "No repeats along axes, in groups or in periods.",
  noCorrelation: "No correlation beyond chance.",
  correlated: (correlation: string, distance: number) =>
    `Correlated: ${correlation} between elements ${distance} apart.`,
  notLooked: "Its stream was not looked for: that takes the rate that was asked for, and 64 to 200000 elements.",
  unknown: "Its stream is none that hadamask knows, for the common seeds, the first calls and parts of them.",
  found: (stream: string, seed: string, as: "mask" | "step" | "pass", call: number, offset: number | undefined) =>
    `It was drawn by ${stream}, seed ${seed}, ${as === "mask" ? `call ${call + 1}` : `${as} ${call}`}` +
    `${offset === undefined ? "" : `, from element ${offset} on`}.`,
};

export type Wording = typeof en;

const zh: Wording = {
  title: "十八种随机流的掩码，逐位一致",
  stream: "随机流",
  own: "hadamask（本库自己的）",
  rate: "丢弃率",
  seed: "种子",
  next: "下一个",
  rows: "行数",
  columnCount: "列数",
  second: "与之比较",
  seconds: { none: "不比较", stream: "另一种流", seed: "另一个种子", rate: "另一个丢弃率" },
  otherStream: "另一种流",
  otherSeed: "另一个种子",
  otherRate: "另一个丢弃率",
  save: "下载 .npy",
  command: "复制为命令",
  differences: "不同之处：橙色",
  space: "",
  picture: (v) => `${v.stream} 的掩码，种子 ${v.seed}，丢弃率 ${v.rate}：保留 ${v.kept} / ${v.n} 个`,
  agreementLabel: (different, n) => `两个掩码有 ${different} / ${n} 个元素不同`,
  one: (v) => `${v.stream}，种子 ${v.seed}，丢弃率 ${v.rate}：` + `保留 ${v.kept} / ${v.n} 个元素，丢弃 ${v.share}。`,
  different: (different, n) => `两者有 ${different} / ${n} 个元素不同。`,
  columns: ["行", "掩码", "另一个掩码"],
  doctorTitle: "诊断：一个掩码有什么毛病，是哪种流生成的",
  file: "你的掩码（.npy）",
  fileHint:
    "掩码、乘数，或对不含零的数组做暂退法的结果，用 numpy.save 保存。" + "文件只在本页读取，不会发送到任何地方。",
  known: "知道当初指定的丢弃率",
  asked: "当初指定的丢弃率",
  examining: "正在检查……",
  noFile: "还没有文件：请选择一个，或拖到框里。",
  tryOne: "检查上面的掩码",
  verdict: (name, bad) => (bad === 0 ? `${name}：没有发现问题。` : `${name}：有 ${bad} 处需要注意。`),
  findings: ["发现", "结论"],
  verdicts: { fine: "正常", bad: "请注意" },
  kind: (v) =>
    `${v.name}：形状 ${v.shape}，` +
    `${v.kind === "mask" ? "只有 0 和 1" : v.kind === "multipliers" ? `只有 0 和 ${v.factor}` : "0 和其他数"}。`,
  rateFound: (rate, low, high) => `丢弃率 ${rate}，95 % 置信区间 ${low} 到 ${high}`,
  rightRate: (text) => `${text}：与指定的一致。`,
  wrongRate: (text) => `${text}：与指定的不符。`,
  shared: (axes, draws, elements) =>
    `沿轴 ${axes} 的所有元素共用一次决定：` + `${elements} 个元素只有 ${draws} 次决定。`,
  grouped: (group) => `每次决定管 ${group} 个相邻元素。`,
  periodic: (period) => `掩码每 ${period} 个元素重复一次。`,
  noRepeats: "没有沿轴、成组或周期性的重复。",
  noCorrelation: "没有超出偶然的相关。",
  correlated: (correlation, distance) => `相距 ${distance} 的元素之间相关系数为 ${correlation}。`,
  notLooked: "没有查找它的流：需要知道当初指定的丢弃率，并且有 64 到 200000 个元素。",
  unknown: "对常用种子、前几次调用及其片段，hadamask 认识的流都不是它。",
  found: (stream, seed, as, call, offset) =>
    `它由 ${stream} 生成，种子 ${seed}，` +
    `${as === "mask" ? `第 ${call + 1} 次调用` : as === "step" ? `训练第 ${call} 步` : `第 ${call} 次前向`}` +
    `${offset === undefined ? "" : `，从第 ${offset} 个元素起`}。`,
};

export const WORDS: Words<Wording> = { en, zh };
