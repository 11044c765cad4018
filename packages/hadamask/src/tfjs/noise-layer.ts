// What the layers for TensorFlow.js have in common: a key, counters that are saved with the model, and modes. Knows
// no variant.

import * as tf from "@tensorflow/tfjs";
import { checkIndex, checkKey, typeError } from "../check.js";
import type { Turn } from "../layers/base/made-of.js";
import { key, randomKey } from "../random/key.js";
import type { Key } from "../types.js";

/** What every layer of TensorFlow.js takes: `name`, `inputShape` and so on. */
export type TfLayerArgs = ConstructorParameters<typeof tf.layers.Layer>[0];

/** What every layer here takes. */
export interface NoiseConfig extends NonNullable<TfLayerArgs> {
  /** Makes the key: `key(seed)`. Without seed and key a fresh random key is taken, and saved with the model. */
  readonly seed?: number | null;
  /** Where all draws of the layer come from. */
  readonly key?: Key;
  /** True: noise in training only. False: in prediction too (Monte-Carlo dropout). Default true. */
  readonly trainingOnly?: boolean;
  /** The number of the next training step. Default 0. */
  readonly step?: number;
  /** The number of the next prediction with noise. Default 0. */
  readonly pass?: number;
}

/** Whose draws stand in place of a layer's own, for the calls of one pass over one batch. */
export interface Sampling {
  /** In place of the layer's. */
  readonly key: Key;
  readonly pass: number;
  /** One id for each row of the batch. */
  readonly ids: Float64Array;
}

/** What TensorFlow.js hands to `call`. */
export type CallOptions = { readonly training?: unknown } | null | undefined;

/**
 * A layer that draws its noise on this side and hands it to the engine.
 *
 * Randomness. Training step t draws under the key derived for t; with `trainingOnly: false` prediction s under the
 *   key derived for s, as for the layers of `hadamask`. The counters are part of the configuration: a model that is
 *   saved and loaded continues with the same masks. A call that fails counts nothing.
 */
export abstract class TfNoiseLayer extends tf.layers.Layer {
  /** Where all draws come from. */
  readonly key: Key;
  readonly trainingOnly: boolean;
  #step: number;
  #pass: number;
  /**
   * What `monteCarlo` draws with; "off": no noise, whatever the layer does in prediction.
   *
   * @internal
   */
  sampling: Sampling | "off" | undefined;

  protected constructor(args: NoiseConfig) {
    super(args);
    const name = this.getClassName();
    this.supportsMasking = true;
    this.key = keyOf(name, args);
    this.trainingOnly = args.trainingOnly ?? true;
    if (typeof this.trainingOnly !== "boolean")
      throw typeError(name, "trainingOnly", "true or false", args.trainingOnly);
    this.#step = checkIndex(name, "step", args.step ?? 0);
    this.#pass = checkIndex(name, "pass", args.pass ?? 0);
  }

  /** The number of the next training step. */
  get step(): number {
    return this.#step;
  }

  set step(step: number) {
    this.#step = checkIndex(this.getClassName(), "step", step);
  }

  /** The number of the next prediction with noise. */
  get pass(): number {
    return this.#pass;
  }

  set pass(pass: number) {
    this.#pass = checkIndex(this.getClassName(), "pass", pass);
  }

  /** What the layer makes of its inputs with the noise of `turn`. */
  protected abstract noisy(inputs: readonly tf.Tensor[], turn: Turn, options: CallOptions): tf.Tensor | tf.Tensor[];

  /** What it makes of them without noise. */
  protected quiet(inputs: readonly tf.Tensor[], _options: CallOptions): tf.Tensor | tf.Tensor[] {
    return inputs[0]!;
  }

  /** Whether rows of the first axis draw each for itself, so that they can draw by ids. */
  protected get isByRows(): boolean {
    return true;
  }

  override call(inputs: tf.Tensor | tf.Tensor[], options: CallOptions): tf.Tensor | tf.Tensor[] {
    return tf.tidy(() => {
      this.invokeCallHook(inputs, options as never);
      const list = Array.isArray(inputs) ? inputs : [inputs];
      if (this.sampling === "off") return this.quiet(list, options);
      if (this.sampling !== undefined) return this.noisy(list, this.#turnOf(this.sampling, list[0]!.shape[0]), options);
      if (options?.training === true) {
        const y = this.noisy(list, { mode: "train", number: this.#step }, options);
        this.#step++;
        return y;
      }
      if (this.trainingOnly) return this.quiet(list, options);
      const y = this.noisy(list, { mode: "sample", number: this.#pass }, options);
      this.#pass++;
      return y;
    });
  }

  /** Where several rows of the first axis are of one row of the batch, as in TimeDistributed, each has an id. */
  #turnOf({ pass, ids }: Sampling, rows = 1): Turn {
    const each = rows / ids.length;
    if (!this.isByRows || !Number.isInteger(each) || each < 1) return { mode: "sample", number: pass };
    const sampleIds = Float64Array.from({ length: rows }, (_, i) => ids[Math.floor(i / each)]! * each + (i % each));
    return { mode: "sample", number: pass, sampleIds };
  }

  override computeOutputShape(inputShape: tf.Shape | tf.Shape[]): tf.Shape | tf.Shape[] {
    return shapesOf(inputShape)[0]!;
  }

  override getConfig(): tf.serialization.ConfigDict {
    const { key, trainingOnly } = this;
    return { ...super.getConfig(), key: [...key], step: this.#step, pass: this.#pass, trainingOnly };
  }
}

/** The shapes of all inputs, whether there is one or a list. */
export const shapesOf = (inputShape: tf.Shape | tf.Shape[]): readonly tf.Shape[] =>
  Array.isArray(inputShape[0]) ? (inputShape as tf.Shape[]) : [inputShape as tf.Shape];

/** The key that a configuration asks for. */
function keyOf(where: string, { seed, key: given }: NoiseConfig): Key {
  if (given !== undefined) return checkKey(where, given);
  return seed === undefined || seed === null ? randomKey() : key(seed);
}
