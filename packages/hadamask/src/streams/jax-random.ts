// jax.random's functions of a key: split, fold_in, bits, uniform, bernoulli, in both layouts of Threefry. Pure
// functions; the streams on them: jax.ts, flax.ts.

import { checkIndex, checkKey, checkNumber, rangeError } from "../check.js";
import { hashBlocks } from "../random/plane-words.js";
import type { Dtype } from "../random/source.js";
import { block } from "../random/threefry.js";
import type { FloatArray, Key, PackedMask } from "../types.js";
import { fastThreefry } from "./fast.js";
import { below, belowInPieces, checkDtype, checkElements, checkSeed, floatArray, PIECE } from "./stream.js";

/** JAX's configuration, as far as random numbers depend on it. */
export interface JaxConfig {
  /** `jax_threefry_partitionable`, default true as since JAX 0.5. If false, values depend on the size of the array. */
  readonly partitionable?: boolean;
  /** `jax_enable_x64`, default false: seeds are cut to 32 bits and Python floats are float32. */
  readonly x64?: boolean;
}

/**
 * `jax.random.key(seed)`. Without x64 the high half of the seed is dropped. @throws {RangeError} Outside [-2^63,
 * 2^63).
 *
 * @example
 * ```ts
 * import { jaxKey } from "hadamask/streams";
 * console.log(jaxKey(42)); // [ 0, 42 ]
 * ```
 */
export function jaxKey(seed: number | bigint, config: JaxConfig = {}): Key {
  const value = BigInt.asUintN(64, checkSeed("jaxKey", seed, -(2n ** 63n), 2n ** 63n - 1n));
  return [config.x64 === true ? Number(value >> 32n) : 0, Number(value & 0xffffffffn)];
}

/**
 * `jax.random.split(key, n)`.
 *
 * @example
 * ```ts
 * import { jaxKey, jaxSplit } from "hadamask/streams";
 * console.log(jaxSplit(jaxKey(0), 2).length); // 2
 * ```
 */
export function jaxSplit(key: Key, n = 2, config: JaxConfig = {}): Key[] {
  checkKey("jaxSplit", key);
  checkIndex("jaxSplit", "n", n, 2 ** 32);
  if (config.partitionable !== false) return Array.from({ length: n }, (_, i) => block(key, 0, i));
  const words = sequence(key, 2 * n);
  return Array.from({ length: n }, (_, i) => [words[2 * i]!, words[2 * i + 1]!]);
}

/**
 * `jax.random.fold_in(key, data)`; `data` is cut to 32 bits, as JAX does. The same in both layouts.
 *
 * @example
 * ```ts
 * import { jaxFoldIn, jaxKey } from "hadamask/streams";
 * console.log(jaxFoldIn(jaxKey(0), 1)); // [ 928981903, 3453687069 ]
 * ```
 */
export function jaxFoldIn(key: Key, data: number): Key {
  checkKey("jaxFoldIn", key);
  if (!Number.isSafeInteger(data)) throw rangeError("jaxFoldIn", "data", "a whole number", data);
  return block(key, 0, data >>> 0);
}

/**
 * `jax.random.bits(key, [n], uint8 | uint16 | uint32)`.
 *
 * @example
 * ```ts
 * import { jaxBits, jaxKey } from "hadamask/streams";
 * // jax.random.bits(key, (1,))
 * console.log(jaxBits(jaxKey(0), 1)[0]!.toString(16)); // f29a4fa7
 * ```
 */
export function jaxBits(key: Key, n: number, width: 8 | 16 | 32 = 32, config: JaxConfig = {}): Uint32Array {
  checkKey("jaxBits", key);
  checkElements("jaxBits", n);
  if (width !== 8 && width !== 16 && width !== 32) throw rangeError("jaxBits", "width", "8, 16 or 32", width);
  if (config.partitionable !== false) {
    return partitionableBits(key, n, width === 32 ? 0xffffffff : 2 ** width - 1);
  }
  // Words are cut into pieces, the low one first.
  const pieces = 32 / width;
  const words = sequence(key, Math.ceil(n / pieces));
  if (pieces === 1) return words;
  return Uint32Array.from({ length: n }, (_, i) => {
    return (words[Math.floor(i / pieces)]! >>> (width * (i % pieces))) & (2 ** width - 1);
  });
}

/**
 * `jax.random.bits(key, [n], uint64)`, the high and the low words apart.
 *
 * @example
 * ```ts
 * import { jaxBits64, jaxKey } from "hadamask/streams";
 * const { high, low } = jaxBits64(jaxKey(0), 1);
 * console.log(high.length, low.length); // 1 1
 * ```
 */
