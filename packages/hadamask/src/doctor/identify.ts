// Which known stream drew a mask? Tries all of them, for the seeds and the first calls that one would look at: whole
// calls first, then parts of calls.

import { checkIndex, checkKeep, rangeError } from "../check.js";
import { drawMask } from "../noise/bernoulli.js";
import { checkOptions } from "../options.js";
import { packMask } from "../placement/mask-bits.js";
import { passKey, stepKey } from "../random/derived-keys.js";
import { key } from "../random/key.js";
import type { Dtype } from "../random/source.js";
import type { NumpyLegacy } from "../streams/numpy.js";
import { createStream, STREAM_NAMES, type StreamName } from "../streams/registry.js";
import type { Stream } from "../streams/stream.js";
import type { TorchCpu } from "../streams/torch.js";
import type { Key, PackedMask, RateOption } from "../types.js";
import { byChance, placesIn } from "./cut.js";

export type IdentifyOptions = RateOption & {
  /** Seeds to try. Default: 0 to 9, 42, 123, 1234 and 2024. */
  readonly seeds?: readonly (number | bigint)[];
  /** How many masks of this length may have been drawn before it, at most. Default 3. */
  readonly calls?: number;
  /**
   * Where no whole call is the mask: how many elements of the call may lie before its first one, at most. Default
   * 16384; 0 looks for whole calls only.
   */
  readonly before?: number;
};

export interface FoundStream {
  /** A name of `createStream`, or "hadamask". */
  readonly stream: StreamName | "hadamask";
  readonly seed: number | bigint;
  /** Masks of the same length that came before it under this seed; of a part of a call, calls of any length. */
  readonly call: number;
  /**
   * Elements of the call that lie before a part of one. NumPy and PyTorch on the CPU go on from call to call, so there
   * it is the elements since the seed.
   */
  readonly offset?: number;
  /** NumPy (legacy) and PyTorch on the CPU: one word more, half an element, was drawn before it, by something else. */
  readonly oddWord?: true;
  /** How our own stream was asked: for a mask from element 0 on, for a training step, or for a pass at prediction. */
  readonly as?: "mask" | "step" | "pass";
  readonly dtype: "float32" | "float64";
}

const SEEDS = [...Array.from({ length: 10 }, (_, i) => i), 42, 123, 1234, 2024];
const DTYPES = ["float32", "float64"] as const;

/** Fewer decisions than this agree with some stream by chance. */
const FEWEST = 64;

/** Elements that may lie before a part of a call. */
const BEFORE = 16_384;

/** A part is looked for only where fewer places than this agree with it by chance. */
const CHANCE = 1e-6;

/**
 * Streams that go on from call to call, element by element: their calls are one long one. With how to pass over one
 * word of the generator, where an element takes two.
 */
const CONTINUED: Partial<Record<StreamName, ((stream: Stream) => void) | undefined>> = {
  numpy: undefined,
  "numpy-legacy": (stream) => (stream as NumpyLegacy).permutation(2),
  torch: (stream) => (stream as TorchCpu).skip(1),
};

/**
 * Streams whose decisions depend on how many are drawn at once. Parts of their calls are not found.
 *
 * @example
 * ```ts
 * import { WHOLE_ONLY } from "hadamask/doctor";
 * console.log(WHOLE_ONLY.join(", ")); // jax-legacy, torch-cuda
 * ```
 */
export const WHOLE_ONLY: readonly StreamName[] = ["jax-legacy", "torch-cuda"];

/**
 * Says which streams give exactly this mask: as one call of the framework, or else as a part of a call, cut out after
 * up to `before` elements. With many decisions one hit is proof: a wrong stream agrees with n decisions at keep k with
 * probability (k^2 + (1 - k)^2)^n at each place. A part is looked for only if the decisions are so many that fewer than
 * 1e-6 places agree by chance; at keep 0.5 that are 64, at keep 0.9 about 140.
 *
 * Not found. Parts of calls of PyTorch on CUDA and of JAX before 0.5 (`jax-legacy`): their decisions depend on how many
 *   were drawn at once ({@link WHOLE_ONLY}). Parts of later calls than `calls`, or further in than `before`. A part
 *   that is not a run of neighbours: a column, every other row.
 * Cost. (streams) x seeds x calls x 2 masks of this length: about a second for 10,000 decisions and the default seeds.
 *   Parts: as many masks of `before` + 1024 elements, whatever the length.
 *
 * @param bits 1 where an element was kept, neighbours as they were drawn.
 * @throws {TypeError | RangeError} If there are fewer than 64 decisions (they prove nothing), or an option is wrong.
 * @example
 * ```ts
 * import { unpackMask } from "hadamask";
 * import { identifyStream } from "hadamask/doctor";
 * import { createStream } from "hadamask/streams";
 *
 * // F.dropout after manual_seed(42)
 * const mask = unpackMask(createStream("torch", 42).keepMask(256, { rate: 0.5 }), 256);
 * const [found] = identifyStream(mask, { rate: 0.5, seeds: [42] });
 * console.log(found?.stream, found?.seed, found?.call); // torch 42 0
 * ```
 */
