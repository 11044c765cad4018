// Alpha noise: a dropped element takes a value of its own, and all are scaled and shifted. Knows no layers.

import { bitAt } from "../placement/mask-bits.js";
import type { FloatArray, PackedMask } from "../types.js";

/**
 * Minus the limit of SELU for large negative inputs: its scale times its alpha, 1.0507… * 1.6732… (Klambauer et al.
 * 2017).
 */
const SELU_LIMIT = 1.7580993408473768;

/** What becomes of an element at one rate. */
export interface AlphaAffine {
  /** Kept: gain * x + shift. */
  readonly gain: number;
  readonly shift: number;
  /** Dropped: this. */
  readonly dropped: number;
}

/**
 * The numbers of alpha dropout, with L = {@link SELU_LIMIT}: those for which x of mean 0 and variance 1 keeps both.
 *
 *     gain = 1 / sqrt(keep (1 + rate L^2))     shift = gain * rate * L     dropped = -L sqrt(keep / (1 + rate L^2))
 *
 * Numerics. `dropped` is shift - gain * L without its cancellation. As rate goes to 1, gain has no limit, but
 *   `dropped` goes to 0, and everything is dropped: there gain and shift are 0 too. At rate 0 the map is x to the
 *   last bit, -0 included.
 */
export function alphaAffine(keep: number): AlphaAffine {
  if (keep === 0) return { gain: 0, shift: 0, dropped: 0 };
  const rate = 1 - keep;
  const spread = 1 + rate * SELU_LIMIT * SELU_LIMIT;
  const gain = 1 / Math.sqrt(keep * spread);
  const shift = rate === 0 ? -0 : gain * rate * SELU_LIMIT; // x + 0 would turn -0 into 0
  return { gain, shift, dropped: -SELU_LIMIT * Math.sqrt(keep / spread) };
}

/** Writes what `affine` says of each element and its bit of `mask` to `out`, which may be `x`. */
export function applyAlpha(
  x: FloatArray,
  out: FloatArray,
  mask: PackedMask,
  { gain, shift, dropped }: AlphaAffine,
): void {
  for (let i = 0; i < x.length; i++) {
    const isKept = bitAt(mask, i);
    out[i] = isKept ? gain * x[i]! + shift : dropped;
  }
}