export function jaxBits64(key: Key, n: number, config: JaxConfig = {}): { high: Uint32Array; low: Uint32Array } {
  checkKey("jaxBits64", key);
  checkElements("jaxBits64", n);
  if (config.partitionable === false) {
    const words = sequence(key, 2 * n);
    return { high: words.slice(0, n), low: words.slice(n) };
  }
  const high = new Uint32Array(n);
  const low = new Uint32Array(n);
  for (let i = 0; i < n; i++) [high[i], low[i]] = block(key, Math.floor(i / 2 ** 32), i % 2 ** 32);
  return { high, low };
}

/**
 * `jax.random.uniform(key, [n], dtype)`: multiples of 2^-23 (float32) or 2^-52 (float64) in [0, 1).
 *
 * @example
 * ```ts
 * import { jaxKey, jaxUniform } from "hadamask/streams";
 * console.log(jaxUniform(jaxKey(0), 1)[0]!.toFixed(6)); // 0.947667
 * ```
 */
export function jaxUniform(key: Key, n: number, dtype: Dtype = "float32", config: JaxConfig = {}): FloatArray {
  const out = floatArray(checkElements("jaxUniform", n), checkDtype("jaxUniform", dtype));
  if (dtype === "float32") {
    const words = jaxBits(key, n, 32, config);
    for (let i = 0; i < n; i++) out[i] = (words[i]! >>> 9) * 2 ** -23;
  } else {
    const { high, low } = jaxBits64(key, n, config);
    for (let i = 0; i < n; i++) out[i] = (high[i]! * 2 ** 20 + (low[i]! >>> 12)) * 2 ** -52;
  }
  return out;
}

/**
 * `jax.random.bernoulli(key, keep, [n])`, packed: `uniform < keep`, in float32 unless x64, where `keep` is rounded to
 * it. In float32 the top 23 bits of a word are compared as integers: below ceil(q * 2^23) if and only if u < q.
 *
 * @example
 * ```ts
 * import { unpackMask } from "hadamask";
 * import { jaxBernoulli, jaxKey } from "hadamask/streams";
 * const kept = jaxBernoulli(jaxKey(0), 0.5, 8); // jax.random.bernoulli(jax.random.key(0), 0.5, (8,))
 * console.log(unpackMask(kept, 8).join(" ")); // 0 0 1 1 0 1 1 0
 * ```
 */
export function jaxBernoulli(key: Key, keep: number, n: number, config: JaxConfig = {}): PackedMask {
  checkNumber("jaxBernoulli", "keep", keep);
  if (config.x64 === true) return below(jaxUniform(key, n, "float64", config), keep);
  const threshold = Math.ceil(Math.fround(keep) * 2 ** 23) * 2 ** 9;
  if (config.partitionable === false) return below(jaxBits(key, n, 32, config), threshold);
  checkKey("jaxBernoulli", key);
  checkElements("jaxBernoulli", n);
  const fast = threshold < 2 ** 32 ? fastThreefry(n, threshold, key) : undefined;
  return fast ?? bernoulliPlain(key, threshold, n);
}

/** Decisions `word < threshold` on the words of the partitionable layout, without WASM. */
export function bernoulliPlain(key: Key, threshold: number, n: number): PackedMask {
  const counters = new Uint32Array(PIECE);
  const words = new Uint32Array(2 * PIECE);
  return belowInPieces(n, threshold, new Uint32Array(PIECE), (out, count, start) => {
    hashPiece(out, count, key, start, counters, words);
  });
}

function partitionableBits(key: Key, n: number, low: number): Uint32Array {
  const out = new Uint32Array(n);
  const counters = new Uint32Array(PIECE);
  const words = new Uint32Array(2 * PIECE);
  for (let start = 0; start < n; start += PIECE) {
    const count = Math.min(PIECE, n - start);
    hashPiece(out.subarray(start), count, key, start, counters, words);
    if (low !== 0xffffffff) for (let i = 0; i < count; i++) out[start + i]! &= low;
  }
  return out;
}

/** Element i is the exclusive or of the two words of counter i. A piece never crosses a multiple of 2^32. */
function hashPiece(
  out: Uint32Array,
  count: number,
  key: Key,
  start: number,
  counters: Uint32Array,
  words: Uint32Array,
): void {
  for (let i = 0; i < count; i++) counters[i] = start + i;
  hashBlocks(words, 0, counters, count, key, Math.floor(start / 2 ** 32));
  for (let i = 0; i < count; i++) out[i] = words[2 * i]! ^ words[2 * i + 1]!;
}

/**
 * The original layout: counters 0 … n - 1 (and a 0, if n is odd) in two halves, the first half in the first lanes and
 * the second in the second; all first outputs, then all second ones.
 */
function sequence(key: Key, n: number): Uint32Array {
  const half = Math.ceil(n / 2);
  const out = new Uint32Array(2 * half);
  for (let i = 0; i < half; i++) {
    const second = half + i;
    [out[i], out[second]] = block(key, i, second < n ? second : 0);
  }
  return out.subarray(0, n);
}
