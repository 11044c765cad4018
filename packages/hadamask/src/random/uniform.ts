// Uniform numbers of mask stream 1. Knows nothing of what they are for.

import { checkIndex, checkKey, checkLength, checkOffset, typeError } from "../check.js";
import { checkOptions } from "../options.js";
import type { Key } from "../types.js";
import { noiseWords } from "./plane-words.js";

/** Words drawn at a time: they stay in the fastest cache until they are converted. */
const PIECE = 1024;

/**
 * Draws `n` numbers evenly spread over (0, 1).
 *
 *     u[j] = (word(offset + j) + 0.5) / 2^32
 *
 * where word(i) is the noise word of element i under `key` (mask stream 1, docs/stream.md).
 *
 * Randomness. A pure function of `key` and the element's index: any piece can be asked for, in any order. Uniforms
 *   and normals of one key come from the same words, so draw them from different keys; masks of that key are
 *   independent of both.
 * Numerics. Exact: the 2^32 values are the midpoints of 2^32 equal cells, so 0 and 1 never occur, and u and 1 - u are
 * equally likely.
 * Cost. About 9 ns an element, as `Math.random`; allocates n elements unless `out` is given.
 *
 * @throws {TypeError | RangeError} If `n`, `offset` or their sum is not a whole number in range, `key` is not a key, or
 *   `out` is not a Float64Array of n elements.
 * @example
 * ```ts
 * import { key, uniform } from "hadamask";
 * console.log(uniform(2, { key: key(42) })); // Float64Array(2) [ 0.618971333722584, 0.18420340062584728 ]
 * ```
 */
export function uniform(
  n: number,
  options: { readonly key: Key; readonly offset?: number; readonly out?: Float64Array },
): Float64Array {
  checkIndex("uniform", "n", n, 2 ** 32);
  checkOptions("uniform", options, ["key", "offset", "out"]);
  const key = checkKey("uniform", options.key);
  const offset = checkOffset("uniform", options.offset, n);
  const out = options.out ?? new Float64Array(n);
  if (!(out instanceof Float64Array)) throw typeError("uniform", "out", "a Float64Array", out);
  checkLength("uniform", "out", out.length, n, "as asked for");
  drawUniforms(out, key, offset);
  return out;
}

/** {@link uniform} without the checks, for layers: fills `out`. */
export function drawUniforms(out: Float64Array, key: Key, offset: number): void {
  const words = new Uint32Array(Math.min(out.length, PIECE));
  for (let done = 0; done < out.length; done += PIECE) {
    const n = Math.min(PIECE, out.length - done);
    noiseWords(words, n, key, offset + done);
    for (let j = 0; j < n; j++) out[done + j] = (words[j]! + 0.5) * 2 ** -32;
  }
}
