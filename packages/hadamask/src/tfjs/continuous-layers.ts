// Gaussian and uniform multipliers and additive noise as layers of TensorFlow.js.

import type * as tf from "@tensorflow/tfjs";
import { type Core, runCore, type Turn } from "../layers/base/made-of.js";
import { GaussianDropout } from "../layers/gaussian-dropout.js";
import { GaussianNoise } from "../layers/gaussian-noise.js";
import { UniformDropout } from "../layers/uniform-dropout.js";
import { applyNoise, drawn, multiply, tensorOf } from "./multiply.js";
import { type NoiseConfig, TfNoiseLayer } from "./noise-layer.js";
import { type TfRateConfig, TfRateLayer } from "./rate-layer.js";

/** A multiplier of its own for each element. */
abstract class TfElementNoise extends TfRateLayer<Core> {
  protected noisy([x]: readonly [tf.Tensor], turn: Turn): tf.Tensor {
    return multiply(x, this.core, turn);
  }
}

/** Multiplies by normal numbers of mean 1 and variance rate / (1 - rate). */
export class TfGaussianDropout extends TfElementNoise {
  static readonly className: string = "HadamaskGaussianDropout";

  constructor(args: TfRateConfig) {
    super(args, (options) => new GaussianDropout(options));
  }
}

/** Multiplies by numbers evenly spread around 1, of variance rate / (1 - rate). */
export class TfUniformDropout extends TfElementNoise {
  static readonly className: string = "UniformDropout";

  constructor(args: TfRateConfig) {
    super(args, (options) => new UniformDropout(options));
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
  readonly #core: Core;

  constructor(args: TfGaussianNoiseConfig) {
    super(args);
    this.#core = new GaussianNoise({ deviation: args.stddev, key: this.key });
    this.stddev = args.stddev;
  }

  protected noisy([x]: readonly [tf.Tensor], turn: Turn): tf.Tensor {
    const { sampling } = this;
    const isOwn = sampling === undefined || sampling === "off";
    const core = isOwn ? this.#core : new GaussianNoise({ deviation: this.stddev, key: sampling.key });
    return applyNoise(
      x,
      {
        onArrays: (values, out) => void runCore(core, turn, values, { shape: x.shape, out }),
        inGraph: (t) => t.add(tensorOf(drawn(core, turn, t.shape, 0))),
      },
      { onArrays: (dy, out) => out.set(dy), inGraph: (dy) => dy.clone() },
    );
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), stddev: this.stddev };
  }
}
