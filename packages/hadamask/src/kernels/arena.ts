// Arrays that the SIMD kernel can work on where they are: parts of a WASM memory.
//
// A memory that grows detaches every array in it, so an arena is reserved once and never grows; the system gives it
// pages as they are first written. Arrays of an arena share its buffer. The arena goes when the last of them is
// collected, and `free` gives back a single array's place before that: an array cannot do so when it is collected
// itself, since other views of the same place (`subarray`) keep alive the buffer only.

import { checkIndex, isFloatArray, rangeError, typeError } from "../check.js";
import type { FloatArray } from "../types.js";
import { Gaps } from "./gaps.js";
import { HEAP, instantiate, isSimdSupported, type SimdInstance } from "./simd-instance.js";

/** Address space that a new arena asks for; halved until the system grants it. */
const RESERVE = 2 ** 30;

/** The most that WASM can address, less what the kernel needs. */
const LIMIT = 2 ** 32 - 2 ** 20;

export type ElementType = "float32" | "float64";

/** A memory, and who works on it. */
export interface Arena {
  readonly instance: SimdInstance;
  readonly gaps: Gaps;
}

/** Which arena a buffer is, for as long as something holds the buffer. */
const arenas = new WeakMap<ArrayBufferLike, Arena>();
/** Those that `alloc` looks for a gap in. */
let known: WeakRef<Arena>[] = [];
/** What `alloc` made where there is no SIMD kernel. */
const ordinary = new WeakSet<FloatArray>();

/** Whether threads share the memory of any arena: most programs have no pool, and need not look for one. */
let hasShared = false;

/** The instance of threads whose memory `array` lies in, if it does. */
export function sharedHomeOf(array: FloatArray): SimdInstance | undefined {
  return hasShared && array.buffer instanceof SharedArrayBuffer ? homeOf(array) : undefined;
}

/** The instance whose memory `array` lies in, if it does. */
export function homeOf(array: FloatArray): SimdInstance | undefined {
  return arenas.get(array.buffer)?.instance;
}

/** Makes an arena of a memory from address `begin` on. */
export function addArena(instance: SimdInstance, begin: number): Arena {
  const arena = { instance, gaps: new Gaps(begin, instance.buffer.byteLength) };
  arenas.set(instance.buffer, arena);
  hasShared ||= typeof SharedArrayBuffer !== "undefined" && instance.buffer instanceof SharedArrayBuffer;
  return arena;
}

/**
 * Makes an array of `n` zeros that dropout can work on where it is, without copying it in and out of the kernel's
 * memory. Everything takes any array; with arrays from here, for the input and `out`, large calls take half the time
 * or less.
 *
 * Shapes. A Float32Array, or a Float64Array for type "float64". It is part of a larger buffer: pass the array on, not
 *   its `buffer`, and copy it (`slice`) before it is transferred to a worker.
 * Cost. Address space for 1 GiB is reserved at a time; memory is taken as it is written to. It is given back by
 *   {@link free}, or when all arrays that were allocated near this one are garbage. Where WASM SIMD is missing: an
 *   ordinary array.
 *
 * @throws {TypeError | RangeError} If `n` is not a whole number, or above 2^30 - 2^18 (float32) or 2^29 - 2^17
 *   (float64).
 * @throws {Error} If the system does not grant the memory.
 * @example
 * ```ts
 * import { alloc, dropout, free, key } from "hadamask";
 * const x = alloc(1_000_000);
 * const y = alloc(1_000_000);
 * dropout(x.fill(1), { rate: 0.1, key: key(42), out: y });
 * free(x);
 * free(y);
 * ```
 */
export function alloc(n: number, type?: "float32"): Float32Array;
export function alloc(n: number, type: "float64"): Float64Array;
export function alloc(n: number, type: ElementType = "float32"): FloatArray {
  const bytes = checkAllocation("alloc", n, type);
  if (!isSimdSupported()) {
    const array = type === "float32" ? new Float32Array(n) : new Float64Array(n);
    ordinary.add(array);
    return array;
  }
  known = known.filter((reference) => reference.deref() !== undefined);
  for (const reference of known) {
    const arena = reference.deref();
    const array = arena && arrayIn(arena, n, type);
    if (array !== undefined) return array;
  }
  const arena = reserve("alloc", Math.max(RESERVE, bytes), bytes, (size) => addArena(instantiate(size), HEAP));
  known.unshift(new WeakRef(arena));
  return arrayIn(arena, n, type)!;
}

/**
 * Gives back the memory of an array from {@link alloc}. The array must not be used any more: its place may become
 * another's.
 *
 * @throws {TypeError} If `array` is not what `alloc` returned (a part of it is not), or was freed before.
 * @example
 * ```ts
 * import { alloc, free } from "hadamask";
 * const x = alloc(1000);
 * free(x); // and never read it again
 * ```
 */
export function free(array: FloatArray): void {
  if (isFloatArray(array)) {
    if (arenas.get(array.buffer)?.gaps.give(array.byteOffset, array.byteLength) || ordinary.delete(array)) return;
  }
  throw typeError("free", "array", "one that alloc returned and that was not freed before", array);
}

/** Checks what is to be allocated; returns its size in bytes. */
export function checkAllocation(where: string, n: number, type: ElementType): number {
  if (type !== "float32" && type !== "float64") throw rangeError(where, "type", '"float32" or "float64"', type);
  const size = type === "float32" ? 4 : 8;
  return size * checkIndex(where, "n", n, LIMIT / size + 1);
}

/** An array of zeros in `arena`; undefined if there is no room for it. */
export function arrayIn(arena: Arena, n: number, type: ElementType): FloatArray | undefined {
  const size = type === "float32" ? 4 : 8;
  const place = arena.gaps.take(n * size);
  if (place === undefined) return undefined;
  const { buffer } = arena.instance;
  new Uint8Array(buffer, place.at, place.used).fill(0);
  return type === "float32" ? new Float32Array(buffer, place.at, n) : new Float64Array(buffer, place.at, n);
}

/** Calls `make` with a size from `wanted` bytes down to `needed` until the system grants it. */
export function reserve<T>(where: string, wanted: number, needed: number, make: (bytes: number) => T): T {
  for (let size = wanted; ; size = Math.max(size / 2, needed)) {
    try {
      return make(size);
    } catch (cause) {
      if (size > needed) continue;
      const message = `${where}: the system grants no ${needed} bytes; free arrays with free(), or use ordinary arrays`;
      throw new Error(message, { cause });
    }
  }
}
