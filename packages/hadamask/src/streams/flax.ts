// Flax's Dropout as streams: linen, which hashes a module's path into the key, and nnx, which counts calls.

import { checkIndex, checkRates, rangeError } from "../check.js";
import type { Arithmetic, Dtype, MaskRequest, StreamSnapshot } from "../random/source.js";
import type { FloatArray, Key, PackedMask } from "../types.js";
import { reciprocal, undrawnMask } from "./jax.js";
import { type JaxConfig, jaxBernoulli, jaxFoldIn, jaxKey, jaxUniform } from "./jax-random.js";
import { sha1Word } from "./sha1.js";
import { checkDtype, checkElements, checkSetting, checkSnapshot, type Stream } from "./stream.js";

export interface FlaxLinenOptions extends JaxConfig {
  /**
   * Names of the modules from the root to the Dropout, default `["Dropout_0"]`; `[]` where the Dropout itself is
   * applied.
   */
  readonly path?: readonly string[];
  /** `FLAX_FIX_RNG_SEPARATOR`: a zero byte before each part of what is hashed. Default false, as in Flax. */
  readonly separator?: boolean;
}

export interface FlaxNnxOptions extends JaxConfig {
  /** How many Dropouts were built from the same `nnx.Rngs` before this one. Default 0. */
  readonly index?: number;
  /** True where `rngs` is passed at call time: keys then come from the `Rngs` itself. Default false. */
  readonly atCall?: boolean;
}

/**
 * A Dropout of Flax: keys from a counter, masks by `jax.random.bernoulli(key, 1 - rate)`. Made by {@link flaxLinen},
 * {@link flaxNnx}.
 *
 * Numerics. Nothing is drawn at rate 0 and 1. Products as XLA compiles `x / keep` on the CPU: x times the rounded
 * reciprocal. Verified. Against Flax 0.12.8 on JAX 0.10.2.
 */
export class FlaxStream implements Stream {
  readonly name: "flax-linen" | "flax-nnx";
  readonly #config: JaxConfig;
  readonly #keyOf: (count: number) => Key;
  #count: number;

  constructor(name: "flax-linen" | "flax-nnx", config: JaxConfig, keyOf: (count: number) => Key, firstCount: number) {
    this.name = name;
    this.#config = config;
    this.#keyOf = keyOf;
    this.#count = firstCount;
  }

  /** The key that the next call draws from; asking moves on to the one after. */
  nextKey(): Key {
    return this.#keyOf(this.#count++);
  }

  uniforms(n: number, options: { readonly dtype?: Dtype } = {}): FloatArray {
    return jaxUniform(this.nextKey(), n, options.dtype ?? (this.#config.x64 ? "float64" : "float32"), this.#config);
  }

  keepMask(n: number, request: MaskRequest): PackedMask {
    checkElements("flax.keepMask", n);
    const { rate } = checkRates("flax.keepMask", request);
    return undrawnMask(n, rate) ?? jaxBernoulli(this.nextKey(), 1 - rate, n, this.#config);
  }

  arithmetic(request: MaskRequest): Arithmetic {
    const { rate } = checkRates("flax.arithmetic", request);
    return reciprocal(1 - rate, checkDtype("flax.arithmetic", request.dtype ?? "float32"));
  }

  snapshot(): StreamSnapshot {
    return { stream: this.name, first: this.#keyOf(0), count: this.#count };
  }

  restore(snapshot: StreamSnapshot): void {
    checkSetting(checkSnapshot(this.name, snapshot), "first", this.#keyOf(0)); // the same seed, path and index
    this.#count = checkIndex("restore", "snapshot.count", snapshot.count);
  }
}

/**
 * `flax.linen.Dropout` under `apply(…, rngs={"dropout": jax.random.key(seed)})`.
 *
 * Randomness. Call c = 1, 2, … of the module within one `apply` draws from `fold_in(key, h)`, h being the first four
 *   bytes of the SHA-1 of path and count. A new `apply` starts counting again: make a new stream, from the key that
 *   it is given.
 *
 * @example
 * ```ts
 * import { keepMask, unpackMask } from "hadamask";
 * import { flaxLinen } from "hadamask/streams";
 * console.log(unpackMask(flaxLinen(0).keepMask(8, { rate: 0.5 }), 8).join(" ")); // 0 1 1 0 1 1 1 0
 * ```
 */
export function flaxLinen(seed: number | bigint, options: FlaxLinenOptions = {}): FlaxStream {
  const { path = ["Dropout_0"], separator = false } = options;
  const key = jaxKey(seed, options);
  return new FlaxStream("flax-linen", options, (count) => jaxFoldIn(key, pathHash(path, count, separator)), 1);
}

/**
 * `flax.nnx.Dropout(rate, rngs=nnx.Rngs(seed))`: each Dropout takes one key of the Rngs when it is built, and folds
 * its own counter 0, 1, 2, … into that, over the whole life of the module.
 *
 * Verified. Against Flax 0.12.8; older releases kept a reference to the shared Rngs instead, which was not checked.
 *
 * @example
 * ```ts
 * import { keepMask, unpackMask } from "hadamask";
 * import { flaxNnx } from "hadamask/streams";
 * console.log(unpackMask(flaxNnx(0).keepMask(8, { rate: 0.5 }), 8).join(" ")); // 1 0 1 0 1 1 1 0
 * ```
 */
export function flaxNnx(seed: number | bigint, options: FlaxNnxOptions = {}): FlaxStream {
  const index = checkIndex("flaxNnx", "index", options.index ?? 0, 2 ** 32);
  if (options.atCall && options.index !== undefined) {
    throw rangeError("flaxNnx", "index", "absent where atCall is true", index);
  }
  const root = jaxKey(seed, options);
  const key = options.atCall ? root : jaxFoldIn(root, index);
  return new FlaxStream("flax-nnx", options, (count) => jaxFoldIn(key, count), 0);
}

/**
 * The first four bytes of the SHA-1 of a module's path and call count: names in UTF-8, the count in as few bytes as
 * hold it.
 */
function pathHash(path: readonly string[], count: number, separator: boolean): number {
  const bytes: number[] = [];
  const push = (part: Iterable<number>): void => {
    if (separator) bytes.push(0);
    bytes.push(...part);
  };
  const encoder = new TextEncoder();
  for (const name of path) push(encoder.encode(name));
  const digits: number[] = [];
  for (let rest = count; rest > 0; rest = Math.floor(rest / 256)) digits.unshift(rest % 256);
  push(digits);
  return sha1Word(bytes);
}
