// Dropout, spatial dropout, drop path and node dropout as layers of TensorFlow.js: one decision an element, channel,
// sample or node.

import * as tf from "@tensorflow/tfjs";
import { rangeError } from "../check.js";
import type { Core, Turn } from "../layers/base/made-of.js";
import { SpatialDropout1D, SpatialDropout2D, SpatialDropout3D } from "../layers/channel-dropout.js";
import { DropPath } from "../layers/drop-path.js";
import { NodeDropout } from "../layers/node-dropout.js";
import { SpatialDropout } from "../layers/spatial-dropout.js";
import { multiply } from "./multiply.js";

import {
  channelShape,
  checkTfDataFormat,
  drawShape,
  type NoiseShape,
  ourFormat,
  sharedAxesOf,
  type TfDataFormat,
} from "./noise-shape.js";
import { type MakeCore, type TfRateConfig, TfRateLayer } from "./rate-layer.js";

export type TfDropoutConfig = TfRateConfig & {
  /** Axes of length 1 share one decision; null is the length of the input. */
  readonly noiseShape?: NoiseShape | null;
};

/**
 * Dropout: as `tf.layers.dropout`, but seeded and different at every step, right at rate 1, and +0 at dropped places.
 */
export class TfDropout extends TfRateLayer<Core> {
  static readonly className: string = "HadamaskDropout";
  readonly noiseShape: NoiseShape | null;

  constructor(args: TfDropoutConfig) {
    const { noiseShape = null } = args;
    super(args, (options) => new SpatialDropout({ ...options, sharedAxes: sharedAxesOf(noiseShape) }));
    this.noiseShape = noiseShape;
  }

  protected noisy([x]: readonly [tf.Tensor], turn: Turn): tf.Tensor {
    return multiply(x, this.core, turn, drawShape(this.getClassName(), x.shape, this.noiseShape));
  }

  protected override get isByRows(): boolean {
    return this.noiseShape?.[0] !== 1;
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), noiseShape: this.noiseShape as never };
  }
}

export type TfSpatialDropoutConfig = TfRateConfig & {
  /** Default "channelsLast". */
  readonly dataFormat?: TfDataFormat | null;
};

type SpatialLayer = typeof SpatialDropout1D | typeof SpatialDropout2D | typeof SpatialDropout3D;

/** Keeps or drops whole channels. */
abstract class TfSpatialDropout extends TfRateLayer<Core> {
  readonly dataFormat: TfDataFormat;

  protected constructor(args: TfSpatialDropoutConfig, name: string, rank: number, Layer: SpatialLayer) {
    const format = checkTfDataFormat(name, args.dataFormat);
    super(args, (options) => new Layer({ ...options, dataFormat: ourFormat(format) }));
    this.dataFormat = format;
    this.inputSpec = [new tf.InputSpec({ ndim: rank })];
  }

  protected noisy([x]: readonly [tf.Tensor], turn: Turn): tf.Tensor {
    return multiply(x, this.core, turn, channelShape(x.shape, this.dataFormat));
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), dataFormat: this.dataFormat };
  }
}

/** Drops whole channels of [N, L, C]. */
export class TfSpatialDropout1D extends TfSpatialDropout {
  static readonly className: string = "HadamaskSpatialDropout1D";

  constructor(args: TfSpatialDropoutConfig) {
    super(args, TfSpatialDropout1D.className, 3, SpatialDropout1D);
  }
}

/** Drops whole channels of [N, H, W, C]: Keras's SpatialDropout2D, missing from TensorFlow.js. */
export class TfSpatialDropout2D extends TfSpatialDropout {
  static readonly className: string = "SpatialDropout2D";

  constructor(args: TfSpatialDropoutConfig) {
    super(args, TfSpatialDropout2D.className, 4, SpatialDropout2D);
  }
}

/** Drops whole channels of [N, D, H, W, C]: Keras's SpatialDropout3D, missing from TensorFlow.js. */
export class TfSpatialDropout3D extends TfSpatialDropout {
  static readonly className: string = "SpatialDropout3D";

  constructor(args: TfSpatialDropoutConfig) {
    super(args, TfSpatialDropout3D.className, 5, SpatialDropout3D);
  }
}

/** One decision for each row of the first axis, or one for all. */
abstract class TfRowDropout extends TfRateLayer<Core> {
  readonly #isForAll: boolean;

  protected constructor(args: TfRateConfig, make: MakeCore<Core>, isForAll: boolean) {
    super(args, make);
    this.#isForAll = isForAll;
  }

  protected noisy([x]: readonly [tf.Tensor], turn: Turn): tf.Tensor {
    const shape = x.shape.map((length, axis) => (axis === 0 && !this.#isForAll ? length : 1));
    return multiply(x, this.core, turn, shape);
  }
}

export type TfDropPathConfig = TfRateConfig & {
  /** Whether each sample decides for itself, or one decision holds for the batch. Default "sample". */
  readonly per?: "sample" | "batch";
  /** "inverted" (default): kept branches are divided by keep. "none": they are left as they are. */
  readonly scaling?: "inverted" | "none";
};

/** Stochastic depth: keeps or drops a residual branch for each sample. */
export class TfDropPath extends TfRowDropout {
  static readonly className: string = "DropPath";
  readonly per: "sample" | "batch";
  readonly scaling: "inverted" | "none";

  constructor(args: TfDropPathConfig) {
    const { per = "sample", scaling = "inverted" } = args;
    super(args, (options) => new DropPath({ ...options, per, scaling }), per === "batch");
    this.per = per;
    this.scaling = scaling;
    if (scaling !== "inverted" && scaling !== "none") {
      throw rangeError(TfDropPath.className, "scaling", '"inverted" or "none"', scaling);
    }
  }

  protected override get isByRows(): boolean {
    return this.per === "sample";
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), per: this.per, scaling: this.scaling };
  }
}

/** Drops nodes of a graph with all their features: [nodes, …], the graph is the batch. */
export class TfNodeDropout extends TfRowDropout {
  static readonly className: string = "NodeDropout";

  constructor(args: TfRateConfig) {
    super(args, (options) => new NodeDropout(options), false);
  }

  /** The graph is the batch: nodes are not rows. */
  protected override get isByRows(): boolean {
    return false;
  }
}
