// Dropout as two functions and a layer. The functions hold all of the mathematics; the layer adds mode, counters and state.

import {
  checkIndex,
  checkKeep,
  checkKey,
  checkLength,
  checkMode,
  checkScaling,
  outputFor,
  toFloatArray,
  typeError,
} from "../check.js";
import { checkOffset, drawMask, multiply, multiplyAll, multiplyByMask } from "../noise/bernoulli.js";
import { toPackedMask } from "../noise/mask-bits.js";
import { deriveKey, TAG } from "../random/derive.js";
import { randomKey } from "../random/key.js";
import type { FloatArray, FloatInput, Key, Like, Mode, PackedMask, RateOption, Scaling } from "../types.js";

/** A mask given by hand: one 0 or 1 an element, or packed (`Uint32Array`). */
export type GivenMask = PackedMask | ArrayLike<number | boolean>;

/** Where the decisions come from in `train` and `sample`: drawn from a key, or given by hand. */
type MaskOption =
  | { readonly key: Key; readonly offset?: number; readonly mask?: never }
  | { readonly mask: GivenMask; readonly key?: never; readonly offset?: never };

type Common = RateOption & { readonly scaling?: Scaling; readonly out?: FloatArray };

export type DropoutOptions = Common &
  (
    | (MaskOption & { readonly mode?: "train" | "sample" })
    | { readonly mode: "eval"; readonly key?: Key; readonly offset?: number; readonly mask?: GivenMask }
  );

/** {@link DropoutOptions} where the mode is only known at run time; `key` or `mask` is then needed in `train` and `sample`. */
type AnyOptions = RateOption & {
  readonly scaling?: Scaling;
  readonly out?: FloatArray;
  readonly mode?: Mode;
  readonly key?: Key;
  readonly offset?: number;
  readonly mask?: GivenMask;
};

/**
 * Drops each element of `x` with probability `rate` and scales the rest, so that the expected value is unchanged.
 *
 *     train, sample   y[i] = x[i] * scale   if element i is kept      scale = 1 / keep   ("inverted")   or 1   ("classic")
 *                     y[i] = +0             if it is dropped
 *     eval            y[i] = x[i]           ("inverted")   or   keep * x[i]   ("classic")
 *
 * Shapes. `x` and `out` hold n elements in C order. Plain arrays give a `Float64Array`, typed ones their own type.
 * Randomness. Whether element i is kept depends only on `key`, `rate` and `offset + i` (mask stream 1).
 * Numerics. `scale` is computed in float64 and rounded once to the element type; one multiplication; every kernel agrees bit
 *   for bit. A dropped NaN or infinity becomes +0. Rate 0 copies, rate 1 gives +0 everywhere.
 * Cost. One pass; the mask is not stored; allocates n elements unless `out` is given; `out === x` is allowed.
 *
 * @param x Values.
 * @param options `rate` or `keep`; `key` (with `offset`, the index of x[0] in the stream) or `mask`; `mode`, `scaling`, `out`.
 * @returns `out`, or a new array; never `x` itself unless it was given as `out`.
 * @throws {TypeError | RangeError} If rate or keep is not in [0, 1] or both are given, neither `key` nor `mask` is there where
 *   one is needed, or `out` or `mask` does not fit `x`.
 * @example
 * ```ts
 * import { dropout, key } from "hadamask";
 * console.log(dropout([2, 4, 6, 8], { rate: 0.5, mask: [1, 0, 1, 0] })); // Float64Array(4) [ 4, 0, 12, 0 ]
 * console.log(dropout([2, 4, 6, 8], { rate: 0.5, key: key(0) })); // Float64Array(4) [ 0, 8, 0, 16 ]
 * ```
 * @see Srivastava et al., "Dropout", JMLR 15 (2014), section 4; there p is the probability of keeping, and scaling is at test time.
 */
export function dropout<X extends FloatInput>(x: X, options: DropoutOptions): Like<X> {
  return scaleByMask("dropout", "x", x, options) as Like<X>;
}

/**
 * The gradient of {@link dropout} with respect to its input, for the same options: the same mask, drawn again.
 *
 *     train, sample   dx[i] = dy[i] * scale   if element i is kept, else +0
 *     eval            dx[i] = dy[i]           ("inverted")   or   keep * dy[i]   ("classic")
 *
 * Dropout is linear in x for a fixed mask, and its matrix is diagonal: the backward map is the forward map, applied to dy.
 *
 * @param dy Gradient of the loss with respect to the output.
 * @throws {TypeError | RangeError} As {@link dropout}.
 * @example
 * ```ts
 * import { dropoutBackward } from "hadamask";
 * const dx = dropoutBackward([0.1, 0.2, 0.3, 0.4], { rate: 0.5, mask: [1, 0, 1, 0] });
 * console.log(dx); // Float64Array(4) [ 0.2, 0, 0.6, 0 ]
 * ```
 */
