// Small dense matrices as arrays of rows: what worked examples are written in. Not for speed.

import { checkLength, rangeError, toFloatArray, typeError } from "../check.js";
import type { FloatInput } from "../types.js";

/** Rows of equal length. Weights of a linear map are [out][in], data are [row][feature]. */
export type Matrix = readonly FloatInput[];

/** A vector in float64, whatever it came in: theory is about numbers, not element types. */
export function toVector(where: string, name: string, value: FloatInput): Float64Array {
  return new Float64Array(toFloatArray(where, name, value));
}

/** Checks that all rows have one length (`columns`, where given), and returns them as vectors. */
export function checkMatrix(where: string, name: string, matrix: Matrix, columns?: number): Float64Array[] {
  if (!Array.isArray(matrix)) throw typeError(where, name, "an array of rows", matrix);
  if (!(matrix.length > 0)) throw rangeError(where, name, "an array of at least one row", matrix);
  const rows = matrix.map((row: FloatInput, i) => toVector(where, `${name}[${i}]`, row));
  const width = columns ?? rows[0]!.length;
  const like = columns === undefined ? `like ${name}[0]` : "like the input";
  rows.forEach((row, i) => {
    checkLength(where, `${name}[${i}]`, row.length, width, like);
  });
  return rows;
}

/** The product of a matrix and a vector, plus a bias. */
export function affine(rows: readonly Float64Array[], x: ArrayLike<number>, bias?: ArrayLike<number>): Float64Array {
  return Float64Array.from(rows, (row, i) => {
    let sum = bias?.[i] ?? 0;
    for (let j = 0; j < row.length; j++) sum += row[j]! * x[j]!;
    return sum;
  });
}

/**
 * Solves A x = b for a symmetric positive definite A, by Cholesky's factorisation.
 *
 * @throws {RangeError} If A is not positive definite to working precision.
 */
export function solvePositiveDefinite(where: string, A: readonly Float64Array[], b: ArrayLike<number>): Float64Array {
  const n = A.length;
  const L = A.map((row) => Float64Array.from(row));
  for (let j = 0; j < n; j++) {
    for (let i = j; i < n; i++) {
      let sum = A[i]![j]!;
      for (let k = 0; k < j; k++) sum -= L[i]![k]! * L[j]![k]!;
      L[i]![j] = i === j ? pivot(where, sum, A[j]![j]!) : sum / L[j]![j]!;
    }
  }
  const x = Float64Array.from({ length: n }, (_, i) => b[i]!);
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < i; k++) x[i]! -= L[i]![k]! * x[k]!;
    x[i]! /= L[i]![i]!;
  }
  for (let i = n - 1; i >= 0; i--) {
    for (let k = i + 1; k < n; k++) x[i]! -= L[k]![i]! * x[k]!;
    x[i]! /= L[i]![i]!;
  }
  return x;
}

function pivot(where: string, square: number, diagonal: number): number {
  // Below this share of its diagonal entry, what is left of a column is rounding error.
  if (!(square > 1e-14 * Math.abs(diagonal))) {
    throw new RangeError(`${where}: x must have independent columns (or a penalty above 0), got columns that depend`);
  }
  return Math.sqrt(square);
}
