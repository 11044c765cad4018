// Dropout with one decision for all elements along chosen axes: whole channels, rows, time steps.

import { checkAxisList, type Shape } from "../placement/shape.js";
import type { MaskStream } from "../random/source.js";
import type { FloatInput, Like } from "../types.js";
import { MaskLayer, type MaskLayerOptions, type MaskLayerState, type MaskPassOptions } from "./base/mask-layer.js";
import { resumeOnStream } from "./base/resume.js";

export type SpatialDropoutOptions = MaskLayerOptions & {
  /**
   * The axes along which all elements share one decision; may be counted from the end. [2, 3] of [N, C, H, W] drops
   * channels.
   */
  readonly sharedAxes: readonly number[];
};

export type ShapedPassOptions = MaskPassOptions & {
  /** Lengths of the axes of `x`. */
  readonly shape: Shape;
};

/** All that a {@link SpatialDropout} layer needs to go on as if it had never stopped. */
export interface SpatialDropoutState extends MaskLayerState {
  readonly layer: "SpatialDropout";
  readonly sharedAxes: readonly number[];
}

/**
 * Dropout that keeps or drops all elements along `sharedAxes` together.
 *
 *     y[n,c,h,w] = m[n,c] * x[n,c,h,w] * scale    sharedAxes [2, 3]    scale = 1 / keep ("inverted") or 1 ("classic")
 *
 * Neighbouring pixels of a feature map carry the same information, so dropping them one by one removes little: the
 * whole map has to go. Each element keeps the mean and variance of ordinary dropout; within a channel the noise is
 * one number, so that the variance of a channel's sum is (1 - keep) / keep * (sum x)^2 in place of (1 - keep) / keep
 * * sum x^2.
 *
 * Shapes. Any; each pass names its own. Draws are counted in C order of the shape without its shared axes: with [N,
 *   C, H, W] and [2, 3] decision n * C + c is that of channel c of sample n, so the channel mask is
 *   `keepMask(N * C, …)`.
 * Randomness, numerics, modes, state. As {@link Dropout}.
 * Cost. One pass, and one decision a draw.
 *
 * @throws {TypeError | RangeError} If `sharedAxes` is not a list of whole numbers, or as {@link Dropout}.
 * @example
 * ```ts
 * import { key, SpatialDropout } from "hadamask";
 * const layer = new SpatialDropout({ rate: 0.5, sharedAxes: [2], key: key(3) });
 * const y = layer.forward([1, 2, 3, 4, 5, 6], { shape: [1, 3, 2] }); // three channels of two elements
 * console.log(y); // Float64Array(6) [ 2, 4, 0, 0, 0, 0 ]
 * ```
 * @see Tompson et al., "Efficient object localization using convolutional networks", CVPR 2015.
 */
export class SpatialDropout extends MaskLayer {
  readonly sharedAxes: readonly number[];

  constructor(options: SpatialDropoutOptions) {
    super("SpatialDropout", options, { options: ["sharedAxes"] });
    this.sharedAxes = checkAxisList("SpatialDropout", "sharedAxes", options.sharedAxes);
  }

  /**
   * Applies dropout in the present mode to an array of the given shape.
   *
   * @param options `shape`; the rest as for {@link Dropout}, where `mask` holds one decision a draw.
   * @throws {TypeError | RangeError} If the shape does not fit `x` or the shared axes, or an option does not fit the
   *   mode.
   */
  forward<X extends FloatInput>(x: X, options: ShapedPassOptions): Like<X> {
    return this.masked(x, options, { shape: this.givenShape(options), sharedAxes: this.sharedAxes });
  }

  get state(): SpatialDropoutState {
    return { layer: "SpatialDropout", sharedAxes: this.sharedAxes, ...this.maskState };
  }

  /**
   * @throws {TypeError | RangeError} If `state` is not what {@link SpatialDropout.state} gave, or holds a stream and
   * none is given.
   */
  static fromState(state: SpatialDropoutState, options: { readonly stream?: MaskStream } = {}): SpatialDropout {
    return resumeOnStream("SpatialDropout", state, options.stream, (saved) => new SpatialDropout(saved));
  }
}
