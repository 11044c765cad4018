// The layers by name: makes them known to TensorFlow.js, so that saved models that hold them load, and, on request,
// puts them in place of its own.

import * as tf from "@tensorflow/tfjs";
import { TfAlphaDropout, TfFeatureAlphaDropout } from "./alpha-layers.js";
import { TfAttention, type TfAttentionConfig, TfAttentionDropout } from "./attention.js";
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
  readonly alphaDropout: (config: TfDropoutConfig) => TfAlphaDropout;
  readonly attention: (config: TfAttentionConfig) => TfAttention;
  readonly attentionDropout: (config: TfRateConfig) => TfAttentionDropout;
  readonly dropBlock2d: (config: TfDropBlockConfig) => TfDropBlock2D;
  readonly dropBlock3d: (config: TfDropBlockConfig) => TfDropBlock3D;
  readonly dropConnect: (config: TfDropConnectConfig) => TfDropConnect;
  readonly dropout: (config: TfDropoutConfig) => TfDropout;
  readonly dropPath: (config: TfDropPathConfig) => TfDropPath;
  readonly edgeDropout: (config: TfEdgeDropoutConfig) => TfEdgeDropout;
  readonly embeddingDropout: (config: TfEmbeddingDropoutConfig) => TfEmbeddingDropout;
  readonly featureAlphaDropout: (config: TfSpatialDropoutConfig) => TfFeatureAlphaDropout;
  readonly gaussianDropout: (config: TfRateConfig) => TfGaussianDropout;
  readonly gaussianNoise: (config: TfGaussianNoiseConfig) => TfGaussianNoise;
  readonly layerDrop: (config: TfLayerDropConfig) => TfLayerDrop;
  readonly multiSampleDropout: (config: TfMultiSampleDropoutConfig) => TfMultiSampleDropout;
  readonly nodeDropout: (config: TfRateConfig) => TfNodeDropout;
  readonly spatialDropout1d: (config: TfSpatialDropoutConfig) => TfSpatialDropout1D;
  readonly spatialDropout2d: (config: TfSpatialDropoutConfig) => TfSpatialDropout2D;
  readonly spatialDropout3d: (config: TfSpatialDropoutConfig) => TfSpatialDropout3D;
  readonly tokenDropout: (config: TfTokenDropoutConfig) => TfTokenDropout;
  readonly uniformDropout: (config: TfRateConfig) => TfUniformDropout;
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

/** The layers as functions, as in `tf.layers`. */
export const layers: TfLayers = Object.fromEntries(
  entries.map(([name, Class]) => [name, (config: unknown) => new Class(config)]),
) as unknown as TfLayers;

/** Layers of TensorFlow.js by their names, and ours that do the same. */
const SUBSTITUTES = {
  AlphaDropout: TfAlphaDropout,
  Dropout: TfDropout,
  GaussianDropout: TfGaussianDropout,
  GaussianNoise: TfGaussianNoise,
  SpatialDropout1D: TfSpatialDropout1D,
} as const;

/**
 * From now on, models that are loaded get our layers wherever they name one of TensorFlow.js's: `Dropout`,
 * `SpatialDropout1D`, `GaussianDropout`, `GaussianNoise` and `AlphaDropout`. A converted Keras model then trains with
 * seeded masks, and with an AlphaDropout that is right. What it is saved as afterwards names our layers.
 *
 * @returns A function that puts TensorFlow.js's own back.
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
