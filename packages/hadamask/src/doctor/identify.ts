// Which known stream drew a mask? Tries all of them, for the seeds and the first calls that one would look at.

import { checkIndex, checkKeep, rangeError } from "../check.js";
import { drawMask } from "../noise/bernoulli.js";
import { checkOptions } from "../options.js";
import { packMask } from "../placement/mask-bits.js";
import { passKey, stepKey } from "../random/derived-keys.js";
import { key } from "../random/key.js";
import { createStream, STREAM_NAMES, type StreamName } from "../streams/registry.js";
import type { Key, RateOption } from "../types.js";

export type IdentifyOptions = RateOption & {
  /** Seeds to try. Default: 0 to 9, 42, 123, 1234 and 2024. */
  readonly seeds?: readonly (number | bigint)[];
  /** How many masks of this length may have been drawn before it, at most. Default 3. */
  readonly calls?: number;
};

export interface FoundStream {
  /** A name of `createStream`, or "hadamask". */
  readonly stream: StreamName | "hadamask";
  readonly seed: number | bigint;
  /** Masks of the same length that came before it under this seed. */
  readonly call: number;
  /** How our own stream was asked: for a mask from element 0 on, for a training step, or for a pass at prediction. */
  readonly as?: "mask" | "step" | "pass";
  readonly dtype: "float32" | "float64";
}

const SEEDS = [...Array.from({ length: 10 }, (_, i) => i), 42, 123, 1234, 2024];
const DTYPES = ["float32", "float64"] as const;

/** Fewer decisions than this agree with some stream by chance. */
const FEWEST = 64;

/**
 * Says which streams give exactly this mask. With many decisions one hit is proof: a wrong stream agrees with n
 * decisions at keep k with probability (k^2 + (1 - k)^2)^n.
 *
 * Cost. (streams) x seeds x calls x 2 masks of this length: about a second for 10,000 decisions and the default seeds.
 *
 * @param bits 1 where an element was kept, as drawn in one call of the framework.
 * @throws {TypeError | RangeError} If there are fewer than 64 decisions (they prove nothing), or an option is wrong.
 * @example
 * ```ts
 * import { unpackMask } from "hadamask";
 * import { identifyStream } from "hadamask/doctor";
 * import { createStream } from "hadamask/streams";
 *
 * const mask = unpackMask(createStream("torch", 42).keepMask(256, { rate: 0.5 }), 256); // F.dropout after manual_seed(42)
 * const [found] = identifyStream(mask, { rate: 0.5, seeds: [42] });
 * console.log(found?.stream, found?.seed, found?.call); // torch 42 0
 * ```
 */
export function identifyStream(bits: ArrayLike<number | boolean>, options: IdentifyOptions): FoundStream[] {
  checkOptions("identifyStream", options, ["rate", "keep", "seeds", "calls"]);
  const keep = checkKeep("identifyStream", options);
  const { seeds = SEEDS, calls = 3 } = options;
  checkIndex("identifyStream", "calls", calls);
  if (!(bits.length >= FEWEST)) {
    throw rangeError("identifyStream", "bits", `at least ${FEWEST} decisions`, bits.length);
  }
  const n = bits.length;
  const wanted = packMask(bits);
  const isIt = (mask: Uint32Array): boolean => wanted.every((word, w) => word === mask[w]);
  const found: FoundStream[] = [];
  for (const seed of seeds) {
    const root = seed >= 0 ? key(seed) : undefined; // other frameworks have negative seeds
    for (let call = 0; call <= calls && root !== undefined; call++) {
      const own = (as: "mask" | "step" | "pass", drawn: Key): void => {
        const mask = new Uint32Array(wanted.length);
        drawMask(mask, n, keep, drawn, 0);
        if (isIt(mask)) found.push({ stream: "hadamask", seed, call, as, dtype: "float32" });
      };
      if (call === 0) own("mask", root);
      own("step", stepKey(root, call));
      own("pass", passKey(root, call));
    }
    for (const stream of STREAM_NAMES) found.push(...inStream(stream, seed, n, keep, calls, isIt));
  }
  return found;
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
