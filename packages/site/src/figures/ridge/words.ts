// What the figure of ridge regression says.

import type { Words } from "../../state/words.js";

const en = {
  title: "The weights of a linear model, trained to the end with dropout and by ridge regression",
  rate: "rate",
  factor: "feature 1 multiplied by",
  standardised: "features standardised",
  weight: "weight at prediction",
  feature: (j: number) => `feature ${j}, dropout`,
  ridge: (j: number) => `feature ${j}, ridge`,
  dashed: "dashed: plain ridge, λ = mean G · rate / keep",
  columns: ["feature", "weight with dropout", "weight by ridge"],
  summary: (v: { rate: string; distance: string; dropout: string; ridge: string }) =>
    `At rate ${v.rate} the weights of the two differ by up to ${v.distance}. For the first row dropout predicts ${v.dropout}, ridge ${v.ridge}.`,
};

export type Wording = typeof en;
export const WORDS: Words<Wording> = { en };
