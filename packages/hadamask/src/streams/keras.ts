// Keras 3's Dropout on each of its back ends: a SeedGenerator counts calls, and each back end makes a mask of the pair
// (seed, count) in its own way.

import { checkIndex, checkRates, rangeError } from "../check.js";
import type { Arithmetic, Dtype, MaskRequest, StreamSnapshot } from "../random/source.js";
import type { FloatArray, Key, PackedMask } from "../types.js";
import { reciprocal, undrawnMask } from "./jax.js";
import { jaxBernoulli, jaxUniform } from "./jax-random.js";
import { numpyGenerator } from "./numpy.js";
import {
  below,
  checkDtype,
  checkElements,
  checkSeed,
  checkSetting,
  checkSnapshot,
  rounder,
  type Stream,
} from "./stream.js";
import { tensorflowArithmetic } from "./tensorflow.js";
import { philoxKeep, philoxUniform, statelessStart } from "./tensorflow-random.js";
import { torchCpu } from "./torch.js";

export type KerasBackend = "tensorflow" | "jax" | "torch" | "numpy";

/** What a back end makes of a pair (seed, call). */
interface Backend {
  /** One more than the largest seed that its SeedGenerator takes. */
  readonly limit: number;
  uniforms(seed: number, call: number, n: number, dtype: Dtype): FloatArray;
  keepMask(seed: number, call: number, n: number, rate: number, dtype: Dtype): PackedMask;
  arithmetic(rate: number, dtype: Dtype): Arithmetic;
}

/** The TensorFlow back end reduces both numbers by this (`floormod(seed, int32.max - 1)`). */
const TENSORFLOW_MODULUS = 2 ** 31 - 2;

const tensorflowStart = (seed: number, call: number) =>
  statelessStart(BigInt(seed % TENSORFLOW_MODULUS), BigInt(call % TENSORFLOW_MODULUS));

/** `where(mask, x / keep, 0)` with a true division. */
function quotient(rate: number, dtype: Dtype): Arithmetic {
  return { kept: "divide", factor: rounder(dtype)(1 - rate), dropped: "zero" };
}

const BACKENDS: Readonly<Record<KerasBackend, Backend>> = {
  tensorflow: {
    limit: Number.MAX_SAFE_INTEGER,
    uniforms: (seed, call, n, dtype) => philoxUniform(tensorflowStart(seed, call), n, dtype, false),
    keepMask: (seed, call, n, rate, dtype) => philoxKeep(tensorflowStart(seed, call), n, rate, dtype, false),
    arithmetic: (rate, dtype) => tensorflowArithmetic({ rate, dtype }),
  },
  jax: {
    limit: 2 ** 32,
    uniforms: (seed, call, n, dtype) => jaxUniform([seed, call], n, dtype),
    keepMask: (seed, call, n, rate) => jaxBernoulli([seed, call] satisfies Key, 1 - rate, n),
    arithmetic: (rate, dtype) => reciprocal(1 - rate, dtype),
  },
  torch: {
    limit: 2 ** 31,
    uniforms: (seed, call, n, dtype) => torchCpu((seed + call) % 2 ** 32).rand(n, { dtype }),
    // torch.bernoulli of a float32 tensor of probabilities: one word an element, whatever the input's type.
    keepMask: (seed, call, n, rate) => below(torchCpu((seed + call) % 2 ** 32).rand(n), Math.fround(1 - rate)),
    arithmetic: quotient,
  },
  numpy: {
    limit: 2 ** 32,
    uniforms: (seed, call, n, dtype) => numpyGenerator([seed, call]).random(n, { dtype }),
    keepMask: (seed, call, n, rate) => numpyGenerator([seed, call]).keepMask(n, { keep: 1 - rate }),
    arithmetic: quotient,
  },
};

/**
 * `keras.layers.Dropout(rate, seed=seed)` in training, call after call.
 *
 * Randomness. A `SeedGenerator` gives the pairs (seed, 0), (seed, 1), …; the mask depends on the back end. On PyTorch
 *   the two numbers are added, so seed s at call 1 is seed s + 1 at call 0 there. Nothing is drawn at rate 0 and 1.
 * Numerics. TensorFlow multiplies by fl(1 / (1 - rate)), JAX by the reciprocal that XLA makes, PyTorch and NumPy
 *   divide. A dropped element is +0.
 * Verified. Against Keras 3.15.1 on all four back ends, on the CPU. With XLA, which `fit()` uses where a GPU is
 *   present, TensorFlow draws other masks: see `tensorflowStateless`.
 */
export class KerasStream implements Stream {
  readonly name: `keras-${KerasBackend}`;
  readonly seed: number;
  readonly #backend: Backend;
  #call = 0;

  constructor(backend: KerasBackend, seed: number | bigint) {
    const chosen = BACKENDS[backend];
    if (chosen === undefined) {
      throw rangeError("keras", "backend", '"tensorflow", "jax", "torch" or "numpy"', backend);
    }
    this.name = `keras-${backend}`;
    this.#backend = chosen;
    this.seed = Number(checkSeed("keras", seed, 0n, BigInt(chosen.limit) - 1n));
  }

  /** The uniforms of the next call: `keras.random.uniform([n], dtype=dtype, seed=seed_generator)`. */
  uniforms(n: number, options: { readonly dtype?: Dtype } = {}): FloatArray {
    checkElements("keras.uniforms", n);
    const dtype = checkDtype("keras.uniforms", options.dtype ?? "float32");
    return this.#backend.uniforms(this.seed, this.#call++, n, dtype);
  }

  keepMask(n: number, request: MaskRequest): PackedMask {
    checkElements("keras.keepMask", n);
    const { rate } = checkRates("keras.keepMask", request);
    const dtype = checkDtype("keras.keepMask", request.dtype ?? "float32");
    return undrawnMask(n, rate) ?? this.#backend.keepMask(this.seed, this.#call++, n, rate, dtype);
  }

  arithmetic(request: MaskRequest): Arithmetic {
    const { rate } = checkRates("keras.arithmetic", request);
    return this.#backend.arithmetic(rate, checkDtype("keras.arithmetic", request.dtype ?? "float32"));
  }

  snapshot(): StreamSnapshot {
    return { stream: this.name, seed: this.seed, call: this.#call };
  }

  restore(snapshot: StreamSnapshot): void {
    checkSetting(checkSnapshot(this.name, snapshot), "seed", this.seed);
    this.#call = checkIndex("restore", "snapshot.call", snapshot.call);
  }
}

/**
 * What `keras.layers.Dropout(rate, seed=seed)` of Keras 3 draws call after call, on the named back end. See
 * {@link KerasStream}.
 *
 * @throws {TypeError | RangeError} If there is no such back end, or the seed is not a whole number that it takes.
 * @example
 * ```ts
 * import { keepMask, unpackMask } from "hadamask";
 * import { jax, keras } from "hadamask/streams";
 * console.log(unpackMask(keras("jax", 0).keepMask(8, { rate: 0.5 }), 8).join(" ")); // 0 0 1 1 0 1 1 0
 * ```
 */
export function keras(backend: KerasBackend, seed: number | bigint): KerasStream {
  return new KerasStream(backend, seed);
}
