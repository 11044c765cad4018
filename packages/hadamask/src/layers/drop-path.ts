// Stochastic depth: dropout of whole residual branches.

import { rangeError } from "../check.js";
import type { MaskStream } from "../random/source.js";
import type { FloatInput, Like, PathScaling, RateOption } from "../types.js";
import { MaskLayer, type MaskLayerOptions, type MaskLayerState } from "./base/mask-layer.js";
import { resumeOnStream } from "./base/resume.js";
import type { ShapedPassOptions } from "./spatial-dropout.js";

export type DropPathOptions = Omit<MaskLayerOptions, "rate" | "keep" | "scaling"> &
  RateOption & {
    /**
     * Default "inverted". "classic" is the paper's: the branch is multiplied by keep at prediction. "none" scales
     * nowhere (timm's `scale_by_keep=False`): at prediction the branch is 1 / keep times its training mean.
     */
    readonly scaling?: PathScaling;
    /** Whether each sample of a batch decides for itself, or one decision holds for all. Default "sample". */
    readonly per?: "sample" | "batch" | undefined;
  };

/** All that a {@link DropPath} layer needs to go on as if it had never stopped. */
export interface DropPathState extends Omit<MaskLayerState, "scaling"> {
  readonly layer: "DropPath";
  readonly scaling: PathScaling;
  readonly per: "sample" | "batch";
}

/**
 * Keeps or drops the output of a residual branch as a whole, for each sample (or for the batch): put it before the
 * addition.
 *
 *     h = x + DropPath(f(x))
 *     train, sample   y[n, …] = m[n] * x[n, …] * scale       scale = 1 / keep ("inverted") or 1 ("classic", "none")
 *     eval            y = x                                  ("classic": keep * x, the form of the paper)
 *
 * Where a sample's branch is dropped the block is the identity, so depth is random. Rates usually grow with depth:
 * {@link linearDepthRates}.
 *
 * Shapes. [N, …], of any rank from 1. Decision n is that of sample n; with `per: "batch"` there is one.
 * Randomness, numerics, modes, state. As {@link Dropout}.
 * Cost. One pass, and one decision a sample.
 *
 * @throws {TypeError | RangeError} If `per` is neither "sample" nor "batch", or as {@link Dropout}.
 * @example
 * ```ts
 * import { DropPath } from "hadamask";
 * const path = new DropPath({ rate: 0.5 });
 * console.log(path.forward([1, 2, 3, 4], { shape: [2, 2], mask: [0, 1] })); // Float64Array(4) [ 0, 0, 6, 8 ]
 * ```
 * @see Huang et al., "Deep networks with stochastic depth", ECCV 2016; per sample: Larsson et al., "FractalNet", ICLR
 *   2017.
 */
export class DropPath extends MaskLayer {
  readonly per: "sample" | "batch";

  constructor(options: DropPathOptions) {
    const { scaling, ...rest } = options ?? {};
    const isNone = scaling === "none";
    super(
      "DropPath",
      (options && { ...rest, ...(!isNone && scaling && { scaling }) }) as MaskLayerOptions,
      { options: ["per"] },
      isNone ? "none" : undefined,
    );
    this.per = options.per ?? "sample";
    if (this.per !== "sample" && this.per !== "batch") {
      throw rangeError("DropPath", "per", '"sample" or "batch"', options.per);
    }
  }

  /**
   * Keeps or drops in the present mode.
   *
   * @param options `shape`, the first axis of which is that of the samples; the rest as for {@link Dropout}.
   * @throws {TypeError | RangeError} If the shape does not fit `x`, or an option does not fit the mode.
   */
  forward<X extends FloatInput>(x: X, options: ShapedPassOptions): Like<X> {
    const shape = this.givenShape(options);
    const shared = Array.from(shape, (_, axis) => axis);
    return this.masked(x, options, { shape, sharedAxes: this.per === "sample" ? shared.slice(1) : shared });
  }

  get state(): DropPathState {
    return { layer: "DropPath", per: this.per, ...this.maskState, scaling: this.scaling };
  }

  /**
   * @throws {TypeError | RangeError} If `state` is not what {@link DropPath.state} gave, or holds a stream and none
   * is given.
   */
  static fromState(state: DropPathState, options: { readonly stream?: MaskStream } = {}): DropPath {
    return resumeOnStream("DropPath", state, options.stream, (saved) => new DropPath(saved));
  }
}
