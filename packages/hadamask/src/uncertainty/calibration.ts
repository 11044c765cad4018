// Does confidence mean anything? Bins of about equal confidence, and the gap between confidence and accuracy in them.

import type { FloatInput } from "../types.js";
import { type Interval, wilson } from "./binomial.js";
import { ABSOLUTE, type BinOptions, binRows, checkBins, measureOf, SQUARED, sumBins } from "./bins.js";
import { type Judged, judge, type Labelled, type Labels, labelled, meanOf } from "./judged.js";

/** Rows with confidence in (lower, upper]. */
export interface CalibrationBin {
  readonly lower: number;
  readonly upper: number;
  readonly count: number;
  /** Mean confidence; 0 where the bin is empty. */
  readonly confidence: number;
  /** Share of right predictions; 0 where the bin is empty. */
  readonly accuracy: number;
  /** 95 % interval of the accuracy (Wilson's); [0, 1] where the bin is empty. */
  readonly interval: Interval;
}

/**
 * The bins of a reliability diagram: in each, how sure the model was and how often it was right.
 *
 * Shapes. `probabilities` holds rows x classes numbers in C order, `labels` one class number a row.
 *
 * @throws {TypeError | RangeError} If they do not fit, or `bins` is not a whole number in [1, 10000].
 * @example
 * ```ts
 * import { reliabilityBins } from "hadamask/uncertainty";
 * // Four rows that say 0.75 of their class; three of them are right.
 * const rows = [0.75, 0.25, 0.75, 0.25, 0.75, 0.25, 0.75, 0.25];
 * const [bin] = reliabilityBins(rows, [0, 0, 0, 1]).filter(({ count }) => count > 0);
 * console.log(bin!.confidence, bin!.accuracy); // 0.75 0.75
 * ```
 * @see Naeini, Cooper, Hauskrecht, "Obtaining well calibrated probabilities using Bayesian binning", AAAI 2015.
 */
export function reliabilityBins(probabilities: FloatInput, labels: Labels, options: BinOptions = {}): CalibrationBin[] {
  const where = "reliabilityBins";
  const { confidence, correct } = judge(where, probabilities, labels);
  const bins = binRows(confidence, checkBins(where, options));
  const { count, value, right } = sumBins(bins, confidence, correct);
  return Array.from(count, (n, b) => ({
    lower: bins.edges[b]!,
    upper: bins.edges[b + 1]!,
    count: n,
    confidence: n === 0 ? 0 : value[b]! / n,
    accuracy: n === 0 ? 0 : right[b]! / n,
    interval: wilson(right[b]!, n),
  }));
}

/**
 * Expected calibration error: the mean over rows of |confidence - accuracy| of the bin that a row is in.
 *
 *     ECE = sum over bins of (count / rows) * |confidence - accuracy|
 *
 * Numerics. Never below 0, and biased upwards: a perfectly calibrated model scores above 0 because of the chance in
 *   each bin. {@link calibrationTest} says how far. A confidence on an edge is in the bin below it.
 *
 * @throws {TypeError | RangeError} As {@link reliabilityBins}.
 *
 * @example
 * ```ts
 * import { calibrationError } from "hadamask/uncertainty";
 * // Says 0.75 twice and is right once.
 * console.log(calibrationError([0.75, 0.25, 0.75, 0.25], [0, 1])); // 0.25
 * ```
 * @see Guo et al., "On calibration of modern neural networks", ICML 2017; equal mass: Nguyen and O'Connor, EMNLP 2015.
 */
export function calibrationError(probabilities: FloatInput, labels: Labels, options: BinOptions = {}): number {
  const where = "calibrationError";
  const { confidence, correct } = judge(where, probabilities, labels);
  return measureOf(ABSOLUTE, sumBins(binRows(confidence, checkBins(where, options)), confidence, correct));
}

