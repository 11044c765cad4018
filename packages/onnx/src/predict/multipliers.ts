// Masks as the model takes them: 0 or 1 / keep for every decision, drawn from keys.

import { type Key, keepMask } from "hadamask";

/** Where the decisions of one row lie in a tensor: pieces of `length`, the first at `start`, each `stride` after the one before. */
export interface Pieces {
  readonly start: number;
  readonly length: number;
  readonly stride: number;
}

/** Draws `n` decisions under `key` and writes them as multipliers. */
export function drawMultipliers(
  out: Float32Array | Float64Array,
  key: Key,
  keep: number,
  n: number,
  { start, length, stride }: Pieces,
): void {
  const scale = keep === 0 ? 0 : 1 / keep;
  const bits = keepMask(n, { keep, key });
  for (let from = 0, at = start; from < n; from += length, at += stride) expand(bits, from, out, at, length, scale);
}

/** Bits `from` … `from + n - 1` as numbers. */
function expand(
  bits: Uint32Array,
  from: number,
  out: Float32Array | Float64Array,
  at: number,
  n: number,
  scale: number,
): void {
  for (let j = 0; j < n; j++) {
    const i = from + j;
    out[at + j] = (bits[i >> 5]! >>> (i & 31)) & 1 ? scale : 0;
  }
}

/** Copies the row before: for consistent masks, where all rows of a pass are alike. */
export function copyPieces(out: Float32Array | Float64Array, { start, length, stride }: Pieces, pieces: number): void {
  for (let piece = 0; piece < pieces; piece++) {
    const at = start + piece * stride;
    out.copyWithin(at, at - length, at);
  }
}
