// What the figure of the expected gradient says.

import type { Words } from "../../state/words.js";

const en = {
  title: "A loss, its mean over masks, and the slopes of both",
  x: "input x₁",
  rate: "rate",
  loss: "loss",
  losses: { square: "(f − 1)² / 2", linear: "f" },
  where: "f = x₁ − x₂ + 2 x₃ with x₂ = 2 and x₃ = 1",
  value: "loss",
  clean: "L without dropout",
  expected: "E[L] over all masks",
  cleanSlope: "slope without dropout",
  expectedSlope: "slope E[dL/dx₁]",
  columns: ["input", "x", "w", "dL/dx without dropout", "E[dL/dx]", "E[dL/dy]"],
  summary: (v: { x: string; rate: string; clean: string; expected: string; upstream: string }) =>
    `At x₁ = ${v.x} and rate ${v.rate}: without dropout dL/dx₁ is ${v.clean}; the mean of dL/dx₁ over all masks is ${v.expected}, the slope of E[L]; the mean of dL/dy₁ is ${v.upstream}.`,
};

export type Wording = typeof en;
export const WORDS: Words<Wording> = { en };