/**
 * How much surer a model is than it is right: the mean over rows of confidence - correct, so mean confidence less
 * accuracy. Above 0 it is too sure, below 0 not sure enough, and near 0 both may balance. The calibration error is
 * never smaller than its size.
 *
 * Shapes. As {@link reliabilityBins}.
 * @throws {TypeError | RangeError} As {@link reliabilityBins}.
 *
 * @example
 * ```ts
 * import { overconfidence } from "hadamask/uncertainty";
 * // Says 0.75 twice and is right once.
 * console.log(overconfidence([0.75, 0.25, 0.75, 0.25], [0, 1])); // 0.25
 * ```
 * @see Van Calster et al., "Calibration: the Achilles heel of predictive analytics", BMC Medicine 17 (2019), where it
 *   is calibration in the large.
 */
export function overconfidence(probabilities: FloatInput, labels: Labels): number {
  return meanOf(gapsOf(judge("overconfidence", probabilities, labels)));
}

/** Confidence less 1 where a row is right. */
export const gapsOf = ({ confidence, correct }: Judged): Float64Array => confidence.map((p, row) => p - correct[row]!);

/**
 * The squared calibration error without the part that chance makes: the mean over rows of (confidence - accuracy)^2 of
 * their bin, less accuracy (1 - accuracy) / (count - 1). Its mean over calibrated models is 0, so that it can be below
 * 0; with few rows a bin it is the better number to compare.
 *
 * Shapes. As {@link reliabilityBins}. Default: 15 bins of equally many rows.
 * @throws {TypeError | RangeError} As {@link reliabilityBins}.
 *
 * @example
 * ```ts
 * import { squaredCalibrationError } from "hadamask/uncertainty";
 * // The gap is 0.25; its square, 0.0625, is less than what chance makes of two rows.
 * console.log(squaredCalibrationError([0.75, 0.25, 0.75, 0.25], [0, 1], { bins: 1 })); // -0.1875
 * ```
 * @see Kumar, Liang and Ma, "Verified uncertainty calibration", NeurIPS 2019, section 5.
 */
export function squaredCalibrationError(probabilities: FloatInput, labels: Labels, options: BinOptions = {}): number {
  const where = "squaredCalibrationError";
  const { confidence, correct } = judge(where, probabilities, labels);
  const bins = binRows(confidence, checkBins(where, { binning: "mass", ...options }));
  return measureOf(SQUARED, sumBins(bins, confidence, correct));
}

/**
 * Classwise calibration error: the mean over classes of the calibration error of "it is this class", with the
 * probability of the class as confidence. It sees what the likeliest class hides.
 *
 * Shapes. As {@link reliabilityBins}.
 * Numerics. Biased upwards, as {@link calibrationError}.
 * @throws {TypeError | RangeError} As {@link reliabilityBins}.
 *
 * @example
 * ```ts
 * import { classwiseCalibrationError } from "hadamask/uncertainty";
 * console.log(classwiseCalibrationError([0.75, 0.25, 0.75, 0.25], [0, 1], { bins: 1 })); // 0.25
 * ```
 * @see Kull et al., "Beyond temperature scaling", NeurIPS 2019; Nixon et al., "Measuring calibration in deep learning",
 *   CVPR workshops 2019.
 */
export function classwiseCalibrationError(probabilities: FloatInput, labels: Labels, options: BinOptions = {}): number {
  const where = "classwiseCalibrationError";
  return classwise(labelled(where, probabilities, labels), checkBins(where, options))(labels);
}

/** The classwise error as a function of the labels: bins depend on probabilities alone. */
export function classwise(
  { values, rows, classes }: Labelled,
  options: Required<BinOptions>,
): (labels: Labels) => number {
  const columns = Array.from({ length: classes }, (_, c) => {
    const value = Float64Array.from({ length: rows }, (_, row) => values[row * classes + c]!);
    return { value, bins: binRows(value, options) };
  });
  const is = new Uint8Array(rows);
  return (labels) => {
    const gaps = columns.map(({ value, bins }, c) => {
      for (let row = 0; row < rows; row++) is[row] = labels[row] === c ? 1 : 0;
      return measureOf(ABSOLUTE, sumBins(bins, value, is));
    });
    return gaps.reduce((sum, gap) => sum + gap, 0) / classes;
  };
}
