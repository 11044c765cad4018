// Arrays that the SIMD kernel can work on where they are: parts of a WASM memory.
//
// A memory that grows detaches every array in it, so an arena is reserved once and never grows; the system gives it pages
// as they are first written. Arrays of an arena share its buffer. The arena goes when the last of them is collected, and
// `free` gives back a single array's place before that: an array cannot do so when it is collected itself, since other views of
// the same place (`subarray`) keep alive the buffer only.

import { checkIndex, isFloatArray, rangeError, typeError } from "../check.js";
import type { FloatArray } from "../types.js";
import { HEAP, instantiate, isSimdSupported, type SimdInstance } from "./simd-instance.js";

/** Address space that a new arena asks for; halved until the system grants it. */
const RESERVE = 2 ** 30;

/** The most that WASM can address, less what the kernel needs. */
const LIMIT = 2 ** 32 - 2 ** 20;

/** Places begin at multiples of a cache line. */
const LINE = 64;

class Arena {
  readonly instance: SimdInstance;
  /** Bytes of each array, by address. */
  readonly #used = new Map<number, number>();
  /** Gaps between them, by ascending address; no two touch. */
  readonly #gaps: { at: number; bytes: number }[];
  /** Above this address nothing was ever written: memory there is still zero. */
  #touched = HEAP;

  constructor(bytes: number) {
    this.instance = instantiate(bytes);
    this.#gaps = [{ at: HEAP, bytes: this.instance.buffer.byteLength - HEAP }];
  }

  /** The address of `bytes` zeros, a multiple of LINE, or undefined where no gap is long enough. */
  take(bytes: number): number | undefined {
    const i = this.#gaps.findIndex((gap) => gap.bytes >= bytes);
    if (i < 0) return undefined;
    const gap = this.#gaps[i]!;
    const { at } = gap;
    gap.at += bytes;
    gap.bytes -= bytes;
    if (gap.bytes === 0) this.#gaps.splice(i, 1);
    this.#used.set(at, bytes);
    const old = Math.min(at + bytes, this.#touched) - at;
    if (old > 0) new Uint8Array(this.instance.buffer, at, old).fill(0);
    this.#touched = Math.max(this.#touched, at + bytes);
    return at;
  }

  /** Gives back what begins at `at`; false if nothing does. */
  give(at: number): boolean {
    const bytes = this.#used.get(at);
    if (bytes === undefined) return false;
    this.#used.delete(at);
    const found = this.#gaps.findIndex((gap) => gap.at > at);
    const i = found < 0 ? this.#gaps.length : found;
    this.#gaps.splice(i, 0, { at, bytes });
    this.#join(i);
    this.#join(i - 1);
    return true;
  }

  /** Makes one of gap `i` and the next, if they touch. */
  #join(i: number): void {
    const gap = this.#gaps[i];
    const next = this.#gaps[i + 1];
    if (gap === undefined || next === undefined || gap.at + gap.bytes !== next.at) return;
    gap.bytes += next.bytes;
    this.#gaps.splice(i + 1, 1);
  }
}

/** Which arena a buffer is, for as long as something holds the buffer. */
const arenas = new WeakMap<ArrayBufferLike, Arena>();
/** The same arenas, to look for a gap in. */
let known: WeakRef<Arena>[] = [];
/** What `alloc` made where there is no SIMD kernel. */
const ordinary = new WeakSet<FloatArray>();

/** The instance whose memory `array` lies in, if it does. */
export function homeOf(array: FloatArray): SimdInstance | undefined {
  return arenas.get(array.buffer)?.instance;
}

/**
 * Makes an array of `n` zeros that dropout can work on where it is, without copying it in and out of the kernel's memory.
 * Everything takes any array; with arrays from here, for the input and `out`, large calls take half the time or less.
 *
 * Shapes. A Float32Array, or a Float64Array for type "float64". It is part of a larger buffer: pass the array on, not its
 *   `buffer`, and copy it (`slice`) before it is transferred to a worker.
 * Cost. Address space for 1 GiB is reserved at a time; memory is taken as it is written to. It is given back by {@link free},
 *   or when all arrays that were allocated near this one are garbage. Where WASM SIMD is missing: an ordinary array.
 *
 * @throws {TypeError | RangeError} If `n` is not a whole number, or above 2^30 - 2^18 (float32) or 2^29 - 2^17 (float64).
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
export function alloc(n: number, type: "float32" | "float64" = "float32"): FloatArray {
  if (type !== "float32" && type !== "float64") throw rangeError("alloc", "type", '"float32" or "float64"', type);
  const size = type === "float32" ? 4 : 8;
  checkIndex("alloc", "n", n, LIMIT / size + 1);
  if (!isSimdSupported()) {
    const array = type === "float32" ? new Float32Array(n) : new Float64Array(n);
    ordinary.add(array);
    return array;
  }
  const { buffer, at } = place(Math.max(1, Math.ceil((n * size) / LINE)) * LINE);
  return type === "float32" ? new Float32Array(buffer, at, n) : new Float64Array(buffer, at, n);
}

/**
 * Gives back the memory of an array from {@link alloc}. The array must not be used any more: its place may become another's.
 *
 * @throws {TypeError} If `array` is not what `alloc` returned, or was freed before.
 */
export function free(array: FloatArray): void {
  if (isFloatArray(array)) {
    if (arenas.get(array.buffer)?.give(array.byteOffset) || ordinary.delete(array)) return;
  }
  throw typeError("free", "array", "one that alloc returned and that was not freed before", array);
}

/** Room for `bytes` in an arena that has it, or in a new one. */
function place(bytes: number): { buffer: ArrayBufferLike; at: number } {
  known = known.filter((reference) => reference.deref() !== undefined);
  for (const reference of known) {
    const arena = reference.deref();
    const at = arena?.take(bytes);
    if (arena !== undefined && at !== undefined) return { buffer: arena.instance.buffer, at };
  }
  const arena = reserve(bytes);
  return { buffer: arena.instance.buffer, at: arena.take(bytes)! };
}

function reserve(bytes: number): Arena {
  for (let size = Math.max(RESERVE, bytes); ; size = Math.max(size / 2, bytes)) {
    try {
      const arena = new Arena(size);
      arenas.set(arena.instance.buffer, arena);
      known.unshift(new WeakRef(arena));
      return arena;
    } catch (error) {
      if (size > bytes) continue;
      throw new Error(`alloc: the system grants no ${bytes} bytes; free arrays with free(), or use ordinary arrays`, {
        cause: error,
      });
    }
  }
}
