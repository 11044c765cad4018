// NumPy's streams: the legacy np.random functions and np.random.default_rng. Dropout in NumPy is `rand(…) < keep`.

import { checkIndex, checkProbability, checkRates, rangeError } from "../check.js";
import { checkObject } from "../options.js";
import type { Dtype, MaskRequest, SnapshotValue, StreamSnapshot } from "../random/source.js";
import type { FloatArray, PackedMask } from "../types.js";
import { type BitGenerator, type BitGeneratorName, bitGenerator } from "./bit-generators.js";
import { Mt19937, type Mt19937State } from "./mt19937.js";
import { belowPairs } from "./mt19937-decisions.js";
import type { NumpySeed } from "./seed-sequence.js";
import {
  belowInPieces,
  checkDtype,
  checkElements,
  checkSeed,
  checkSnapshot,
  floatArray,
  PIECE,
  packDecisions,
  type Stream,
} from "./stream.js";
import { RES53, res53 } from "./wide.js";

/**
 * `np.random.seed(seed)` and the calls after it, also `np.random.RandomState(seed)`.
 *
 * Randomness. MT19937; a uniform is a double of 53 bits from two words. An array seeds otherwise than its only element.
 * Numerics. `keepMask` is `np.random.rand(n) < keep`. NumPy has no dropout of its own, so products are ours.
 * Verified. Against NumPy 1.24 and 2.4.
 *
 * @example
 * ```ts
 * import { numpyLegacy } from "hadamask/streams";
 * console.log(numpyLegacy(42).rand(2)); // Float64Array(2) [ 0.3745401188473625, 0.9507143064099162 ]
 * ```
 */
export class NumpyLegacy implements Stream {
  readonly name = "numpy-legacy";
  readonly #scratch = new Uint32Array(2 * PIECE);
  #mt: Mt19937;

  /** @throws {TypeError | RangeError} If a seed, or an element of an array seed, is not a whole number in [0, 2^32). */
  constructor(seed: number | bigint | readonly (number | bigint)[]) {
    const word = (value: number | bigint) => Number(checkSeed("numpyLegacy", value, 0n, 2n ** 32n - 1n));
    if (Array.isArray(seed)) {
      if (seed.length === 0) throw rangeError("numpyLegacy", "seed", "a number, or an array that is not empty", seed);
      this.#mt = Mt19937.fromArray(seed.map(word));
    } else this.#mt = Mt19937.fromSeed(word(seed as number | bigint));
  }

  /** `np.random.rand(n)`, also `random_sample`, `uniform(size=n)`. */
  rand(n: number): Float64Array {
    const out = new Float64Array(checkElements("numpyLegacy.rand", n));
    for (let start = 0; start < n; start += PIECE) {
      this.#fill(out.subarray(start, start + PIECE), Math.min(PIECE, n - start));
    }
    return out;
  }

