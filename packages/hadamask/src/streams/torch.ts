// PyTorch's CPU stream: what torch.manual_seed(seed) and the calls after it draw. The layers on it: torch-layers.ts.

import { checkRates, sizeOf, typeError } from "../check.js";
import type { Arithmetic, Dtype, MaskRequest, StreamSnapshot } from "../random/source.js";
import type { FloatArray, PackedMask } from "../types.js";
import { bernoulliMcg31 } from "./mcg31.js";
import { Mt19937, type Mt19937State } from "./mt19937.js";
import {
  checkDtype,
  checkElements,
  checkSeed,
  checkSnapshot,
  constantMask,
  floatArray,
  PIECE,
  rounder,
  type Stream,
} from "./stream.js";
import { below53, low24, low53 } from "./torch-bits.js";
import {
  alphaDropout,
  dropout,
  dtypeOf,
  type FeatureOptions,
  featureDropout,
  fromChannelsLast,
  type LayerOptions,
} from "./torch-layers.js";
import { randn } from "./torch-normal.js";

/**
 * How a build of PyTorch draws `bernoulli_(number)`, and so every dropout layer: "default" two MT19937 words an
 * element, "mkl" one word a call, which seeds Intel's MCG31.
 */
export type TorchKernel = "default" | "mkl";

/** The array type of an input. */
type Same<X extends FloatArray> = X extends Float32Array ? Float32Array : Float64Array;

/**
 * PyTorch's CPU generator after `torch.manual_seed(seed)`. Consecutive calls continue one stream, whatever they draw.
 *
 * Randomness. Only the low 32 bits of the seed count. A float32 uniform takes one word of MT19937, a float64 one two;
 *   a decision of dropout is a 53-bit uniform below `1 - rate`, two words whatever the element type. Nothing is drawn
 *   at rate 0 and 1.
 * Numerics. Masks and products equal PyTorch's bit for bit; `randn` to the last bits of its logarithm, sine and
 *   cosine. Verified. Against PyTorch 2.13 (x86 wheel) and 1.13 (no MKL): the default kernel, which every wheel since
 *   2.7 and every build without MKL uses.
 *
 * @example
 * ```ts
 * import { torchCpu } from "hadamask/streams";
 * console.log(torchCpu(42).rand(3)); // Float32Array(3) [ 0.8822692632675171, 0.9150039553642273, 0.38286375999450684 ]
 * console.log(torchCpu(42).dropout(new Float32Array([2, 4, 6, 8]), { rate: 0.5 })); // Float32Array(4) [ 4, 8, 12, 16 ]
 * ```
 */
export class TorchCpu implements Stream {
  readonly name: string;
  readonly kernel: TorchKernel;
  #mt!: Mt19937;
  #spareNormal: number | undefined;

  constructor(seed: number | bigint, kernel: TorchKernel = "default") {
    this.kernel = kernel;
    this.name = kernel === "mkl" ? "torch-mkl" : "torch";
    this.manualSeed(seed);
  }

  /**
   * `torch.manual_seed`: starts anew. @throws {TypeError | RangeError} If `seed` is not a whole number in [-2^63,
   * 2^64).
   */
  manualSeed(seed: number | bigint): void {
    const value = checkSeed("torch", seed, -(2n ** 63n), 2n ** 64n - 1n);
    this.#mt = Mt19937.fromSeed(Number(BigInt.asUintN(32, value)));
    this.#spareNormal = undefined;
  }

  /** `torch.rand(n, dtype)`: multiples of 2^-24 (float32) or 2^-53 (float64) in [0, 1). */
  rand(n: number, options?: { readonly dtype?: "float32" }): Float32Array;
  rand(n: number, options: { readonly dtype: "float64" }): Float64Array;
  rand(n: number, options?: { readonly dtype?: Dtype }): FloatArray;
  rand(n: number, options: { readonly dtype?: Dtype } = {}): FloatArray {
    const dtype = checkDtype("torch.rand", options.dtype ?? "float32");
    const out = floatArray(checkElements("torch.rand", n), dtype);
    const isSingle = dtype === "float32";
    const words = new Uint32Array(Math.min(n, PIECE) * (isSingle ? 1 : 2));
    for (let start = 0; start < n; start += PIECE) {
      const count = Math.min(PIECE, n - start);
      this.#mt.fill(words.subarray(0, isSingle ? count : 2 * count));
      for (let i = 0; i < count; i++)
        out[start + i] = isSingle ? low24(words[i]!) : low53(words[2 * i]!, words[2 * i + 1]!);
    }
    return out;
  }

