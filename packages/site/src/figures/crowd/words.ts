// What the figure of submodels says.

import type { Words } from "../../state/words.js";

const en = {
  title: "Sixteen networks in one: every mask of four hidden units",
  rate: "rate",
  depth: "behind the mask",
  depths: { one: "one softmax layer", two: "a hidden layer more" },
  seed: "seed of the network",
  next: "next",
  x: "point, across",
  y: "point, up",
  full: "the network without dropout",
  arithmetic: "arithmetic mean",
  geometric: "geometric mean",
  submodel: (mask: string) => `mask ${mask}`,
  picture: (name: string, p: string) => `${name}: probability of the outer class over the plane; at the point ${p}`,
  columns: ["mask", "probability of the mask", "p at the point"],
  summary: (v: {
    x: string;
    y: string;
    full: string;
    arithmetic: string;
    geometric: string;
    farArithmetic: string;
    farGeometric: string;
  }) =>
    `At (${v.x}, ${v.y}) the network without dropout gives ${v.full}, the arithmetic mean of the submodels ${v.arithmetic}, the geometric mean ${v.geometric}. Over the whole picture the arithmetic mean is at most ${v.farArithmetic} away from the network, the geometric mean ${v.farGeometric}.`,
};

export type Wording = typeof en;
export const WORDS: Words<Wording> = { en };
