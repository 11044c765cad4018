// Random inputs of a graph, drawn under the keys that a layer derives for its steps and passes. Knows no distribution.

import "./navigator.js";
import { type Array as JaxArray, numpy as np } from "@jax-js/jax";
import { checkCount, checkIndex, checkKey, sizeOf } from "../check.js";
import { deriveKey, TAG } from "../random/derive.js";
import { drawNormals } from "../random/normal.js";
import type { Key } from "../types.js";
import type { Drawn } from "./noise.js";

/** Draws under the keys that a layer derives from `key` for its steps and passes. */
export function drawnUnder(where: string, key: unknown, draw: (key: Key, batch: number) => JaxArray): Drawn {
  const root = checkKey(where, key);
  return drawnAt(root, (tag, number, batch) => draw(deriveKey(root, TAG[tag], number), batch));
}

/** Draws at steps and passes, with the numbers checked. */
export function drawnAt(key: Key, draw: (tag: "step" | "pass", number: number, batch: number) => JaxArray): Drawn {
  return {
    key,
    train: (step, batch) => draw("step", checkIndex("train", "step", step), checkCount("train", "batch", batch)),
    sample: (pass, batch) => draw("pass", checkIndex("sample", "pass", pass), checkCount("sample", "batch", batch)),
  };
}

/** Normal numbers 0, 1, … under `key`, rounded once to float32. */
export function normalArray(shape: readonly number[], key: Key): JaxArray {
  const values = new Float32Array(sizeOf(shape));
  drawNormals(values, key, 0);
  return np.array(values, { shape: [...shape] });
}
