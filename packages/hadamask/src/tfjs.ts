// hadamask/tfjs: dropout for networks of TensorFlow.js layers. Re-exports only.

export {
  TfAlphaDropout,
  TfDropout,
  type TfDropoutConfig,
  TfDropPath,
  type TfDropPathConfig,
  TfSpatialDropout1D,
  TfSpatialDropout2D,
  TfSpatialDropout3D,
  type TfSpatialDropoutConfig,
} from "./tfjs/mask-layers.js";
export { type NoiseConfig, TfNoiseLayer } from "./tfjs/noise-layer.js";
export type { NoiseShape, TfDataFormat } from "./tfjs/noise-shape.js";
export {
  TfDropBlock2D,
  TfDropBlock3D,
  type TfDropBlockConfig,
  TfGaussianDropout,
  TfGaussianNoise,
  type TfGaussianNoiseConfig,
  type TfRateConfig,
  TfUniformDropout,
} from "./tfjs/other-layers.js";
export { layers, replaceTfjsLayers } from "./tfjs/register.js";
