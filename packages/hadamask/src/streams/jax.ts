// JAX and Equinox as streams: masks from a key, by jax.random.bernoulli. Knows nothing of Flax.

import { checkRates, rangeError } from "../check.js";
import type { Arithmetic, Dtype, MaskRequest, StreamSnapshot } from "../random/source.js";
import type { FloatArray, Key, PackedMask } from "../types.js";
import { type JaxConfig, jaxBernoulli, jaxFoldIn, jaxKey, jaxSplit, jaxUniform } from "./jax-random.js";
import { checkDtype, checkSnapshot, constantMask, rounder, type Stream } from "./stream.js";

/**
 * Which key a call draws from.
 *
 *     "same"      key, at every call: what JAX gives to someone who uses a key again. Every mask is the same.
 *     "split"     key, sub = split(key) before every call, which draws from sub
 *     "fold-in"   call t draws from fold_in(key, t), t = 0, 1, 2, …
 */
export type JaxCalls = "same" | "split" | "fold-in";

export interface JaxOptions extends JaxConfig {
  /** Default "same". For training choose "split" or "fold-in", as the program to be matched does. */
  readonly calls?: JaxCalls;
}

/**
 * `jax.random` as a stream: masks are `bernoulli(key, 1 - rate, shape)`.
 *
 * Randomness. JAX has no state; `calls` says how the keys of consecutive calls follow from the first.
 * Numerics. Products are those of `where(mask, x / keep, 0)` as XLA compiles it on the CPU: x times the rounded
 * reciprocal. Verified. Against JAX 0.10.2, both layouts, with and without x64.
 *
 * @example
 * ```ts
 * import { jax } from "hadamask/streams";
 * console.log(jax(0).uniforms(2)); // Float32Array(2) [ 0.9476670026779175, 0.9785798788070679 ]
 * ```
 */
export class JaxStream implements Stream {
  readonly name: string;
  readonly config: JaxConfig;
  readonly calls: JaxCalls;
  #key: Key;
  #call = 0;

  constructor(key: Key, options: JaxOptions = {}, name?: "equinox") {
    const calls = options.calls ?? "same";
    if (calls !== "same" && calls !== "split" && calls !== "fold-in") {
      throw rangeError("jax", "calls", '"same", "split" or "fold-in"', calls);
    }
    this.name = name ?? (options.partitionable === false ? "jax-legacy" : "jax");
    this.config = { partitionable: options.partitionable !== false, x64: options.x64 === true };
    this.calls = calls;
    this.#key = key;
  }

  /** The key that the next call draws from; asking moves on to the one after. */
  nextKey(): Key {
    if (this.calls === "same") return this.#key;
    if (this.calls === "fold-in") return jaxFoldIn(this.#key, this.#call++);
    const [next, sub] = jaxSplit(this.#key, 2, this.config) as [Key, Key];
    this.#key = next;
    return sub;
  }

  /** `jax.random.uniform(key, [n], dtype)`; the default dtype is float64 under x64, else float32. */
  uniforms(n: number, options: { readonly dtype?: Dtype } = {}): FloatArray {
    return jaxUniform(this.nextKey(), n, options.dtype ?? (this.config.x64 ? "float64" : "float32"), this.config);
  }

  keepMask(n: number, request: MaskRequest): PackedMask {
    const { rate } = checkRates("jax.keepMask", request);
    return jaxBernoulli(this.nextKey(), this.keep(rate), n, this.config);
  }

  /** `1 - rate`, in Python. Equinox, under the name "equinox", evaluates it in float32 (in float64 under x64). */
  keep(rate: number): number {
    if (this.name !== "equinox" || this.config.x64) return 1 - rate;
    return Math.fround(1 - Math.fround(rate));
  }

  arithmetic(request: MaskRequest): Arithmetic {
    const { rate } = checkRates("jax.arithmetic", request);
    return reciprocal(this.keep(rate), checkDtype("jax.arithmetic", request.dtype ?? "float32"));
  }

  snapshot(): StreamSnapshot {
    return { stream: this.name, key: this.#key, call: this.#call };
  }

  restore(snapshot: StreamSnapshot): void {
    const { key, call } = checkSnapshot(this.name, snapshot);
    this.#key = key as unknown as Key;
    this.#call = call as number;
  }
}

/** `where(mask, x / keep, 0)` as XLA compiles it on the CPU: the division by a constant becomes a multiplication. */
export function reciprocal(keep: number, dtype: Dtype): Arithmetic {
  const round = rounder(dtype);
  return { kept: "multiply", factor: round(1 / round(keep)), dropped: "zero" };
}

/** What layers in JAX give without drawing, at rate 0 and 1; undefined between. */
export function undrawnMask(n: number, rate: number): PackedMask | undefined {
  return rate === 0 || rate === 1 ? constantMask(n, rate === 0) : undefined;
}

/**
 * What `jax.random.bernoulli(jax.random.key(seed), 1 - rate, shape)` draws: the same mask at every call, unless
 * `calls` says how the key goes on. See {@link JaxStream}.
 *
 * @throws {TypeError | RangeError} If `seed` is not a whole number in [-2^63, 2^63).
 * @example
 * ```ts
 * import { keepMask, unpackMask } from "hadamask";
 * import { jax } from "hadamask/streams";
 * console.log(unpackMask(jax(0).keepMask(8, { rate: 0.5 }), 8).join(" ")); // 0 0 1 1 0 1 1 0
 * ```
 */
export function jax(seed: number | bigint, options: JaxOptions = {}): JaxStream {
  return new JaxStream(jaxKey(seed, options), options);
}

/**
 * `equinox.nn.Dropout(rate)(x, key=key)` with `key = jax.random.key(seed)`.
 *
 * Verified. Its two expressions were run in JAX 0.10.2; the package itself was not.
 *
 * @example
 * ```ts
 * import { keepMask, unpackMask } from "hadamask";
 * import { equinox } from "hadamask/streams";
 * console.log(unpackMask(equinox(0).keepMask(8, { rate: 0.5 }), 8).join(" ")); // 0 0 1 1 0 1 1 0
 * ```
 */
export function equinox(seed: number | bigint, options: JaxOptions = {}): JaxStream {
  return new JaxStream(jaxKey(seed, options), options, "equinox");
}
