// Probabilities that stochastic passes gave for many rows, as one checked table.

import { rangeError, toFloatArray } from "../check.js";
import type { FloatInput } from "../types.js";
import { checkDistributions } from "./distributions.js";

/** Probabilities of rows x passes x classes in C order. */
export interface Passes {
  readonly rows: number;
  readonly passes: number;
  readonly classes: number;
  readonly values: ArrayLike<number>;
}

/** Checks sizes and that every pass gives probabilities; one column becomes two classes. */
export function passesOf(where: string, name: string, input: FloatInput, rows: number, columns: number): Passes {
  const numbers = toFloatArray(where, name, input);
  const passes = rows === 0 ? 2 : numbers.length / (rows * columns);
  if (!(Number.isInteger(passes) && passes >= 2)) {
    throw rangeError(where, name, `${rows} rows x passes (at least 2) x ${columns} classes`, numbers);
  }
  const named = (i: number): string => `row ${Math.floor(i / passes)}, pass ${i % passes} of ${name}`;
  const { values, classes } = checkDistributions(where, name, numbers, columns, named);
  return { rows, passes, classes, values };
}

/** 0 at 0. */
export const plogp: (p: number) => number = (p) => (p > 0 ? p * Math.log(p) : 0);
