// Masks of many rows at once, each under a key of its own.

import { checkIndex, checkKeep, checkKey, checkLength, typeError } from "../check.js";
import { areQuick, drawRows } from "../kernels/draw-blocks.js";
import { checkOptions } from "../options.js";
import { derivedHigh, TAG } from "../random/derive.js";
import { hash } from "../random/threefry.js";
import { KEEP_ALL, threshold } from "../random/threshold.js";
import type { Key, PackedMask, RateOption } from "../types.js";
import { drawMask } from "./bernoulli.js";

/**
 * Decides for `n` elements of each of many rows which are kept: what {@link keepMask} gives under
 * `sampleKey(key, id)`, row after row.
 *
 * Shapes. Each row begins with a word of its own: ceil(n / 32) words a row, bits past `n` are 0.
 * Randomness. A row's bits depend on `key`, its id and `rate` alone, not on the other rows.
 * Numerics. As {@link keepMask}.
 * Cost. As that, without the cost of a call and a key for each row: half of the time for rows of 256 at rate 1/2.
 *
 * @throws {TypeError | RangeError} If rate or keep is not in [0, 1] or both are given, `n` is not a whole number below
 *   2^37, `key` is not a key, an id is not a whole number in [0, 2^53), or `out` does not have ceil(n / 32) words for
 *   each row.
 * @example
 * ```ts
 * import { key, keepMask, keepMasks, sampleKey } from "hadamask";
 * const rows = keepMasks(32, { rate: 0.5, key: key(1), sampleIds: [7, 5] });
 * console.log(rows[1] === keepMask(32, { rate: 0.5, key: sampleKey(key(1), 5) })[0]); // true
 * ```
 */
export function keepMasks(
  n: number,
  options: RateOption & { readonly key: Key; readonly sampleIds: ArrayLike<number>; readonly out?: PackedMask },
): PackedMask {
  checkIndex("keepMasks", "n", n, 2 ** 37);
  checkOptions("keepMasks", options, ["rate", "keep", "key", "sampleIds", "out"]);
  const keep = checkKeep("keepMasks", options);
  const key = checkKey("keepMasks", options.key);
  const { sampleIds } = options;
  if (typeof sampleIds?.length !== "number") throw typeError("keepMasks", "sampleIds", "an array of ids", sampleIds);
  const perRow = Math.ceil(n / 32);
  const words = perRow * sampleIds.length;
  const out = options.out ?? new Uint32Array(words);
  if (!(out instanceof Uint32Array)) throw typeError("keepMasks", "out", "a Uint32Array", out);
  checkLength("keepMasks", "out", out.length, words, `(${perRow} words for each of ${sampleIds.length} rows)`);
  const keys = rowKeys(key, sampleIds);
  const T = threshold(keep);
  if (n === 0) return out;
  if (T > 0 && T !== KEEP_ALL && areQuick(n, T)) {
    drawRows(out, n, keys, T);
    return out;
  }
  for (let r = 0; r < sampleIds.length; r++) {
    drawMask(out.subarray(r * perRow, (r + 1) * perRow), n, keep, [keys[2 * r]!, keys[2 * r + 1]!], 0);
  }
  return out;
}

/** `sampleKey` of each id, two words each. */
function rowKeys(key: Key, sampleIds: ArrayLike<number>): Uint32Array {
  const keys = new Uint32Array(2 * sampleIds.length);
  const [k0, k1] = [key[0] | 0, key[1] | 0];
  for (let row = 0; row < sampleIds.length; row++) {
    const id = sampleIds[row]!;
    if (!(Number.isSafeInteger(id) && id >= 0)) checkIndex("keepMasks", `sampleIds[${row}]`, id);
    hash(keys, 2 * row, k0, k1, derivedHigh(TAG.sampleId, id), (id % 2 ** 32) | 0);
  }
  return keys;
}
