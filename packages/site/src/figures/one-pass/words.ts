// What the figure of one pass says.

import type { Words } from "../../state/words.js";

const en = {
  title: "Ten units, forward and back",
  rate: "rate (probability of dropping)",
  seed: "seed",
  next: "next",
  scaling: "scaling",
  scalings: { inverted: "inverted", classic: "classic" },
  mode: "mode",
  modes: { train: "train", eval: "eval", sample: "sample" },
  pass: "pass",
  loss: "loss",
  losses: { sum: "L = Σ y", "sum-of-squares": "L = Σ y²" },
  stream: "mask drawn by",
  streams: { hadamask: "hadamask", torch: "PyTorch (CPU)" },
  panels: { x: "Input x", mask: "Mask m", y: "Output y", dx: "Gradient ∂L/∂x" },
  noMask: "Prediction draws no mask.",
  dashed: "dashed: what it would be without dropout",
  unit: (i: number) => `unit ${i}`,
  input: (i: number) => `input of unit ${i}`,
  decision: (i: number) => `unit ${i} is kept`,
  pick: (i: number) => `walk through unit ${i}`,
  walk: (i: number) => `Unit ${i}, step by step`,
  columns: ["unit", "x", "m", "y", "∂L/∂y", "∂L/∂x"],
  summary: (kept: number, of: number, rate: string, scale: string, loss: string) =>
    `Rate ${rate}: ${kept} of ${of} units are kept; what is kept is multiplied by ${scale}. The loss is ${loss}.`,
  summaryEval: (factor: string, loss: string) =>
    `Prediction: no mask is drawn, every unit is multiplied by ${factor}. The loss is ${loss}.`,
};

export type Wording = typeof en;

export const WORDS: Words<Wording> = { en };
