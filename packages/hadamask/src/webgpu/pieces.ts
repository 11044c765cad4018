// Arrays that are longer than a device can bind at once, cut into pieces. Knows no program.

import { bindingRoom, bytesPerElement } from "./regions.js";
import type { ElementType } from "./wgsl/elements.js";

/** Pieces begin at a multiple of this: whole blocks of draws, whole units, whole words of a mask. */
const STEP = 8192;

export interface Piece {
  /** Number of its first element. */
  readonly start: number;
  readonly count: number;
}

/** Elements that fit into one binding, as whole steps. */
export function pieceLength(dtype: ElementType, limit: number): number {
  return Math.max(1, Math.floor(bindingRoom(limit) / bytesPerElement(dtype) / STEP)) * STEP;
}

/** `n` elements as pieces of at most `length`. */
export function piecesOf(n: number, length: number): Piece[] {
  return Array.from({ length: Math.ceil(n / length) }, (_, i) => ({
    start: i * length,
    count: Math.min(length, n - i * length),
  }));
}
