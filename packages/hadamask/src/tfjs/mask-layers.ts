// Dropout, spatial dropout, alpha dropout and drop path as layers of TensorFlow.js: one decision an element, channel or sample.

import * as tf from "@tensorflow/tfjs";
import { Dropout } from "../layers/dropout.js";
import { alphaAffine } from "../noise/alpha.js";
import { affineSelected, keyOf, multiplySelected, type NoiseConfig, TfNoiseLayer } from "./noise-layer.js";
import { channelShape, checkTfDataFormat, drawShape, type NoiseShape, type TfDataFormat } from "./noise-shape.js";

export interface TfDropoutConfig extends NoiseConfig {
  /** Probability of dropping, in [0, 1]. */
  readonly rate: number;
  /** Axes of length 1 share one decision; null is the length of the input. */
  readonly noiseShape?: NoiseShape | null;
}

/** Dropout: as `tf.layers.dropout`, but seeded and different at every step, right at rate 1, and +0 at dropped places. */
export class TfDropout extends TfNoiseLayer {
  static readonly className: string = "HadamaskDropout";
  readonly rate: number;
  readonly noiseShape: NoiseShape | null;

  constructor(args: TfDropoutConfig) {
    super(args, new Dropout({ rate: args.rate, key: keyOf(TfDropout.className, args) }));
    this.rate = args.rate;
    this.noiseShape = args.noiseShape ?? null;
  }

  protected noisy(x: tf.Tensor): tf.Tensor {
    return multiplySelected(x, this.drawn(drawShape(this.getClassName(), x.shape, this.noiseShape), 1));
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), rate: this.rate, noiseShape: this.noiseShape as never };
  }
}

export interface TfSpatialDropoutConfig extends NoiseConfig {
  /** Probability of dropping a channel, in [0, 1]. */
  readonly rate: number;
  /** Default "channelsLast". */
  readonly dataFormat?: TfDataFormat | null;
}

/** Keeps or drops whole channels. */
abstract class TfSpatialDropout extends TfNoiseLayer {
  readonly rate: number;
  readonly dataFormat: TfDataFormat;

  protected constructor(args: TfSpatialDropoutConfig, name: string, rank: number) {
    super(args, new Dropout({ rate: args.rate, key: keyOf(name, args) }));
    this.rate = args.rate;
    this.dataFormat = checkTfDataFormat(name, args.dataFormat);
    this.inputSpec = [new tf.InputSpec({ ndim: rank })];
  }

  protected noisy(x: tf.Tensor): tf.Tensor {
    return multiplySelected(x, this.drawn(channelShape(x.shape, this.dataFormat), 1));
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), rate: this.rate, dataFormat: this.dataFormat };
  }
}

/** Drops whole channels of [N, L, C]. */
export class TfSpatialDropout1D extends TfSpatialDropout {
  static readonly className: string = "HadamaskSpatialDropout1D";

  constructor(args: TfSpatialDropoutConfig) {
    super(args, TfSpatialDropout1D.className, 3);
  }
}

/** Drops whole channels of [N, H, W, C]: Keras's SpatialDropout2D, which TensorFlow.js has not. */
export class TfSpatialDropout2D extends TfSpatialDropout {
  static readonly className: string = "SpatialDropout2D";

  constructor(args: TfSpatialDropoutConfig) {
    super(args, TfSpatialDropout2D.className, 4);
  }
}

/** Drops whole channels of [N, D, H, W, C]: Keras's SpatialDropout3D, which TensorFlow.js has not. */
export class TfSpatialDropout3D extends TfSpatialDropout {
  static readonly className: string = "SpatialDropout3D";

  constructor(args: TfSpatialDropoutConfig) {
    super(args, TfSpatialDropout3D.className, 5);
  }
}

/** Alpha dropout for networks of SELU units; `tf.layers.alphaDropout` has the sign of the dropped value wrong. */
export class TfAlphaDropout extends TfNoiseLayer {
  static readonly className: string = "HadamaskAlphaDropout";
  readonly rate: number;
  readonly noiseShape: NoiseShape | null;

  constructor(args: TfDropoutConfig) {
    // Classic scaling: the core draws plain zeros and ones, the same as AlphaDropout's decisions.
    super(args, new Dropout({ rate: args.rate, key: keyOf(TfAlphaDropout.className, args), scaling: "classic" }));
    this.rate = args.rate;
    this.noiseShape = args.noiseShape ?? null;
  }

  protected noisy(x: tf.Tensor): tf.Tensor {
    const { gain, shift, dropped } = alphaAffine(1 - this.rate);
    const kept = this.drawn(drawShape(this.getClassName(), x.shape, this.noiseShape), 1);
    return affineSelected(x, { ...kept, values: kept.values.map((bit) => bit * gain) }, shift, dropped);
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), rate: this.rate, noiseShape: this.noiseShape as never };
  }
}

export interface TfDropPathConfig extends NoiseConfig {
  /** Probability of dropping the branch, in [0, 1]. */
  readonly rate: number;
  /** Whether each sample decides for itself, or one decision holds for the batch. Default "sample". */
  readonly per?: "sample" | "batch";
}

/** Stochastic depth: keeps or drops a residual branch for each sample. */
export class TfDropPath extends TfNoiseLayer {
  static readonly className: string = "DropPath";
  readonly rate: number;
  readonly per: "sample" | "batch";

  constructor(args: TfDropPathConfig) {
    super(args, new Dropout({ rate: args.rate, key: keyOf(TfDropPath.className, args) }));
    this.rate = args.rate;
    this.per = args.per ?? "sample";
  }

  protected noisy(x: tf.Tensor): tf.Tensor {
    const shape = x.shape.map((length, axis) => (axis === 0 && this.per === "sample" ? length : 1));
    return multiplySelected(x, this.drawn(shape, 1));
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), rate: this.rate, per: this.per };
  }
}
