// What the figure of scaling says.

import type { Words } from "../../state/words.js";

const en = {
  title: "A sum of n inputs over all its masks, and what prediction makes of it",
  n: "n inputs",
  rate: "rate",
  rule: "rule",
  rules: {
    inverted: "inverted",
    classic: "classic",
    forgotten: "no scaling at all",
    twice: "scaled twice",
    rate: "rate / keep",
  },
  formulas: {
    inverted: "training: m x / keep; prediction: x",
    classic: "training: m x; prediction: keep x",
    forgotten: "training: m x; prediction: x",
    twice: "training: m x / keep; prediction: keep x",
    rate: "training: m x rate / keep; prediction: x",
  },
  samples: "masks drawn",
  seed: "seed",
  next: "next",
  distribution: "Every value of the output in training, with its probability",
  output: "output of one unit (1 without dropout)",
  probability: "probability",
  mean: "mean of training",
  test: "prediction",
  sampled: "mean of the drawn masks",
  depthTitle: "Prediction over mean of training, through ten linear layers",
  layers: "layers",
  ratio: "prediction / mean of training",
  columns: ["kept inputs", "output", "probability"],
  summary: (v: {
    masks: number;
    mean: string;
    deviation: string;
    test: string;
    samples: number;
    sampled: string;
    depth: string;
  }) =>
    `Over all ${v.masks} masks the mean is ${v.mean} and the standard deviation ${v.deviation}; the mean of ${v.samples} drawn masks is ${v.sampled}. Prediction gives ${v.test}. After ten layers it is ${v.depth} times the mean of training.`,
};

export type Wording = typeof en;
export const WORDS: Words<Wording> = { en };