  /**
   * `torch.empty(n).uniform_(low, high)`, float32: what `nn.Linear` and `nn.Conv2d` start from (docs/porting.md).
   * The bounds and their difference are float32, the product and the sum float64, rounded once.
   */
  uniform(n: number, low: number, high: number): Float32Array {
    const from = Math.fround(low);
    const span = Math.fround(Math.fround(high) - from);
    const out = this.rand(n);
    for (let i = 0; i < n; i++) out[i] = out[i]! * span + from;
    return out;
  }

  /** `torch.rand_like(x)`. */
  randLike<X extends FloatArray>(x: X): Same<X>;
  randLike(x: FloatArray): FloatArray {
    return this.rand(x.length, { dtype: dtypeOf(checkArray("torch.randLike", x)) });
  }

  /** {@link rand}, under the name that all streams share. */
  uniforms(n: number, options: { readonly dtype?: Dtype } = {}): FloatArray {
    return this.rand(n, options);
  }

  /**
   * `torch.randn(n, dtype)`.
   *
   * Numerics. The words drawn are PyTorch's. Values agree with it to about 2.5e-7 in float32 (16 elements and more,
   *   where PyTorch's logarithm, sine and cosine are vectorised), to the last bit or two otherwise.
   */
  randn(n: number, options?: { readonly dtype?: "float32" }): Float32Array;
  randn(n: number, options: { readonly dtype: "float64" }): Float64Array;
  randn(n: number, options: { readonly dtype?: Dtype } = {}): FloatArray {
    const dtype = checkDtype("torch.randn", options.dtype ?? "float32");
    const source = { uniform: (type: Dtype) => this.#uniform(type), spareNormal: this.#spareNormal };
    const out = randn(source, checkElements("torch.randn", n), dtype);
    this.#spareNormal = source.spareNormal;
    return out;
  }

  /** `torch.bernoulli(P)` with an array of probabilities: 1 where a uniform of P's own element type is below it. */
  bernoulli<X extends FloatArray>(probabilities: X): Same<X>;
  bernoulli(probabilities: FloatArray): FloatArray {
    const dtype = dtypeOf(checkArray("torch.bernoulli", probabilities));
    const out = floatArray(probabilities.length, dtype);
    for (let i = 0; i < out.length; i++) out[i] = this.#uniform(dtype) < probabilities[i]! ? 1 : 0;
    return out;
  }

  /** `x.bernoulli_(keep)` with a number, packed. It draws at 0 and 1 too, which dropout ({@link keepMask}) does not. */
  bernoulliMask(n: number, keep: number): PackedMask {
    checkElements("torch.bernoulliMask", n);
    checkRates("torch.bernoulliMask", { keep });
    if (n === 0) return new Uint32Array(0);
    return this.kernel === "mkl" ? bernoulliMcg31(this.#mt.next(), n, keep) : below53(this.#mt, n, keep);
  }

  /** The decisions of `F.dropout` on n elements. @throws {TypeError | RangeError} As `keepMask` of the library. */
  keepMask(n: number, request: MaskRequest): PackedMask {
    checkElements("torch.keepMask", n);
    const { rate } = checkRates("torch.keepMask", request);
    if (rate === 0 || rate === 1) return constantMask(n, rate === 0);
    return this.bernoulliMask(n, 1 - rate);
  }

  /**
   * `x * noise` with `noise = mask / (1 - rate)`, formed in the element type: a dropped infinity is NaN, a dropped -1
   * is -0.
   */
  arithmetic(request: MaskRequest): Arithmetic {
    const { rate } = checkRates("torch.arithmetic", request);
    const round = rounder(checkDtype("torch.arithmetic", request.dtype ?? "float32"));
    return { kept: "multiply", factor: round(1 / round(1 - rate)), dropped: "product" };
  }

  /** `F.dropout(x, rate, training=True)`. @throws {TypeError | RangeError} If `rate`, `x` or `out` do not fit. */
  dropout<X extends FloatArray>(x: X, options: LayerOptions): Same<X>;
  dropout(x: FloatArray, options: LayerOptions): FloatArray {
    return dropout(this, checkArray("torch.dropout", x), options);
  }

  /** `F.dropout1d` on shape [N, C, L], or [C, L] for one sample: one decision a channel. */
  dropout1d<X extends FloatArray>(x: X, options: FeatureOptions): Same<X>;
  dropout1d(x: FloatArray, options: FeatureOptions): FloatArray {
    return featureDropout(this, "dropout1d", checkArray("torch.dropout1d", x), options);
  }

  /** `F.dropout2d` on shape [N, C, H, W]; three axes are taken for [N, C, L], as PyTorch does (with a warning). */
  dropout2d<X extends FloatArray>(x: X, options: FeatureOptions): Same<X>;
  dropout2d(x: FloatArray, options: FeatureOptions): FloatArray {
    return featureDropout(this, "dropout2d", checkArray("torch.dropout2d", x), options);
  }

  /** `F.dropout3d` on shape [N, C, D, H, W], or [C, D, H, W] for one sample. */
  dropout3d<X extends FloatArray>(x: X, options: FeatureOptions): Same<X>;
  dropout3d(x: FloatArray, options: FeatureOptions): FloatArray {
    return featureDropout(this, "dropout3d", checkArray("torch.dropout3d", x), options);
  }

  /** `F.alpha_dropout(x, rate, training=True)`; with a `shape` [N, C, …], `F.feature_alpha_dropout`. */
  alphaDropout<X extends FloatArray>(x: X, options: LayerOptions & { readonly shape?: readonly number[] }): Same<X>;
  alphaDropout(x: FloatArray, options: LayerOptions & { readonly shape?: readonly number[] }): FloatArray {
    return alphaDropout(this, checkArray("torch.alphaDropout", x), options);
  }

  /**
   * The decisions of `F.dropout` on an [N, C, …] tensor in channels-last memory format, given in C order of [N, C, …].
   * PyTorch 2.5 and later draws in memory order; for earlier releases use {@link keepMask}, they drew in C order.
   */
  keepMaskChannelsLast(shape: readonly number[], request: MaskRequest): PackedMask {
    return fromChannelsLast(this.keepMask(sizeOf(shape), request), shape);
  }

  /**
   * Passes over `words` words of the generator, for calls that are not made again here: see docs/porting.md for who
   * takes how many.
   */
  skip(words: number): void {
    this.#mt.skip(checkElements("torch.skip", words));
  }

  snapshot(): StreamSnapshot {
    const { words, next } = this.#mt.state;
    const spare = this.#spareNormal;
    return { stream: this.name, words, next, ...(spare === undefined ? {} : { spareNormal: spare }) };
  }

  restore(snapshot: StreamSnapshot): void {
    const { words, next, spareNormal } = checkSnapshot(this.name, snapshot);
    this.#mt = Mt19937.fromState({ words, next } as unknown as Mt19937State);
    this.#spareNormal = typeof spareNormal === "number" ? spareNormal : undefined;
  }

  #uniform(dtype: Dtype): number {
    const word = this.#mt.next();
    return dtype === "float32" ? low24(word) : low53(word, this.#mt.next());
  }
}

/**
 * What PyTorch draws on the CPU after `torch.manual_seed(seed)`: masks of `nn.Dropout` and its family, `rand`,
 * `randn`. See {@link TorchCpu}, and {@link torchMkl} for older x86 builds.
 *
 * @throws {TypeError | RangeError} If `seed` is not a whole number in [-2^63, 2^64); past 2^53 it has to be a bigint.
 * @example
 * ```ts
 * import { keepMask, unpackMask } from "hadamask";
 * import { torchCpu } from "hadamask/streams";
 * const stream = torchCpu(42); // torch.manual_seed(42); F.dropout(torch.ones(8), 0.5)
 * console.log(unpackMask(stream.keepMask(8, { rate: 0.5 }), 8).join(" ")); // 1 1 1 1 0 1 0 0
 * ```
 */
export function torchCpu(seed: number | bigint): TorchCpu {
  return new TorchCpu(seed);
}

/**
 * PyTorch on the CPU of x86 builds with MKL that draw dropout by Intel's VSL: {@link TorchCpu} with another kernel.
 * Those are, on Intel CPUs, releases up to 1.13; on all CPUs, 2.0 to 2.6. Everything but dropout and
 * `bernoulli_(number)` is as in `torchCpu`. Compared in float32: masks differ from a comparison in float64 about once
 * in 10^7 decisions.
 *
 * Verified. In two halves: MCG31 and the comparison against Intel MKL 2020.4, the whole by three published outputs.
 *   No build of PyTorch that has the kernel was at hand; which releases have it is from its source.
 *
 * @example
 * ```ts
 * import { keepMask, unpackMask } from "hadamask";
 * import { torchMkl } from "hadamask/streams";
 * console.log(unpackMask(torchMkl(42).keepMask(8, { rate: 0.5 }), 8).join(" ")); // 0 0 1 1 1 1 1 0
 * ```
 */
export function torchMkl(seed: number | bigint): TorchCpu {
  return new TorchCpu(seed, "mkl");
}

function checkArray(where: string, x: FloatArray): FloatArray {
  if (x instanceof Float32Array || x instanceof Float64Array) return x;
  throw typeError(where, "x", "a Float32Array or a Float64Array", x);
}
