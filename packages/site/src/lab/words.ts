// What all parts of the lab say.

import type { Words } from "../state/words.js";

const en = {
  copied: "Copied",
};

export type LabWording = typeof en;

const zh: LabWording = {
  copied: "已复制",
};

export const LAB_WORDS: Words<LabWording> = { en, zh };
