// How good are the answers at pixels, tokens or anchors? Rows are what is independent, positions of one row are not.

import { checkCount, checkIndex, checkLength, rangeError } from "../check.js";
import { ABSOLUTE, type BinOptions, binRows, checkBins, measureOf, sumBins } from "./bins.js";
import { FLOOR, type Labels } from "./judged.js";
import { meanScore, type Score } from "./score.js";

/** What is said of every position: rows x positions numbers each. */
export interface JudgedPositions {
  /** The likeliest class. */
  readonly predicted: ArrayLike<number>;
  /** Its probability. */
  readonly maxProbability: ArrayLike<number>;
  /** The probability of the right class. */
  readonly targetProbability: ArrayLike<number>;
}

export interface PositionScores {
  readonly rows: number;
  readonly positions: number;
  /** Share of the positions whose likeliest class is the right one. */
  readonly accuracy: Score;
  /** Mean over positions of -log of the probability of the right class, in nats. */
  readonly nll: Score;
  /** Expected calibration error over all positions. It is above 0 by chance, and by how much is not known here. */
  readonly ece: number;
}

/**
 * Scores of the classes of positions.
 *
 *     NLL = mean over rows and positions of -log p[row, position, right class]
 *     ECE = sum over bins of (count / positions) * |confidence - accuracy|
 *
 * Shapes. `labels` holds rows x positions class numbers in C order, like the predictions.
 * Numerics. A probability of 0 counts as 2^-149. The 95 % intervals are those of a mean over rows: neighbouring
 *   positions err together, so that as many positions as one likes are no more than one row. Of one row they are
 *   infinite. Where all positions are right, a row that is all wrong might not have been seen. The calibration error has
 *   none.
 *
 * @throws {TypeError | RangeError} If a length does not fit, or a probability is not in [0, 1].
 * @example
 * ```ts
 * import { positionScores } from "hadamask/uncertainty";
 * // Two rows of two positions; the second position of the second row is wrong.
 * const predicted = [0, 1, 0, 1];
 * const found = positionScores(
 *   { predicted, maxProbability: [0.5, 0.5, 1, 0.75], targetProbability: [0.5, 0.5, 1, 0.25] },
 *   [0, 1, 0, 0],
 *   { rows: 2 },
 * );
 * console.log(found.accuracy.value, found.nll.value === Math.log(2)); // 0.75 true
 * ```
 */
export function positionScores(
  { predicted, maxProbability, targetProbability }: JudgedPositions,
  labels: Labels,
  { rows: count, ...options }: BinOptions & { readonly rows: number },
): PositionScores {
  const where = "positionScores";
  const rows = checkCount(where, "rows", count);
  const n = labels.length;
  const positions = n / rows;
  if (!(Number.isInteger(positions) && positions >= 1))
    throw rangeError(where, "labels", `${rows} rows x positions`, labels);
  for (const [name, values] of Object.entries({ predicted, maxProbability, targetProbability }))
    checkLength(where, name, values.length, n, "like labels");
  const confidence = probabilities(where, "maxProbability", maxProbability);
  const right = probabilities(where, "targetProbability", targetProbability);
  const correct = Uint8Array.from({ length: n }, (_, i) => {
    return predicted[i] === checkIndex(where, `labels[${i}]`, labels[i]) ? 1 : 0;
  });
  const meansOf = (of: (i: number) => number): Float64Array =>
    Float64Array.from({ length: rows }, (_, row) => {
      let sum = 0;
      for (let i = row * positions; i < (row + 1) * positions; i++) sum += of(i);
      return sum / positions;
    });
  // Where all positions are right, or none is, half a row of the other kind may not have been seen.
  const isSame = correct.every((one) => one === correct[0]);
  const other = isSame ? [{ value: 1 - correct[0]!, weight: 0.5, isLikely: false }] : undefined;
  return {
    rows,
    positions,
    accuracy: meanScore(
      meansOf((i) => correct[i]!),
      0.95,
      [0, 1],
      other,
    ),
    nll: meanScore(
      meansOf((i) => -Math.log(Math.max(FLOOR, right[i]!))),
      0.95,
      [0, Number.POSITIVE_INFINITY],
    ),
    ece: measureOf(ABSOLUTE, sumBins(binRows(confidence, checkBins(where, options)), confidence, correct)),
  };
}

/** Rounding of float32 may be past the ends. */
function probabilities(where: string, name: string, values: ArrayLike<number>): Float64Array {
  return Float64Array.from({ length: values.length }, (_, i) => {
    const p = values[i]!;
    if (!(p >= -1e-4 && p <= 1 + 1e-4)) throw rangeError(where, `${name}[${i}]`, "in [0, 1]", p);
    return Math.min(1, Math.max(0, p));
  });
}
