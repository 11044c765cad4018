// Several threads on one memory. Arrays from a pool are worked on by all of its threads, whichever function or layer
// they are given to; nothing else changes, and no bit of any result.

import { outputFor, rangeError, toFloatArray, typeError } from "../check.js";
import { type Arena, addArena, arrayIn, checkAllocation, type ElementType, homeOf, reserve } from "../kernels/arena.js";
import { findNative, type NativeAddon } from "../kernels/native-addon.js";
import { nodeModule } from "../kernels/node-module.js";
import { kernelName } from "../kernels/select.js";
import { type DrawCall, instantiateShared, isSimdSupported } from "../kernels/simd-instance.js";
import { type DropoutOptions, dropout, dropoutBackward } from "../layers/dropout.js";
import type { FloatArray, FloatInput, Like } from "../types.js";
import { Threads } from "./threads.js";
import { startWorker } from "./worker.js";

/** Address space that a pool asks for; halved until the system grants it. */
const RESERVE = 2 ** 30;

/** The least that is worth a pool. */
const LEAST = 2 ** 24;

const MOST_THREADS = 64;

export interface PoolOptions {
  /** Threads that work at the same time, this one included. Default: one for each processor. */
  readonly threads?: number;
}

/**
 * Several threads on one memory, made by {@link createPool}.
 *
 * In Node and in workers whatever takes arrays is synchronous as always: given arrays from `pool.alloc`, large calls
 * of `dropout`, of layers and of their gradients return when all threads are done. A page must not wait: there the
 * same calls run on one thread, and `await pool.dropout(…)` runs on the workers.
 *
 * Randomness. As everywhere: results depend on the key, not on the number of threads.
 *
 * @example
 * ```ts
 * import { dropout, key } from "hadamask";
 * import { createPool } from "hadamask/pool";
 * const pool = createPool({ threads: 2 });
 * const x = pool.alloc(200_000).fill(1);
 * const y = await pool.dropout(x, { rate: 0.5, key: key(1) });
 * const same = dropout(new Float32Array(200_000).fill(1), { rate: 0.5, key: key(1) });
 * console.log(y.every((value, i) => value === same[i])); // true
 * pool.close();
 * ```
 */
export class Pool {
  readonly #arena: Arena;
  readonly #threads: Threads;
  /** Calls noted instead of being done, while `dropout` of an asynchronous call runs. */
  #noted: DrawCall[] | undefined;

