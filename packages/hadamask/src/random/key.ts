// Keys: made from a seed, and derived from one another. Knows nothing of masks.

import { checkIndex, checkKey, INDEX_LIMIT, rangeError, typeError } from "../check.js";
import type { Key } from "../types.js";
import { block } from "./threefry.js";

const WORD = 2 ** 32;
/** Keys that `split` makes at once: 16 million of them take about 2 GB already. */
const MOST_KEYS = 2 ** 24;

/**
 * Makes a key from a seed: `[seed div 2^32, seed mod 2^32]`, as `jax.random.key` does with 64-bit seeds.
 *
 * @param seed A whole number in [0, 2^53), or a bigint in [0, 2^64).
 * @throws {TypeError | RangeError} If it is not.
 * @example
 * ```ts
 * import { key } from "hadamask";
 * console.log(key(42)); // [ 0, 42 ]
 * ```
 */
export function key(seed: number | bigint): Key {
  if (typeof seed === "bigint") {
    if (!(seed >= 0n && seed < 1n << 64n)) throw rangeError("key", "seed", "in [0, 2^64)", seed);
    return [Number(seed >> 32n), Number(seed & 0xffffffffn)];
  }
  if (typeof seed !== "number") throw typeError("key", "seed", "a number or a bigint", seed);
  if (!(Number.isInteger(seed) && seed >= 0 && seed < INDEX_LIMIT)) {
    const advice = seed >= INDEX_LIMIT ? "pass a bigint for seeds up to 2^64" : undefined;
    throw rangeError("key", "seed", "a whole number in [0, 2^53)", seed, advice);
  }
  return [Math.floor(seed / WORD) >>> 0, (seed % WORD) >>> 0]; // -0 becomes 0
}

/**
 * Derives a key from a key and a number: `block(key, data div 2^32, data mod 2^32)`; for data below 2^32 that is
 * `jax.random.fold_in`.
 *
 * @param data A whole number in [0, 2^53): the number of a layer, an epoch, a worker.
 * @throws {TypeError | RangeError} If it is not, or `key` is not a key.
 * @example
 * ```ts
 * import { Dropout, foldIn, key } from "hadamask";
 * const layers = [0, 1, 2].map((i) => new Dropout({ rate: 0.5, key: foldIn(key(42), i) }));
 * console.log(new Set(layers.map((layer) => String(layer.key))).size); // 3
 * ```
 */
export function foldIn(key: Key, data: number): Key {
  checkKey("foldIn", key);
  checkIndex("foldIn", "data", data);
  return block(key, Math.floor(data / WORD), data % WORD);
}

/**
 * Derives `n` keys: `split(key, n)[i]` is `foldIn(key, i)`, as in JAX with partitionable Threefry.
 * Use either `split` or `foldIn` on one key, not both: they give the same keys.
 *
 * @throws {TypeError | RangeError} If `n` is not a whole number in [0, 2^24], or `key` is not a key. For more keys, or
 *   one far out, use `foldIn(key, i)`.
 * @example
 * ```ts
 * import { foldIn, key, split } from "hadamask";
 * const [first, second] = split(key(42));
 * console.log(String(second) === String(foldIn(key(42), 1)), first!.length); // true 2
 * ```
 */
export function split(key: Key, n = 2): Key[] {
  checkKey("split", key);
  if (typeof n === "number" && n > MOST_KEYS) {
    throw rangeError("split", "n", `at most 2^24 (${MOST_KEYS})`, n, "foldIn(key, i) makes key i alone");
  }
  checkIndex("split", "n", n);
  return Array.from({ length: n }, (_, i) => block(key, 0, i));
}

/** A fresh key from the platform's cryptographic generator, for callers who gave none. */
export function randomKey(): Key {
  const words = crypto.getRandomValues(new Uint32Array(2));
  return [words[0]!, words[1]!];
}
