// The layers by name: makes them known to TensorFlow.js, so that saved models that hold them load, and, on request,
// puts them in place of its own.

import * as tf from "@tensorflow/tfjs";
import { typeError } from "../check.js";
import { checkOptions } from "../options.js";
import { TfAlphaDropout, TfFeatureAlphaDropout } from "./alpha-layers.js";
import { TfAttention, type TfAttentionConfig, TfAttentionDropout, type TfAttentionDropoutConfig } from "./attention.js";
import {
  TfGaussianDropout,
  TfGaussianNoise,
  type TfGaussianNoiseConfig,
  TfUniformDropout,
} from "./continuous-layers.js";
import { TfDropBlock2D, TfDropBlock3D, type TfDropBlockConfig } from "./drop-block.js";
import { TfDropConnect, type TfDropConnectConfig } from "./drop-connect.js";
import { TfEdgeDropout, type TfEdgeDropoutConfig } from "./edge-dropout.js";
import { TfLayerDrop, type TfLayerDropConfig } from "./layer-drop.js";
import {
  TfDropout,
  type TfDropoutConfig,
  TfDropPath,
  type TfDropPathConfig,
  TfNodeDropout,
  TfSpatialDropout1D,
  TfSpatialDropout2D,
  TfSpatialDropout3D,
  type TfSpatialDropoutConfig,
} from "./mask-layers.js";
import { TfMultiSampleDropout, type TfMultiSampleDropoutConfig } from "./multi-sample-dropout.js";
import type { TfNoiseLayer } from "./noise-layer.js";
import type { TfRateConfig } from "./rate-layer.js";
import {
  TfEmbeddingDropout,
  type TfEmbeddingDropoutConfig,
  TfTokenDropout,
  type TfTokenDropoutConfig,
  TfWordDropout,
  type TfWordDropoutConfig,
} from "./sequence-layers.js";

/** The layers as functions, as in `tf.layers`. */
export interface TfLayers {
  /** Alpha dropout for SELU networks: keeps mean 0 and variance 1. */
  readonly alphaDropout: (config: TfDropoutConfig) => TfAlphaDropout;
  /** Scaled dot-product attention with dropout of its weights. */
  readonly attention: (config: TfAttentionConfig) => TfAttention;
  /** Softmax over the last axis, then dropout of each weight. */
  readonly attentionDropout: (config: TfAttentionDropoutConfig) => TfAttentionDropout;
  /** Drops squares of feature maps [N, H, W, C]. */
  readonly dropBlock2d: (config: TfDropBlockConfig) => TfDropBlock2D;
  /** Drops cubes of feature maps [N, D, H, W, C]. */
  readonly dropBlock3d: (config: TfDropBlockConfig) => TfDropBlock3D;
  /** A dense layer that drops single weights. */
  readonly dropConnect: (config: TfDropConnectConfig) => TfDropConnect;
  /** Dropout, seeded: `layers.dropout({ rate: 0.5, seed: 1 })`. */
  readonly dropout: (config: TfDropoutConfig) => TfDropout;
  /** Stochastic depth: keeps or drops a residual branch for each sample. */
  readonly dropPath: (config: TfDropPathConfig) => TfDropPath;
  /** Drops edges of a graph with all that is sent along them. */
  readonly edgeDropout: (config: TfEdgeDropoutConfig) => TfEdgeDropout;
  /** Drops words from embedded text with their whole vectors. */
  readonly embeddingDropout: (config: TfEmbeddingDropoutConfig) => TfEmbeddingDropout;
  /** Alpha dropout of whole channels. */
  readonly featureAlphaDropout: (config: TfSpatialDropoutConfig) => TfFeatureAlphaDropout;
  /** Multiplies by normal numbers of mean 1 and variance rate / (1 - rate). */
  readonly gaussianDropout: (config: TfRateConfig) => TfGaussianDropout;
  /** Adds normal numbers. */
  readonly gaussianNoise: (config: TfGaussianNoiseConfig) => TfGaussianNoise;
  /** Leaves whole layers of a stack out. */
  readonly layerDrop: (config: TfLayerDropConfig) => TfLayerDrop;
  /** Several masks of one input at once; see `multiSampleLoss`. */
  readonly multiSampleDropout: (config: TfMultiSampleDropoutConfig) => TfMultiSampleDropout;
  /** Drops nodes of a graph with all their features. */
  readonly nodeDropout: (config: TfRateConfig) => TfNodeDropout;
  /** Drops whole channels of [N, L, C]. */
  readonly spatialDropout1d: (config: TfSpatialDropoutConfig) => TfSpatialDropout1D;
  /** Drops whole channels of [N, H, W, C]. */
  readonly spatialDropout2d: (config: TfSpatialDropoutConfig) => TfSpatialDropout2D;
  /** Drops whole channels of [N, D, H, W, C]. */
  readonly spatialDropout3d: (config: TfSpatialDropoutConfig) => TfSpatialDropout3D;
  /** Takes tokens out of sequences, which get shorter in training. */
  readonly tokenDropout: (config: TfTokenDropoutConfig) => TfTokenDropout;
  /** Multiplies by numbers evenly spread around 1. */
  readonly uniformDropout: (config: TfRateConfig) => TfUniformDropout;
  /** Replaces words by a stand-in before they are embedded. */
  readonly wordDropout: (config: TfWordDropoutConfig) => TfWordDropout;
}

