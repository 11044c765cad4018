// Word, embedding and token dropout as layers of TensorFlow.js.

import * as tf from "@tensorflow/tfjs";
import { type Core, runCore, type Turn } from "../layers/base/made-of.js";
import { EmbeddingDropout } from "../layers/embedding-dropout.js";
import { TokenDropout } from "../layers/token-dropout.js";
import { WordDropout } from "../layers/word-dropout.js";
import type { WordTie } from "../placement/word-ties.js";
import { multiply } from "./multiply.js";
import { shapesOf } from "./noise-layer.js";
import { type TfRateConfig, TfRateLayer } from "./rate-layer.js";

export type TfWordDropoutConfig = TfRateConfig & {
  /** The word that takes the place of dropped ones: usually the one for unknown words. */
  readonly replacement: number;
  /** What shares a decision: a word within its sequence, or in the whole batch, or nothing. Default "sequence". */
  readonly tie?: WordTie | "none";
  /** Words that are never dropped: padding, start, end. Default none. */
  readonly exempt?: readonly number[];
};

/**
 * Replaces words by a stand-in, wherever they stand in their sequence: [sequences, words], before
 * `tf.layers.embedding`.
 */
export class TfWordDropout extends TfRateLayer<WordDropout> {
  static readonly className: string = "WordDropout";
  readonly #settings: {
    readonly replacement: number;
    readonly tie: WordTie | "none";
    readonly exempt: readonly number[];
  };

  constructor(args: TfWordDropoutConfig) {
    const { replacement, tie = "sequence", exempt = [] } = args;
    super(args, (options) => new WordDropout({ ...options, replacement, tie, exempt }));
    this.#settings = { replacement, tie, exempt };
    this.inputSpec = [new tf.InputSpec({ ndim: 2 })];
  }

  protected noisy([words]: readonly [tf.Tensor], turn: Turn): tf.Tensor {
    const left = runCore(this.core as never, turn, words.dataSync() as never, { shape: words.shape });
    return tf.tensor(left, words.shape, words.dtype);
  }

  protected override get isByRows(): boolean {
    return this.#settings.tie !== "batch";
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), ...(this.#settings as object) };
  }
}

export type TfEmbeddingDropoutConfig = TfRateConfig & {
  /** What shares a decision: a word within its sequence, or in the whole batch. Default "sequence". */
  readonly tie?: WordTie;
};

/**
 * Drops words from embedded text with their whole vectors, wherever they stand in their sequence. Two inputs: the
 * vectors [sequences, words, width] and the words themselves [sequences, words], which are read back from the engine.
 */
export class TfEmbeddingDropout extends TfRateLayer<Core> {
  static readonly className: string = "EmbeddingDropout";
  readonly tie: WordTie;

  constructor(args: TfEmbeddingDropoutConfig) {
    const { tie = "sequence" } = args;
    super(args, (options) => new EmbeddingDropout({ ...options, tie }));
    this.tie = tie;
    this.inputSpec = [new tf.InputSpec({ ndim: 3 }), new tf.InputSpec({ ndim: 2 })];
  }

  protected noisy([x, words]: readonly [tf.Tensor, tf.Tensor], turn: Turn): tf.Tensor {
    return multiply(x, this.core, turn, [...x.shape.slice(0, 2), 1], { words: words.dataSync() });
  }

  override computeMask(_inputs: tf.Tensor | tf.Tensor[], mask?: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return (Array.isArray(mask) ? mask[0] : mask) as tf.Tensor;
  }

  protected override get isByRows(): boolean {
    return this.tie !== "batch";
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), tie: this.tie };
  }
}

export type TfTokenDropoutConfig = TfRateConfig & {
  /** How many tokens at the beginning of each sequence always stay: class tokens. Default 0. */
  readonly prefix?: number;
};

/**
 * Takes tokens out of sequences [sequences, tokens, width], which get shorter in training: of the tokens behind the
 * prefix, round((1 - rate) * tokens) stay, in their order. So the number of tokens is not known when the model is
 * built (null), unless `trainingOnly` is false; what follows must not depend on it.
 */
export class TfTokenDropout extends TfRateLayer<TokenDropout> {
  static readonly className: string = "TokenDropout";
  readonly prefix: number;

  constructor(args: TfTokenDropoutConfig) {
    const { prefix = 0 } = args;
    super(args, (options) => new TokenDropout({ ...options, prefix }));
    this.prefix = prefix;
    this.supportsMasking = false; // a mask of places does not fit what is left
    this.inputSpec = [new tf.InputSpec({ ndim: 3 })];
  }

  protected noisy([x]: readonly [tf.Tensor], turn: Turn): tf.Tensor {
    const [sequences = 0, tokens = 0] = x.shape;
    const shape = [sequences, tokens, 1];
    runCore(this.core as never, turn, new Float32Array(sequences * tokens), { shape });
    return takeTokens(x as tf.Tensor3D, this.core.indices!);
  }

  override computeOutputShape(inputShape: tf.Shape | tf.Shape[]): tf.Shape {
    const [sequences, tokens, width] = shapesOf(inputShape)[0]! as [number, number | null, number];
    const isKnown = !this.trainingOnly && tokens !== null;
    return [sequences, isKnown ? this.core.tokensLeft(tokens) : null, width];
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), prefix: this.prefix };
  }
}

/** The tokens of `x` whose places `kept` lists, as many for each sequence; the others get no gradient. */
function takeTokens(x: tf.Tensor3D, kept: Int32Array): tf.Tensor {
  const [sequences, tokens, width] = x.shape;
  const left = kept.length / sequences;
  const from = kept.map((token, i) => Math.floor(i / left) * tokens + token);
  // Where each token's gradient is; those that were taken out have that of a row of zeros behind all others.
  const to = new Int32Array(sequences * tokens).fill(kept.length);
  from.forEach((row, i) => {
    to[row] = i;
  });
  const rows = (t: tf.Tensor): tf.Tensor2D => t.reshape([-1, width]);
  const op = tf.customGrad((input) => ({
    value: rows(input as tf.Tensor)
      .gather(from)
      .reshape([sequences, left, width]),
    gradFunc: (dy: tf.Tensor) =>
      tf
        .concat([rows(dy), tf.zeros([1, width])])
        .gather(to)
        .reshape(x.shape),
  }));
  return op(x);
}
