// The words of measured places: what each variant of docs/placement.json drops, and the sentences around it.

import type { Words } from "../../state/words.js";
import type { PartName } from "./effects.js";

const en = {
  parts: {
    inputs: "Inputs",
    normalisation: "Batch normalisation",
    convolutions: "Convolutions",
    recurrences: "A recurrent layer",
  } as Readonly<Record<PartName, string>>,
  names: {
    none: "no dropout",
    "bernoulli:0.5": "hidden units, rate 0.5",
    "inputs:0.1": "inputs, rate 0.1",
    "inputs:0.2": "inputs, rate 0.2",
    "inputs:0.5": "inputs, rate 0.5",
    before: "rate 0.5 before the last normalisation",
    "before, measured again": "the same networks, with statistics measured again without noise",
    behind: "rate 0.5 behind the last normalisation",
    "bernoulli:0.2": "single places of the maps, rate 0.2",
    "channel:0.2": "whole maps, rate 0.2",
    "drop-block:0.2": "squares of 3 × 3 places, rate 0.2",
    "zaremba:0.5": "the last state alone, rate 0.5",
    "gal:0.2": "one mask for all steps, rate 0.2",
    "semeniuta:0.2": "the update of the state, rate 0.2",
  } as Readonly<Record<string, string>>,
  network: (v: { hidden: string; seeds: number; trainRows: number; testRows: number }) =>
    `Layers of ${v.hidden}; ${v.seeds} times ${v.trainRows} training rows, the same ${v.testRows} test rows.`,
  variances: (none: string, before: string, behind: string) =>
    `At prediction the last normalisation gets this share of the variance that it expects: ${none} without dropout, ` +
    `${before} with dropout before it, ${behind} with dropout behind it.`,
  columns: { name: "what is dropped", difference: "NLL, compared with no dropout" },
  scores: (error: string, nll: string) => `test error ${error}, NLL ${nll}`,
  difference: (mean: string, low: string, high: string) => `${mean} (${low} to ${high})`,
  verdicts: { better: "helps", worse: "harms", open: "may be chance" },
};

export type Wording = typeof en;
const zh: Wording = {
  parts: { inputs: "输入", normalisation: "批量规范化", convolutions: "卷积", recurrences: "循环层" },
  names: {
    none: "不用暂退法",
    "bernoulli:0.5": "隐藏单元，丢弃率 0.5",
    "inputs:0.1": "输入，丢弃率 0.1",
    "inputs:0.2": "输入，丢弃率 0.2",
    "inputs:0.5": "输入，丢弃率 0.5",
    before: "最后一个规范化之前，丢弃率 0.5",
    "before, measured again": "同样的网络，统计量在没有噪声时重新测量",
    behind: "最后一个规范化之后，丢弃率 0.5",
    "bernoulli:0.2": "特征图上的单个位置，丢弃率 0.2",
    "channel:0.2": "整张特征图，丢弃率 0.2",
    "drop-block:0.2": "3 × 3 的方块，丢弃率 0.2",
    "zaremba:0.5": "只丢最后的状态，丢弃率 0.5",
    "gal:0.2": "所有时间步用一个掩码，丢弃率 0.2",
    "semeniuta:0.2": "只丢状态的更新，丢弃率 0.2",
  },
  network: (v) =>
    `各层单元数 ${v.hidden}；训练 ${v.seeds} 次，每次 ${v.trainRows} 行训练数据，测试数据都是同样的 ${v.testRows} 行。`,
  variances: (none, before, behind) =>
    `预测时，最后一个规范化收到的方差只占它所预期的一部分：不用暂退法时为 ${none}，暂退法在它之前时为 ${before}，` +
    `在它之后时为 ${behind}。`,
  columns: { name: "丢弃什么", difference: "NLL，与不用暂退法相比" },
  scores: (error, nll) => `测试错误率 ${error}，NLL ${nll}`,
  difference: (mean, low, high) => `${mean}（${low} 到 ${high}）`,
  verdicts: { better: "有用", worse: "有害", open: "可能是偶然" },
};

export const PLACE_WORDS: Words<Wording> = { en, zh };
