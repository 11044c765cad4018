// Arrays for the benchmark, and what their results must be.

import { alloc, type FloatArray, free, type Key, keepMask, type PackedMask } from "hadamask";
import type { Pool } from "hadamask/pool";

/** Where the arrays of a group lie. */
export type Place = "heap" | "alloc" | Pool;

/** An input and an output of `n` float32 elements. */
export interface Arrays {
  readonly x: Float32Array;
  readonly y: Float32Array;
  release(): void;
}

/**
 * The output lies half a page from where the input does, modulo 4096: on some processors copies to a little after
 * their source stall, and the copy that all is compared with would be ten times slower or not by chance.
 */
export function makeArrays(place: Place, n: number): Arrays {
  const make = (skew: number): Float32Array => {
    if (place === "heap") return new Float32Array(new ArrayBuffer(4 * (n + skew)), 4 * skew, n);
    return place === "alloc" ? alloc(n + skew) : place.alloc(n + skew);
  };
  const [from, to] = [make(0), make(HALF_PAGE)];
  const x = fillInput(from);
  const y = place === "heap" ? to : to.subarray(HALF_PAGE);
  y.fill(-1); // touches the memory, so that no page is missing when time is taken
  const release = (): void => {
    if (place !== "heap") [from, to].forEach(free);
  };
  return { x, y, release };
}

/** Elements of half a page. */
const HALF_PAGE = 512;

/** No zeros, so that a dropped element is told from a kept one. */
function fillInput(x: Float32Array): Float32Array {
  for (let i = 0; i < x.length; i++) x[i] = 1 + (i % 1000) / 1000;
  return x;
}

/** Checks what dropout must give for `key`. */
export function checkDropout(
  x: FloatArray,
  y: FloatArray,
  rate: number,
  key: Key,
  scale: number = 1 / (1 - rate),
): void {
  checkMasked(x, y, keepMask(x.length, { rate, key }), scale, (i) => i);
}

/** Checks y against a mask: kept elements are x * scale in float32, the rest +0. Element i takes draw `of(i)`. */
export function checkMasked(
  x: FloatArray,
  y: FloatArray,
  mask: PackedMask,
  scale: number,
  of: (i: number) => number,
): void {
  const factor = Math.fround(scale);
  for (let i = 0; i < x.length; i++) {
    const draw = of(i);
    const isKept = ((mask[draw >>> 5]! >>> (draw & 31)) & 1) === 1;
    const expected = isKept ? Math.fround(x[i]! * factor) : 0;
    if (!Object.is(y[i], expected)) throw new Error(`element ${i} is ${y[i]}, not ${expected}`);
  }
}

/** Checks that y is x times `factor`. */
export function checkScaled(x: FloatArray, y: FloatArray, factor: number): void {
  for (let i = 0; i < x.length; i++) {
    if (y[i] !== Math.fround(x[i]! * factor)) throw new Error(`element ${i} is ${y[i]}`);
  }
}
