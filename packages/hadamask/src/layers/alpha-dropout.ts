// Alpha dropout: dropout for networks of SELU units, which keep mean 0 and variance 1 from layer to layer.

import { checkIdsHaveKey, toFloatArray } from "../check.js";
import { alphaAffine, applyAlpha } from "../noise/alpha.js";
import { drawLaidOut, multiplyAll, multiplyByShared } from "../noise/bernoulli.js";
import { expandMask } from "../placement/mask-bits.js";
import { checkAxisList, type Layout, type LayoutOptions, layoutOf, type Shape } from "../placement/shape.js";
import type { MaskStream } from "../random/source.js";
import type { FloatInput, Like, RateOption } from "../types.js";
import {
  DecisionLayer,
  type DecisionLayerState,
  type DecisionPassOptions,
  type Effect,
} from "./base/decision-layer.js";
import { resumeOnStream } from "./base/resume.js";
import type { StreamOptions } from "./base/stochastic-layer.js";

export type AlphaDropoutOptions = RateOption &
  StreamOptions & {
    /**
     * Axes along which all elements share one decision, as for {@link SpatialDropout}; `forward` then needs `shape`.
     */
    readonly sharedAxes?: readonly number[] | undefined;
  };

export interface AlphaPassOptions extends DecisionPassOptions {
  /** Lengths of the axes of `x`; needed with `sharedAxes`. */
  readonly shape?: Shape;
  /** One id for each row of the first axis: a row's mask depends on its id, and not on its place in the batch. */
  readonly sampleIds?: ArrayLike<number>;
}

/** All that an {@link AlphaDropout} layer needs to go on as if it had never stopped. */
export interface AlphaDropoutState extends DecisionLayerState {
  readonly layer: "AlphaDropout";
  readonly sharedAxes?: readonly number[];
}

/** The part that {@link AlphaDropout} and {@link FeatureAlphaDropout} share. */
export abstract class AlphaLayer extends DecisionLayer {
  protected constructor(name: string, options: RateOption & StreamOptions, own: string) {
    super(name, options, { options: [own], pass: ["shape", "sampleIds"] }, options?.stream);
  }

  /** The forward pass: `layout` says how the decisions lie over `x`. */
  protected affine<X extends FloatInput>(x: X, options: AlphaPassOptions, layout: LayoutOptions): Like<X> {
    const where = `${this.name}.forward`;
    checkIdsHaveKey(where, options, this.stream);
    const values = toFloatArray(where, "x", x);
    const effect = alphaEffect(this.keep, layoutOf(where, values.length, { ...layout, sampleIds: options.sampleIds }));
    return this.decided(values, options, effect) as Like<X>;
  }
}

function alphaEffect(keep: number, layout: Layout): Effect {
  const { size, draws } = layout.whole;
  const affine = alphaAffine(keep);
  return {
    inputs: size,
    outputs: size,
    decisions: draws,
    draw: (key) => drawLaidOut(keep, key, layout),
    forward: (x, out, kept) => applyAlpha(x, out, expandMask(kept, layout.whole), affine),
    backward: (dy, out, kept) => multiplyByShared(dy, out, kept, affine.gain, layout.whole),
    evaluate: (values, out) => multiplyAll(values, out, 1),
  };
}

/**
 * Sets dropped elements to the value that SELU units saturate at, then scales and shifts, so that inputs of mean 0
 * and variance 1 keep mean and variance.
 *
 *     train, sample   y[i] = gain * x[i] + shift   if element i is kept         L = 1.7581, minus SELU's limit
 *                     y[i] = shift - gain * L      if it is dropped             gain = 1 / sqrt(keep (1 + rate L^2))
 *     eval            y[i] = x[i]                                               shift = gain * rate * L
 *
 * Other inputs keep neither: E[y] = keep * gain * x, which at rate 1/2 is 0.443 x.
 *
 * Shapes. Any; `sharedAxes` and `shape` as for {@link SpatialDropout}.
 * Randomness, modes, state. As {@link Dropout}; the masks are those of `Dropout` for the same key and rate.
 * Numerics. Computed in float64, rounded once at the store. What a dropped element was does not matter, NaN and
 *   infinities included; its gradient is +0. Rate 0 copies; rate 1, where gain has no limit but dropped values go to
 *   0, gives +0.
 * Cost. One pass, and a mask of 1 bit an element; nothing is kept for `backward`.
 *
 * @throws {TypeError | RangeError} If rate or keep is not in [0, 1] or both are given, or an option has the wrong kind.
 * @example
 * ```ts
 * import { AlphaDropout, key } from "hadamask";
 * const layer = new AlphaDropout({ rate: 0.5, key: key(42) });
 * const y = layer.forward([1, -1, 1, -1], { mask: [1, 1, 0, 0] });
 * const rounded = y.map((value) => Math.round(value * 1e4) / 1e4);
 * console.log(rounded); // Float64Array(4) [ 1.6656, -0.1072, -0.7792, -0.7792 ]
 * ```
 * @see Klambauer et al., "Self-normalizing neural networks", NIPS 2017, "New dropout technique".
 */
export class AlphaDropout extends AlphaLayer {
  readonly sharedAxes: readonly number[] | undefined;

  constructor(options: AlphaDropoutOptions) {
    super("AlphaDropout", options, "sharedAxes");
    const { sharedAxes } = options;
    this.sharedAxes = sharedAxes === undefined ? undefined : checkAxisList("AlphaDropout", "sharedAxes", sharedAxes);
  }

  /**
   * Applies alpha dropout in the present mode.
   *
   * @param options `step` or `pass` sets the counter before the call. `mask` gives the decisions by hand, `sampleIds`
   *   one id a row of the batch, `shape` the axes, `out` takes the result.
   * @throws {TypeError | RangeError} If an option does not fit the mode or the input.
   */
  forward<X extends FloatInput>(x: X, options: AlphaPassOptions = {}): Like<X> {
    return this.affine(x, options, { shape: options.shape, sharedAxes: this.sharedAxes });
  }

  get state(): AlphaDropoutState {
    return { layer: "AlphaDropout", ...(this.sharedAxes && { sharedAxes: this.sharedAxes }), ...this.decisionState };
  }

  /**
   * @throws {TypeError | RangeError} If `state` is not what {@link AlphaDropout.state} gave, or holds a stream and
   * none is given.
   */
  static fromState(state: AlphaDropoutState, options: { readonly stream?: MaskStream } = {}): AlphaDropout {
    return resumeOnStream("AlphaDropout", state, options.stream, (saved) => new AlphaDropout(saved));
  }
}
