// What the figure of placement says.

import type { Words } from "../../state/words.js";
import type { Letter } from "./model.js";

const kinds: Readonly<Record<Letter, string>> = {
  d: "Dense",
  c: "Conv",
  b: "BatchNorm",
  r: "ReLU",
  s: "SELU",
  o: "Dropout",
  k: "Dropout, classic",
  a: "AlphaDropout",
  g: "GRU, one mask a sequence",
};

const en = {
  title: "A network to edit, and what lint says of it",
  kinds,
  network: "The network, from input to output",
  add: "Add",
  kind: "layer to add",
  rate: (name: string) => `rate of ${name} in percent`,
  up: (name: string) => `move ${name} up`,
  down: (name: string) => `move ${name} down`,
  remove: (name: string) => `remove ${name}`,
  found: "What lint finds",
  nothing: "Nothing: no rule is broken.",
  severities: { error: "error", warning: "warning" },
  columns: ["rule", "severity", "layers", "message"],
  summary: (n: number) =>
    n === 0 ? "lint finds nothing." : n === 1 ? "lint finds one thing." : `lint finds ${n} things.`,
};

export type Wording = typeof en;
export const WORDS: Words<Wording> = { en };
