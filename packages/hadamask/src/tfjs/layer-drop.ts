// LayerDrop as a layer of TensorFlow.js: it holds the stack whose layers it leaves out.

import * as tf from "@tensorflow/tfjs";
import { typeError } from "../check.js";
import type { Core, Turn } from "../layers/base/made-of.js";
import { Dropout } from "../layers/dropout.js";
import { drawn } from "./multiply.js";
import { type CallOptions, shapesOf } from "./noise-layer.js";
import { type TfRateConfig, TfRateLayer } from "./rate-layer.js";

export type TfLayerDropConfig = TfRateConfig & {
  /** The stack, from the input on: layers or models, each of which gives what it takes in shape. */
  readonly layers: readonly tf.layers.Layer[];
};

type Config = tf.serialization.ConfigDict;

/**
 * Leaves each layer of a stack out with probability `rate`: residual blocks, each of them a small change of its
 * input.
 */
export class TfLayerDrop extends TfRateLayer<Core> {
  static readonly className: string = "LayerDrop";
  readonly layers: readonly tf.layers.Layer[];

  constructor(args: TfLayerDropConfig) {
    super(args, (options) => new Dropout(options));
    const { layers } = args;
    if (!Array.isArray(layers)) throw typeError(TfLayerDrop.className, "layers", "an array of layers", layers);
    layers.forEach((layer, l) => {
      if (!(layer instanceof tf.layers.Layer))
        throw typeError(TfLayerDrop.className, `layers[${l}]`, "a layer of TensorFlow.js", layer);
    });
    this.layers = layers;
  }

  override build(inputShape: tf.Shape | tf.Shape[]): void {
    const shape = shapesOf(inputShape)[0]!;
    let x: tf.SymbolicTensor = tf.input({ batchShape: shape });
    this.layers.forEach((layer, l) => {
      x = layer.apply(x) as tf.SymbolicTensor;
      const [wanted, got] = [shape, x.shape].map((lengths) => JSON.stringify(lengths));
      if (got !== wanted) {
        throw new RangeError(
          `${TfLayerDrop.className}: layers[${l}] must give the shape it takes, ${wanted}, got ${got}`,
        );
      }
    });
    this.built = true;
  }

  protected noisy([x]: readonly [tf.Tensor], turn: Turn, options: CallOptions): tf.Tensor {
    const kept = drawn(this.core, turn, [this.layers.length], 1).values;
    return runStack(
      this.layers.filter((_, l) => kept[l] !== 0),
      x,
      options,
    );
  }

  /** One decision a layer, for all rows. */
  protected override get isByRows(): boolean {
    return false;
  }

  protected override quiet([x]: readonly [tf.Tensor], options: CallOptions): tf.Tensor {
    return runStack(this.layers, x, options);
  }

  // The constructor above this one asks before there are layers.
  override get trainableWeights(): tf.LayerVariable[] {
    return (this.layers ?? []).flatMap((layer) => layer.trainableWeights);
  }

  override get nonTrainableWeights(): tf.LayerVariable[] {
    return (this.layers ?? []).flatMap((layer) => layer.nonTrainableWeights);
  }

  override getConfig(): Config {
    const layers = this.layers.map((layer) => ({ className: layer.getClassName(), config: layer.getConfig() }));
    return { ...super.getConfig(), layers: layers as never };
  }

  static override fromConfig<T extends tf.serialization.Serializable>(
    Class: tf.serialization.SerializableConstructor<T>,
    config: Config,
  ): T {
    const saved = config.layers as unknown as readonly { className: string; config: Config }[];
    return new Class({ ...config, layers: saved.map(layerOf) as never });
  }
}

function runStack(layers: readonly tf.layers.Layer[], x: tf.Tensor, options: CallOptions): tf.Tensor {
  return layers.reduce((values, layer) => layer.apply(values, options as never) as tf.Tensor, x);
}

/** A layer from its configuration, by the classes that TensorFlow.js knows. */
function layerOf({ className, config }: { readonly className: string; readonly config: Config }): tf.layers.Layer {
  const entry = tf.serialization.SerializationMap.getMap().classNameMap[className];
  if (entry === undefined) {
    throw new Error(
      `${TfLayerDrop.className}: unknown layer ${className}; register it with tf.serialization.registerClass`,
    );
  }
  const [Class, fromConfig] = entry;
  return fromConfig(Class, config) as tf.layers.Layer;
}
