// `hadamask/theory`: what the literature claims about dropout, as functions that can be checked. Re-exports only.

export {
  type Bits,
  enumerateMasks,
  expectation,
  expectedMoments,
  expectedVector,
  MAX_BITS,
  type Moments,
} from "./theory/enumerate.js";
export {
  checkGradient,
  type DifferenceOptions,
  type GradientCheck,
  numericalGradient,
} from "./theory/gradient-check.js";
