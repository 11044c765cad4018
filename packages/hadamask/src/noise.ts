/**
 * The distributions behind the layers, with their moments, and the divergences that learned ones are charged.
 *
 * @module hadamask/noise
 */
// Re-exports only.

import "./kernels/fast.js";

export { concreteNoise } from "./noise/concrete.js";
export { gaussianNoise, learnedGaussianNoise } from "./noise/gaussian.js";
export {
  logUniformKl,
  logUniformKlCubic,
  logUniformKlCubicSlope,
  logUniformKlSlope,
} from "./noise/log-uniform.js";
export { type LogitNormalParameters, logitNormalNoise, normalKl } from "./noise/logit-normal.js";
export type { Gradients, LearnedNoise, Noise } from "./noise/noise.js";
export { PRUNING_THRESHOLD, sparseKlFit, sparseKlFitSlope } from "./noise/sparse.js";