export function dropoutBackward<X extends FloatInput>(dy: X, options: DropoutOptions): Like<X> {
  return scaleByMask("dropoutBackward", "dy", dy, options) as Like<X>;
}

function scaleByMask(where: string, name: string, input: FloatInput, options: AnyOptions): FloatArray {
  const keep = checkKeep(where, options);
  const mode = checkMode(where, options.mode ?? "train");
  const scaling = checkScaling(where, options.scaling ?? "inverted");
  const { key, mask } = options;
  if (key !== undefined && mask !== undefined) throw new TypeError(`${where}: pass either key or mask, not both`);
  if (mask !== undefined && options.offset !== undefined) {
    throw new TypeError(`${where}: offset goes with key; a mask given by hand begins at the first element`);
  }
  const x = toFloatArray(where, name, input);
  const offset = checkOffset(where, options.offset, x.length);
  const out = outputFor(where, x, options.out);
  if (mode === "eval") scaleInEval(x, out, keep, scaling);
  else {
    const scale = scaling === "inverted" ? 1 / keep : 1;
    if (mask === undefined) multiply(x, out, keep, checkKey(where, key), scale, offset);
    else multiplyByMask(x, out, toPackedMask(where, mask, x.length), scale);
  }
  return out;
}

function scaleInEval(x: FloatArray, out: FloatArray, keep: number, scaling: Scaling): void {
  if (scaling === "inverted") multiplyAll(x, out, 1);
  else if (keep === 0)
    out.fill(0); // not 0 * x, which is NaN for infinite x
  else multiplyAll(x, out, keep);
}

/** What is to be known of a forward pass to go back through it. `key` is undefined in eval; `given` is a mask given by hand. */
interface Pass {
  readonly n: number;
  readonly mode: Mode;
  readonly key?: Key;
  readonly given?: PackedMask;
}

/** All that a {@link Dropout} layer needs to go on as if it had never stopped: plain data, safe in JSON. */
export interface DropoutState {
  readonly layer: "Dropout";
  readonly keep: number;
  readonly scaling: Scaling;
  readonly mode: Mode;
  readonly key: Key;
  /** The number of the next training step. */
  readonly step: number;
  /** The number of the next pass in mode "sample". */
  readonly pass: number;
}

/**
 * Dropout as a layer: {@link dropout} with a mode, a step counter and a state that can be saved.
 *
 * Randomness. The mask of training step t is drawn from the key derived for t, that of pass s of mode "sample" from the key
 *   derived for s; the two are independent, and evaluating moves neither counter.
 * Cost. As {@link dropout}; nothing is kept for the backward pass but the number of the step.
 *
 * @throws {TypeError | RangeError} If rate or keep is not in [0, 1] or both are given, or an option has the wrong kind.
 * @example
 * ```ts
 * import { Dropout, key } from "hadamask";
 * const layer = new Dropout({ rate: 0.5, key: key(42) });
 * const y = layer.forward(new Float32Array([1, 2, 3, 4])); // training step 0
 * const dx = layer.backward(new Float32Array([1, 1, 1, 1])); // the same mask
 * layer.eval();
 * layer.forward(y); // unchanged
 * const saved = JSON.stringify(layer.state);
 * const resumed = Dropout.fromState(JSON.parse(saved)); // goes on at step 1
 * console.log(dx.length, resumed.step); // 4 1
 * ```
 */
export class Dropout {
  /** Probability of keeping, 1 - rate. */
  readonly keep: number;
  readonly scaling: Scaling;
  /** Where all masks of this layer come from. */
  readonly key: Key;
  /** The number of the next training step. */
  step = 0;
  /** The number of the next pass in mode "sample". */
  pass = 0;
  #mode: Mode;
  #last: Pass | undefined;

  constructor(options: RateOption & { readonly key?: Key; readonly scaling?: Scaling; readonly mode?: Mode }) {
    this.keep = checkKeep("Dropout", options);
    this.scaling = checkScaling("Dropout", options.scaling ?? "inverted");
    this.key = options.key === undefined ? randomKey() : checkKey("Dropout", options.key);
    this.#mode = checkMode("Dropout", options.mode ?? "train");
  }

  /** Probability of dropping. */
  get rate(): number {
    return 1 - this.keep;
  }

  get mode(): Mode {
    return this.#mode;
  }

  set mode(mode: Mode) {
    this.#mode = checkMode("Dropout", mode);
  }

  /** Sets mode "train" and returns the layer, as in PyTorch. */
  train(): this {
    this.mode = "train";
    return this;
  }

  /** Sets mode "eval" and returns the layer, as in PyTorch. */
  eval(): this {
    this.mode = "eval";
    return this;
  }

