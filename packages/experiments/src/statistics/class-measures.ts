// What is measured on a run of classes.

import { binOf, CALIBRATION_BINS, type ClassPredictions } from "../metrics.js";
import type { TrainedRun } from "../training/run.js";
import type { RowMeasure } from "./measures.js";

export function classesOf({ predictions }: TrainedRun): ClassPredictions {
  if ("label" in predictions) return predictions;
  throw new Error("the run predicts values");
}

export const TEST_ERROR: RowMeasure = {
  rows(run) {
    const { label, predicted } = classesOf(run);
    return Float64Array.from(label, (right, i) => (right === predicted[i] ? 0 : 1));
  },
  most: 1,
  isShare: true,
  fromOneSeed: true,
};

/**
 * The gap between confidence and accuracy of a bin is a sum over its rows; the calibration error is the sum of these
 * gaps with their signs turned to plus. So each row has a part in it.
 */
export const CALIBRATION: RowMeasure = {
  rows(run) {
    const { label, predicted, confidence } = classesOf(run);
    const bins = Uint8Array.from(confidence, binOf);
    const gaps = Float64Array.from(confidence, (value, i) => value - (label[i] === predicted[i] ? 1 : 0));
    const sums = new Float64Array(CALIBRATION_BINS);
    gaps.forEach((gap, i) => {
      sums[bins[i]!]! += gap;
    });
    return gaps.map((gap, i) => gap * Math.sign(sums[bins[i]!]!));
  },
  most: 1,
  isShare: false,
  fromOneSeed: false, // of one set of rows the error is above 0 by chance alone
};
