// TensorFlow's dropout on the CPU: tf.nn.dropout after tf.random.set_seed, and the stateless form with a pair of seeds.

import { checkRates } from "../check.js";
import { checkObject } from "../options.js";
import type { Arithmetic, Dtype, MaskRequest, StreamSnapshot } from "../random/source.js";
import type { FloatArray, PackedMask } from "../types.js";
import type { Mt19937State } from "./mt19937.js";
import { PythonRandom } from "./python-random.js";
import {
  checkDtype,
  checkElements,
  checkSeed,
  checkSetting,
  checkSnapshot,
  constantMask,
  rounder,
  type Stream,
} from "./stream.js";
import {
  advance,
  type PhiloxAt,
  philoxKeep,
  philoxUniform,
  statefulStart,
  statelessStart,
} from "./tensorflow-random.js";

/** Seeds of stateful operations are taken modulo this. */
const SEED_MODULUS = 2n ** 31n - 1n;

/**
 * A kernel reserves this many blocks for each element that it fills (core/kernels/random_op.cc,
 * kReservedSamplesPerOutput).
 */
const RESERVED = 256;

export interface TensorflowOptions {
  /**
   * `seed=` of the operation. All calls then go to one kernel, which continues its stream. Without one every eager
   * call takes an operation seed of its own from Python's generator.
   */
  readonly operationSeed?: number | bigint;
}

export interface TensorflowStatelessOptions {
  /** The second number of the pair. Default 0. */
  readonly second?: number | bigint;
  /**
   * True for code compiled by XLA (`jit_compile=True`), which makes other uniforms of the same words, and takes the
   * low 32 bits of each seed. Default false.
   */
  readonly xla?: boolean;
}

/**
 * `tf.random.set_seed(seed)`, then eager `tf.nn.dropout(x, rate)` and `tf.random.uniform` calls in order, on the CPU.
 *
 * Randomness. Each call has an operation seed, drawn from Python's `random.Random(seed)` or given; it and the seed
 *   make a Philox stream. The masks depend on the element type: float32 takes a word an element, float64 two.
 * Numerics. Kept if `u >= rate`, both in the element type; products `x * fl(1 / (1 - rate))`, a dropped element +0.
 *   At rate 0 nothing is dropped, and a seed is taken all the same; at rate 1 `tf.nn.dropout` raises, and all is
 *   dropped here.
 * Verified. Against TensorFlow 2.21 on the CPU. TensorFlow on a GPU was not checked.
 */
export class TensorflowStream implements Stream {
  readonly name = "tensorflow";
  readonly #seed: bigint;
  readonly #python: PythonRandom;
  /** The one kernel of a given operation seed. */
  #kernel: PhiloxAt | undefined;

  constructor(seed: number | bigint, options: TensorflowOptions = {}) {
    checkObject("tensorflow", options, ["operationSeed"]);
    const value = checkSeed("tensorflow", seed, -(2n ** 63n), 2n ** 63n - 1n);
    this.#seed = modulo(value);
    this.#python = new PythonRandom(value);
    if (options.operationSeed !== undefined) {
      this.#kernel = this.#start(checkSeed("tensorflow", options.operationSeed, -(2n ** 63n), 2n ** 63n - 1n));
    }
  }

