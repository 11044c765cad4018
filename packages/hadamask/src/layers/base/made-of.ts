// What a layer makes of an array of ones, or of zeros: that is how it goes into an engine. A layer that multiplies is
// its multipliers (what it makes of ones), one that adds is what it adds (what it makes of zeros). Knows no engine.

import { sizeOf } from "../../check.js";
import type { FloatArray, Mode } from "../../types.js";
import type { PassOptions } from "./stochastic-layer.js";

/** Whose turn it is to draw: a training step, or a prediction with noise. The same turn again gives the same draws. */
export interface Turn {
  readonly mode: "train" | "sample";
  readonly number: number;
  /** One id a row, where each row is to have draws of its own whatever batch it comes in. */
  readonly sampleIds?: ArrayLike<number> | undefined;
}

/** A layer of the library, as far as an engine needs it. */
export interface Core {
  mode: Mode;
  forward(x: FloatArray, options: CoreOptions): FloatArray;
}

export type CoreOptions = PassOptions & { readonly shape?: readonly number[]; readonly out?: FloatArray };

/** Runs `core` with the draws of `turn`. `rest` is what else its forward takes. */
export function runCore(core: Core, { mode, number, sampleIds }: Turn, x: FloatArray, rest: CoreOptions): FloatArray {
  core.mode = mode;
  return core.forward(x, { ...rest, ...(sampleIds && { sampleIds }), [mode === "train" ? "step" : "pass"]: number });
}

/** What `core` makes of `shape` filled with `value`. */
export function madeOf(
  core: Core,
  turn: Turn,
  shape: readonly number[],
  value: 0 | 1,
  rest: object = {},
): Float32Array {
  const values = new Float32Array(sizeOf(shape)).fill(value);
  return runCore(core, turn, values, { ...rest, shape }) as Float32Array;
}
