// What the figure of strength says.

import type { Words } from "../../state/words.js";

const en = {
  title: "Noise, weights and error at every rate",
  rate: "rate",
  rows: "rows of training data",
  noise: "noise in the targets",
  seed: "seed of the data",
  next: "next",
  noiseTitle: "How strong is the noise?",
  noiseAxis: "variance for x = 1, or share",
  fixed: "keep · rate: weights held fixed",
  felt: "rate / keep: as trained weights feel it",
  shrunk: "share of the weights' length that is lost",
  errorTitle: "Error on new data, mean of 40 data sets",
  errorAxis: "squared error above the noise",
  error: "error",
  columns: ["rate", "keep · rate", "rate / keep", "share lost", "error"],
  summary: (v: {
    rate: string;
    fixed: string;
    felt: string;
    near: string;
    shrunk: string;
    error: string;
    none: string;
    best: string;
    least: string;
  }) =>
    `At rate ${v.rate}: keep · rate is ${v.fixed}, rate / keep is ${v.felt}. At ${v.near} the weights have lost ${v.shrunk} of their length, and the error is ${v.error}; without dropout it is ${v.none}, and at the best rate, ${v.best}, it is ${v.least}.`,
};

export type Wording = typeof en;
export const WORDS: Words<Wording> = { en };
