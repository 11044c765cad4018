// What dropout does to one number, in symbols, in figures and in words, for each scaling and mode.
// Written from the definition and not with the library, so that `value` is a check of it.

import { short } from "../output/number.js";
import type { Pass } from "./pass.js";

export interface Formula {
  /** For instance "x * mask / keep". */
  symbols(value: string, mask: string): string;
  /** For instance "2 * 1 / 0.5". */
  numbers(value: string, bit: number): string;
  value(value: number, bit: number): number;
  /** What happens to a kept element. */
  readonly kept: string;
  /** What happens in this mode. */
  readonly inWords: string;
}

export function formulaOf({ mode, scaling, keep, scale }: Pass): Formula {
  if (mode === "eval") return scaling === "inverted" ? IDENTITY : timesKeep(keep);
  if (scaling === "classic") return MASK_ONLY;
  return scale === null ? NOTHING : maskOverKeep(keep, scale);
}

const maskOverKeep = (keep: number, scale: number): Formula => ({
  symbols: (value, mask) => `${value} * ${mask} / keep`,
  numbers: (value, bit) => `${value} * ${bit} / ${short(keep)}`,
  value: (value, bit) => (bit === 1 ? value / keep : 0),
  kept: `kept: output and gradient times 1/keep = ${short(scale)}`,
  inWords: `what is kept is scaled by 1/keep = ${short(scale)}`,
});

const MASK_ONLY: Formula = {
  symbols: (value, mask) => `${value} * ${mask}`,
  numbers: (value, bit) => `${value} * ${bit}`,
  value: (value, bit) => (bit === 1 ? value : 0),
  kept: "kept: output and gradient unscaled",
  inWords: "what is kept is not scaled; mode eval multiplies by keep instead",
};

/** Rate 1: x * 0 / 0 would not be a number; dropping is a choice, not a product. */
const NOTHING: Formula = {
  symbols: () => "0",
  numbers: () => "0",
  value: () => 0,
  kept: "kept",
  inWords: "everything is dropped",
};

const IDENTITY: Formula = {
  symbols: (value) => value,
  numbers: (value) => value,
  value: (value) => value,
  kept: "unchanged, output and gradient",
  inWords: "nothing is changed",
};

const timesKeep = (keep: number): Formula => ({
  symbols: (value) => `${value} * keep`,
  numbers: (value) => `${value} * ${short(keep)}`,
  value: (value) => value * keep,
  kept: `output and gradient times keep = ${short(keep)}`,
  inWords: `everything is scaled by keep = ${short(keep)}`,
});
