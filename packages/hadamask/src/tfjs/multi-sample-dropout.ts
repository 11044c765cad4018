// Multi-sample dropout as a layer of TensorFlow.js, and the loss that goes with it.

import * as tf from "@tensorflow/tfjs";
import { checkCount } from "../check.js";
import type { Core, Turn } from "../layers/base/made-of.js";
import { Dropout } from "../layers/dropout.js";
import { multiply } from "./multiply.js";

import { type TfRateConfig, TfRateLayer } from "./rate-layer.js";

export type TfMultiSampleDropoutConfig = TfRateConfig & {
  /** How many masks a training step draws: 1 or more. */
  readonly samples: number;
};

/**
 * Several masks of one input at once: in training a batch [N, …] becomes one of [samples * N, …], copy after copy, so
 * that what follows (a small head) sees every example under several masks. {@link multiSampleLoss} compares that with
 * the labels of the N examples.
 */
export class TfMultiSampleDropout extends TfRateLayer<Core> {
  static readonly className: string = "MultiSampleDropout";
  readonly samples: number;

  constructor(args: TfMultiSampleDropoutConfig) {
    super(args, (options) => new Dropout(options));
    this.samples = checkCount(this.getClassName(), "samples", args.samples, 2 ** 32);
    this.supportsMasking = false; // a mask of N rows does not fit
  }

  protected noisy([x]: readonly [tf.Tensor], turn: Turn): tf.Tensor {
    // Decision s * n + i is that of element i in copy s.
    // One copy where passes are made one by one.
    const copies = this.sampling === undefined ? this.samples : 1;
    return multiply(tf.concat(Array.from({ length: copies }, () => x)), this.core, turn);
  }

  override computeOutputShape(inputShape: tf.Shape | tf.Shape[]): tf.Shape {
    const [, ...rest] = super.computeOutputShape(inputShape) as tf.Shape;
    return [null, ...rest];
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), samples: this.samples };
  }
}

/** A loss of TensorFlow.js: from labels and predictions to one number, or one an example. */
export type TfLoss = (labels: tf.Tensor, predictions: tf.Tensor) => tf.Tensor;

/**
 * The mean of `loss` over all copies that a {@link TfMultiSampleDropout} in the model makes of a batch; without
 * copies (evaluation, prediction) it is `loss` itself.
 *
 * @example
 * ```ts
 * import * as tf from "@tensorflow/tfjs";
 * import { multiSampleLoss } from "hadamask/tfjs";
 * const loss = multiSampleLoss(tf.metrics.meanSquaredError);
 * console.log(loss(tf.tensor2d([[1]]), tf.tensor2d([[1], [3]])).dataSync()); // Float32Array(2) [ 0, 4 ]
 * ```
 */
export function multiSampleLoss(loss: TfLoss): TfLoss {
  return (labels, predictions) => {
    const copies = predictions.shape[0]! / labels.shape[0]!;
    return loss(tf.concat(Array.from({ length: copies }, () => labels)), predictions);
  };
}
