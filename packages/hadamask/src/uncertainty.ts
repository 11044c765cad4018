/**
 * What stochastic passes say, and whether it can be trusted.
 *
 * @module hadamask/uncertainty
 */
// Re-exports only.

export { type BatchBaldOptions, batchBald, type ChosenBatch } from "./uncertainty/batch-bald.js";
export { exactShare } from "./uncertainty/binomial.js";
export type { Binning, BinOptions } from "./uncertainty/bins.js";
export {
  type CalibrationBin,
  calibrationError,
  classwiseCalibrationError,
  overconfidence,
  reliabilityBins,
  squaredCalibrationError,
} from "./uncertainty/calibration.js";
export {
  type CalibrationFloor,
  type CalibrationScore,
  type CalibrationTest,
  type CalibrationTestOptions,
  calibrationTest,
} from "./uncertainty/calibration-test.js";
export { type Choice, type ChoiceOptions, chooseByLikelihood, type Trial } from "./uncertainty/choice.js";
export {
  ClassCounter,
  type ClassErrors,
  type ClassStatistics,
  classStatistics,
  emptyClassStatistics,
} from "./uncertainty/classes.js";
export type { ConformalCoverage, ConformalPromise } from "./uncertainty/conformal.js";
export {
  type ClassSets,
  type ConformalClasses,
  type ConformalClassOptions,
  conformalClasses,
  setCoverage,
} from "./uncertainty/conformal-classes.js";
export {
  type ConformalIntervals,
  conformalIntervals,
  type IntervalScore,
  intervalCoverage,
  type PredictedValues,
  type ValueIntervals,
} from "./uncertainty/conformal-intervals.js";
export type { ClassScore } from "./uncertainty/conformal-scores.js";
export { type Crossings, quantileCrossings } from "./uncertainty/crossings.js";
export { type Auroc, auroc } from "./uncertainty/detection.js";
export { epig } from "./uncertainty/epig.js";
export { applyIsotonic, fitIsotonic, type IsotonicScaling, type RisingFunction } from "./uncertainty/isotonic.js";
export type { Labels } from "./uncertainty/judged.js";
export {
  emptyLabelStatistics,
  fillLabelRow,
  type LabelEntropies,
  type LabelStatistics,
  labelStatistics,
} from "./uncertainty/labels.js";
export { type JudgedPositions, type PositionScores, positionScores } from "./uncertainty/position-scores.js";
export {
  type ClassAxis,
  type MapScore,
  PositionCounter,
  type PositionSizes,
  type PositionStatistics,
  positionStatistics,
} from "./uncertainty/positions.js";
export {
  applyQuantileRecalibration,
  fitQuantileRecalibration,
  type QuantileRecalibration,
} from "./uncertainty/quantile-recalibration.js";
export { type RegressionScores, regressionScores } from "./uncertainty/regression.js";
export type { Score } from "./uncertainty/score.js";
export {
  accuracy,
  brierScore,
  negativeLogLikelihood,
  type ScoreOptions,
  type Scores,
  scores,
} from "./uncertainty/scores.js";
export { type RiskCoverage, riskCoverage, riskWhenRefusing } from "./uncertainty/selective.js";
export { type StochasticBatchOptions, stochasticBatch } from "./uncertainty/stochastic-batch.js";
export { applyTemperature, fitTemperature, type Temperature } from "./uncertainty/temperature.js";
export {
  DEFAULT_LEVELS,
  emptyValueStatistics,
  fillValueRow,
  type ValueErrors,
  type ValueOptions,
  type ValueStatistics,
  valueDoubt,
  valueStatistics,
} from "./uncertainty/values.js";
export { fitVarianceScaling, type VarianceScaling } from "./uncertainty/variance-scaling.js";
export {
  applyPlatt,
  applyVectorScaling,
  fitPlatt,
  fitVectorScaling,
  type PlattScaling,
  type VectorScaling,
} from "./uncertainty/vector-scaling.js";
