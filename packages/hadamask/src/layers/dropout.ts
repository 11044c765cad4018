// Dropout as two functions and a layer. The functions hold all of the mathematics; the layer adds mode, counters and
// state.

import { checkKeep, checkKey, checkMode, checkOffset, checkScaling, outputFor, toFloatArray } from "../check.js";
import { multiply, multiplyByShared, multiplyLaidOut } from "../noise/bernoulli.js";
import { checkOptions } from "../options.js";
import { type GivenMask, toPackedMask } from "../placement/mask-bits.js";
import { layoutOf, type Shape } from "../placement/shape.js";
import type { MaskStream } from "../random/source.js";
import type { FloatArray, FloatInput, Key, Like, Mode, RateOption, Scaling } from "../types.js";
import {
  MaskLayer,
  type MaskLayerOptions,
  type MaskLayerState,
  type MaskPassOptions,
  scaleInEval,
} from "./base/mask-layer.js";
import { resumeOnStream } from "./base/resume.js";

/** Where the decisions come from in `train` and `sample`: drawn from a key, or given by hand. */
type MaskOption =
  | {
      /** The decisions by hand, one a draw: an array of 0 and 1, or a packed mask. */
      readonly mask: GivenMask;
      readonly key?: never;
      readonly offset?: never;
      readonly sampleIds?: never;
    }
  | {
      /** Who is random: made by `key(seed)`. The same key gives the same mask. */
      readonly key: Key;
      /** One id for each row of the first axis: a row's mask depends on its id, and not on its place. */
      readonly sampleIds?: ArrayLike<number>;
      readonly offset?: never;
      readonly mask?: never;
    }
  // Last, so that where all is missing TypeScript's message names the key.
  | {
      /** Who is random: made by `key(seed)`. The same key gives the same mask. */
      readonly key: Key;
      /** The number of the first draw: element i takes the decision of element offset + i of a longer array. */
      readonly offset?: number;
      readonly sampleIds?: never;
      readonly mask?: never;
    };

type Common = RateOption & {
  /** "inverted" (default) divides by keep in training, "classic" multiplies by keep at prediction. */
  readonly scaling?: Scaling;
  /** Takes the result; may be `x` itself. */
  readonly out?: FloatArray;
  /** Lengths of the axes of `x`; needed with `sharedAxes`. */
  readonly shape?: Shape;
  /** Axes along which all elements share one decision: [2, 3] of [N, C, H, W] drops whole channels. */
  readonly sharedAxes?: readonly number[];
};

/** The form that most calls have. As the last overload it is the one that TypeScript's errors are about. */
type KeyedOptions = Common & {
  /** Who is random: made by `key(seed)`. The same key gives the same mask. */
  readonly key: Key;
  /** The number of the first draw: element i takes the decision of element offset + i of a longer array. */
  readonly offset?: number;
  readonly mask?: never;
  /** "train" (default) and "sample" (Monte-Carlo dropout) both draw a mask; "eval" does not. */
  readonly mode?: "train" | "sample";
};

export type DropoutOptions = Common &
  (
    | ({
        /** "eval" drops nothing: prediction. */
        readonly mode: "eval";
      } & Omit<AnyOptions, "rate" | "keep" | "mode">)
    | (MaskOption & {
        /** "train" (default) and "sample" (Monte-Carlo dropout) both draw a mask; "eval" does not. */
        readonly mode?: "train" | "sample";
      })
  );

/**
 * {@link DropoutOptions} where the mode is only known at run time; `key` or `mask` is then needed in `train` and
 * `sample`.
 */
type AnyOptions = Common & {
  readonly mode?: Mode;
  readonly key?: Key;
  readonly offset?: number;
  readonly sampleIds?: ArrayLike<number>;
  readonly mask?: GivenMask;
};

