// Where the bits of `hadamask mask` come from: our own mask stream, or another framework's. Knows no output format.

import { asUsage, UsageError } from "@hadamask/experiments/settings";
import { keepMask, key, type RateOption } from "hadamask";
import { createStream, type Dtype, type StreamName } from "hadamask/streams";
import { DEFAULT_SEED, ownSeed } from "./options.js";

/** The packed decisions of the elements start … start + n - 1 of one mask; start is a multiple of 32. */
export type Words = (start: number, n: number) => Uint32Array;

export interface MaskSource {
  /** What the JSON says of the source, beside rate and shape. */
  readonly head: Readonly<Record<string, unknown>>;
  /** The masks of consecutive calls, drawn as they are asked for. */
  masks(): Iterable<Words>;
}

export interface SourceOptions {
  readonly seed?: bigint;
  readonly offset?: number;
  readonly stream?: StreamName;
  readonly dtype?: "f32" | "f64";
  readonly calls?: number;
  readonly threads?: number;
}

/** @throws {UsageError} If options do not go together, or the source refuses the seed. */
export function sourceOf(options: SourceOptions, rate: RateOption, n: number): MaskSource {
  asUsage(() => keepMask(0, { ...rate, key: key(0) })); // refuses a wrong rate before anything is written
  return options.stream === undefined ? own(options, rate, n) : foreign(options.stream, options, rate, n);
}

function own(
  { seed = DEFAULT_SEED, offset = 0, dtype, calls, threads }: SourceOptions,
  rate: RateOption,
  n: number,
): MaskSource {
  const stray = Object.entries({ dtype, calls, threads }).find(([, value]) => value !== undefined)?.[0];
  if (stray !== undefined) throw new UsageError(`mask: --${stray} goes with --stream, not with our own masks`);
  if (!(offset + n <= 2 ** 53))
    throw new UsageError(`mask: --offset + elements must be at most 2^53, got ${offset + n}`);
  const seedKey = key(ownSeed("mask: --seed", seed));
  return {
    head: { key: seedKey, offset },
    masks: () => [(start, count) => keepMask(count, { ...rate, key: seedKey, offset: offset + start })],
  };
}

/** Streams of JAX, which draw other uniforms with jax_enable_x64. */
const X64: readonly StreamName[] = ["jax", "jax-legacy", "flax-linen", "flax-nnx", "equinox"];

/** Streams whose masks depend on the dtype. */
const BY_DTYPE: readonly StreamName[] = [
  ...X64,
  ...(["numpy", "torch-cuda", "tensorflow", "tensorflow-stateless", "keras-tensorflow"] as const),
];

/** @throws {UsageError} If the other dtype would give the same mask, and is asked for. */
function checkDtype(name: StreamName, dtype: SourceOptions["dtype"]): void {
  if (dtype === undefined || BY_DTYPE.includes(name)) return;
  if (dtype === (name === "numpy-legacy" ? "f64" : "f32")) return; // what it is anyway
  throw new UsageError(
    `mask: --dtype ${dtype} changes nothing with --stream ${name}, whose masks are the same for both; leave it out`,
  );
}

const DTYPES: Readonly<Record<"f32" | "f64", Dtype>> = { f32: "float32", f64: "float64" };

function foreign(
  name: StreamName,
  { seed = DEFAULT_SEED, offset, dtype, calls = 1, threads }: SourceOptions,
  rate: RateOption,
  n: number,
): MaskSource {
  if (offset !== undefined) {
    throw new UsageError("mask: --offset goes with our own masks; those of a stream follow one another, see --calls");
  }
  if (calls === 0) throw new UsageError("mask: --calls must be 1 or more, got 0");
  const type = dtype && { dtype: DTYPES[dtype] };
  if (threads !== undefined && name !== "torch-cuda") {
    throw new UsageError(`mask: --threads goes with --stream torch-cuda, got ${name}`);
  }
  checkDtype(name, dtype);
  const wide = X64.includes(name) && dtype === "f64" ? { x64: true } : {}; // jax_enable_x64: uniforms have 52 bits
  const options = { ...type, ...wide, ...(threads !== undefined && { threads }) };
  const stream = asUsage(() => createStream(name, seed, options));
  return {
    head: { stream: name, seed: Number.isSafeInteger(Number(seed)) ? Number(seed) : String(seed), ...type },
    *masks() {
      for (let call = 0; call < calls; call++) {
        const mask = stream.keepMask(n, { ...rate, ...type });
        yield (start, count) => mask.subarray(start / 32, Math.ceil((start + count) / 32));
      }
    },
  };
}
