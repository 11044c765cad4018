// Channel dropout under the names people know: PyTorch's Dropout1d, 2d, 3d and Keras's SpatialDropout1D, 2D, 3D.

import { rangeError, shownShape } from "../check.js";
import type { Shape } from "../placement/shape.js";
import type { MaskStream } from "../random/source.js";
import type { FloatInput, Like } from "../types.js";
import { MaskLayer, type MaskLayerOptions, type MaskLayerState } from "./base/mask-layer.js";
import { resumeOnStream } from "./base/resume.js";
import type { ShapedPassOptions } from "./spatial-dropout.js";

/** Where the channels are: [N, C, …] or [N, …, C]. */
export type DataFormat = "channels-first" | "channels-last";

export type ChannelDropoutOptions = MaskLayerOptions & {
  /** Default "channels-first" for PyTorch's names and "channels-last" for Keras's, as there. */
  readonly dataFormat?: DataFormat;
};

export interface ChannelDropoutState extends MaskLayerState {
  readonly dataFormat: DataFormat;
}

interface FromStateOptions {
  readonly stream?: MaskStream;
}

/**
 * Dropout that keeps or drops whole channels: one decision for each sample and channel, as {@link SpatialDropout}
 * with all axes shared but those of the samples and the channels.
 *
 * Shapes. Exactly one axis of samples, one of channels and as many as the name says: `Dropout2d` takes [N, C, H, W],
 *   or [N, H, W, C] with `dataFormat: "channels-last"`. Other ranks are errors, since guessing which axis is the
 *   batch drops the wrong thing without a word. Decision n * C + c is that of channel c of sample n in either format.
 *
 * @see Tompson et al., "Efficient object localization using convolutional networks", CVPR 2015.
 */
export abstract class ChannelDropout extends MaskLayer {
  readonly dataFormat: DataFormat;
  readonly #dimensions: number;

  protected constructor(name: string, dimensions: number, defaultFormat: DataFormat, options: ChannelDropoutOptions) {
    super(name, options, { options: ["dataFormat"] });
    this.#dimensions = dimensions;
    this.dataFormat = options.dataFormat ?? defaultFormat;
    if (this.dataFormat !== "channels-first" && this.dataFormat !== "channels-last") {
      throw rangeError(name, "dataFormat", '"channels-first" or "channels-last"', options.dataFormat);
    }
  }

