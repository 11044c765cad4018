/**
 * Keys and masks, layers, noise, schedules and lint: the public library.
 *
 * @module hadamask
 */
// Re-exports only.

import "./kernels/fast.js";

export { alloc, free } from "./kernels/arena.js";
export { type KernelName, kernelName } from "./kernels/select.js";
export {
  AlphaDropout,
  type AlphaDropoutOptions,
  type AlphaDropoutState,
  type AlphaPassOptions,
} from "./layers/alpha-dropout.js";
export {
  Attention,
  type AttentionOptions,
  type AttentionPassOptions,
  type AttentionShape,
  type AttentionState,
} from "./layers/attention.js";
export {
  AttentionDropout,
  type AttentionDropoutOptions,
  type AttentionDropoutState,
  type AttentionDrops,
} from "./layers/attention-dropout.js";
export { DecisionLayer, type DecisionLayerState, type DecisionPassOptions } from "./layers/base/decision-layer.js";
export {
  MaskLayer,
  type MaskLayerOptions,
  type MaskLayerState,
  type MaskPassOptions,
} from "./layers/base/mask-layer.js";
export {
  NoiseLayer,
  type NoiseLayerOptions,
  type NoiseLayerState,
  type NoisePassOptions,
} from "./layers/base/noise-layer.js";
export {
  type GradientOptions,
  type LayerOptions,
  type LayerState,
  type PassOptions,
  StochasticLayer,
  type StreamOptions,
} from "./layers/base/stochastic-layer.js";
export {
  ChannelDropout,
  type ChannelDropoutOptions,
  type ChannelDropoutState,
  type DataFormat,
  Dropout1d,
  Dropout2d,
  Dropout3d,
  SpatialDropout1D,
  SpatialDropout2D,
  SpatialDropout3D,
} from "./layers/channel-dropout.js";
export { ConcreteDropout, type ConcreteDropoutOptions, type ConcreteDropoutState } from "./layers/concrete-dropout.js";
export {
  DropBlock,
  DropBlock2D,
  DropBlock3D,
  type DropBlockOptions,
  type DropBlockPassOptions,
  type DropBlockState,
} from "./layers/drop-block.js";
export { type DropBlockRates, dropBlockRates } from "./layers/drop-block-rates.js";
export { DropPath, type DropPathOptions, type DropPathState } from "./layers/drop-path.js";
export { type DropPathsOptions, dropPaths } from "./layers/drop-paths.js";
export {
  Dropout,
  type DropoutOptions,
  type DropoutState,
  dropout,
  dropoutBackward,
} from "./layers/dropout.js";
export {
  dropoutFloat16,
  dropoutFloat16Backward,
  type HalfDropoutOptions,
} from "./layers/dropout-float16.js";
export {
  dropEdges,
  EdgeDropout,
  type EdgeDropoutOptions,
  type EdgeDropoutState,
  type EdgePassOptions,
} from "./layers/edge-dropout.js";
export {
  EmbeddingDropout,
  type EmbeddingDropoutOptions,
  type EmbeddingDropoutState,
  type EmbeddingPassOptions,
} from "./layers/embedding-dropout.js";
export {
  FeatureAlphaDropout,
  type FeatureAlphaDropoutOptions,
  type FeatureAlphaDropoutState,
} from "./layers/feature-alpha-dropout.js";
export {
  GaussianDropout,
  type GaussianDropoutOptions,
  type GaussianDropoutState,
  type GaussianStrength,
} from "./layers/gaussian-dropout.js";
export { GaussianNoise, type GaussianNoiseOptions, type GaussianNoiseState } from "./layers/gaussian-noise.js";
export type { Float16ArrayLike, HalfArray } from "./layers/half-arrays.js";
export {
  LayerDrop,
  type LayerDropOptions,
  type LayerDropPassOptions,
  type LayerDropState,
  type StackLayer,
} from "./layers/layer-drop.js";
export { backwardFloat16, forwardFloat16, type OneArrayLayer } from "./layers/layer-float16.js";
export {
  LogitNormalDropout,
  type LogitNormalDropoutOptions,
  type LogitNormalDropoutState,
} from "./layers/logit-normal-dropout.js";
export {
  MultiSampleDropout,
  type MultiSampleDropoutOptions,
  type MultiSampleDropoutState,
  type MultiSamplePassOptions,
} from "./layers/multi-sample-dropout.js";
export { dropNodes, type KeptNodes, NodeDropout, type NodeDropoutState } from "./layers/node-dropout.js";
export type { PlaceOption, RecurrentDropout } from "./layers/recurrent/dropout.js";
export {
  type GivenStates,
  type RecurrentGradientOptions,
  RecurrentLayer,
  type RecurrentLayerOptions,
  type RecurrentLayerState,
  type RecurrentPassOptions,
} from "./layers/recurrent/layer.js";
export {
  DropoutGRU,
  type DropoutGRUOptions,
  type DropoutGRUState,
  DropoutLSTM,
  type DropoutLSTMState,
  DropoutRNN,
  type DropoutRNNOptions,
  type DropoutRNNState,
} from "./layers/recurrent/layers.js";
export { gal, moon, semeniuta, weightDrop, zaremba, zoneout } from "./layers/recurrent/variants.js";
export { layerFromState } from "./layers/registry.js";
export {
  type ShapedPassOptions,
  SpatialDropout,
  type SpatialDropoutOptions,
  type SpatialDropoutState,
} from "./layers/spatial-dropout.js";
export {
  TokenDropout,
  type TokenDropoutOptions,
  type TokenDropoutState,
  type TokenPassOptions,
} from "./layers/token-dropout.js";
export {
  UniformDropout,
  type UniformDropoutOptions,
  type UniformDropoutState,
  type UniformStrength,
} from "./layers/uniform-dropout.js";
export {
  type AlphaOption,
  VariationalDropout,
  type VariationalDropoutOptions,
  type VariationalDropoutState,
} from "./layers/variational-dropout.js";
export {
  VariationalLogitNormalDropout,
  type VariationalLogitNormalDropoutOptions,
  type VariationalLogitNormalDropoutState,
} from "./layers/variational-logit-normal-dropout.js";
export {
  type DenseDropoutCache,
  type DenseDropoutParams,
  denseDropoutBackward,
  denseDropoutForward,
  softmaxCrossEntropy,
} from "./layers/weights/dense-block.js";
export {
  DenseLayer,
  type DenseLayerOptions,
  type DenseLayerState,
  type DensePassOptions,
} from "./layers/weights/dense-layer.js";
export {
  DropConnect,
  type DropConnectOptions,
  type DropConnectPassOptions,
  type DropConnectState,
} from "./layers/weights/drop-connect.js";
export type { InferenceOptions, WeightMoments } from "./layers/weights/drop-connect-inference.js";
export {
  SparseVariationalDense,
  type SparseVariationalDenseOptions,
  type SparseVariationalDenseState,
} from "./layers/weights/sparse-variational-dense.js";
export {
  VariationalDense,
  type VariationalDenseOptions,
  type VariationalDenseState,
} from "./layers/weights/variational-dense.js";
export {
  WordDropout,
  type WordDropoutOptions,
  type WordDropoutState,
  type WordPassOptions,
} from "./layers/word-dropout.js";
export { lint } from "./lint/lint.js";
export type { LintInput, NetworkItem } from "./lint/network.js";
export type { Finding, Training } from "./lint/rules.js";
export { keepMask } from "./noise/bernoulli.js";
export { keepMasks } from "./noise/row-masks.js";
export type { BlockPlacement } from "./placement/blocks.js";
export type { Edges, KeptEdges } from "./placement/edges.js";
export { type GivenMask, packMask, unpackMask } from "./placement/mask-bits.js";
export type { WordTie } from "./placement/word-ties.js";
export { passKey, sampleKey, siteKey, stepKey } from "./random/derived-keys.js";
export { foldIn, key, split } from "./random/key.js";
export { normal } from "./random/normal.js";
export { uniform } from "./random/uniform.js";
export { fromFloat16, toFloat16 } from "./special/half.js";
export { type RDropLoss, type RDropOptions, rDropLoss } from "./training/r-drop.js";
export {
  constantRate,
  earlyRate,
  lateRate,
  linearDepthRates,
  linearRate,
  type RateSchedule,
} from "./training/schedules.js";
export { type DecayingStep, Sgld, type SgldOptions, type SgldState } from "./training/sgld.js";
export type { FloatArray, FloatInput, Key, Like, Mode, PackedMask, PathScaling, RateOption, Scaling } from "./types.js";
