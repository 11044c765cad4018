// What a calibrated model would have as its calibration error, by chance alone.

import { foldIn, key } from "hadamask";
import { calibrationTest } from "hadamask/uncertainty";
import { CALIBRATION_BINS, type ClassPredictions } from "../metrics.js";
import type { VariantSummary } from "../result.js";

/** Calibrated models that are drawn for each seed. */
const RESAMPLES = 200;
/** Any fixed number: floors are the same at every call. */
const DRAWS = key(20221114);

/** @param seeds Predictions of one variant, by seed. @param classes At least 2. */
export function calibrationFloor(
  seeds: readonly ClassPredictions[],
  classes: number,
): NonNullable<VariantSummary["eceFloor"]> {
  const tests = seeds.map((predictions, s) => {
    const { probabilities, labels } = topLabel(predictions, classes);
    const options = { key: foldIn(DRAWS, s), bins: CALIBRATION_BINS, resamples: RESAMPLES };
    const { floor, value, limit } = calibrationTest(probabilities, labels, options).ece;
    return { floor, isAbove: value > limit };
  });
  return floorOf(tests);
}

/** A floor of several seeds, from that of each, and whether the seed is above what chance may do. */
export function floorOf(
  tests: readonly { readonly floor: number; readonly isAbove: boolean }[],
): NonNullable<VariantSummary["eceFloor"]> {
  const perSeed = tests.map(({ floor }) => floor);
  return {
    mean: perSeed.reduce((sum, floor) => sum + floor, 0) / perSeed.length,
    perSeed,
    above: tests.filter(({ isAbove }) => isAbove).length,
  };
}

/**
 * Rows with the same confidence and the same right and wrong answers: class 0 is the predicted one, the rest is shared
 * evenly. The calibration error looks at nothing else.
 */
function topLabel({ label, predicted, confidence }: ClassPredictions, classes: number) {
  const probabilities = new Float64Array(confidence.length * classes);
  confidence.forEach((value, row) => {
    probabilities.fill((1 - value) / (classes - 1), row * classes, (row + 1) * classes);
    probabilities[row * classes] = value;
  });
  return { probabilities, labels: Uint16Array.from(label, (right, row) => (right === predicted[row] ? 0 : 1)) };
}