export function identifyStream(bits: ArrayLike<number | boolean>, options: IdentifyOptions): FoundStream[] {
  checkOptions("identifyStream", options, ["rate", "keep", "seeds", "calls", "before"]);
  const keep = checkKeep("identifyStream", options);
  const { seeds = SEEDS, calls = 3, before = BEFORE } = options;
  checkIndex("identifyStream", "calls", calls);
  checkIndex("identifyStream", "before", before, 2 ** 30);
  if (!(bits.length >= FEWEST)) {
    throw rangeError("identifyStream", "bits", `at least ${FEWEST} decisions`, bits.length);
  }
  const n = bits.length;
  const wanted = packMask(bits);
  const isIt = (mask: Uint32Array): boolean => wanted.every((word, w) => word === mask[w]);
  const found: FoundStream[] = [];
  for (const seed of seeds) {
    for (const { draw, ...own } of ownDraws(seed, keep, calls)) if (isIt(draw(n))) found.push(own);
    for (const stream of STREAM_NAMES) found.push(...inStream(stream, seed, n, keep, calls, isIt));
  }
  if (found.length > 0 || before === 0) return found;
  const trials = seeds.length * STREAM_NAMES.length * DTYPES.length * (calls + 1) * (before + 1);
  if (!(byChance(bits, keep, trials) < CHANCE)) return found;
  for (const seed of seeds) {
    for (const { draw, ...own } of [...ownDraws(seed, keep, calls), ...otherDraws(seed, keep, calls)]) {
      for (const offset of placesIn(draw, wanted, n, before)) if (isNew(found, own)) found.push({ ...own, offset });
    }
  }
  return found;
}

/** The element type and, where a stream gives the same mask at every call, the call do not matter. */
const isNew = (found: readonly FoundStream[], { stream, seed, as }: FoundStream): boolean =>
  !found.some((hit) => hit.stream === stream && hit.seed === seed && hit.as === as);

/** One way to draw: the first n decisions of a call. */
interface Draw extends FoundStream {
  readonly draw: (n: number) => PackedMask;
}

function ownDraws(seed: number | bigint, keep: number, calls: number): Draw[] {
  if (seed < 0) return []; // other frameworks have negative seeds
  const root = key(seed);
  const own = (as: "mask" | "step" | "pass", call: number, drawn: Key): Draw => {
    const draw = (n: number): PackedMask => {
      const mask = new Uint32Array(Math.ceil(n / 32));
      drawMask(mask, n, keep, drawn, 0);
      return mask;
    };
    return { stream: "hadamask", seed, call, as, dtype: "float32", draw };
  };
  const counted = Array.from({ length: calls + 1 }, (_, call) => [
    own("step", call, stepKey(root, call)),
    own("pass", call, passKey(root, call)),
  ]);
  return [own("mask", 0, root), ...counted.flat()];
}

/** Draws of other frameworks whose decisions do not depend on how many there are. */
function otherDraws(seed: number | bigint, keep: number, calls: number): Draw[] {
  const draws = (stream: StreamName, dtype: Dtype): Draw[] => {
    const isContinued = Object.hasOwn(CONTINUED, stream);
    const passOver = CONTINUED[stream];
    const after = (call: number, oddWord: boolean) => (n: number) => {
      const masks = createStream(stream, seed, { dtype });
      if (oddWord) passOver!(masks);
      for (let c = 0; c < call; c++) masks.keepMask(1, { keep, dtype });
      return masks.keepMask(n, { keep, dtype });
    };
    const whole = Array.from({ length: isContinued ? 1 : calls + 1 }, (_, call) => call);
    return [
      ...whole.map((call) => ({ stream, seed, call, dtype, draw: after(call, false) })),
      ...(passOver === undefined
        ? []
        : [{ stream, seed, call: 0, dtype, oddWord: true, draw: after(0, true) } as const]),
    ];
  };
  const names = STREAM_NAMES.filter((name) => !WHOLE_ONLY.includes(name) && takesSeed(name, seed));
  return names.flatMap((name) => DTYPES.flatMap((dtype) => draws(name, dtype)));
}

/** Some streams take 32 bits only. */
function takesSeed(stream: StreamName, seed: number | bigint): boolean {
  try {
    createStream(stream, seed);
    return true;
  } catch (error) {
    if (error instanceof RangeError || error instanceof TypeError) return false;
    throw error;
  }
}

/** A stream that refuses a seed (some take 32 bits only) has not drawn it. */
function inStream(
  stream: StreamName,
  seed: number | bigint,
  n: number,
  keep: number,
  calls: number,
  isIt: (mask: Uint32Array) => boolean,
): FoundStream[] {
  const found: FoundStream[] = [];
  for (const dtype of DTYPES) {
    try {
      const masks = createStream(stream, seed, { dtype });
      for (let call = 0; call <= calls; call++) {
        const isSame = found.some((hit) => hit.call === call); // the element type did not matter
        if (isIt(masks.keepMask(n, { keep, dtype })) && !isSame) found.push({ stream, seed, call, dtype });
      }
    } catch (error) {
      if (!(error instanceof RangeError || error instanceof TypeError)) throw error;
    }
  }
  return found;
}
