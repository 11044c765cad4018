// What the figure of overfitting says.

import type { Words } from "../../state/words.js";

const en = {
  title: "The same network, the same noisy points, without dropout and with it",
  rate: "rate",
  points: "points",
  flipped: "share with the wrong class",
  units: "units in each of two layers",
  seed: "seed",
  next: "next",
  play: "Train",
  pause: "Pause",
  step: "One step",
  steps: (now: number, of: number) => `${now} of ${of} steps`,
  without: "without dropout",
  dropout: "with dropout",
  train: "right on these points",
  test: "right on 1000 others",
  picture: (name: string, share: string) =>
    `${name}: the plane coloured by class, with the training points; right on new points: ${share}`,
  columns: ["network", "right on the training points", "right on 1000 others"],
  summary: (v: {
    steps: number;
    withoutTrain: string;
    withoutTest: string;
    dropoutTrain: string;
    dropoutTest: string;
  }) =>
    `After ${v.steps} steps: without dropout ${v.withoutTrain} of the training points are right, and ${v.withoutTest} of new ones; with dropout ${v.dropoutTrain} and ${v.dropoutTest}.`,
};

export type Wording = typeof en;
export const WORDS: Words<Wording> = { en };
