// What the layers for TensorFlow.js have in common: a key, counters that are saved with the model, modes, and products that are
// selected. Knows no variant.

import * as tf from "@tensorflow/tfjs";
import { checkIndex, checkKey, typeError } from "../check.js";
import type { PassOptions } from "../layers/stochastic-layer.js";
import { key, randomKey } from "../random/key.js";
import type { FloatArray, Key, Mode } from "../types.js";

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

/** The layer of the library that draws: it sees arrays of ones or zeros, and never the values of the network. */
export interface Core {
  mode: Mode;
  step: number;
  pass: number;
  readonly key: Key | undefined;
  forward(x: FloatArray, options?: PassOptions & { readonly shape: readonly number[] }): FloatArray;
}

/** The key that a configuration asks for. */
export function keyOf(where: string, { seed, key: given }: NoiseConfig): Key {
  if (given !== undefined) return checkKey(where, given);
  return seed === undefined || seed === null ? randomKey() : key(seed);
}

/**
 * A layer that draws its noise on this side and hands it to the graph: no value of the network is read back, so it works on every
 * back end.
 *
 * Randomness. Training step t draws under the key derived for t; with `trainingOnly: false` prediction s under the key derived for s,
 *   as for the layers of `hadamask`. The counters are part of the configuration: a model that is saved and loaded goes on with the
 *   same masks.
 */
export abstract class TfNoiseLayer extends tf.layers.Layer {
  readonly trainingOnly: boolean;
  /** Draws, and counts. */
  protected readonly core: Core;

  protected constructor(args: NoiseConfig, core: Core) {
    super(args);
    const name = (new.target as unknown as { readonly className: string }).className;
    this.supportsMasking = true;
    this.trainingOnly = args.trainingOnly ?? true;
    if (typeof this.trainingOnly !== "boolean")
      throw typeError(name, "trainingOnly", "true or false", args.trainingOnly);
    this.core = core;
    core.step = checkIndex(name, "step", args.step ?? 0);
    core.pass = checkIndex(name, "pass", args.pass ?? 0);
  }

  /** The number of the next training step. */
  get step(): number {
    return this.core.step;
  }

  set step(step: number) {
    this.core.step = checkIndex(this.getClassName(), "step", step);
  }

  /** Applies fresh noise to `x`. */
  protected abstract noisy(x: tf.Tensor): tf.Tensor;

  override call(inputs: tf.Tensor | tf.Tensor[], kwargs: { training?: unknown }): tf.Tensor | tf.Tensor[] {
    return tf.tidy(() => {
      this.invokeCallHook(inputs, kwargs as never);
      const x = Array.isArray(inputs) ? inputs[0]! : inputs;
      const isTraining = kwargs?.training === true;
      if (!isTraining && this.trainingOnly) return x;
      this.core.mode = isTraining ? "train" : "sample";
      return this.noisy(x);
    });
  }

  override computeOutputShape(inputShape: tf.Shape | tf.Shape[]): tf.Shape | tf.Shape[] {
    return inputShape;
  }

  override getConfig(): tf.serialization.ConfigDict {
    const { core, trainingOnly } = this;
    const key = [...core.key!];
    return { ...super.getConfig(), key, step: core.step, pass: core.pass, trainingOnly };
  }

  /** What the core makes of `shape` filled with `value`. */
  protected drawn(shape: readonly number[], value: 0 | 1): Drawn {
    const size = shape.reduce((product, length) => product * length, 1);
    const values = this.core.forward(new Float32Array(size).fill(value), { shape });
    return { values: values as Float32Array, shape };
  }
}

/** Numbers for all elements of a tensor, or for each group of elements that shares a draw (axes of length 1). */
export interface Drawn {
  readonly values: Float32Array;
  readonly shape: readonly number[];
}

export const tensorOf = ({ values, shape }: Drawn): tf.Tensor => tf.tensor(values, [...shape]);

/** `kept * factor + shift` where the factor is not 0, `dropped` elsewhere. */
interface Affine {
  readonly shift: number;
  readonly dropped: number;
}

/** `x * multiplier` where the multiplier is not 0, and +0 elsewhere, whatever x is there; the gradient is the same map. */
export function multiplySelected(x: tf.Tensor, multiplier: Drawn): tf.Tensor {
  return affineSelected(x, multiplier, 0, 0);
}

/** `x * factor + shift` where the factor is not 0, and `dropped` elsewhere; the gradient is that of {@link multiplySelected}. */
export function affineSelected(x: tf.Tensor, factor: Drawn, shift: number, dropped: number): tf.Tensor {
  const select = isHost() && factor.values.length === x.size ? selectOnHost : selectInGraph;
  // A map with a gradient of its own: the engine's product with a mask would turn NaN and infinities at dropped places into NaN.
  const op = tf.customGrad((values) => ({
    value: select(values as tf.Tensor, factor, { shift, dropped }),
    gradFunc: (dy: tf.Tensor) => select(dy, factor, { shift: 0, dropped: 0 }),
  }));
  return op(x);
}

/** Back ends whose tensors are arrays on this side: one loop is several times faster there than three operations of the engine. */
const isHost = (): boolean => tf.getBackend() === "cpu" || tf.getBackend() === "wasm";

function selectOnHost(x: tf.Tensor, { values: factor }: Drawn, { shift, dropped }: Affine): tf.Tensor {
  const values = x.dataSync();
  const out = new Float32Array(values.length);
  for (let i = 0; i < out.length; i++) out[i] = factor[i] === 0 ? dropped : values[i]! * factor[i]! + shift;
  return tf.tensor(out, x.shape);
}

function selectInGraph(x: tf.Tensor, factor: Drawn, { shift, dropped }: Affine): tf.Tensor {
  return tf.tidy(() => {
    const m = tensorOf(factor);
    const kept = shift === 0 ? x.mul(m) : x.mul(m).add(shift);
    return tf.where(m.notEqual(0), kept, tf.scalar(dropped));
  });
}
