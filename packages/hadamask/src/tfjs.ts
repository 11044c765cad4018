/**
 * Dropout for networks of TensorFlow.js layers. `tfjs/register.ts` lists the layers.
 *
 * @module hadamask/tfjs
 */
// Re-exports only.

import "./kernels/fast.js";

export * from "./tfjs/alpha-layers.js";
export * from "./tfjs/attention.js";
export * from "./tfjs/continuous-layers.js";
export * from "./tfjs/drop-block.js";
export * from "./tfjs/drop-connect.js";
export * from "./tfjs/edge-dropout.js";
export * from "./tfjs/layer-drop.js";
export * from "./tfjs/mask-layers.js";
export {
  monteCarlo,
  type TfAnswerKind,
  type TfClassPrediction,
  type TfLabelPrediction,
  type TfMonteCarloOptions,
  type TfPositionPrediction,
  type TfPrediction,
  type TfValuePrediction,
} from "./tfjs/monte-carlo.js";
export * from "./tfjs/multi-sample-dropout.js";
export { type NoiseConfig, TfNoiseLayer } from "./tfjs/noise-layer.js";
export type { NoiseShape, TfDataFormat } from "./tfjs/noise-shape.js";
export type { TfRateConfig } from "./tfjs/rate-layer.js";
export { layers, replaceTfjsLayers, type TfLayers } from "./tfjs/register.js";
export * from "./tfjs/sequence-layers.js";
export { withoutHadamask } from "./tfjs/without-hadamask.js";
