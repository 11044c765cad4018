// Dropout for networks of SELU units as layers of TensorFlow.js: one decision an element, for shared axes, or a
// channel.

import type * as tf from "@tensorflow/tfjs";
import { AlphaDropout } from "../layers/alpha-dropout.js";
import { type Core, runCore, type Turn } from "../layers/base/made-of.js";
import { spatialAxes } from "../layers/base/pass-shape.js";
import { SpatialDropout } from "../layers/spatial-dropout.js";
import { type AlphaAffine, alphaAffine } from "../noise/alpha.js";
import { turnKey } from "./gpu-programs.js";
import type { TfDropoutConfig, TfSpatialDropoutConfig } from "./mask-layers.js";
import { applyNoise, drawn, select } from "./multiply.js";

import {
  checkTfDataFormat,
  drawShape,
  type NoiseShape,
  ourFormat,
  sharedAxesOf,
  type TfDataFormat,
} from "./noise-shape.js";
import { type TfRateConfig, TfRateLayer } from "./rate-layer.js";

/** What draws where `sharedAxes` share their decisions. */
interface AlphaCores {
  readonly value: Core;
  /** The decisions alone: kept elements stay, dropped ones become +0. */
  readonly decisions: Core;
}

abstract class TfAlphaLayer extends TfRateLayer<(sharedAxes: readonly number[]) => AlphaCores> {
  protected constructor(args: TfRateConfig) {
    super(args, (options) => {
      const coresFor = (sharedAxes: readonly number[]): AlphaCores => ({
        value: new AlphaDropout({ ...options, sharedAxes }),
        decisions: new SpatialDropout({ ...options, sharedAxes, scaling: "classic" }),
      });
      coresFor([]); // refuses wrong rates now
      return coresFor;
    });
  }

  /** Alpha dropout of `x`, with one decision for all elements along `sharedAxes`. */
  protected alpha(x: tf.Tensor, sharedAxes: readonly number[], turn: Turn): tf.Tensor {
    const affine = alphaAffine(this.keep);
    const { value, decisions } = this.core(sharedAxes);
    const { shape } = x;
    const onGpu = { keep: 1 - this.rate, key: turnKey(this.key, turn), shape, sharedAxes };
    const factor = (t: tf.Tensor, { gain, shift, dropped }: AlphaAffine): tf.Tensor => {
      const reduced = shape.map((length, axis) => (sharedAxes.includes(axis) ? 1 : length));
      const { values } = drawn(decisions, turn, reduced, 1);
      return select(t, { values: values.map((bit) => bit * gain), shape: reduced }, shift, dropped);
    };
    return applyNoise(
      x,
      {
        onArrays: (values, out) => void runCore(value, turn, values, { shape, out }),
        onGpu: turn.sampleIds === undefined ? (gpu, call) => gpu.alphaDropout({ ...call, ...onGpu }) : undefined,
        inGraph: (t) => factor(t, affine),
      },
      {
        onArrays(dy, out) {
          runCore(decisions, turn, dy, { shape, out });
          for (let i = 0; i < out.length; i++) out[i] = out[i]! * affine.gain;
        },
        onGpu: (gpu, { x: dy, ...call }) => gpu.alphaDropoutBackward({ ...call, dy, ...onGpu }),
        inGraph: (dy) => factor(dy, { ...affine, shift: 0, dropped: 0 }),
      },
    );
  }
}

/** Alpha dropout for networks of SELU units; `tf.layers.alphaDropout` has the sign of the dropped value wrong. */
export class TfAlphaDropout extends TfAlphaLayer {
  static readonly className: string = "HadamaskAlphaDropout";
  readonly noiseShape: NoiseShape | null;

  constructor(args: TfDropoutConfig) {
    super(args);
    this.noiseShape = args.noiseShape ?? null;
  }

  protected noisy([x]: readonly [tf.Tensor], turn: Turn): tf.Tensor {
    drawShape(this.getClassName(), x.shape, this.noiseShape); // refuses one that does not fit
    return this.alpha(x, sharedAxesOf(this.noiseShape), turn);
  }

  protected override get isByRows(): boolean {
    return this.noiseShape?.[0] !== 1;
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), noiseShape: this.noiseShape as never };
  }
}

/** {@link TfAlphaDropout} of whole channels: [N, …, C], of any rank from 2. */
export class TfFeatureAlphaDropout extends TfAlphaLayer {
  static readonly className: string = "FeatureAlphaDropout";
  readonly dataFormat: TfDataFormat;

  constructor(args: TfSpatialDropoutConfig) {
    super(args);
    this.dataFormat = checkTfDataFormat(TfFeatureAlphaDropout.className, args.dataFormat);
  }

  protected noisy([x]: readonly [tf.Tensor], turn: Turn): tf.Tensor {
    return this.alpha(x, spatialAxes(x.shape, ourFormat(this.dataFormat)), turn);
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), dataFormat: this.dataFormat };
  }
}
