// Class probabilities beside the right answers: what every score is computed from. Checked once, here.

import { checkIndex, rangeError, toFloatArray, typeError } from "../check.js";
import type { FloatInput } from "../types.js";
import { checkDistributions } from "./distributions.js";

/** Right answers: one class number a row, from 0. */
export type Labels = ArrayLike<number>;

/** One entry a row. */
export interface Judged {
  readonly rows: number;
  readonly classes: number;
  /** The class with the highest probability; of equals the first. */
  readonly predicted: Int32Array;
  /** The probability of the predicted class. */
  readonly confidence: Float64Array;
  /** 1 where the predicted class is the right one, else 0. */
  readonly correct: Uint8Array;
  /** -log of the probability of the right class, in nats. */
  readonly nll: Float64Array;
  /** Sum over the classes of (probability - 1 if right, else probability)^2. */
  readonly brier: Float64Array;
}

/**
 * The smallest float32 above 0. A probability that underflowed counts as this, so that one row cannot make a mean
 * infinite: at most 103.28 nats.
 */
export const FLOOR: number = 2 ** -149;

/**
 * Compares probabilities with labels, row by row.
 *
 * Shapes. `probabilities` holds rows x classes numbers in C order, `labels` one class number a row. One number a row is
 *   the probability of class 1 of two.
 * @throws {TypeError | RangeError} If they do not fit, a label is not a class number, or a row is not a probability
 *   distribution.
 */
export const judge = (where: string, probabilities: FloatInput, labels: Labels): Judged =>
  judgeRows(labelled(where, probabilities, labels), labels);

/** {@link judge} of what is checked already. */
export function judgeRows({ values, rows, classes }: Labelled, labels: Labels): Judged {
  const judged = {
    rows,
    classes,
    predicted: new Int32Array(rows),
    confidence: new Float64Array(rows),
    correct: new Uint8Array(rows),
    nll: new Float64Array(rows),
    brier: new Float64Array(rows),
  };
  for (let row = 0; row < rows; row++) judgeRow(values, row, labels[row]!, judged);
  return judged;
}

/** Probabilities with a right class for each row, checked. */
export interface Labelled {
  readonly values: ArrayLike<number>;
  readonly rows: number;
  readonly classes: number;
}

/** The checks of {@link judge}. */
export function labelled(where: string, probabilities: FloatInput, labels: Labels): Labelled {
  const numbers = toFloatArray(where, "probabilities", probabilities);
  const rows = checkLabels(where, labels);
  const columns = numbers.length / rows;
  if (!(Number.isInteger(columns) && columns >= 1)) {
    const rule = `a whole number of probabilities for each of the ${rows} labels`;
    throw new RangeError(`${where}: probabilities must hold ${rule}, got ${numbers.length}`);
  }
  const { values, classes } = checkDistributions(where, "probabilities", numbers, columns);
  for (let row = 0; row < rows; row++) checkIndex(where, `labels[${row}]`, labels[row], classes);
  return { values, rows, classes };
}

function judgeRow(values: ArrayLike<number>, row: number, label: number, out: Judged): void {
  const start = row * out.classes;
  let [best, brier] = [0, 0];
  for (let c = 0; c < out.classes; c++) {
    const p = values[start + c]!;
    if (p > values[start + best]!) best = c;
    brier += (p - (c === label ? 1 : 0)) ** 2;
  }
  out.predicted[row] = best;
  out.confidence[row] = Math.min(1, values[start + best]!);
  out.correct[row] = best === label ? 1 : 0;
  out.nll[row] = -Math.log(Math.max(FLOOR, values[start + label]!));
  out.brier[row] = brier;
}

function checkLabels(where: string, labels: Labels): number {
  if (typeof labels !== "object" || labels === null || typeof labels.length !== "number") {
    throw typeError(where, "labels", "an array of class numbers", labels);
  }
  if (labels.length === 0) throw rangeError(where, "labels", "at least one class number", labels);
  return labels.length;
}

/** The mean, or the weighted mean where rows are counted several times. */
export function meanOf(values: ArrayLike<number>, counts?: ArrayLike<number>): number {
  let [sum, total] = [0, 0];
  for (let i = 0; i < values.length; i++) {
    const count = counts === undefined ? 1 : counts[i]!;
    sum += count * values[i]!;
    total += count;
  }
  return sum / total;
}
