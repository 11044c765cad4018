// TensorFlow.js's seeded dropout: seedrandom's Alea, seeded anew at every call. Imports no engine: hadamask/tfjs is
// the adapter.

import { checkRates, typeError } from "../check.js";
import type { Arithmetic, Dtype, MaskRequest, StreamSnapshot } from "../random/source.js";
import type { PackedMask } from "../types.js";
import { checkElements, checkSetting, checkSnapshot, notBelow, type Stream } from "./stream.js";

/**
 * Baagøe's Alea: a lagged multiply-with-carry generator of multiples of 2^-32, three numbers and a carry.
 *
 * @see Johannes Baagøe, "Better random numbers for JavaScript" (2010); npm's `seedrandom`, lib/alea.js.
 */
class Alea {
  readonly #lags: [number, number, number];
  #carry = 1;

  constructor(seed: string) {
    const mash = masher();
    const lags: [number, number, number] = [mash(" "), mash(" "), mash(" ")];
    this.#lags = lags;
    for (let i = 0; i < 3; i++) {
      const value = lags[i]! - mash(seed);
      lags[i] = value < 0 ? value + 1 : value;
    }
  }

  next(): number {
    const lags = this.#lags;
    const value = 2091639 * lags[0] + this.#carry * 2 ** -32;
    this.#carry = Math.floor(value);
    lags[0] = lags[1];
    lags[1] = lags[2];
    lags[2] = value - this.#carry;
    return lags[2];
  }
}

/** Baagøe's Mash: hashes text into a number in [0, 1), and carries what it has seen into the next call. */
function masher(): (text: string) => number {
  let state = 0xefc8249d;
  return (text) => {
    for (let i = 0; i < text.length; i++) {
      state += text.charCodeAt(i);
      let h = 0.02519603282416938 * state;
      state = h >>> 0;
      h -= state;
      h *= state;
      state = h >>> 0;
      h -= state;
      state += h * 2 ** 32;
    }
    return (state >>> 0) * 2 ** -32;
  };
}

/**
 * `tf.dropout(x, rate, noiseShape, seed)` and `tf.layers.dropout({ rate, seed })` of TensorFlow.js.
 *
 * Randomness. Every call seeds anew, so one seed gives the same mask at every call and every training step. 42 and
 * "42" are one seed.
 * Numerics. Kept if `floor(fl32(u + fl32(1 - rate)))` is 1, which is not quite `u < keep`; products
 *   `x * fl32(1 / fl32(1 - rate))`. A dropped element is a product too: NaN for infinite x. float32 only.
 * Verified. Against TensorFlow.js 4.22, cpu and wasm back ends.
 *
 * @example
 * ```ts
 * import { tfjs } from "hadamask/streams";
 * console.log(tfjs(0).uniforms(2)); // Float32Array(2) [ 0.5945264101028442, 0.806584894657135 ]
 * ```
 */
export class TfjsStream implements Stream {
  readonly name = "tfjs";
  readonly seed: string;

  constructor(seed: number | string | bigint) {
    if (typeof seed !== "number" && typeof seed !== "string" && typeof seed !== "bigint") {
      throw typeError("tfjs", "seed", "a number or a string", seed);
    }
    this.seed = String(seed);
  }

  /** `tf.randomUniform([n], 0, 1, "float32", seed)`: rounded to float32, so 1 is possible. */
  uniforms(n: number, _options?: { readonly dtype?: Dtype }): Float32Array {
    const out = new Float32Array(checkElements("tfjs.uniforms", n));
    const alea = new Alea(this.seed);
    for (let i = 0; i < n; i++) out[i] = alea.next();
    return out;
  }

  keepMask(n: number, request: MaskRequest): PackedMask {
    const keep = Math.fround(1 - checkRates("tfjs.keepMask", request).rate);
    const u = this.uniforms(n);
    for (let i = 0; i < n; i++) u[i] = u[i]! + keep; // rounded to float32 by the array
    return notBelow(u, 1);
  }

  arithmetic(request: MaskRequest): Arithmetic {
    const { rate } = checkRates("tfjs.arithmetic", request);
    return { kept: "multiply", factor: Math.fround(1 / Math.fround(1 - rate)), dropped: "product" };
  }

  snapshot(): StreamSnapshot {
    return { stream: this.name, seed: this.seed };
  }

  restore(snapshot: StreamSnapshot): void {
    checkSetting(checkSnapshot(this.name, snapshot), "seed", this.seed);
  }
}

/**
 * What `tf.dropout(x, rate, undefined, seed)` draws in TensorFlow.js: the same mask at every call. See
 * {@link TfjsStream}.
 *
 * @throws {TypeError} If `seed` is neither a number nor a string.
 * @example
 * ```ts
 * import { keepMask } from "hadamask";
 * import { tfjs } from "hadamask/streams";
 * const stream = tfjs(0);
 * const [first, second] = [0, 1].map(() => stream.keepMask(32, { rate: 0.5 })[0]);
 * console.log(first === second); // true
 * ```
 */
export function tfjs(seed: number | string | bigint): TfjsStream {
  return new TfjsStream(seed);
}