  /**
   * Applies dropout in the present mode to an array of the given shape.
   *
   * @param options `shape`; the rest as for {@link Dropout}, where `mask` holds one decision a sample and channel.
   * @throws {TypeError | RangeError} If the shape has another rank or does not fit `x`, or an option does not fit the
   *   mode.
   */
  forward<X extends FloatInput>(x: X, options: ShapedPassOptions): Like<X> {
    const shape = this.givenShape(options);
    this.#checkRank(shape);
    const first = this.dataFormat === "channels-first" ? 2 : 1;
    const sharedAxes = Array.from({ length: this.#dimensions }, (_, i) => first + i);
    return this.masked(x, options, { shape, sharedAxes });
  }

  #checkRank(shape: Shape): void {
    const space = ["L", "H,W", "D,H,W"][this.#dimensions - 1];
    const wanted = this.dataFormat === "channels-first" ? `[N,C,${space}]` : `[N,${space},C]`;
    if (shape.length !== this.#dimensions + 2) {
      throw new RangeError(`${this.name}.forward: shape must be ${wanted}, got ${shownShape(shape)}`);
    }
  }

  get state(): ChannelDropoutState {
    return { layer: this.name, dataFormat: this.dataFormat, ...this.maskState };
  }
}

/**
 * {@link ChannelDropout} of [N, C, L].
 *
 * @example
 * ```ts
 * import { Dropout1d, key } from "hadamask";
 * const layer = new Dropout1d({ rate: 0.5, key: key(3) });
 * const y = layer.forward(new Float32Array(6).fill(1), { shape: [1, 2, 3] });
 * console.log(y); // Float32Array(6) [ 2, 2, 2, 0, 0, 0 ]
 * ```
 */
export class Dropout1d extends ChannelDropout {
  constructor(options: ChannelDropoutOptions) {
    super("Dropout1d", 1, "channels-first", options);
  }

  static fromState(state: ChannelDropoutState, options: FromStateOptions = {}): Dropout1d {
    return resumeOnStream("Dropout1d", state, options.stream, (saved) => new Dropout1d(saved));
  }
}

/**
 * {@link ChannelDropout} of [N, C, H, W].
 *
 * @example
 * ```ts
 * import { Dropout2d, key } from "hadamask";
 * const layer = new Dropout2d({ rate: 0.5, key: key(3) });
 * const y = layer.forward(new Float32Array(8).fill(1), { shape: [1, 2, 2, 2] });
 * console.log(y); // Float32Array(8) [ 2, 2, 2, 2, 0, 0, 0, 0 ]
 * ```
 */
export class Dropout2d extends ChannelDropout {
  constructor(options: ChannelDropoutOptions) {
    super("Dropout2d", 2, "channels-first", options);
  }

  static fromState(state: ChannelDropoutState, options: FromStateOptions = {}): Dropout2d {
    return resumeOnStream("Dropout2d", state, options.stream, (saved) => new Dropout2d(saved));
  }
}

/**
 * {@link ChannelDropout} of [N, C, D, H, W].
 *
 * @example
 * ```ts
 * import { Dropout3d, key } from "hadamask";
 * const layer = new Dropout3d({ rate: 0.5, key: key(3) });
 * const y = layer.forward(new Float32Array(8).fill(1), { shape: [1, 2, 2, 1, 2] });
 * console.log(y); // Float32Array(8) [ 2, 2, 2, 2, 0, 0, 0, 0 ]
 * ```
 */
export class Dropout3d extends ChannelDropout {
  constructor(options: ChannelDropoutOptions) {
    super("Dropout3d", 3, "channels-first", options);
  }

  static fromState(state: ChannelDropoutState, options: FromStateOptions = {}): Dropout3d {
    return resumeOnStream("Dropout3d", state, options.stream, (saved) => new Dropout3d(saved));
  }
}

/**
 * {@link ChannelDropout} of [N, L, C].
 *
 * @example
 * ```ts
 * import { SpatialDropout1D, key } from "hadamask";
 * const layer = new SpatialDropout1D({ rate: 0.5, key: key(3) });
 * const y = layer.forward(new Float32Array(6).fill(1), { shape: [1, 3, 2] });
 * console.log(y); // Float32Array(6) [ 2, 0, 2, 0, 2, 0 ]
 * ```
 */
export class SpatialDropout1D extends ChannelDropout {
  constructor(options: ChannelDropoutOptions) {
    super("SpatialDropout1D", 1, "channels-last", options);
  }

  static fromState(state: ChannelDropoutState, options: FromStateOptions = {}): SpatialDropout1D {
    return resumeOnStream("SpatialDropout1D", state, options.stream, (saved) => new SpatialDropout1D(saved));
  }
}

/**
 * {@link ChannelDropout} of [N, H, W, C].
 *
 * @example
 * ```ts
 * import { SpatialDropout2D, key } from "hadamask";
 * const layer = new SpatialDropout2D({ rate: 0.5, key: key(3) });
 * const y = layer.forward(new Float32Array(8).fill(1), { shape: [1, 2, 2, 2] });
 * console.log(y); // Float32Array(8) [ 2, 0, 2, 0, 2, 0, 2, 0 ]
 * ```
 */
export class SpatialDropout2D extends ChannelDropout {
  constructor(options: ChannelDropoutOptions) {
    super("SpatialDropout2D", 2, "channels-last", options);
  }

  static fromState(state: ChannelDropoutState, options: FromStateOptions = {}): SpatialDropout2D {
    return resumeOnStream("SpatialDropout2D", state, options.stream, (saved) => new SpatialDropout2D(saved));
  }
}

/**
 * {@link ChannelDropout} of [N, D, H, W, C].
 *
 * @example
 * ```ts
 * import { SpatialDropout3D, key } from "hadamask";
 * const layer = new SpatialDropout3D({ rate: 0.5, key: key(3) });
 * const y = layer.forward(new Float32Array(8).fill(1), { shape: [1, 2, 1, 2, 2] });
 * console.log(y); // Float32Array(8) [ 2, 0, 2, 0, 2, 0, 2, 0 ]
 * ```
 */
export class SpatialDropout3D extends ChannelDropout {
  constructor(options: ChannelDropoutOptions) {
    super("SpatialDropout3D", 3, "channels-last", options);
  }

  static fromState(state: ChannelDropoutState, options: FromStateOptions = {}): SpatialDropout3D {
    return resumeOnStream("SpatialDropout3D", state, options.stream, (saved) => new SpatialDropout3D(saved));
  }
}
