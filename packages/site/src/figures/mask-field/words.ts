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

export const WORDS: Words<Wording> = { en };