  uniforms(n: number, options: { readonly dtype?: Dtype } = {}): FloatArray {
    checkElements("tensorflow.uniforms", n);
    const dtype = checkDtype("tensorflow.uniforms", options.dtype ?? "float32");
    return philoxUniform(this.#next(n), n, dtype, false);
  }

  /** Where the coming operation on n elements begins. */
  #next(n: number): PhiloxAt {
    const start = this.#kernel ?? this.#start(BigInt(this.#python.randint31()));
    if (this.#kernel !== undefined) this.#kernel = advance(start, RESERVED * n);
    return start;
  }

  keepMask(n: number, request: MaskRequest): PackedMask {
    checkElements("tensorflow.keepMask", n);
    const { rate } = checkRates("tensorflow.keepMask", request);
    if (rate === 0) {
      if (this.#kernel === undefined) this.#python.randint31();
      return constantMask(n, true);
    }
    const dtype = checkDtype("tensorflow.keepMask", request.dtype ?? "float32");
    return philoxKeep(this.#next(n), n, rate, dtype, false);
  }

  arithmetic(request: MaskRequest): Arithmetic {
    return tensorflowArithmetic(request);
  }

  snapshot(): StreamSnapshot {
    const { words, next } = this.#python.state;
    const kernel = this.#kernel;
    return {
      stream: this.name,
      seed: String(this.#seed),
      words,
      next,
      ...(kernel === undefined ? {} : { counter: kernel.counter }),
    };
  }

  restore(snapshot: StreamSnapshot): void {
    checkSetting(checkSnapshot(this.name, snapshot), "seed", String(this.#seed));
    const { words, next, counter } = snapshot;
    this.#python.state = { words, next } as unknown as Mt19937State;
    if (this.#kernel !== undefined) {
      this.#kernel = { key: this.#kernel.key, counter: counter as unknown as PhiloxAt["counter"] };
    }
  }

  /** The pair (0, 0) means "draw from the system" to a kernel, so TensorFlow replaces it. */
  #start(operationSeed: bigint): PhiloxAt {
    const second = modulo(operationSeed);
    return statefulStart(this.#seed, this.#seed === 0n && second === 0n ? SEED_MODULUS : second);
  }
}

/**
 * `tf.nn.experimental.stateless_dropout(x, rate, seed=(seed, second))`: the same mask at every call, as stateless says.
 *
 * Numerics. As {@link TensorflowStream}.
 * Verified. Against TensorFlow 2.21 on the CPU, plain and compiled by XLA.
 */
export class TensorflowStateless implements Stream {
  readonly name = "tensorflow-stateless";
  readonly xla: boolean;
  readonly #start: PhiloxAt;

  constructor(seed: number | bigint, options: TensorflowStatelessOptions = {}) {
    checkObject("tensorflowStateless", options, ["second", "xla"]);
    const xla = options.xla === true;
    const part = (value: number | bigint) => {
      const whole = checkSeed("tensorflowStateless", value, -(2n ** 63n), 2n ** 63n - 1n);
      return xla ? BigInt.asUintN(32, whole) : whole;
    };
    this.xla = xla;
    this.#start = statelessStart(part(seed), part(options.second ?? 0));
  }

  uniforms(n: number, options: { readonly dtype?: Dtype } = {}): FloatArray {
    checkElements("tensorflowStateless.uniforms", n);
    const dtype = checkDtype("tensorflowStateless.uniforms", options.dtype ?? "float32");
    return philoxUniform(this.#start, n, dtype, this.xla);
  }

  keepMask(n: number, request: MaskRequest): PackedMask {
    const { rate } = checkRates("tensorflowStateless.keepMask", request);
    checkElements("tensorflowStateless.keepMask", n);
    const dtype = checkDtype("tensorflowStateless.keepMask", request.dtype ?? "float32");
    return philoxKeep(this.#start, n, rate, dtype, this.xla);
  }

  arithmetic(request: MaskRequest): Arithmetic {
    return tensorflowArithmetic(request);
  }

  snapshot(): StreamSnapshot {
    return { stream: this.name, xla: this.xla, ...this.#start };
  }

  restore(snapshot: StreamSnapshot): void {
    checkSetting(checkSnapshot(this.name, snapshot), "xla", this.xla);
    checkSetting(snapshot, "key", this.#start.key);
    checkSetting(snapshot, "counter", this.#start.counter);
  }
}

/** `where(mask, x * scale, 0)` with the scale computed in float64 and rounded once. */
export function tensorflowArithmetic(request: MaskRequest): Arithmetic {
  const { rate } = checkRates("tensorflow.arithmetic", request);
  const round = rounder(checkDtype("tensorflow.arithmetic", request.dtype ?? "float32"));
  return { kept: "multiply", factor: round(1 / (1 - rate)), dropped: "zero" };
}

/** The remainder as Python takes it: never negative. */
function modulo(value: bigint): bigint {
  return ((value % SEED_MODULUS) + SEED_MODULUS) % SEED_MODULUS;
}

/**
 * What `tf.nn.dropout` draws eagerly on the CPU after `tf.random.set_seed(seed)`. See {@link TensorflowStream}.
 *
 * @throws {TypeError | RangeError} If a seed is not a whole number in [-2^63, 2^63).
 * @example
 * ```ts
 * import { keepMask, unpackMask } from "hadamask";
 * import { tensorflow } from "hadamask/streams";
 * console.log(unpackMask(tensorflow(0).keepMask(8, { rate: 0.5 }), 8).join(" ")); // 0 0 1 1 0 1 0 1
 * ```
 */
export function tensorflow(seed: number | bigint, options?: TensorflowOptions): TensorflowStream {
  return new TensorflowStream(seed, options);
}

/**
 * What `tf.nn.experimental.stateless_dropout(x, rate, (seed, second))` draws: the same mask at every call. See
 * {@link TensorflowStateless}.
 *
 * @throws {TypeError | RangeError} If a seed is not a whole number in [-2^63, 2^63).
 * @example
 * ```ts
 * import { keepMask, unpackMask } from "hadamask";
 * import { tensorflowStateless } from "hadamask/streams";
 * console.log(unpackMask(tensorflowStateless(0).keepMask(8, { rate: 0.5 }), 8).join(" ")); // 0 1 1 1 0 1 1 0
 * ```
 */
export function tensorflowStateless(seed: number | bigint, options?: TensorflowStatelessOptions): TensorflowStateless {
  return new TensorflowStateless(seed, options);
}
