// Gaussian and uniform multipliers, additive noise and DropBlock as layers of TensorFlow.js.

import * as tf from "@tensorflow/tfjs";
import { DropBlock2D, DropBlock3D, type DropBlockOptions } from "../layers/drop-block.js";
import { GaussianDropout } from "../layers/gaussian-dropout.js";
import { GaussianNoise } from "../layers/gaussian-noise.js";
import { UniformDropout } from "../layers/uniform-dropout.js";
import { keyOf, multiplySelected, type NoiseConfig, TfNoiseLayer, tensorOf } from "./noise-layer.js";
import { checkTfDataFormat, type TfDataFormat } from "./noise-shape.js";

export interface TfRateConfig extends NoiseConfig {
  /** The rate of dropout with the same variance, in [0, 1]. */
  readonly rate: number;
}

/** Multiplies by normal numbers of mean 1 and variance rate / (1 - rate). */
export class TfGaussianDropout extends TfNoiseLayer {
  static readonly className: string = "HadamaskGaussianDropout";
  readonly rate: number;

  constructor(args: TfRateConfig) {
    super(args, new GaussianDropout({ rate: args.rate, key: keyOf(TfGaussianDropout.className, args) }));
    this.rate = args.rate;
  }

  protected noisy(x: tf.Tensor): tf.Tensor {
    return multiplySelected(x, this.drawn(x.shape, 1));
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), rate: this.rate };
  }
}

/** Multiplies by numbers evenly spread around 1, of variance rate / (1 - rate). */
export class TfUniformDropout extends TfNoiseLayer {
  static readonly className: string = "UniformDropout";
  readonly rate: number;

  constructor(args: TfRateConfig) {
    super(args, new UniformDropout({ rate: args.rate, key: keyOf(TfUniformDropout.className, args) }));
    this.rate = args.rate;
  }

  protected noisy(x: tf.Tensor): tf.Tensor {
    return multiplySelected(x, this.drawn(x.shape, 1));
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), rate: this.rate };
  }
}

export interface TfGaussianNoiseConfig extends NoiseConfig {
  /** Standard deviation of the noise: 0 or more. (The name is that of Keras and TensorFlow.js.) */
  readonly stddev: number;
}

/** Adds normal numbers. */
export class TfGaussianNoise extends TfNoiseLayer {
  static readonly className: string = "HadamaskGaussianNoise";
  readonly stddev: number;

  constructor(args: TfGaussianNoiseConfig) {
    super(args, new GaussianNoise({ deviation: args.stddev, key: keyOf(TfGaussianNoise.className, args) }));
    this.stddev = args.stddev;
  }

  protected noisy(x: tf.Tensor): tf.Tensor {
    return x.add(tensorOf(this.drawn(x.shape, 0)));
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), stddev: this.stddev };
  }
}

export interface TfDropBlockConfig extends NoiseConfig {
  /** The expected share of a map that is dropped, in [0, 1]. */
  readonly rate: number;
  readonly blockSize: DropBlockOptions["blockSize"];
  readonly blocks?: "inside" | "cut";
  readonly channels?: "own" | "shared";
  readonly scaleBy?: "sample" | "place";
  /** Default "channelsLast". */
  readonly dataFormat?: TfDataFormat | null;
}

abstract class TfDropBlock extends TfNoiseLayer {
  readonly rate: number;
  readonly blockSize: DropBlockOptions["blockSize"];
  readonly #rest: { readonly [name: string]: string };

  protected constructor(args: TfDropBlockConfig, Layer: typeof DropBlock2D | typeof DropBlock3D, name: string) {
    const { rate, blockSize, blocks = "inside", channels = "own", scaleBy = "sample" } = args;
    const format = checkTfDataFormat(name, args.dataFormat);
    const dataFormat = format === "channelsFirst" ? "channels-first" : "channels-last";
    const core = new Layer({ rate, blockSize, blocks, channels, scaleBy, dataFormat, key: keyOf(name, args) });
    super(args, core as never); // its forward needs a shape, which `drawn` always gives
    this.rate = rate;
    this.blockSize = blockSize;
    this.#rest = { blocks, channels, scaleBy, dataFormat: format };
    this.inputSpec = [new tf.InputSpec({ ndim: name === "DropBlock2D" ? 4 : 5 })];
  }

  protected noisy(x: tf.Tensor): tf.Tensor {
    return multiplySelected(x, this.drawn(x.shape, 1));
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), rate: this.rate, blockSize: this.blockSize as never, ...this.#rest };
  }
}

/** DropBlock of feature maps [N, H, W, C], at the rate that was asked for. */
export class TfDropBlock2D extends TfDropBlock {
  static readonly className: string = "DropBlock2D";

  constructor(args: TfDropBlockConfig) {
    super(args, DropBlock2D, "DropBlock2D");
  }
}

/** DropBlock of feature maps [N, D, H, W, C]. */
export class TfDropBlock3D extends TfDropBlock {
  static readonly className: string = "DropBlock3D";

  constructor(args: TfDropBlockConfig) {
    super(args, DropBlock3D, "DropBlock3D");
  }
}
