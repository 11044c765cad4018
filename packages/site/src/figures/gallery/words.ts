// What the gallery of masks says.

import type { Words } from "../../state/words.js";
import type { CardName, NoiseName } from "./model.js";

interface CardWords {
  readonly name: string;
  readonly code: string;
}

const cards: Readonly<Record<CardName, CardWords>> = {
  original: { name: "the picture", code: "x.shape // [1, 18, 18, 3]" },
  elements: { name: "values", code: "new Dropout({ rate })" },
  pixels: { name: "pixels", code: "new SpatialDropout({ rate, sharedAxes: [3] })" },
  rows: { name: "rows", code: "new SpatialDropout({ rate, sharedAxes: [2, 3] })" },
  channels: { name: "channels", code: "new SpatialDropout2D({ rate })" },
  blocks: { name: "blocks", code: 'new DropBlock2D({ rate, blockSize: 4, channels: "shared" })' },
  gaussian: { name: "Gaussian noise", code: "new GaussianDropout({ rate })" },
  units: { name: "each unit at each step", code: "new Dropout({ rate })" },
  sequence: { name: "one mask a sequence", code: "new SpatialDropout({ rate, sharedAxes: [1] })" },
  steps: { name: "whole steps", code: "new SpatialDropout({ rate, sharedAxes: [2] })" },
  samples: { name: "whole sequences", code: "new DropPath({ rate })" },
  matrix: { name: "a weight matrix", code: "W.shape // [14, 14]" },
  weights: { name: "single weights", code: "dropout(W, { rate, key }) // as DropConnect" },
  scores: { name: "attention weights", code: 'new AttentionDropout({ rate, mode: "eval" })' },
  attention: { name: "attention weights, dropped", code: "new AttentionDropout({ rate })" },
};

const noises: Readonly<Record<NoiseName, string>> = {
  gaussian: "Gaussian, N(1, rate / keep)",
  uniform: "uniform, of the same variance up to 1/3",
  concrete: "concrete, temperature 0.25",
  logitNormal: "logit-normal, sigma 1",
};

const en = {
  title: "What is dropped together",
  group: "show",
  groups: { picture: "on a picture", time: "over time", weights: "weights, attention", noise: "noises" },
  rate: "rate",
  seed: "seed",
  next: "next",
  cards,
  noises,
  card: (name: string, dropped: string) => `${name}: ${dropped} of the values are 0`,
  multiplier: "multiplier",
  density: "density, from 20000 draws",
  columns: ["mask", "share of zeros"],
  noiseColumns: ["noise", "mean of 20000 draws", "variance of 20000 draws"],
  summary: (rate: string, shares: readonly string[]) => `Rate ${rate}. Zeros: ${shares.join(", ")}.`,
  noiseSummary: (rate: string, variance: string) =>
    `Rate ${rate}: a mask with inverted scaling has mean 1 and variance ${variance}. The table has mean and variance of each noise.`,
};

export type Wording = typeof en;
export const WORDS: Words<Wording> = { en };