/**
 * Drops each element of `x` with probability `rate` and scales the rest, so that the expected value is unchanged.
 *
 *     scale = 1 / keep ("inverted") or 1 ("classic")
 *     train, sample   y[i] = x[i] * scale   if element i is kept
 *                     y[i] = +0             if it is dropped
 *     eval            y[i] = x[i]           ("inverted")   or   keep * x[i]   ("classic")
 *
 * Shapes. `x` and `out` hold n elements in C order. Plain arrays give a `Float64Array`, typed ones their own type.
 *   With `shape` and `sharedAxes` all elements along the shared axes take one draw: [2, 3] of shape [N, C, H, W]
 *   drops whole channels. Draws are then counted in C order of the shape without its shared axes.
 * Randomness. Whether element i is kept depends only on `key`, `rate` and `offset + i` (mask stream 1). With
 *   `sampleIds` row b of the first axis draws from the key derived for id b, from draw 0 on: its mask does not depend
 *   on the size or order of the batch.
 * Numerics. `scale` is computed in float64 and rounded once to the element type; one multiplication; every kernel
 *   agrees bit for bit. A dropped NaN or infinity becomes +0. Rate 0 copies, rate 1 gives +0 everywhere.
 * Cost. One pass; the mask is not stored; allocates n elements unless `out` is given; `out === x` is allowed.
 *
 * @param x Values.
 * @param options `rate` or `keep`; `key` (with `offset`, the index of the first draw in the stream, or with
 *   `sampleIds`) or `mask` (one decision a draw); `shape` and `sharedAxes`; `mode`, `scaling`, `out`.
 * @returns `out`, or a new array; never `x` itself unless it was given as `out`.
 * @throws {TypeError | RangeError} If rate or keep is not in [0, 1] or both are given, neither `key` nor `mask` is
 *   there where one is needed, or `out` or `mask` does not fit `x`.
 * @example
 * ```ts
 * import { dropout, key } from "hadamask";
 * console.log(dropout([2, 4, 6, 8], { rate: 0.5, mask: [1, 0, 1, 0] })); // Float64Array(4) [ 4, 0, 12, 0 ]
 * console.log(dropout([2, 4, 6, 8], { rate: 0.5, key: key(0) })); // Float64Array(4) [ 0, 8, 0, 16 ]
 * ```
 * @see Srivastava et al., "Dropout", JMLR 15 (2014), section 4; there p is the probability of keeping, and scaling is
 *   at test time.
 */
export function dropout<X extends FloatInput>(x: X, options: DropoutOptions): Like<X>;
export function dropout<X extends FloatInput>(x: X, options: KeyedOptions): Like<X>;
export function dropout<X extends FloatInput>(x: X, options: DropoutOptions): Like<X> {
  return scaleByMask("dropout", "x", x, options) as Like<X>;
}

/**
 * The gradient of {@link dropout} with respect to its input, for the same options: the same mask, drawn again.
 *
 *     train, sample   dx[i] = dy[i] * scale   if element i is kept, else +0
 *     eval            dx[i] = dy[i]           ("inverted")   or   keep * dy[i]   ("classic")
 *
 * Dropout is linear in x for a fixed mask, and its matrix is diagonal: the backward map is the forward map, applied
 * to dy.
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
export function dropoutBackward<X extends FloatInput>(dy: X, options: DropoutOptions): Like<X>;
export function dropoutBackward<X extends FloatInput>(dy: X, options: KeyedOptions): Like<X>;
export function dropoutBackward<X extends FloatInput>(dy: X, options: DropoutOptions): Like<X> {
  return scaleByMask("dropoutBackward", "dy", dy, options) as Like<X>;
}

const TAKEN = ["rate", "keep", "key", "mask", "offset", "sampleIds", "shape", "sharedAxes", "mode", "scaling", "out"];

/** The work of both. `round` says how the scale is rounded where the element type is not that of the array. */
export function scaleByMask(
  where: string,
  name: string,
  input: FloatInput,
  options: AnyOptions,
  round: (scale: number) => number = (scale) => scale,
): FloatArray {
  checkOptions(where, options, TAKEN);
  const keep = checkKeep(where, options);
  const mode = checkMode(where, options.mode ?? "train");
  const scaling = checkScaling(where, options.scaling ?? "inverted");
  checkCombination(where, options);
  const x = toFloatArray(where, name, input);
  if (mode !== "eval" && isPlain(options)) {
    // Element by element under one key: no layout is made, which would cost a small call a tenth of its time.
    const start = checkOffset(where, options.offset, x.length);
    const to = outputFor(where, x, options.out);
    multiply(x, to, keep, checkKey(where, options.key), scaling === "inverted" ? round(1 / keep) : 1, start);
    return to;
  }
  const layout = layoutOf(where, x.length, options);
  const offset = checkOffset(where, options.offset, layout.whole.draws);
  const out = outputFor(where, x, options.out);
  if (mode === "eval") scaleInEval(x, out, keep === 0 ? 0 : round(keep), scaling);
  else {
    const scale = scaling === "inverted" ? round(1 / keep) : 1;
    const { mask } = options;
    if (mask === undefined) multiplyLaidOut(x, out, keep, checkKey(where, options.key), scale, layout, offset);
    else multiplyByShared(x, out, toPackedMask(where, mask, layout.whole.draws), scale, layout.whole);
  }
  return out;
}

