// Dropout on the inputs of linear regression is ridge regression with one penalty per feature: the loss and its
// minimiser.

import { checkLength, rangeError } from "../check.js";
import type { FloatInput } from "../types.js";
import { affine, checkMatrix, type Matrix, solvePositiveDefinite, toVector } from "./matrix.js";
import { checkLaw, type DropoutLaw } from "./moments.js";

/** Rows of features and one target each. */
export interface Regression {
  readonly x: Matrix;
  readonly y: FloatInput;
}

/**
 * The expected squared loss of a linear model whose inputs are dropped out, over all masks.
 *
 *     "inverted"   |y - X w|^2        + rate / keep * sum over j of w_j^2 G_j
 *     "classic"    |y - keep * X w|^2 + keep * rate * sum over j of w_j^2 G_j          G_j = sum over rows of x_ij^2
 *
 * In the weights that prediction uses (w, or keep * w) the two are one formula: the noise is an L2 penalty, weighted
 * by the second moment of each feature. The target y stays apart from the prediction X w. One mask for all rows gives
 * the same mean.
 *
 * @throws {TypeError | RangeError} If shapes do not fit.
 * @example
 * ```ts
 * import { expectedSquaredLoss } from "hadamask/theory";
 * const data = { x: [[1, 0], [0, 1]], y: [1, 2] };
 * console.log(expectedSquaredLoss(data, [1, 1], { keep: 0.5 })); // 3
 * ```
 * @see Srivastava et al., "Dropout", JMLR 15 (2014), section 9.1.
 */
export function expectedSquaredLoss(data: Regression, weights: FloatInput, law: DropoutLaw): number {
  const where = "expectedSquaredLoss";
  const { rows, y } = checkRegression(where, data);
  const { keep, rate, scaling } = checkLaw(where, law);
  checkLength(where, "weights", weights.length, rows[0]!.length, "like the features");
  if (keep === 0) return y.reduce((sum, target) => sum + target ** 2, 0);
  const [mean, variance] = scaling === "inverted" ? [1, rate / keep] : [keep, keep * rate];
  const loss = affine(rows, weights).reduce((sum, f, i) => sum + (y[i]! - mean * f) ** 2, 0);
  return loss + variance * featureSquares(rows).reduce((sum, g, j) => sum + g * weights[j]! ** 2, 0);
}

/**
 * The weights that minimise {@link expectedSquaredLoss}: where training a linear model with dropout ends.
 *
 *     "inverted"   (X'X + rate / keep * diag(X'X))^-1 X'y          "classic"   the same, divided by keep
 *
 * Both predict the same at test time. Rescaling a feature rescales its weight and changes no prediction, unlike
 * {@link ridge}; if all features have the same sum of squares G, dropout is ridge with lambda = G * rate / keep.
 *
 * Numerics. Solved as (keep * X'X + rate * diag(X'X)) w = keep * X'y, which has its limit at rate 1: zeros, or X'y /
 * G for "classic".
 *
 * @throws {TypeError | RangeError} If shapes do not fit, a feature is 0 in all rows, or rate is 0 and features depend
 *   on each other.
 * @example
 * ```ts
 * import { dropoutRidge } from "hadamask/theory";
 * const data = { x: [[1, 0], [0, 1], [1, 1]], y: [1, 2, 3] };
 * console.log(dropoutRidge(data, { keep: 0.5 })); // Float64Array(2) [ 0.7333333333333332, 1.0666666666666667 ]
 * ```
 */
export function dropoutRidge(data: Regression, law: DropoutLaw): Float64Array {
  const where = "dropoutRidge";
  const { rows, y } = checkRegression(where, data);
  const { keep, rate, scaling } = checkLaw(where, law);
  const gram = gramMatrix(rows);
  const system = gram.map((row, i) => row.map((g, j) => (i === j ? g : keep * g))); // keep + rate = 1 on the diagonal
  const target = correlations(rows, y);
  const factor = scaling === "inverted" ? keep : 1;
  return rate === 1 && scaling === "inverted"
    ? new Float64Array(target.length)
    : solvePositiveDefinite(
        where,
        system,
        target.map((t) => factor * t),
      );
}

/**
 * Ridge regression: the weights that minimise |y - X w|^2 + lambda |w|^2. Least squares at lambda 0.
 *
 * @throws {TypeError | RangeError} If shapes do not fit, lambda is below 0, or lambda is 0 and features depend on
 *   each other.
 * @example
 * ```ts
 * import { ridge } from "hadamask/theory";
 * const data = { x: [[1, 0], [0, 1]], y: [1, 2] };
 * console.log(ridge(data, 1)); // Float64Array(2) [ 0.49999999999999994, 0.9999999999999999 ]
 * ```
 */
export function ridge(data: Regression, lambda: number): Float64Array {
  const { rows, y } = checkRegression("ridge", data);
  if (!(lambda >= 0 && lambda < Number.POSITIVE_INFINITY)) throw rangeError("ridge", "lambda", "at least 0", lambda);
  const system = gramMatrix(rows).map((row, i) => row.map((g, j) => (i === j ? g + lambda : g)));
  return solvePositiveDefinite("ridge", system, correlations(rows, y));
}

/**
 * G_j: the sum of squares of each feature, the diagonal of X'X.
 *
 * @example
 * ```ts
 * import { featureSquares } from "hadamask/theory";
 * console.log(featureSquares([[1, 2], [3, 0]])); // Float64Array(2) [ 10, 4 ]
 * ```
 */
export function featureSquares(x: Matrix): Float64Array {
  const rows = checkMatrix("featureSquares", "x", x);
  return Float64Array.from(rows[0]!, (_, j) => rows.reduce((sum, row) => sum + row[j]! ** 2, 0));
}

/** X'X. It is symmetric, and sums run over the rows in their order. */
function gramMatrix(rows: readonly Float64Array[]): Float64Array[] {
  const d = rows[0]!.length;
  const gram = Array.from({ length: d }, () => new Float64Array(d));
  for (const row of rows) {
    for (let i = 0; i < d; i++) for (let j = 0; j <= i; j++) gram[i]![j]! += row[i]! * row[j]!;
  }
  for (let i = 0; i < d; i++) for (let j = 0; j < i; j++) gram[j]![i] = gram[i]![j]!;
  return gram;
}

/** X'y. */
function correlations(rows: readonly Float64Array[], y: ArrayLike<number>): Float64Array {
  const sums = new Float64Array(rows[0]!.length);
  rows.forEach((row, i) => {
    for (let j = 0; j < sums.length; j++) sums[j]! += row[j]! * y[i]!;
  });
  return sums;
}

function checkRegression(where: string, data: Regression): { rows: Float64Array[]; y: Float64Array } {
  const rows = checkMatrix(where, "x", data.x);
  const y = toVector(where, "y", data.y);
  checkLength(where, "y", y.length, rows.length, "like the rows of x");
  return { rows, y };
}
