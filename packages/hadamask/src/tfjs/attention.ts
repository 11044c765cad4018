// Dropout of attention weights as layers of TensorFlow.js: of weights made from scores, and in attention itself.

import * as tf from "@tensorflow/tfjs";
import { rangeError, typeError } from "../check.js";
import type { AttentionDrops } from "../layers/attention-dropout.js";
import type { Core, Turn } from "../layers/base/made-of.js";
import { Dropout } from "../layers/dropout.js";
import { SpatialDropout } from "../layers/spatial-dropout.js";
import { multiply } from "./multiply.js";
import { shapesOf } from "./noise-layer.js";
import { type TfRateConfig, TfRateLayer } from "./rate-layer.js";

export type TfAttentionDropoutConfig = TfRateConfig & {
  /**
   * "weights" (default): each weight after the softmax. "keys": each key of each query before it (DropKey). "heads":
   * all weights of a head (DropHead).
   */
  readonly drops?: AttentionDrops;
};

/** What the layers of this file have in common: what is dropped, and how. */
abstract class TfDroppedWeights extends TfRateLayer<Core> {
  readonly drops: AttentionDrops;

  protected constructor(args: TfAttentionDropoutConfig, name: string) {
    const drops = checkDrops(name, args.drops);
    super(args, (options) =>
      drops === "heads" ? new SpatialDropout({ ...options, sharedAxes: [-2, -1] }) : new Dropout(options),
    );
    this.drops = drops;
  }

  /** The weights before the mask, and after it. */
  protected dropped(scores: tf.Tensor, turn: Turn): { weights: tf.Tensor; used: tf.Tensor } {
    if (this.drops === "keys") {
      const weights = softmax(this.#withoutDroppedKeys(scores, turn));
      return { weights, used: weights };
    }
    const weights = softmax(scores);
    return { weights, used: multiply(weights, this.core, turn, this.#drawShape(weights.shape)) };
  }

  /** -Infinity at dropped keys; the mask is not a part of the graph, and drawn once for both ways. */
  #withoutDroppedKeys(scores: tf.Tensor, turn: Turn): tf.Tensor {
    const op = tf.customGrad((input, save) => {
      const x = input as tf.Tensor;
      const isKept = multiply(tf.onesLike(x), this.core, turn).notEqual(0);
      (save as tf.GradSaveFunc)([isKept]);
      return {
        value: tf.where(isKept, x, tf.scalar(Number.NEGATIVE_INFINITY)),
        gradFunc: (dy: tf.Tensor, [kept]: tf.Tensor[]) => tf.where(kept!, dy, tf.zerosLike(dy)),
      };
    });
    return op(scores);
  }

  #drawShape(shape: number[]): number[] {
    if (this.drops !== "heads") return shape;
    if (shape.length < 3) throw new RangeError(`${this.getClassName()}: drops "heads" needs an axis of heads`);
    return [...shape.slice(0, -2), 1, 1];
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), drops: this.drops };
  }
}

/**
 * Softmax over the last axis, then dropout of each weight: [batch, heads, queries, keys], or any shape that ends in
 * the keys.
 */
export class TfAttentionDropout extends TfDroppedWeights {
  static readonly className: string = "AttentionDropout";

  constructor(args: TfAttentionDropoutConfig) {
    super(args, TfAttentionDropout.className);
  }

  protected noisy([scores]: readonly [tf.Tensor], turn: Turn): tf.Tensor {
    return this.dropped(scores, turn).used;
  }

  protected override quiet([scores]: readonly [tf.Tensor]): tf.Tensor {
    return softmax(scores);
  }
}

export type TfAttentionConfig = TfAttentionDropoutConfig & {
  /** True: a second output, the weights before the mask, whose rows sum to 1. Default false. */
  readonly returnWeights?: boolean;
  /**
   * True: query i sees keys up to its own place alone, counted from the end where there are more keys. Default false.
   */
  readonly isCausal?: boolean;
};

/**
 * Scaled dot-product attention with dropout of its weights.
 *
 *     w = softmax(q kᵀ / sqrt(width) + bias)       training   y = (m * w / keep) v       prediction   y = w v
 *
 * Inputs: queries, keys and values, [batch, length, width] or [batch, heads, length, width], and, if there is one, a
 * bias that is added to the scores: -Infinity (or a large negative number) hides a key. Every sample, head, query and
 * key has a decision of its own, unless `drops` says otherwise.
 */
export class TfAttention extends TfDroppedWeights {
  static readonly className: string = "HadamaskAttention";
  readonly returnWeights: boolean;
  readonly isCausal: boolean;

  constructor(args: TfAttentionConfig) {
    super(args, TfAttention.className);
    this.returnWeights = args.returnWeights ?? false;
    this.isCausal = args.isCausal ?? false;
    if (typeof this.isCausal !== "boolean") {
      throw typeError(TfAttention.className, "isCausal", "true or false", args.isCausal);
    }
    this.supportsMasking = false; // keys are hidden by the bias; a mask would be ignored
  }

  protected noisy(inputs: readonly tf.Tensor[], turn: Turn): tf.Tensor | tf.Tensor[] {
    const { weights, used } = this.dropped(this.#scores(inputs), turn);
    return this.#output(inputs[2]!, weights, used);
  }

  protected override quiet(inputs: readonly tf.Tensor[]): tf.Tensor | tf.Tensor[] {
    const weights = softmax(this.#scores(inputs));
    return this.#output(inputs[2]!, weights, weights);
  }

  #scores([q, k, , bias]: readonly tf.Tensor[]): tf.Tensor {
    const { className } = TfAttention;
    if (this.drops === "heads" && q!.rank !== 4) {
      throw new RangeError(
        `${className}: queries must be [batch,heads,length,width] with drops "heads", got [${q!.shape}]`,
      );
    }
    const products = tf.matMul(q!, k!, false, true).mul(1 / Math.sqrt(q!.shape.at(-1)!));
    const scores = bias === undefined ? products : products.add(bias);
    return this.isCausal ? withoutLaterKeys(scores) : scores;
  }

  #output(v: tf.Tensor, weights: tf.Tensor, used: tf.Tensor): tf.Tensor | tf.Tensor[] {
    const y = used.matMul(v);
    return this.returnWeights ? [y, weights] : y;
  }

  override computeOutputShape(inputShape: tf.Shape | tf.Shape[]): tf.Shape | tf.Shape[] {
    const [q, k, v] = shapesOf(inputShape);
    const y = [...q!.slice(0, -1), v!.at(-1)!];
    return this.returnWeights ? [y, [...q!.slice(0, -1), k!.at(-2)!]] : y;
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), returnWeights: this.returnWeights, isCausal: this.isCausal };
  }
}

function checkDrops(name: string, drops: AttentionDrops = "weights"): AttentionDrops {
  if (drops === "weights" || drops === "keys" || drops === "heads") return drops;
  throw rangeError(name, "drops", '"weights", "keys" or "heads"', drops);
}

/** Scores [..., queries, keys], -Infinity where a key is later than the query; the last of both are at one place. */
function withoutLaterKeys(scores: tf.Tensor): tf.Tensor {
  const [queries, keys] = scores.shape.slice(-2) as [number, number];
  const query = tf.range(keys - queries, keys).expandDims(1);
  return tf.where(query.greaterEqual(tf.range(0, keys)), scores, tf.scalar(Number.NEGATIVE_INFINITY));
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