/** Whether every element has a decision of its own, drawn in order. */
function isPlain({ mask, shape, sharedAxes, sampleIds }: AnyOptions): boolean {
  return mask === undefined && shape === undefined && sharedAxes === undefined && sampleIds === undefined;
}

function checkCombination(where: string, options: AnyOptions): void {
  const { key, mask, offset, sampleIds } = options;
  if (key !== undefined && mask !== undefined) throw new TypeError(`${where}: pass either key or mask, not both`);
  if (mask !== undefined && offset !== undefined) {
    throw new TypeError(`${where}: offset goes with key; a mask given by hand begins at the first element`);
  }
  if (sampleIds === undefined) return;
  if (mask !== undefined)
    throw new TypeError(`${where}: sampleIds goes with key; a mask given by hand has no draws by id`);
  if (offset !== undefined)
    throw new TypeError(`${where}: pass either offset or sampleIds; the row of an id begins at draw 0`);
}

/** All that a {@link Dropout} layer needs to go on as if it had never stopped: plain data, safe in JSON. */
export interface DropoutState extends MaskLayerState {
  readonly layer: "Dropout";
}

/**
 * Dropout as a layer: {@link dropout} with a mode, a step counter and a state that can be saved.
 *
 * Randomness. The mask of training step t is drawn from the key derived for t, that of pass s of mode "sample" from
 *   the key derived for s; the two are independent, and evaluating moves neither counter. With `sampleIds` the mask
 *   of a row depends on its id instead of its position. The same step (or pass) again gives the same mask: that is
 *   how one keeps a mask over several batches. With `stream` instead of `key` the masks are those of another
 *   framework, one call after another.
 * Cost. As {@link dropout}; nothing is kept for the backward pass but the number of the step (on a stream 1 bit an
 * element).
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
 * const resumed = Dropout.fromState(JSON.parse(saved)); // continues at step 1
 * console.log(dx.length, resumed.step); // 4 1
 * ```
 */
export class Dropout extends MaskLayer {
  constructor(options: MaskLayerOptions) {
    super("Dropout", options);
  }

  /**
   * Applies dropout in the present mode.
   *
   * @param options `step` (in "train") or `pass` (in "sample") sets the counter before the call; after it the counter
   *   is one higher. `mask` gives the decisions by hand, `sampleIds` one id a row of the batch. `out` takes the
   *   result.
   * @throws {TypeError | RangeError} If an option does not fit the mode or the input.
   */
  forward<X extends FloatInput>(x: X, options: MaskPassOptions = {}): Like<X> {
    return this.masked(x, options, { shape: options.shape });
  }

  get state(): DropoutState {
    return { layer: "Dropout", ...this.maskState };
  }

  /**
   * @throws {TypeError | RangeError} If `state` is not what {@link Dropout.state} gave, or holds a stream and none is
   * given.
   */
  static fromState(state: DropoutState, options: { readonly stream?: MaskStream } = {}): Dropout {
    return resumeOnStream("Dropout", state, options.stream, (saved) => new Dropout(saved));
  }
}