  #fill(out: Float64Array, count: number): void {
    const words = this.#scratch;
    this.#mt.fill(count === PIECE ? words : words.subarray(0, 2 * count));
    for (let i = 0; i < count; i++) out[i] = res53(words[2 * i]!, words[2 * i + 1]!);
  }

  /** {@link rand}, under the name that all streams share; the legacy functions know float64 only. */
  uniforms(n: number): Float64Array {
    return this.rand(n);
  }

  keepMask(n: number, request: MaskRequest): PackedMask {
    checkElements("numpyLegacy.keepMask", n);
    const { keep } = checkRates("numpyLegacy.keepMask", request);
    return belowPairs(this.#mt, n, keep, RES53);
  }

  /**
   * `np.random.binomial(1, probability, n)`, which course code often uses for masks: other decisions than
   * `rand(n) < probability`.
   */
  binomial(n: number, probability: number): PackedMask {
    checkElements("numpyLegacy.binomial", n);
    checkProbability("numpyLegacy.binomial", "probability", probability);
    // One trial, by inversion of the smaller probability; a success beyond 1 is drawn again (numpy/random,
    // binomial_inversion).
    const isSmall = probability <= 0.5;
    const small = isSmall ? probability : 1 - probability;
    return packDecisions(n, () => this.#inversion(small) === isSmall);
  }

  #inversion(probability: number): boolean {
    const fail = Math.exp(Math.log(1 - probability));
    for (;;) {
      const u = res53(this.#mt.next(), this.#mt.next());
      if (!(u > fail)) return false;
      if (!(u - fail > (probability * fail) / (1 - probability))) return true;
    }
  }

  /**
   * `np.random.permutation(n)`, also `np.random.choice(n, n, replace=False)`, and the order that `np.random.shuffle`
   * puts n elements in.
   */
  permutation(n: number): Uint32Array {
    checkIndex("numpyLegacy.permutation", "n", n, 2 ** 32);
    const order = new Uint32Array(n);
    for (let i = 0; i < n; i++) order[i] = i;
    for (let i = n - 1; i > 0; i--) {
      const j = this.#below(i);
      const moved = order[i]!;
      order[i] = order[j]!;
      order[j] = moved;
    }
    return order;
  }

  /** 0 … most, each as likely: as many low bits as `most` has, drawn again while they are more (`random_interval`). */
  #below(most: number): number {
    const mask = 0xffffffff >>> Math.clz32(most);
    for (;;) {
      const value = (this.#mt.next() & mask) >>> 0;
      if (value <= most) return value;
    }
  }

  arithmetic(): undefined {}

  snapshot(): StreamSnapshot {
    return { stream: this.name, ...this.#mt.state };
  }

  restore(snapshot: StreamSnapshot): void {
    this.#mt = Mt19937.fromState(checkSnapshot(this.name, snapshot) as unknown as Mt19937State);
  }
}

/** How the uniforms of a mask are drawn, and from what. */
export interface NumpyOptions {
  /** Default "PCG64", as `default_rng` has. */
  readonly bitGenerator?: BitGeneratorName;
  /** Element type of the uniforms that masks are made of. Default "float64", as `Generator.random` has. */
  readonly dtype?: Dtype;
}

/**
 * `np.random.default_rng(seed)`, or `np.random.Generator(np.random.Philox(seed))` and the like.
 *
 * Randomness. The seed, a whole number of any size or a list, goes through SeedSequence. float64 uniforms have 53
 *   bits, float32 uniforms 24; the two share one stream, in which a float32 draw may leave half a 64-bit number for
 *   the next.
 * Numerics. `keepMask` is `random(n, dtype) < keep` with the dtype of the options, whatever is to be masked; in
 *   float32 the threshold is rounded to float32, as NumPy rounds a Python float. NumPy has no dropout of its own, so
 *   products are ours.
 * Verified. Against NumPy 1.24 and 2.4.
 *
 * @example
 * ```ts
 * import { numpyGenerator } from "hadamask/streams";
 * console.log(numpyGenerator(42).random(2)); // Float64Array(2) [ 0.7739560485559633, 0.4388784397520523 ]
 * ```
 */
export class NumpyGenerator implements Stream {
  readonly name = "numpy";
  readonly bitGenerator: BitGeneratorName;
  readonly dtype: Dtype;
  readonly #bits: BitGenerator;

  constructor(seed: NumpySeed, options: NumpyOptions = {}) {
    checkObject("numpyGenerator", options, ["bitGenerator", "dtype"]);
    const name = options.bitGenerator ?? "PCG64";
    if (name !== "PCG64" && name !== "Philox" && name !== "MT19937") {
      throw rangeError("numpyGenerator", "bitGenerator", '"PCG64", "Philox" or "MT19937"', name);
    }
    this.bitGenerator = name;
    this.dtype = checkDtype("numpyGenerator", options.dtype ?? "float64");
    this.#bits = bitGenerator(name, seed);
  }

  /** `rng.random(n, dtype)`. */
  random(n: number, options?: { readonly dtype?: "float64" }): Float64Array;
  random(n: number, options: { readonly dtype: "float32" }): Float32Array;
  random(n: number, options?: { readonly dtype?: Dtype }): FloatArray;
  random(n: number, options: { readonly dtype?: Dtype } = {}): FloatArray {
    const dtype = checkDtype("numpyGenerator.random", options.dtype ?? "float64");
    const out = floatArray(checkElements("numpyGenerator.random", n), dtype);
    this.#fill(out, n);
    return out;
  }

  #fill(out: FloatArray, count: number): void {
    const bits = this.#bits;
    if (out instanceof Float64Array) for (let i = 0; i < count; i++) out[i] = bits.nextDouble();
    else for (let i = 0; i < count; i++) out[i] = (bits.nextWord() >>> 8) * 2 ** -24;
  }

  /** {@link random}, under the name that all streams share; the default dtype is that of the options. */
  uniforms(n: number, options: { readonly dtype?: Dtype } = {}): FloatArray {
    return this.random(n, { dtype: options.dtype ?? this.dtype });
  }

  keepMask(n: number, request: MaskRequest): PackedMask {
    const { keep } = checkRates("numpyGenerator.keepMask", request);
    checkElements("numpyGenerator.keepMask", n);
    if (this.dtype === "float64") return this.#bits.below(n, keep);
    return belowInPieces(n, Math.fround(keep), new Float32Array(PIECE), (out, count) => this.#fill(out, count));
  }

  arithmetic(): undefined {}

  snapshot(): StreamSnapshot {
    return { stream: this.name, bitGenerator: this.bitGenerator, state: this.#bits.snapshot() };
  }

  restore(snapshot: StreamSnapshot): void {
    const { bitGenerator, state } = checkSnapshot(this.name, snapshot);
    if (bitGenerator !== this.bitGenerator) {
      throw new TypeError(`restore: snapshot must be of bit generator ${this.bitGenerator}, got ${bitGenerator}`);
    }
    this.#bits.restore(state as { readonly [field: string]: SnapshotValue });
  }
}

/**
 * What NumPy's old functions draw after `np.random.seed(seed)`, for instance `np.random.rand(n) < keep`. See
 * {@link NumpyLegacy}.
 *
 * @throws {TypeError | RangeError} If a seed, or an element of an array seed, is not a whole number in [0, 2^32).
 * @example
 * ```ts
 * import { numpyLegacy } from "hadamask/streams";
 * const u = numpyLegacy(0).uniforms(2); // np.random.seed(0); np.random.rand(2)
 * console.log(u[0]!.toFixed(4), u[1]!.toFixed(4)); // 0.5488 0.7152
 * ```
 */
export function numpyLegacy(seed: number | bigint | readonly (number | bigint)[]): NumpyLegacy {
  return new NumpyLegacy(seed);
}

/**
 * What `np.random.default_rng(seed)` draws, for instance `rng.random(n) < keep`; with `bitGenerator` what NumPy's
 * other generators do. See {@link NumpyGenerator}.
 *
 * @throws {TypeError | RangeError} If the seed is negative or not whole, or an option is not one of those listed.
 * @example
 * ```ts
 * import { keepMask, unpackMask } from "hadamask";
 * import { numpyGenerator } from "hadamask/streams";
 * // default_rng(0).random(8) < 0.5
 * console.log(unpackMask(numpyGenerator(0).keepMask(8, { rate: 0.5 }), 8).join(" ")); // 0 1 1 1 0 0 0 0
 * ```
 */
export function numpyGenerator(seed: NumpySeed, options?: NumpyOptions): NumpyGenerator {
  return new NumpyGenerator(seed, options);
}
