// What the figure of the home page says.

import type { Words } from "../../state/words.js";

const en = {
  title: "240 units, one mask",
  rate: "rate",
  seed: "seed",
  next: "next",
  columns: ["row", "mask"],
  summary: (kept: number, of: number, rate: string) =>
    `At rate ${rate}, ${kept} of ${of} units are kept. The same seed gives this mask on every machine.`,
};

export type Wording = typeof en;

const zh: Wording = {
  title: "240 个单元，一个掩码",
  rate: "丢弃率",
  seed: "种子",
  next: "下一个",
  columns: ["行", "掩码"],
  summary: (kept, of, rate) =>
    `丢弃率为 ${rate} 时，${of} 个单元中保留了 ${kept} 个。同一个种子在任何机器上都给出这个掩码。`,
};

export const WORDS: Words<Wording> = { en, zh };
