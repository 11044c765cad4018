// A model of TensorFlow.js without our layers, for places where hadamask is not. Knows configurations, no noise.

import * as tf from "@tensorflow/tfjs";
import { typeError } from "../check.js";
import { noiseLayersIn } from "./noise-layers-in.js";

type Config = Record<string, unknown>;

/** A layer as saved models hold it. */
interface SavedLayer {
  readonly className: string;
  readonly config: Config;
}

/** What every layer has. */
const COMMON = ["name", "trainable", "dtype", "batchInputShape", "inputDType"] as const;

const common = (config: Config): Config =>
  Object.fromEntries(COMMON.flatMap((name) => (config[name] === undefined ? [] : [[name, config[name]]])));

const rateOf = ({ rate, keep }: Config): number => (typeof rate === "number" ? rate : 1 - (keep as number));

const dropout = (config: Config, noiseShape: unknown): SavedLayer => ({
  className: "Dropout",
  config: { ...common(config), rate: rateOf(config), ...(noiseShape == null ? {} : { noiseShape }) },
});

/** One decision a channel, of so many axes between rows and channels. */
const ofChannels = (config: Config, axes: number): SavedLayer => {
  const ones = new Array<number>(axes).fill(1);
  return dropout(config, config.dataFormat === "channelsFirst" ? [null, null, ...ones] : [null, ...ones, null]);
};

/** Passes on what it gets, as noise does in prediction. */
const nothing = (config: Config): SavedLayer => ({
  className: "Activation",
  config: { ...common(config), activation: "linear" },
});

type Rule = (config: Config, inputShape: tf.Shape | undefined) => SavedLayer;

/** By the name of our layer, what trains the same in TensorFlow.js, or else what predicts the same. */
const RULES: Readonly<Record<string, Rule>> = {
  HadamaskDropout: (config) => dropout(config, config.noiseShape),
  HadamaskSpatialDropout1D: (config) => ofChannels(config, 1),
  SpatialDropout2D: (config) => ofChannels(config, 2),
  SpatialDropout3D: (config) => ofChannels(config, 3),
  HadamaskGaussianDropout: (config) => ({
    className: "GaussianDropout",
    config: { ...common(config), rate: rateOf(config) },
  }),
  HadamaskGaussianNoise: (config) => ({
    className: "GaussianNoise",
    config: { ...common(config), stddev: config.stddev },
  }),
  AttentionDropout: (config) => ({ className: "Softmax", config: { ...common(config), axis: -1 } }),
  DropConnect: (config) => {
    const ours = new Set(["key", "step", "pass", "trainingOnly", "rate", "keep", "maskPer"]);
    return {
      className: "Dense",
      config: Object.fromEntries(Object.entries(config).filter(([name]) => !ours.has(name))),
    };
  },
  LayerDrop: ({ name, layers }, batchInputShape) => {
    const [first, ...rest] = (layers as readonly SavedLayer[]).map((layer) => replaced(layer, new Map()) as SavedLayer);
    const begin = first && { ...first, config: { ...first.config, batchInputShape } };
    return { className: "Sequential", config: { name, layers: begin === undefined ? [] : [begin, ...rest] } };
  },
  // TensorFlow.js's own alpha dropout has a sign wrong; for the others it has no layer
  HadamaskAlphaDropout: nothing,
  FeatureAlphaDropout: nothing,
  UniformDropout: nothing,
  DropBlock2D: nothing,
  DropBlock3D: nothing,
  DropPath: nothing,
  NodeDropout: nothing,
  MultiSampleDropout: nothing,
  TokenDropout: nothing,
  WordDropout: nothing,
};

/** Layers with several inputs, which TensorFlow.js has nothing for. */
const REFUSED: ReadonlySet<string> = new Set(["HadamaskAttention", "EdgeDropout", "EmbeddingDropout"]);

/** A configuration with our layers replaced, however deep. */
function replaced(value: unknown, shapes: ReadonlyMap<string, tf.Shape>): unknown {
  if (Array.isArray(value)) return value.map((entry) => replaced(entry, shapes));
  if (typeof value !== "object" || value === null) return value;
  const { className, config } = value as Partial<SavedLayer>;
  if (typeof className === "string" && typeof config === "object" && config !== null) {
    if (REFUSED.has(className)) {
      throw new TypeError(
        `withoutHadamask: the model must not have layers that TensorFlow.js has no match for, got ${className} ` +
          `${String(config.name)}`,
      );
    }
    const rule = Object.hasOwn(RULES, className) ? RULES[className] : undefined;
    if (rule !== undefined) return { ...value, ...rule(config, shapes.get(String(config.name))) };
  }
  return Object.fromEntries(Object.entries(value).map(([name, entry]) => [name, replaced(entry, shapes)]));
}

/**
 * A model that predicts the same and names no layer of ours, so that it is saved for places where hadamask is not.
 * Layers that TensorFlow.js has too become its own and train as before, with its own masks: dropout, spatial dropout,
 * Gaussian dropout and noise. DropConnect becomes a dense layer, attention dropout a softmax, a stack of LayerDrop a
 * sequential model; other noise, which does nothing in prediction, becomes a layer that passes on what it gets.
 *
 * Numerics. The weights are the same numbers; they are copies.
 *
 * @throws {TypeError} If the model has attention, edge or embedding dropout of ours.
 * @example
 * ```ts
 * import * as tf from "@tensorflow/tfjs";
 * import { layers, withoutHadamask } from "hadamask/tfjs";
 * const dense = tf.layers.dense({ units: 2, inputShape: [4] });
 * const model = tf.sequential({ layers: [dense, layers.dropout({ rate: 0.5 })] });
 * const plain = await withoutHadamask(model);
 * console.log(plain.layers.at(-1)!.getClassName()); // Dropout
 * ```
 */
export async function withoutHadamask(model: tf.LayersModel): Promise<tf.LayersModel> {
  if (!(model instanceof tf.LayersModel))
    throw typeError("withoutHadamask", "model", "a model of TensorFlow.js layers", model);
  const shapes = new Map(
    noiseLayersIn(model).layers.flatMap(({ layer }) => {
      const shape = layer.inboundNodes[0]?.inputShapes[0] as tf.Shape | undefined;
      return shape === undefined ? [] : [[layer.name, shape] as const];
    }),
  );
  const saved = { className: model.getClassName(), config: model.getConfig() };
  const copy = await tf.models.modelFromJSON(replaced(saved, shapes) as never);
  copy.setWeights(model.getWeights());
  return copy;
}
