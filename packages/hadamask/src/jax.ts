/**
 * Dropout for networks that train with jax-js.
 *
 * @module hadamask/jax
 */
// Re-exports only.

import "./kernels/fast.js";

export { alphaDropout } from "./jax/alpha-dropout.js";
export { type ConcreteNoise, type ConcreteOptions, concreteDropout } from "./jax/concrete-dropout.js";
export { type DropConnectOptions, dropConnect } from "./jax/drop-connect.js";
export { dropout } from "./jax/dropout.js";
export { layerNoise, type NoiseSource } from "./jax/layer-noise.js";
export { logUniformKl } from "./jax/log-uniform-kl.js";
export {
  type LogitNormalOptions,
  logitNormalDropout,
  variationalLogitNormalDropout,
} from "./jax/logit-normal-dropout.js";
export { multiplier } from "./jax/multiplier.js";
export type { ActivationNoise, DenseParameters, Drawn, Parameters, WeightNoise } from "./jax/noise.js";
export {
  dropoutGRU,
  dropoutLSTM,
  dropoutRNN,
  type RecurrentDraws,
  type RecurrentNoise,
  type RecurrentNoiseOptions,
  type RecurrentParameters,
} from "./jax/recurrent.js";
export { type DropoutSite, type DropoutSites, dropoutSites, type Multipliers } from "./jax/sites.js";
export { sparseVariationalDense } from "./jax/sparse-variational-dense.js";
export { type VariationalOptions, variationalDense, variationalDropout } from "./jax/variational-dropout.js";
