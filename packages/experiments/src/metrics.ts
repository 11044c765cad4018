// What a prediction of classes is worth: errors, likelihood, calibration. Pure functions of plain arrays.

import { portableExp, portableLog } from "hadamask/theory";
import type { ReliabilityBin } from "./result.js";
import type { ValuePredictions } from "./value-metrics.js";

/** What is kept of the prediction for each row. */
export type Predictions = ClassPredictions | ValuePredictions;

/** Of classes. */
export interface ClassPredictions {
  readonly label: Uint16Array;
  readonly predicted: Uint16Array;
  /** Probability given to the predicted class. */
  readonly confidence: Float32Array;
  /** Negative logarithm of the probability given to the label, in nats. */
  readonly nll: Float32Array;
}

export const emptyPredictions = (rows: number): ClassPredictions => ({
  label: new Uint16Array(rows),
  predicted: new Uint16Array(rows),
  confidence: new Float32Array(rows),
  nll: new Float32Array(rows),
});

/**
 * Fills in the rows from `start` on, from their logits and labels.
 *
 * Numerics. Softmax in float64, shifted by the largest logit: no overflow, and no logarithm of 0 unless a logit is
 * infinite. By functions that round alike on every engine.
 */
export function scoreLogits(
  into: ClassPredictions,
  start: number,
  logits: Float32Array,
  labels: ArrayLike<number>,
  classes: number,
): void {
  for (let r = 0; r < labels.length; r++) {
    const row = logits.subarray(r * classes, (r + 1) * classes);
    let best = 0;
    for (let c = 1; c < classes; c++) if (row[c]! > row[best]!) best = c;
    let sum = 0;
    for (let c = 0; c < classes; c++) sum += portableExp(row[c]! - row[best]!);
    const label = labels[r]!;
    into.label[start + r] = label;
    into.predicted[start + r] = best;
    into.confidence[start + r] = 1 / sum;
    into.nll[start + r] = portableLog(sum) + row[best]! - row[label]!;
  }
}

/** Share of rows whose predicted class is not their label. */
export function errorRate({ label, predicted }: ClassPredictions): number {
  let wrong = 0;
  for (let i = 0; i < label.length; i++) if (label[i] !== predicted[i]) wrong++;
  return wrong / label.length;
}

export function meanNllOf({ nll }: Pick<Predictions, "nll">): number {
  let sum = 0;
  for (const value of nll) sum += value;
  return sum / nll.length;
}

/** Bins of equal width for calibration: 15, as Guo et al. (2017) use. */
export const CALIBRATION_BINS = 15;

/** The bin of a confidence: bin i holds (i / bins, (i + 1) / bins]. */
export const binOf = (confidence: number): number =>
  Math.min(CALIBRATION_BINS - 1, Math.max(0, Math.ceil(confidence * CALIBRATION_BINS) - 1));

/** Confidence against accuracy, bin by bin, over the rows of several predictions together. */
export function reliabilityBins(all: readonly ClassPredictions[]): ReliabilityBin[] {
  const count = new Float64Array(CALIBRATION_BINS);
  const confidence = new Float64Array(CALIBRATION_BINS);
  const right = new Float64Array(CALIBRATION_BINS);
  for (const predictions of all) {
    predictions.confidence.forEach((value, i) => {
      const bin = binOf(value);
      count[bin]!++;
      confidence[bin]! += value;
      if (predictions.label[i] === predictions.predicted[i]) right[bin]!++;
    });
  }
  return Array.from(count, (n, bin) => ({
    lower: bin / CALIBRATION_BINS,
    upper: (bin + 1) / CALIBRATION_BINS,
    count: n,
    confidence: n === 0 ? 0 : confidence[bin]! / n,
    accuracy: n === 0 ? 0 : right[bin]! / n,
  }));
}
