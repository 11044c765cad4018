// Alpha dropout with one decision for each channel.

import type { Shape } from "../placement/shape.js";
import type { MaskStream } from "../random/source.js";
import type { FloatInput, Like, RateOption } from "../types.js";
import { AlphaLayer, type AlphaPassOptions } from "./alpha-dropout.js";
import type { DecisionLayerState } from "./base/decision-layer.js";
import { checkDataFormat, shapeOf, spatialAxes } from "./base/pass-shape.js";
import { resumeOnStream } from "./base/resume.js";
import type { StreamOptions } from "./base/stochastic-layer.js";
import type { DataFormat } from "./channel-dropout.js";

export type FeatureAlphaDropoutOptions = RateOption &
  StreamOptions & {
    /** Default "channels-first". */
    readonly dataFormat?: DataFormat | undefined;
  };

/** All that a {@link FeatureAlphaDropout} layer needs to go on as if it had never stopped. */
export interface FeatureAlphaDropoutState extends DecisionLayerState {
  readonly layer: "FeatureAlphaDropout";
  readonly dataFormat: DataFormat;
}

/**
 * {@link AlphaDropout} that decides once for each channel of each sample.
 *
 * Shapes. [N, C, …], of any rank from 2, or [N, …, C] with `dataFormat: "channels-last"`. Decision n * C + c is that
 *   of channel c of sample n in either format.
 * Randomness, numerics, modes, state. As {@link AlphaDropout}.
 *
 * @throws {TypeError | RangeError} As {@link AlphaDropout}.
 * @example
 * ```ts
 * import { FeatureAlphaDropout, key } from "hadamask";
 * const layer = new FeatureAlphaDropout({ rate: 0.5, key: key(2) });
 * const y = layer.forward(new Float32Array(8).fill(1), { shape: [1, 2, 4] });
 * // one value a channel
 * console.log(new Set(y.subarray(0, 4)).size); // 1
 * ```
 * @see Klambauer et al., "Self-normalizing neural networks", NIPS 2017.
 */
export class FeatureAlphaDropout extends AlphaLayer {
  readonly dataFormat: DataFormat;

  constructor(options: FeatureAlphaDropoutOptions) {
    super("FeatureAlphaDropout", options, "dataFormat");
    this.dataFormat = checkDataFormat("FeatureAlphaDropout", options.dataFormat ?? "channels-first");
  }

  /**
   * Applies alpha dropout to whole channels in the present mode.
   *
   * @param options `shape`; the rest as for {@link AlphaDropout}, where `mask` holds one decision a sample and channel.
   * @throws {TypeError | RangeError} If the shape has fewer than two axes or does not fit `x`, or an option does not
   *   fit the mode.
   */
  forward<X extends FloatInput>(x: X, options: AlphaPassOptions & { readonly shape: Shape }): Like<X> {
    const shape = shapeOf(`${this.name}.forward`, options, "[N,C,…]", (rank) => rank >= 2);
    return this.affine(x, options, { shape, sharedAxes: spatialAxes(shape, this.dataFormat) });
  }

  get state(): FeatureAlphaDropoutState {
    return { layer: "FeatureAlphaDropout", dataFormat: this.dataFormat, ...this.decisionState };
  }

  /**
   * @throws {TypeError | RangeError} If `state` is not what {@link FeatureAlphaDropout.state} gave, or holds a stream
   * and none is given.
   */
  static fromState(
    state: FeatureAlphaDropoutState,
    options: { readonly stream?: MaskStream } = {},
  ): FeatureAlphaDropout {
    return resumeOnStream("FeatureAlphaDropout", state, options.stream, (saved) => new FeatureAlphaDropout(saved));
  }
}
