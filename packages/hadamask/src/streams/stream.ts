// What the streams have in common: reading a request, packing decisions, checking seeds and snapshots. Knows no
// framework.

import { checkIndex, checkNumber, describe, isFloatArray, rangeError, typeError } from "../check.js";
import type { Dtype, MaskStream, SnapshotValue, StreamSnapshot } from "../random/source.js";
import type { FloatArray, PackedMask } from "../types.js";

/** A foreign stream: masks, and the uniform numbers they are made of. */
export interface Stream extends MaskStream {
  /** The next `n` uniform numbers in [0, 1), as that framework's own function for them gives. */
  uniforms(n: number, options?: { readonly dtype?: Dtype }): FloatArray;
}

/** Counts of elements that a packed mask can hold. */
export function checkElements(where: string, n: unknown): number {
  return checkIndex(where, "n", n, 2 ** 37);
}

export function checkDtype(where: string, value: unknown): Dtype {
  if (value === "float32" || value === "float64") return value;
  throw rangeError(where, "dtype", '"float32" or "float64"', value);
}

/**
 * Checks a seed, a whole number in [low, high], and returns it as a bigint. Numbers past 2^53 are not exact and do
 * not pass.
 */
export function checkSeed(where: string, seed: unknown, low: bigint, high: bigint): bigint {
  if (typeof seed !== "bigint" && typeof seed !== "number")
    throw typeError(where, "seed", "a number or a bigint", seed);
  if (typeof seed === "number" && !Number.isSafeInteger(seed)) {
    const advice = Number.isInteger(seed) ? "pass a bigint for seeds past 2^53" : undefined;
    throw rangeError(where, "seed", "a whole number", seed, advice);
  }
  const value = BigInt(seed);
  if (!(value >= low && value <= high)) throw rangeError(where, "seed", `in [${low}, ${high}]`, seed);
  return value;
}

/** Packs the decisions of elements 0 … n - 1. */
export function packDecisions(n: number, isKept: (i: number) => boolean): PackedMask {
  const mask = new Uint32Array(Math.ceil(n / 32));
  for (let start = 0; start < n; start += 32) {
    const end = Math.min(32, n - start);
    let bits = 0;
    for (let k = 0; k < end; k++) bits |= Number(isKept(start + k)) << k;
    mask[start >>> 5] = bits;
  }
  return mask;
}

/** A mask that keeps all of n elements, or none. */
export function constantMask(n: number, isKept: boolean): PackedMask {
  return isKept ? packDecisions(n, () => true) : new Uint32Array(Math.ceil(n / 32));
}

/**
 * Decisions `u[i] < threshold`, packed: what `rand(…) < keep` says in NumPy.
 * The comparison is in float64; round the threshold to float32 first where the framework does.
 *
 * @example
 * ```ts
 * import { unpackMask } from "hadamask";
 * import { below } from "hadamask/streams";
 * console.log(unpackMask(below(Float64Array.of(0.2, 0.7), 0.5), 2)); // Uint8Array(2) [ 1, 0 ]
 * ```
 */
export function below(u: FloatArray | Uint32Array, threshold: number): PackedMask {
  if (!(isFloatArray(u) || u instanceof Uint32Array)) throw typeError("below", "u", "an array of floats or words", u);
  checkNumber("below", "threshold", threshold);
  const mask = new Uint32Array(Math.ceil(u.length / 32));
  writeBelow(mask, 0, u, u.length, threshold);
  return mask;
}

/** Elements that are drawn at once: uniforms of a piece stay in the first-level cache, and none are kept. */
export const PIECE = 2048;

/**
 * {@link below} for `n` numbers that are drawn a piece at a time: `fill` writes the numbers from `start` on into
 * `piece`, of which `count` are wanted.
 */
export function belowInPieces<Numbers extends FloatArray | Uint32Array>(
  n: number,
  threshold: number,
  piece: Numbers,
  fill: (piece: Numbers, count: number, start: number) => void,
): PackedMask {
  const mask = new Uint32Array(Math.ceil(n / 32));
  for (let start = 0; start < n; start += PIECE) {
    const count = Math.min(PIECE, n - start);
    fill(piece, count, start);
    writeBelow(mask, start >>> 5, piece, count, threshold);
  }
  return mask;
}

function writeBelow(mask: PackedMask, at: number, u: FloatArray | Uint32Array, count: number, threshold: number): void {
  for (let start = 0; start < count; start += 32) {
    const end = Math.min(32, count - start);
    let bits = 0;
    for (let k = 0; k < end; k++) bits |= Number(u[start + k]! < threshold) << k;
    mask[at + (start >>> 5)] = bits;
  }
}

/** Decisions `u[i] >= threshold`, packed. */
export function notBelow(u: FloatArray, threshold: number): PackedMask {
  return inverted(below(u, threshold), u.length);
}

/** Turns the decisions of n elements round, in place. */
export function inverted(mask: PackedMask, n: number): PackedMask {
  for (let w = 0; w < mask.length; w++) mask[w] = ~mask[w]!;
  if (n % 32 !== 0) mask[mask.length - 1]! &= 2 ** (n % 32) - 1;
  return mask;
}

/** An array of `n` zeros of an element type. */
export function floatArray(n: number, dtype: Dtype): FloatArray {
  return dtype === "float32" ? new Float32Array(n) : new Float64Array(n);
}

/** Rounds to an element type. */
export function rounder(dtype: Dtype): (value: number) => number {
  return dtype === "float32" ? Math.fround : (value) => value;
}

/** Refuses a snapshot that was taken from another kind of stream. */
export function checkSnapshot(name: string, snapshot: StreamSnapshot): StreamSnapshot {
  if (snapshot?.stream !== name) {
    const got = typeof snapshot?.stream === "string" ? JSON.stringify(snapshot.stream) : describe(snapshot);
    throw new TypeError(`restore: snapshot must be of stream "${name}", got ${got}`);
  }
  return snapshot;
}

/** Refuses a snapshot of a stream that was made with another setting: a seed, a path. */
export function checkSetting(snapshot: StreamSnapshot, field: string, own: SnapshotValue): void {
  const theirs = JSON.stringify(snapshot[field]);
  if (theirs !== JSON.stringify(own)) {
    throw new RangeError(`restore: snapshot must be of a stream with ${field} ${JSON.stringify(own)}, got ${theirs}`);
  }
}
