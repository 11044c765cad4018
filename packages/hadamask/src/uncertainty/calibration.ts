// Does confidence mean anything? Bins of about equal confidence, and the gap between confidence and accuracy in them.

import { checkCount } from "../check.js";
import type { FloatInput } from "../types.js";
import { type Interval, wilson } from "./binomial.js";
import { type Judged, judge, type Labels } from "./judged.js";

/** How rows are put into bins: intervals of equal width, or bins of equally many rows ("adaptive"). */
export type Binning = "width" | "mass";

export interface BinOptions {
  /** How many bins. Default 15. */
  readonly bins?: number;
  /** Default "width". */
  readonly binning?: Binning;
}

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
 * @see Naeini, Cooper, Hauskrecht, "Obtaining well calibrated probabilities using Bayesian binning", AAAI 2015.
 */
export function reliabilityBins(probabilities: FloatInput, labels: Labels, options: BinOptions = {}): CalibrationBin[] {
  const where = "reliabilityBins";
  return bin(judge(where, probabilities, labels), checkBins(where, options));
}

/**
 * Expected calibration error: the mean over rows of |confidence - accuracy| of the bin that a row is in.
 *
 *     ECE = sum over bins of (count / rows) * |confidence - accuracy|
 *
 * Numerics. Never below 0, and biased upwards: a perfectly calibrated model scores above 0 because of the chance in
 * each bin.
 *
 * @throws {TypeError | RangeError} As {@link reliabilityBins}.
 * @see Guo et al., "On calibration of modern neural networks", ICML 2017; equal mass: Nguyen and O'Connor, EMNLP 2015.
 */
export function calibrationError(probabilities: FloatInput, labels: Labels, options: BinOptions = {}): number {
  const where = "calibrationError";
  return calibrationErrorOf(judge(where, probabilities, labels), checkBins(where, options));
}

export function checkBins(where: string, { bins = 15, binning = "width" }: BinOptions): Required<BinOptions> {
  checkCount(where, "bins", bins, 10_000);
  if (binning !== "width" && binning !== "mass") {
    throw new RangeError(`${where}: binning must be "width" or "mass", got ${JSON.stringify(binning)}`);
  }
  return { bins, binning };
}

/** What a bin adds up. */
interface Sums {
  count: number;
  confidence: number;
  correct: number;
}

/** The error from rows that may be counted several times, or not at all, as the bootstrap does. */
export function calibrationErrorOf(judged: Judged, options: Required<BinOptions>, counts?: ArrayLike<number>): number {
  const { sums } = addUp(judged, options, counts);
  let [error, total] = [0, 0];
  for (const { count, confidence, correct } of sums) {
    error += Math.abs(confidence - correct);
    total += count;
  }
  return error / total;
}

function bin(judged: Judged, options: Required<BinOptions>): CalibrationBin[] {
  const { sums, edges } = addUp(judged, options);
  return sums.map(({ count, confidence, correct }, b) => ({
    lower: edges[b]!,
    upper: edges[b + 1]!,
    count,
    confidence: count === 0 ? 0 : confidence / count,
    accuracy: count === 0 ? 0 : correct / count,
    interval: wilson(correct, count),
  }));
}

function addUp(
  judged: Judged,
  { bins, binning }: Required<BinOptions>,
  counts?: ArrayLike<number>,
): { sums: Sums[]; edges: number[] } {
  const sums = Array.from({ length: bins }, (): Sums => ({ count: 0, confidence: 0, correct: 0 }));
  const add = (b: number, row: number, count: number): void => {
    const into = sums[b]!;
    into.count += count;
    into.confidence += count * judged.confidence[row]!;
    into.correct += count * judged.correct[row]!;
  };
  if (binning === "width") {
    for (let row = 0; row < judged.rows; row++) {
      const b = Math.max(0, Math.ceil(judged.confidence[row]! * bins) - 1);
      add(b, row, counts === undefined ? 1 : counts[row]!);
    }
    return { sums, edges: Array.from({ length: bins + 1 }, (_, b) => b / bins) };
  }
  return { sums, edges: equalMass(judged, bins, counts, add) };
}

/**
 * Rows in order of confidence, cut into bins of equal count; rows of equal confidence stay together. Returns the
 * edges.
 */
function equalMass(
  judged: Judged,
  bins: number,
  counts: ArrayLike<number> | undefined,
  add: (b: number, row: number, count: number) => void,
): number[] {
  const order = byConfidence(judged);
  const countOf = (row: number): number => (counts === undefined ? 1 : counts[row]!);
  const total = order.reduce((sum, row) => sum + countOf(row), 0);
  const edges = [0];
  let [b, seen] = [0, 0];
  order.forEach((row, i) => {
    const isTie = i > 0 && judged.confidence[order[i - 1]!] === judged.confidence[row];
    while (!isTie && b < bins - 1 && seen * bins >= (b + 1) * total) {
      edges.push(i === 0 ? 0 : judged.confidence[order[i - 1]!]!);
      b++;
    }
    add(b, row, countOf(row));
    seen += countOf(row);
  });
  while (edges.length < bins) edges.push(1);
  return [...edges, 1];
}

const orders = new WeakMap<Judged, Int32Array>();

/** Row numbers by rising confidence. Kept, because the bootstrap asks a thousand times. */
function byConfidence(judged: Judged): Int32Array {
  let order = orders.get(judged);
  if (order === undefined) {
    order = Int32Array.from({ length: judged.rows }, (_, row) => row);
    order.sort((a, b) => judged.confidence[a]! - judged.confidence[b]! || a - b);
    orders.set(judged, order);
  }
  return order;
}
