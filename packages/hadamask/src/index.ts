// The public library: re-exports only.

export { alloc, free } from "./kernels/arena.js";
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
  type DenseDropoutCache,
  type DenseDropoutParams,
  denseDropoutBackward,
  denseDropoutForward,
  softmaxCrossEntropy,
} from "./layers/dense-block.js";
export {
  DenseLayer,
  type DenseLayerOptions,
  type DenseLayerState,
  type DensePassOptions,
} from "./layers/dense-layer.js";
export {
  DropConnect,
  type DropConnectOptions,
  type DropConnectPassOptions,
  type DropConnectState,
} from "./layers/drop-connect.js";
export type { InferenceOptions, WeightMoments } from "./layers/drop-connect-inference.js";
export {
  Dropout,
  type DropoutOptions,
  type DropoutState,
  dropout,
  dropoutBackward,
} from "./layers/dropout.js";
export {
  GaussianDropout,
  type GaussianDropoutOptions,
  type GaussianDropoutState,
  type GaussianStrength,
} from "./layers/gaussian-dropout.js";
export {
  LogitNormalDropout,
  type LogitNormalDropoutOptions,
  type LogitNormalDropoutState,
} from "./layers/logit-normal-dropout.js";
export { MaskLayer, type MaskLayerOptions, type MaskLayerState, type MaskPassOptions } from "./layers/mask-layer.js";
export {
  NoiseLayer,
  type NoiseLayerOptions,
  type NoiseLayerState,
  type NoisePassOptions,
} from "./layers/noise-layer.js";
export {
  DropoutGRU,
  type DropoutGRUOptions,
  type DropoutGRUState,
  DropoutLSTM,
  type DropoutLSTMState,
  DropoutRNN,
  type DropoutRNNOptions,
  type DropoutRNNState,
} from "./layers/recurrent.js";
export {
  gal,
  moon,
  type PlaceOption,
  type RecurrentDropout,
  semeniuta,
  zaremba,
  zoneout,
} from "./layers/recurrent-dropout.js";
export {
  type GivenStates,
  type RecurrentGradientOptions,
  RecurrentLayer,
  type RecurrentLayerOptions,
  type RecurrentLayerState,
  type RecurrentPassOptions,
} from "./layers/recurrent-layer.js";
export {
  SparseVariationalDense,
  type SparseVariationalDenseOptions,
  type SparseVariationalDenseState,
} from "./layers/sparse-variational-dense.js";
export {
  type ShapedPassOptions,
  SpatialDropout,
  type SpatialDropoutOptions,
  type SpatialDropoutState,
} from "./layers/spatial-dropout.js";
export {
  type GradientOptions,
  type LayerOptions,
  type LayerState,
  type PassOptions,
  StochasticLayer,
  type StreamOptions,
} from "./layers/stochastic-layer.js";
export {
  VariationalDense,
  type VariationalDenseOptions,
  type VariationalDenseState,
} from "./layers/variational-dense.js";
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
export { keepMask } from "./noise/bernoulli.js";
export { type GivenMask, packMask, unpackMask } from "./noise/mask-bits.js";
export { passKey, sampleKey, siteKey } from "./random/derived-keys.js";
export { foldIn, key, split } from "./random/key.js";
export { normal } from "./random/normal.js";
export { uniform } from "./random/uniform.js";
export type { FloatArray, FloatInput, Key, Like, Mode, PackedMask, RateOption, Scaling } from "./types.js";
