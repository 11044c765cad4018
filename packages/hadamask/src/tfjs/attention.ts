// Dropout of attention weights as layers of TensorFlow.js: of weights made from scores, and in attention itself.

import * as tf from "@tensorflow/tfjs";
import type { Core, Turn } from "../layers/base/made-of.js";
import { Dropout } from "../layers/dropout.js";
import { multiply } from "./multiply.js";
import { shapesOf } from "./noise-layer.js";
import { type TfRateConfig, TfRateLayer } from "./rate-layer.js";

/**
 * Softmax over the last axis, then dropout of each weight: [batch, heads, queries, keys], or any shape that ends in
 * the keys.
 */
export class TfAttentionDropout extends TfRateLayer<Core> {
  static readonly className: string = "AttentionDropout";

  constructor(args: TfRateConfig) {
    super(args, (options) => new Dropout(options));
  }

  protected noisy([scores]: readonly [tf.Tensor], turn: Turn): tf.Tensor {
    return multiply(softmax(scores), this.core, turn);
  }

  protected override quiet([scores]: readonly [tf.Tensor]): tf.Tensor {
    return softmax(scores);
  }
}

export type TfAttentionConfig = TfRateConfig & {
  /** True: a second output, the weights before the mask, whose rows sum to 1. Default false. */
  readonly returnWeights?: boolean;
};

/**
 * Scaled dot-product attention with dropout of its weights.
 *
 *     w = softmax(q kᵀ / sqrt(width) + bias)       training   y = (m * w / keep) v       prediction   y = w v
 *
 * Inputs: queries, keys and values, [batch, length, width] or [batch, heads, length, width], and, if there is one, a
 * bias that is added to the scores: -Infinity (or a large negative number) hides a key. Every sample, head, query and
 * key has a decision of its own.
 */
export class TfAttention extends TfRateLayer<Core> {
  static readonly className: string = "HadamaskAttention";
  readonly returnWeights: boolean;

  constructor(args: TfAttentionConfig) {
    super(args, (options) => new Dropout(options));
    this.returnWeights = args.returnWeights ?? false;
    this.supportsMasking = false; // keys are hidden by the bias; a mask would be ignored
  }

  protected noisy(inputs: readonly tf.Tensor[], turn: Turn): tf.Tensor | tf.Tensor[] {
    return this.#attend(inputs, (weights) => multiply(weights, this.core, turn));
  }

  protected override quiet(inputs: readonly tf.Tensor[]): tf.Tensor | tf.Tensor[] {
    return this.#attend(inputs, (weights) => weights);
  }

  #attend([q, k, v, bias]: readonly tf.Tensor[], drop: (weights: tf.Tensor) => tf.Tensor): tf.Tensor | tf.Tensor[] {
    const products = tf.matMul(q!, k!, false, true).mul(1 / Math.sqrt(q!.shape.at(-1)!));
    const weights = softmax(bias === undefined ? products : products.add(bias));
    const y = drop(weights).matMul(v!);
    return this.returnWeights ? [y, weights] : y;
  }

  override computeOutputShape(inputShape: tf.Shape | tf.Shape[]): tf.Shape | tf.Shape[] {
    const [q, k, v] = shapesOf(inputShape);
    const y = [...q!.slice(0, -1), v!.at(-1)!];
    return this.returnWeights ? [y, [...q!.slice(0, -1), k!.at(-2)!]] : y;
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), returnWeights: this.returnWeights };
  }
}

/** Softmax over the last axis; where all scores of a row are -Infinity all weights are 0, as in the library. */
function softmax(scores: tf.Tensor): tf.Tensor {
  const op = tf.customGrad((input, save) => {
    const x = input as tf.Tensor;
    const largest = x.max(-1, true);
    const powers = x.sub(tf.where(largest.equal(Number.NEGATIVE_INFINITY), tf.zerosLike(largest), largest)).exp();
    const sum = powers.sum(-1, true);
    const weights = powers.div(tf.where(sum.equal(0), tf.onesLike(sum), sum));
    (save as tf.GradSaveFunc)([weights]);
    return {
      value: weights,
      gradFunc(dy: tf.Tensor, [w]: tf.Tensor[]) {
        const g = dy.mul(w!);
        return g.sub(w!.mul(g.sum(-1, true)));
      },
    };
  });
  return op(scores);
}
