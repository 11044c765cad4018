// Streams by name, for commands and configuration files. Knows every framework's file, and nothing of how they draw.

import { rangeError } from "../check.js";
import type { Dtype } from "../random/source.js";
import type { BitGeneratorName } from "./bit-generators.js";
import { flaxLinen, flaxNnx } from "./flax.js";
import { equinox, type JaxCalls, jax } from "./jax.js";
import { keras } from "./keras.js";
import { numpyGenerator, numpyLegacy } from "./numpy.js";
import type { Stream } from "./stream.js";
import { tensorflow, tensorflowStateless } from "./tensorflow.js";
import { tfjs } from "./tfjs.js";
import { torchCpu, torchMkl } from "./torch.js";
import { torchCuda } from "./torch-cuda.js";

/** What `--stream` takes. */
export const STREAM_NAMES = [
  "numpy-legacy",
  "numpy",
  "torch",
  "torch-mkl",
  "torch-cuda",
  "jax",
  "jax-legacy",
  "flax-linen",
  "flax-nnx",
  "equinox",
  "tensorflow",
  "tensorflow-stateless",
  "keras-tensorflow",
  "keras-jax",
  "keras-torch",
  "keras-numpy",
  "tfjs",
] as const;

export type StreamName = (typeof STREAM_NAMES)[number];

/** Settings of single streams; each stream reads its own and passes over the rest. */
export interface StreamSettings {
  /** numpy: element type of the uniforms of masks. */
  readonly dtype?: Dtype;
  /** numpy: what the generator draws from. */
  readonly bitGenerator?: BitGeneratorName;
  /** torch-cuda: threads that the device runs at once. */
  readonly threads?: number;
  /** jax, jax-legacy, equinox: which key each call draws from. */
  readonly calls?: JaxCalls;
  /** jax, jax-legacy, equinox, flax: `jax_enable_x64`. */
  readonly x64?: boolean;
  /** flax-linen: names of the modules down to the Dropout. */
  readonly path?: readonly string[];
  /** flax-nnx: how many Dropouts were built from the same Rngs before this one. */
  readonly index?: number;
  /** tensorflow-stateless: the second number of the pair of seeds. */
  readonly second?: number | bigint;
  /** tensorflow-stateless: code compiled by XLA. */
  readonly xla?: boolean;
}

type Seed = number | bigint;

const MAKERS: Readonly<Record<StreamName, (seed: Seed, settings: StreamSettings) => Stream>> = {
  "numpy-legacy": (seed) => numpyLegacy(seed),
  numpy: (seed, settings) => numpyGenerator(seed, settings),
  torch: (seed) => torchCpu(seed),
  "torch-mkl": (seed) => torchMkl(seed),
  "torch-cuda": (seed, settings) => torchCuda(seed, settings),
  jax: (seed, settings) => jax(seed, { ...settings, partitionable: true }),
  "jax-legacy": (seed, settings) => jax(seed, { ...settings, partitionable: false }),
  "flax-linen": (seed, settings) => flaxLinen(seed, settings),
  "flax-nnx": (seed, settings) => flaxNnx(seed, settings),
  equinox: (seed, settings) => equinox(seed, settings),
  tensorflow: (seed) => tensorflow(seed),
  "tensorflow-stateless": (seed, settings) => tensorflowStateless(seed, settings),
  "keras-tensorflow": (seed) => keras("tensorflow", seed),
  "keras-jax": (seed) => keras("jax", seed),
  "keras-torch": (seed) => keras("torch", seed),
  "keras-numpy": (seed) => keras("numpy", seed),
  tfjs: (seed) => tfjs(seed),
};

/**
 * Makes the stream of a name: `createStream("torch", 42)` is `torchCpu(42)`.
 *
 * @throws {RangeError} If there is no stream of that name, or the seed is not one of its seeds.
 * @example
 * ```ts
 * import { unpackMask } from "hadamask";
 * import { createStream } from "hadamask/streams";
 * // torch.manual_seed(42); F.dropout(torch.ones(10), 0.6)
 * const mask = createStream("torch", 42).keepMask(10, { rate: 0.6 });
 * console.log(unpackMask(mask, 10).join("")); // 1111000011
 * ```
 */
export function createStream(name: StreamName, seed: Seed, settings: StreamSettings = {}): Stream {
  const make = Object.hasOwn(MAKERS, name) ? MAKERS[name] : undefined;
  if (make === undefined) throw rangeError("createStream", "name", `one of ${STREAM_NAMES.join(", ")}`, name);
  return make(seed, settings);
}
