/**
 * What the literature claims about dropout, as functions that can be checked.
 *
 * @module hadamask/theory
 */
// Re-exports only.

export type { Activation } from "./special/activations.js";
export { incompleteBeta } from "./special/beta.js";
export { portableExp, portableLog } from "./special/exponential.js";
export { normalCdf, normalDensity, rectifiedNormal } from "./special/normal.js";
export { studentQuantile, studentTails } from "./special/student.js";
export { type Feature, type VarianceShift, varianceShift, varianceShiftAfterLinear } from "./theory/batch-norm.js";
export { type SubmodelAverages, submodelAverages } from "./theory/ensemble.js";
export {
  type Bits,
  enumerateMasks,
  expectation,
  expectedMoments,
  expectedVector,
  MAX_BITS,
  type Moments,
} from "./theory/enumerate.js";
export { type ExpectedGradient, expectedGradient, expectedGradientOfSquare } from "./theory/expected-gradient.js";
export {
  checkGradient,
  type DifferenceOptions,
  type GradientCheck,
  numericalGradient,
} from "./theory/gradient-check.js";
export { type LangevinChain, stationaryVariance } from "./theory/langevin.js";
export {
  linearMoments,
  type Marginals,
  marginals,
  rectifiedMarginals,
  weightNoiseMoments,
} from "./theory/linear.js";
export { logisticPenalty, quadraticLogisticPenalty } from "./theory/logistic.js";
export type { Matrix } from "./theory/matrix.js";
export {
  exactMeanPass,
  fullPass,
  gaussianPass,
  keepProduct,
  meanFieldPass,
  type NetworkLayer,
  sampledPass,
} from "./theory/mean-field.js";
export {
  bernoulliMultiplier,
  bernoulliRawMoment,
  coefficientOfVariation,
  type DropoutLaw,
  gaussianRawMoment,
  type Multiplier,
  outputMoments,
  outputMomentsOfRandomInput,
  sharedOutputMoments,
} from "./theory/moments.js";
export { normalExpectation } from "./theory/quadrature.js";
export { recurrentChain } from "./theory/recurrent.js";
export { dropoutRidge, expectedSquaredLoss, featureSquares, type Regression, ridge } from "./theory/ridge.js";
