// PyTorch's CUDA stream: which word of Philox each element of a kernel's output takes. Knows no other stream.

import { checkIndex, checkRates, rangeError } from "../check.js";
import { checkObject } from "../options.js";
import type { Arithmetic, Dtype, MaskRequest, StreamSnapshot } from "../random/source.js";
import type { PackedMask } from "../types.js";
import { philox4x32 } from "./philox4x32.js";
import {
  below,
  checkDtype,
  checkElements,
  checkSeed,
  checkSnapshot,
  constantMask,
  rounder,
  type Stream,
} from "./stream.js";

/** Threads of a block, in both kernels (aten/src/ATen/native/cuda/DistributionTemplates.h, Dropout.cu). */
const BLOCK = 256;

/** Words that a thread takes from Philox at a time. */
const UNROLL = 4;

export interface TorchCudaOptions {
  /**
   * How many threads the device runs at once: multiProcessorCount * floor(maxThreadsPerMultiProcessor / 256) * 256.
   * Results of kernels with more elements than that (four times as many in plain dropout) depend on it. Default
   * 221,184, an A100.
   */
  readonly threads?: number;
}

/**
 * PyTorch's generator on a CUDA device after `torch.manual_seed(seed)`.
 *
 * Randomness. Philox-4x32 keyed by the whole 64-bit seed. Every kernel starts where the last one stopped: its counter
 *   moves on by four words a loop of its threads. Plain dropout (float32 a multiple of 4 long, and so on) reads
 *   vectors of 16 bytes; feature dropout, `rand` and odd lengths read element by element, and draw other masks for
 *   the same seed.
 * Numerics. A uniform is `fl32(fl32(word) * 2^-32 + 2^-33)`, in (0, 1]; an element is kept if it is below fl32(1 -
 *   rate). Verified. From source, by a second implementation, and by published results of real devices: `rand` for
 *   seed 0, float32 dropout of 2^21 ones on an RTX 4080 SUPER, sums of 10^6 elements on a P100 and a K80. float64
 *   input is from source only.
 */
export class TorchCuda implements Stream {
  readonly name = "torch-cuda";
  readonly threads: number;
  #key!: readonly [number, number];
  readonly #counter = new Uint32Array(4);
  readonly #words = new Uint32Array(4);
  /** Words each thread has passed, a multiple of four. */
  #offset = 0;

  constructor(seed: number | bigint, options: TorchCudaOptions = {}) {
    checkObject("torchCuda", options, ["threads"]);
    const threads = checkIndex("torchCuda", "threads", options.threads ?? 221_184);
    if (threads === 0 || threads % BLOCK !== 0) {
      throw rangeError("torchCuda", "threads", "a multiple of 256 above 0", threads);
    }
    this.threads = threads;
    this.manualSeed(seed);
  }

  /**
   * `torch.cuda.manual_seed`: starts anew. @throws {TypeError | RangeError} If `seed` is not a whole number in
   * [-2^63, 2^64).
   */
  manualSeed(seed: number | bigint): void {
    const value = BigInt.asUintN(64, checkSeed("torchCuda", seed, -(2n ** 63n), 2n ** 64n - 1n));
    this.#key = [Number(value & 0xffffffffn), Number(value >> 32n)];
    this.#offset = 0;
  }

  /** `torch.rand(n, device="cuda")`: uniforms in [0, 1), 1 being mapped to 0. float32 only. */
  rand(n: number): Float32Array {
    const out = this.#strided(checkElements("torchCuda.rand", n));
    for (let i = 0; i < n; i++) if (out[i] === 1) out[i] = 0;
    return out;
  }

  /** {@link rand}, under the name that all streams share. */
  uniforms(n: number, options: { readonly dtype?: Dtype } = {}): Float32Array {
    const { dtype = "float32" } = options;
    if (dtype !== "float32") throw rangeError("torchCuda.uniforms", "dtype", '"float32"', dtype);
    return this.rand(n);
  }

