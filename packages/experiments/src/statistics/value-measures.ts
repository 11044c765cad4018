// What is measured on a run of values.

import type { TrainedRun } from "../training/run.js";
import { coverageCurve, LEVEL, LEVELS, levelsOf, rootMeanSquare, type ValuePredictions } from "../value-metrics.js";
import { NLL, type RowMeasure } from "./measures.js";

export function valuesOf({ predictions }: TrainedRun): ValuePredictions {
  if ("value" in predictions) return predictions;
  throw new Error("the run predicts classes");
}

/**
 * The root mean square error as a mean over rows: of what each row adds to it, to first order.
 *
 *     r + (e^2 - r^2) / 2r     r the root, e the error of the row
 *
 * Their mean is r; their spread is that of r (the infinitesimal jackknife).
 *
 * @see Efron, "The jackknife, the bootstrap and other resampling plans" (1982), chapter 6.
 */
export const ROOT_MEAN_SQUARE: RowMeasure = {
  rows(run) {
    const predictions = valuesOf(run);
    const root = rootMeanSquare(predictions);
    const { value, mean } = predictions;
    return value.map((y, i) => (root === 0 ? 0 : root + ((y - mean[i]!) ** 2 - root * root) / (2 * root)));
  },
  most: Number.POSITIVE_INFINITY,
  isShare: false,
  fromOneSeed: true,
};

export const ABSOLUTE_ERROR: RowMeasure = {
  rows(run) {
    const { value, mean } = valuesOf(run);
    return value.map((y, i) => Math.abs(y - mean[i]!));
  },
  most: Number.POSITIVE_INFINITY,
  isShare: false,
  fromOneSeed: true,
};

/** The logarithm of a density may be on either side of 0. */
export const DENSITY_NLL: RowMeasure = { ...NLL, least: Number.NEGATIVE_INFINITY };

/** Of the 95 % interval. */
export const COVERAGE: RowMeasure = {
  rows: (run) => levelsOf(valuesOf(run)).map((level) => (level <= LEVEL ? 1 : 0)),
  most: 1,
  isShare: true,
  fromOneSeed: true,
};

/**
 * The gap between a promised level and the share that its intervals hold is a mean over rows; the calibration error is
 * the mean of these gaps over the levels, with their signs turned to plus. So each row has a part in it.
 */
export const COVERAGE_GAP: RowMeasure = {
  rows(run) {
    const levels = levelsOf(valuesOf(run));
    const signs = coverageCurve(levels).map((held, i) => Math.sign(held - LEVELS[i]!));
    return levels.map((own) => {
      const gaps = LEVELS.reduce((sum, level, i) => sum + signs[i]! * ((own <= level ? 1 : 0) - level), 0);
      return gaps / LEVELS.length;
    });
  },
  most: 1,
  isShare: false,
  fromOneSeed: false, // of one set of rows the error is above 0 by chance alone
};