type Classes = {
  readonly [Name in keyof TfLayers]: new (
    config: Parameters<TfLayers[Name]>[0],
  ) => ReturnType<TfLayers[Name]>;
};

const CLASSES: Classes = {
  alphaDropout: TfAlphaDropout,
  attention: TfAttention,
  attentionDropout: TfAttentionDropout,
  dropBlock2d: TfDropBlock2D,
  dropBlock3d: TfDropBlock3D,
  dropConnect: TfDropConnect,
  dropout: TfDropout,
  dropPath: TfDropPath,
  edgeDropout: TfEdgeDropout,
  embeddingDropout: TfEmbeddingDropout,
  featureAlphaDropout: TfFeatureAlphaDropout,
  gaussianDropout: TfGaussianDropout,
  gaussianNoise: TfGaussianNoise,
  layerDrop: TfLayerDrop,
  multiSampleDropout: TfMultiSampleDropout,
  nodeDropout: TfNodeDropout,
  spatialDropout1d: TfSpatialDropout1D,
  spatialDropout2d: TfSpatialDropout2D,
  spatialDropout3d: TfSpatialDropout3D,
  tokenDropout: TfTokenDropout,
  uniformDropout: TfUniformDropout,
  wordDropout: TfWordDropout,
};

type AnyClass = new (config: unknown) => tf.layers.Layer;
const entries = Object.entries(CLASSES) as [keyof TfLayers, AnyClass][];

for (const [, Class] of entries) tf.serialization.registerClass(Class as never);

/** What a configuration may have beside what the layer says of itself: what every layer of TensorFlow.js takes. */
const TAKEN_BY_ALL = [
  ...["rate", "keep", "seed", "key", "name", "inputShape", "batchInputShape", "batchSize"],
  ...["dtype", "inputDType", "trainable", "updatable", "weights"],
];

/** What the functions are given, for messages; the others want a rate. */
const EXAMPLES: Readonly<Record<string, string>> = {
  dropBlock2d: "{ rate: 0.1, blockSize: 7 }",
  dropBlock3d: "{ rate: 0.1, blockSize: 7 }",
  dropConnect: "{ rate: 0.5, units: 10 }",
  gaussianNoise: "{ stddev: 0.1 }",
  layerDrop: "{ rate: 0.2, layers: [...] }",
  multiSampleDropout: "{ rate: 0.5, samples: 8 }",
  wordDropout: "{ rate: 0.1, replacement: 0 }",
};

/**
 * The layers as functions, as in `tf.layers`.
 *
 * @example
 * ```ts
 * import * as tf from "@tensorflow/tfjs";
 * import { layers } from "hadamask/tfjs";
 * const dense = tf.layers.dense({ units: 8, inputShape: [4] });
 * const model = tf.sequential({ layers: [dense, layers.dropout({ rate: 0.5, seed: 1 })] });
 * console.log(model.outputs[0]!.shape); // [ null, 8 ]
 * ```
 */
export const layers: TfLayers = Object.fromEntries(
  entries.map(([name, Class]) => [
    name,
    (config: unknown) => {
      if (typeof config !== "object" || config === null) {
        throw typeError(`layers.${name}`, "config", "an object", config, `pass ${EXAMPLES[name] ?? "{ rate: 0.5 }"}`);
      }
      const layer = new Class(config);
      checkOptions(`layers.${name}`, config, [...Object.keys(layer.getConfig()), ...TAKEN_BY_ALL]);
      return layer;
    },
  ]),
) as unknown as TfLayers;

/** Layers of TensorFlow.js by their names, and ours that do the same. */
export const SUBSTITUTES: Readonly<Record<string, new (config: never) => TfNoiseLayer>> = {
  AlphaDropout: TfAlphaDropout,
  Dropout: TfDropout,
  GaussianDropout: TfGaussianDropout,
  GaussianNoise: TfGaussianNoise,
  SpatialDropout1D: TfSpatialDropout1D,
};

/**
 * From now on, models that are loaded get our layers wherever they name one of TensorFlow.js's: `Dropout`,
 * `SpatialDropout1D`, `GaussianDropout`, `GaussianNoise` and `AlphaDropout`. A converted Keras model then trains with
 * seeded masks, and with an AlphaDropout that is right. What it is saved as afterwards names our layers.
 *
 * @returns A function that puts TensorFlow.js's own back.
 * @example
 * ```ts
 * import * as tf from "@tensorflow/tfjs";
 * import { replaceTfjsLayers } from "hadamask/tfjs";
 * const putBack = replaceTfjsLayers();
 * const { classNameMap } = tf.serialization.SerializationMap.getMap();
 * const [Layer] = classNameMap.Dropout!;
 * putBack();
 * console.log(Layer.className); // HadamaskDropout
 * ```
 */
export function replaceTfjsLayers(): () => void {
  const { classNameMap } = tf.serialization.SerializationMap.getMap();
  const own = Object.keys(SUBSTITUTES).map((name) => [name, classNameMap[name]!] as const);
  for (const [name, Layer] of Object.entries(SUBSTITUTES)) {
    classNameMap[name] = [Layer as never, (Layer as unknown as { fromConfig: never }).fromConfig];
  }
  return () => {
    for (const [name, entry] of own) classNameMap[name] = entry;
  };
}