  /**
   * `x.bernoulli_(keep)` on a float32 tensor; also what in-place, feature and alpha dropout draw. It draws at 0 and 1
   * too.
   */
  bernoulliMask(n: number, keep: number): PackedMask {
    checkElements("torchCuda.bernoulliMask", n);
    const threshold = Math.fround(checkRates("torchCuda.bernoulliMask", { keep }).keep);
    return below(this.#strided(n), threshold);
  }

  /** The decisions of `F.dropout(x, rate)`, or, with `shared`, of a feature dropout's n channels. */
  keepMask(n: number, request: MaskRequest): PackedMask {
    checkElements("torchCuda.keepMask", n);
    const { rate } = checkRates("torchCuda.keepMask", request);
    if (rate === 0 || rate === 1) return constantMask(n, rate === 0);
    const vector = request.shared ? 1 : vectorSize(n, checkDtype("torchCuda.keepMask", request.dtype ?? "float32"));
    return vector === 1 ? this.bernoulliMask(n, 1 - rate) : this.#vectors(n, Math.fround(1 - rate), vector);
  }

  arithmetic(request: MaskRequest): Arithmetic {
    const { rate } = checkRates("torchCuda.arithmetic", request);
    const dtype = checkDtype("torchCuda.arithmetic", request.dtype ?? "float32");
    const round = rounder(dtype);
    return { kept: "multiply", factor: round(1 / round(1 - rate)), dropped: "product" };
  }

  snapshot(): StreamSnapshot {
    return { stream: this.name, key: this.#key, offset: this.#offset };
  }

  restore(snapshot: StreamSnapshot): void {
    const { key, offset } = checkSnapshot(this.name, snapshot);
    this.#key = key as unknown as readonly [number, number];
    this.#offset = offset as number;
  }

  /** Threads that a kernel over n elements is launched with: a block for each 256, as far as the device holds them. */
  #launched(n: number): number {
    return Math.min(this.threads, Math.ceil(n / BLOCK) * BLOCK);
  }

  /** Moves on by the words that a kernel of `threads` threads over n elements takes; returns the block it starts at. */
  #advance(n: number, threads: number): number {
    const first = this.#offset / UNROLL;
    if (n > 0) this.#offset += (Math.floor((n - 1) / (threads * UNROLL)) + 1) * UNROLL;
    return first;
  }

  /** Element i belongs to thread i mod T; in each loop a thread's four words go to elements T apart. */
  #strided(n: number): Float32Array {
    const out = new Float32Array(n);
    const threads = this.#launched(n);
    const first = this.#advance(n, threads);
    const span = threads * UNROLL;
    for (let loop = 0; loop * span < n; loop++) {
      for (let thread = 0; thread < threads; thread++) {
        const start = loop * span + thread;
        if (start >= n) break;
        const words = this.#block(thread, first + loop);
        for (let j = 0; j < UNROLL && start + j * threads < n; j++) out[start + j * threads] = uniform(words[j]!);
      }
    }
    return out;
  }

  /** Each thread takes `vector` neighbours at a time, with the first words of a block of its own for every loop. */
  #vectors(n: number, threshold: number, vector: number): PackedMask {
    const mask = new Uint32Array(Math.ceil(n / 32));
    const threads = this.#launched(n);
    const first = this.#advance(n, threads);
    for (let i = 0; i < n; i += vector) {
      const group = i / vector;
      const words = this.#block(group % threads, first + Math.floor(group / threads));
      for (let j = 0; j < vector; j++) {
        if (uniform(words[j]!) < threshold) mask[(i + j) >>> 5]! |= 1 << ((i + j) & 31);
      }
    }
    return mask;
  }

  /** Block `block` of thread `thread`'s own sequence, in an array that the next call overwrites. */
  #block(thread: number, block: number): Uint32Array {
    this.#counter[0] = block;
    this.#counter[1] = Math.floor(block / 2 ** 32);
    this.#counter[2] = thread;
    philox4x32(this.#words, this.#counter, this.#key);
    return this.#words;
  }
}

/** cuRAND's uniform of a word, in (0, 1]. */
function uniform(word: number): number {
  return Math.fround(Math.fround(word) * 2 ** -32 + 2 ** -33);
}

/** Elements that a thread reads at once: 16 bytes of them, halved until they divide n. */
function vectorSize(n: number, dtype: Dtype): number {
  let size = dtype === "float32" ? 4 : 2;
  while (n % size !== 0) size /= 2;
  return size;
}

/**
 * What PyTorch draws on a CUDA device after `torch.manual_seed(seed)`. Masks depend on how many threads the device
 * runs at once: the option `threads`. See {@link TorchCuda}.
 *
 * @throws {TypeError | RangeError} If `seed` is not a whole number in [-2^63, 2^64), or `threads` is not a multiple of
 *   256 above 0.
 * @example
 * ```ts
 * import { keepMask, unpackMask } from "hadamask";
 * import { torchCuda } from "hadamask/streams";
 * console.log(unpackMask(torchCuda(42).keepMask(8, { rate: 0.5 }), 8).join(" ")); // 0 1 1 1 1 1 1 0
 * ```
 */
export function torchCuda(seed: number | bigint, options?: TorchCudaOptions): TorchCuda {
  return new TorchCuda(seed, options);
}