  /**
   * Applies dropout in the present mode.
   *
   * @param options `step` (in "train") or `pass` (in "sample") sets the counter before the call; after it the counter is one
   *   higher. `mask` gives the decisions by hand. `out` takes the result.
   * @throws {TypeError | RangeError} If an option does not fit the mode or the input.
   */
  forward<X extends FloatInput>(
    x: X,
    options: {
      readonly step?: number;
      readonly pass?: number;
      readonly mask?: GivenMask;
      readonly out?: FloatArray;
    } = {},
  ): Like<X> {
    const where = "Dropout.forward";
    const values = toFloatArray(where, "x", x);
    const n = values.length;
    if (options.step !== undefined && this.#mode !== "train") throw this.#misplaced("step", "train");
    if (options.pass !== undefined && this.#mode !== "sample") throw this.#misplaced("pass", "sample");
    const out = outputFor(where, values, options.out);
    const next = this.#next(where, options, n);
    this.#apply(values, out, next.pass);
    this.#last = next.pass;
    this.step = next.step;
    this.pass = next.counter;
    return out as Like<X>;
  }

  /** What the coming forward pass is, and the counters after it; changes nothing, so that a failure leaves the layer as it was. */
  #next(
    where: string,
    options: { readonly step?: number; readonly pass?: number; readonly mask?: GivenMask },
    n: number,
  ): { pass: Pass; step: number; counter: number } {
    const mode = this.#mode;
    if (mode === "eval") return { pass: { n, mode }, step: this.step, counter: this.pass };
    const isTrain = mode === "train";
    const number = isTrain
      ? checkIndex(where, "step", options.step ?? this.step)
      : checkIndex(where, "pass", options.pass ?? this.pass);
    const key = deriveKey(this.key, isTrain ? TAG.step : TAG.pass, number);
    const given = options.mask === undefined ? undefined : toPackedMask(where, options.mask, n);
    return {
      pass: given === undefined ? { n, mode, key } : { n, mode, key, given: given.slice() },
      step: isTrain ? number + 1 : this.step,
      counter: isTrain ? this.pass : number + 1,
    };
  }

  #misplaced(option: string, mode: Mode): TypeError {
    return new TypeError(
      `Dropout.forward: ${option} goes with mode "${mode}", but the layer is in mode "${this.#mode}"`,
    );
  }

  /**
   * The gradient with respect to the input of the last `forward`, whatever the mode is now: same mode, same mask.
   *
   * @throws {Error} If there was no forward pass. @throws {RangeError} If `dy` is not as long as that input.
   */
  backward<X extends FloatInput>(dy: X, options: { readonly out?: FloatArray } = {}): Like<X> {
    const where = "Dropout.backward";
    if (this.#last === undefined) throw new Error(`${where}: nothing to differentiate; call forward() first`);
    const values = toFloatArray(where, "dy", dy);
    checkLength(where, "dy", values.length, this.#last.n, "like x");
    const out = outputFor(where, values, options.out);
    this.#apply(values, out, this.#last);
    return out as Like<X>;
  }

  #apply(x: FloatArray, out: FloatArray, pass: Pass): void {
    const scale = this.scaling === "inverted" ? 1 / this.keep : 1;
    if (pass.key === undefined) scaleInEval(x, out, this.keep, this.scaling);
    else if (pass.given === undefined) multiply(x, out, this.keep, pass.key, scale, 0);
    else multiplyByMask(x, out, pass.given, scale);
  }

  /** The packed mask of the last forward pass that had one, drawn again; undefined after `eval` or before a first pass. */
  get mask(): PackedMask | undefined {
    const last = this.#last;
    if (last?.key === undefined) return undefined;
    if (last.given !== undefined) return last.given.slice();
    const out = new Uint32Array(Math.ceil(last.n / 32));
    drawMask(out, last.n, this.keep, last.key, 0);
    return out;
  }

  /** Plain data to save with a model; {@link Dropout.fromState} makes a layer that goes on with the same masks. */
  get state(): DropoutState {
    const { keep, scaling, mode, key, step, pass } = this;
    return { layer: "Dropout", keep, scaling, mode, key, step, pass };
  }

  /** @throws {TypeError | RangeError} If `state` is not what {@link Dropout.state} gave. */
  static fromState(state: DropoutState): Dropout {
    const where = "Dropout.fromState";
    if (state?.layer !== "Dropout") throw typeError(where, "state", "the state of a Dropout layer", state);
    checkKey(where, state.key, "state.key");
    const layer = new Dropout({ keep: state.keep, key: state.key, scaling: state.scaling, mode: state.mode });
    layer.step = checkIndex(where, "state.step", state.step);
    layer.pass = checkIndex(where, "state.pass", state.pass);
    return layer;
  }
}
