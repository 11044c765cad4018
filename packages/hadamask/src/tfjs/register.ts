// Makes the layers known to TensorFlow.js, so that saved models that hold them load; and, on request, in place of its own.

import * as tf from "@tensorflow/tfjs";
import {
  TfAlphaDropout,
  TfDropout,
  type TfDropoutConfig,
  TfDropPath,
  type TfDropPathConfig,
  TfSpatialDropout1D,
  TfSpatialDropout2D,
  TfSpatialDropout3D,
  type TfSpatialDropoutConfig,
} from "./mask-layers.js";
import {
  TfDropBlock2D,
  TfDropBlock3D,
  type TfDropBlockConfig,
  TfGaussianDropout,
  TfGaussianNoise,
  type TfGaussianNoiseConfig,
  type TfRateConfig,
  TfUniformDropout,
} from "./other-layers.js";

const CLASSES = [
  TfAlphaDropout,
  TfDropBlock2D,
  TfDropBlock3D,
  TfDropPath,
  TfDropout,
  TfGaussianDropout,
  TfGaussianNoise,
  TfSpatialDropout1D,
  TfSpatialDropout2D,
  TfSpatialDropout3D,
  TfUniformDropout,
] as const;

for (const Layer of CLASSES) tf.serialization.registerClass(Layer as never);

/** Layers of TensorFlow.js by their names, and ours that do the same. */
const SUBSTITUTES = {
  AlphaDropout: TfAlphaDropout,
  Dropout: TfDropout,
  GaussianDropout: TfGaussianDropout,
  GaussianNoise: TfGaussianNoise,
  SpatialDropout1D: TfSpatialDropout1D,
} as const;

/**
 * From now on, models that are loaded get our layers wherever they name one of TensorFlow.js's: `Dropout`, `SpatialDropout1D`,
 * `GaussianDropout`, `GaussianNoise` and `AlphaDropout`. A converted Keras model then trains with seeded masks, and with an
 * AlphaDropout that is right. What it is saved as afterwards names our layers.
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

/** The layers as functions, as in `tf.layers`. */
export const layers: {
  readonly alphaDropout: (config: TfDropoutConfig) => TfAlphaDropout;
  readonly dropBlock2d: (config: TfDropBlockConfig) => TfDropBlock2D;
  readonly dropBlock3d: (config: TfDropBlockConfig) => TfDropBlock3D;
  readonly dropout: (config: TfDropoutConfig) => TfDropout;
  readonly dropPath: (config: TfDropPathConfig) => TfDropPath;
  readonly gaussianDropout: (config: TfRateConfig) => TfGaussianDropout;
  readonly gaussianNoise: (config: TfGaussianNoiseConfig) => TfGaussianNoise;
  readonly spatialDropout1d: (config: TfSpatialDropoutConfig) => TfSpatialDropout1D;
  readonly spatialDropout2d: (config: TfSpatialDropoutConfig) => TfSpatialDropout2D;
  readonly spatialDropout3d: (config: TfSpatialDropoutConfig) => TfSpatialDropout3D;
  readonly uniformDropout: (config: TfRateConfig) => TfUniformDropout;
} = {
  alphaDropout: (config) => new TfAlphaDropout(config),
  dropBlock2d: (config) => new TfDropBlock2D(config),
  dropBlock3d: (config) => new TfDropBlock3D(config),
  dropout: (config) => new TfDropout(config),
  dropPath: (config) => new TfDropPath(config),
  gaussianDropout: (config) => new TfGaussianDropout(config),
  gaussianNoise: (config) => new TfGaussianNoise(config),
  spatialDropout1d: (config) => new TfSpatialDropout1D(config),
  spatialDropout2d: (config) => new TfSpatialDropout2D(config),
  spatialDropout3d: (config) => new TfSpatialDropout3D(config),
  uniformDropout: (config) => new TfUniformDropout(config),
};