  /** `addon` does the work in place of the WASM module, where it is given. */
  constructor(threads: number, addon: NativeAddon | undefined) {
    const shared = reserve("createPool", RESERVE, LEAST, (bytes) => instantiateShared(bytes, threads - 1));
    this.#threads = new Threads({ shared, start: startWorker, addon });
    const draw = (call: DrawCall): void => {
      if (this.#noted === undefined) this.#threads.draw(call);
      else this.#noted.push(call);
    };
    this.#arena = addArena({ ...shared.instance, draw }, shared.begin);
  }

  /**
   * Threads that work at the same time: those that were asked for, in a page one fewer, since its own may not wait;
   * fewer when workers have died, 1 when the pool is closed.
   */
  get threads(): number {
    return Math.max(1, this.#threads.count);
  }

  /** Whether calls may wait for the other threads: not in a page. */
  get isSynchronous(): boolean {
    return this.#threads.canWait;
  }

  /**
   * Makes an array of `n` zeros in the memory that the threads share; `free` gives it back.
   *
   * @throws {TypeError | RangeError} If `n` is not a whole number in range, or the pool's memory has no room for it.
   */
  alloc(n: number, type?: "float32"): Float32Array;
  alloc(n: number, type: "float64"): Float64Array;
  alloc(n: number, type: ElementType = "float32"): FloatArray {
    checkAllocation("Pool.alloc", n, type);
    const array = arrayIn(this.#arena, n, type);
    if (array === undefined) {
      const size = this.#arena.instance.buffer.byteLength;
      throw new RangeError(
        `Pool.alloc: n must fit what is left of ${size} bytes, got ${n} elements; free arrays with free()`,
      );
    }
    return array;
  }

  /**
   * {@link dropout}, on the workers while this thread continues. Arrays that are not from the pool are copied into it
   * and back. Neither `x` nor `out` may be changed or read before the promise resolves.
   *
   * @returns `out`, or a new array: from the pool if `x` is.
   * @throws {TypeError | RangeError} As `dropout`. @throws {Error} If a worker dies, or the pool is closed, before it
   *   is done.
   */
  dropout<X extends FloatInput>(x: X, options: DropoutOptions): Promise<Like<X>> {
    return this.#later("Pool.dropout", "x", x, options, dropout);
  }

  /** {@link dropoutBackward}, as {@link Pool.dropout}. */
  dropoutBackward<X extends FloatInput>(dy: X, options: DropoutOptions): Promise<Like<X>> {
    return this.#later("Pool.dropoutBackward", "dy", dy, options, dropoutBackward);
  }

  async #later<X extends FloatInput>(
    where: string,
    name: string,
    x: X,
    options: DropoutOptions,
    compute: typeof dropout,
  ): Promise<Like<X>> {
    const values = toFloatArray(where, name, x);
    const made: FloatArray[] = [];
    const make = (): FloatArray => {
      const array = values instanceof Float32Array ? this.alloc(values.length) : this.alloc(values.length, "float64");
      made.push(array);
      return array;
    };
    try {
      const out = options.out ?? (this.#isOwn(values) ? make() : undefined);
      const result = outputFor(where, values, out);
      const from = this.#isOwn(values) ? values : make();
      const to = this.#isOwn(result) ? result : from === values ? make() : from;
      if (from !== values) from.set(values);
      for (const call of this.#note(() => compute(from, { ...options, out: to }))) await this.#threads.drawLater(call);
      if (to !== result) result.set(to);
      if (made[0] === result) made.shift();
      return result as Like<X>;
    } finally {
      for (const array of made) this.#arena.gaps.give(array.byteOffset, array.byteLength);
    }
  }

  /** The calls that `compute` would do on arrays of this pool. */
  #note(compute: () => void): readonly DrawCall[] {
    const noted: DrawCall[] = [];
    this.#noted = noted;
    try {
      compute();
    } finally {
      this.#noted = undefined;
    }
    return noted;
  }

  #isOwn(array: FloatArray): boolean {
    return homeOf(array) === this.#arena.instance;
  }

  /** Ends the workers. Arrays of the pool stay, and calls with them run on this thread alone. */
  close(): void {
    this.#threads.close();
  }
}

/**
 * Starts threads that share a memory, and with it the work on arrays from there.
 *
 * Cost. Address space for 1 GiB; memory is taken as it is written to. A pool that is not closed does not keep a Node
 *   process running.
 *
 * @throws {TypeError | RangeError} If `threads` is not a whole number from 1 to 64.
 * @throws {Error} Where there is no SharedArrayBuffer or no WASM SIMD, or where workers cannot be started.
 * @example
 * ```ts
 * import { dropout, key } from "hadamask";
 * import { createPool } from "hadamask/pool";
 * const pool = createPool({ threads: 2 });
 * const x = pool.alloc(1_000_000).fill(1);
 * const y = pool.alloc(1_000_000);
 * dropout(x, { rate: 0.1, key: key(42), out: y });
 * pool.close();
 * ```
 */
export function createPool(options: PoolOptions = {}): Pool {
  const threads = checkThreads(options.threads ?? processors());
  if (typeof SharedArrayBuffer === "undefined") {
    throw new Error(
      "createPool: needs SharedArrayBuffer; serve the page with Cross-Origin-Opener-Policy: same-origin and " +
        "Cross-Origin-Embedder-Policy: require-corp, or use alloc and one thread",
    );
  }
  if (!isSimdSupported()) throw new Error("createPool: needs WebAssembly with SIMD; everything works without a pool");
  return new Pool(threads, kernelName() === "native" ? findNative() : undefined);
}

function checkThreads(threads: unknown): number {
  const rule = `a whole number in [1, ${MOST_THREADS}]`;
  if (typeof threads !== "number") throw typeError("createPool", "threads", rule, threads);
  if (!(Number.isInteger(threads) && threads >= 1 && threads <= MOST_THREADS)) {
    throw rangeError("createPool", "threads", rule, threads);
  }
  return threads;
}

function processors(): number {
  const inNode = nodeModule<{ availableParallelism(): number }>("os")?.availableParallelism();
  const { navigator } = globalThis as { navigator?: { readonly hardwareConcurrency?: number } };
  return Math.min(MOST_THREADS, inNode ?? navigator?.hardwareConcurrency ?? 1);
}
