// What the figure of doubt says.

import type { Words } from "../../state/words.js";

const en = {
  title: "A network through a few points, and how far to believe it",
  rate: "rate",
  passes: "passes",
  place: "read at x",
  view: "show",
  views: { passes: "stochastic passes", conformal: "conformal interval" },
  seed: "seed",
  next: "next",
  play: "Train",
  pause: "Pause",
  step: "Ten steps",
  clear: "Remove all points",
  add: "Add a point here",
  steps: (now: number, of: number) => `${now} of ${of} steps`,
  hint: "Click into the picture to add a point; or choose x below and press the button.",
  height: "height of the point",
  x: "x",
  y: "y",
  points: "points to learn",
  kept: "points kept for calibration",
  mean: "mean of the passes",
  plain: "prediction",
  band: "± 2 standard deviations",
  interval: "interval for 80 % of new points",
  single: (i: number) => `pass ${i}`,
  columns: ["x", "mean", "low", "high"],
  summary: (v: { place: string; steps: number; mean: string; passes: number; deviation: string }) =>
    `After ${v.steps} steps, at x = ${v.place}: the mean of ${v.passes} passes is ${v.mean}, their standard deviation ${v.deviation}.`,
  conformalSummary: (v: { place: string; steps: number; mean: string; kept: number; half: string }) =>
    `After ${v.steps} steps, at x = ${v.place}: the prediction is ${v.mean}; calibrated on ${v.kept} points, the interval reaches ${v.half} to both sides, here as everywhere.`,
};

export type Wording = typeof en;
export const WORDS: Words<Wording> = { en };
