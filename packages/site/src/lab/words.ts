// What all parts of the lab say.

import type { Words } from "../state/words.js";

const en = {
  noWorker: "The part of this page that computes could not be loaded.",
};

export type LabWording = typeof en;

const zh: LabWording = {
  noWorker: "本页负责计算的部分无法载入。",
};

export const LAB_WORDS: Words<LabWording> = { en, zh };
