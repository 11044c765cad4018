// Bernoulli noise: an element is kept with probability keep, or dropped. The two ends of the range are decided here,
// without arithmetic; everything between goes to a kernel.

import { checkIndex, checkKeep, checkKey, checkLength, checkOffset, typeError } from "../check.js";
import { kernel } from "../kernels/select.js";
import { checkOptions } from "../options.js";
import { forEachKey } from "../placement/draws.js";
import { copyBits, expandMask } from "../placement/mask-bits.js";
import { isElementwise, type Layout, type Placement } from "../placement/shape.js";
import { KEEP_ALL, threshold } from "../random/threshold.js";
import type { FloatArray, Key, PackedMask, RateOption } from "../types.js";

/** The factor of a kept element, and with it the arithmetic: "inverted" 1 / keep, "classic" 1. */
export type Scale = number;

/**
 * Multiplies `x` by a mask drawn from `key`, without storing it: `out[j] = kept(offset + j) ? x[j] * scale : +0`.
 * At the ends nothing is drawn: keep 1 copies (times `scale`), keep 0 writes +0 whatever `x` holds.
 */
export function multiply(x: FloatArray, out: FloatArray, keep: number, key: Key, scale: Scale, offset: number): void {
  const T = threshold(keep);
  if (T === 0) out.fill(0);
  else if (T === KEEP_ALL) multiplyAll(x, out, scale);
  else kernel().dropout(x, out, key, T, scale, offset);
}

/** `out[j] = bit j of mask ? x[j] * scale : +0`. */
export function multiplyByMask(x: FloatArray, out: FloatArray, mask: PackedMask, scale: Scale): void {
  kernel().apply(x, out, mask, scale);
}

/** {@link multiply} with the draws laid out over `x` by `layout`; `offset` is the number of the first draw. */
export function multiplyLaidOut(
  x: FloatArray,
  out: FloatArray,
  keep: number,
  key: Key,
  scale: Scale,
  layout: Layout,
  offset: number,
): void {
  const T = threshold(keep);
  if (T === 0 || T === KEEP_ALL || (layout.rows === undefined && isElementwise(layout.whole))) {
    multiply(x, out, keep, key, scale, offset);
    return;
  }
  let mask: PackedMask | undefined;
  forEachKey(key, layout, (partKey, part, xStart) => {
    const from = x.subarray(xStart, xStart + part.size);
    const to = out === x ? from : out.subarray(xStart, xStart + part.size);
    if (isElementwise(part)) {
      kernel().dropout(from, to, partKey, T, scale, offset);
      return;
    }
    mask ??= new Uint32Array(Math.ceil(part.draws / 32));
    kernel().mask(mask, part.draws, partKey, T, offset);
    multiplyByShared(from, to, mask, scale, part);
  });
}

/** {@link multiplyByMask} where bit d of `mask` decides for all elements that take draw d of `placement`. */
export function multiplyByShared(
  x: FloatArray,
  out: FloatArray,
  mask: PackedMask,
  scale: Scale,
  placement: Placement,
): void {
  multiplyByMask(x, out, expandMask(mask, placement), scale);
}

/** The decisions of all draws of `layout`, row after row, as {@link multiplyLaidOut} takes them. */
export function drawLaidOut(keep: number, key: Key, layout: Layout): PackedMask {
  const { draws } = layout.whole;
  const out = new Uint32Array(Math.ceil(draws / 32));
  if (layout.rows === undefined) {
    drawMask(out, draws, keep, key, 0);
    return out;
  }
  const row = new Uint32Array(Math.ceil(layout.rows.each.draws / 32));
  forEachKey(key, layout, (rowKey, part, _xStart, drawStart) => {
    drawMask(row, part.draws, keep, rowKey, 0);
    copyBits(row, 0, out, drawStart, part.draws);
  });
  return out;
}

/** `out = x * scale`; a scale of 1 copies. */
export function multiplyAll(x: FloatArray, out: FloatArray, scale: Scale): void {
  if (scale === 1) {
    if (out !== x) out.set(x);
    return;
  }
  const s = x instanceof Float32Array ? Math.fround(scale) : scale;
  for (let j = 0; j < x.length; j++) out[j] = x[j]! * s;
}

/**
 * Decides for `n` elements which are kept, 1 bit an element.
 *
 *     bit j = 1   if and only if   U(offset + j) < round(keep * 2^53)
 *
 * where U(i) is the 53-bit integer of element i under `key` (mask stream 1, docs/stream.md).
 *
 * Shapes. Element i owns bit `i mod 32`, least significant first, of word `i div 32`; bits past `n` are 0.
 * Randomness. A pure function of `key`, `rate` and the element's index: any piece can be asked for, in any order.
 * Numerics. The realised probability of keeping differs from `keep` by at most 2^-54. Masks for two rates under one
 * key are nested.
 * Cost. 1 random bit an element at rate 1/2, about 7 at a general rate; allocates n / 8 bytes unless `out` is given.
 *
 * @throws {TypeError | RangeError} If rate or keep is not in [0, 1] or both are given, `n`, `offset` or their sum is
 *   not a whole number below 2^53, `key` is not a key, or `out` does not have ceil(n / 32) words.
 * @example
 * ```ts
 * import { key, keepMask, unpackMask } from "hadamask";
 * console.log(unpackMask(keepMask(8, { rate: 0.5, key: key(0) }), 8).join("")); // 01011111
 * ```
 */
export function keepMask(
  n: number,
  options: RateOption & { readonly key: Key; readonly offset?: number; readonly out?: PackedMask },
): PackedMask {
  checkIndex("keepMask", "n", n, 2 ** 37);
  checkOptions("keepMask", options, ["rate", "keep", "key", "offset", "out"]);
  const keep = checkKeep("keepMask", options);
  const key = checkKey("keepMask", options.key);
  const offset = checkOffset("keepMask", options.offset, n);
  const words = Math.ceil(n / 32);
  const out = options.out ?? new Uint32Array(words);
  if (!(out instanceof Uint32Array)) throw typeError("keepMask", "out", "a Uint32Array", out);
  checkLength("keepMask", "out", out.length, words, `(32 decisions a word, for ${n} elements)`);
  drawMask(out, n, keep, key, offset);
  return out;
}

/** {@link keepMask} without the checks, for layers. */
export function drawMask(out: PackedMask, n: number, keep: number, key: Key, offset: number): void {
  const T = threshold(keep);
  if (T === 0) out.fill(0);
  else if (T === KEEP_ALL) {
    out.fill(0xffffffff);
    if (n % 32 !== 0) out[out.length - 1] = 2 ** (n % 32) - 1;
  } else kernel().mask(out, n, key, T, offset);
}
