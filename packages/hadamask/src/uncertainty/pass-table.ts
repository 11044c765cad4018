// Probabilities that stochastic passes gave for many rows, as one checked table.

import { rangeError, toFloatArray } from "../check.js";
import type { FloatInput } from "../types.js";

/** Probabilities of rows x passes x classes in C order. */
export interface Passes {
  readonly rows: number;
  readonly passes: number;
  readonly classes: number;
  readonly values: ArrayLike<number>;
}

export function passesOf(where: string, name: string, input: FloatInput, rows: number, classes: number): Passes {
  const values = toFloatArray(where, name, input);
  const passes = values.length / (rows * classes);
  if (!(Number.isInteger(passes) && passes >= 2)) {
    throw rangeError(where, name, `${rows} rows x passes (at least 2) x ${classes} classes`, values);
  }
  return { rows, passes, classes, values };
}

/** 0 at 0. */
export const plogp: (p: number) => number = (p) => (p > 0 ? p * Math.log(p) : 0);
