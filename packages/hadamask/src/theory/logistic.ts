// What dropout adds to the loss of logistic regression: exactly, and as a quadratic penalty.

import { checkLength } from "../check.js";
import { dropout } from "../layers/dropout.js";
import { sigmoid, softplus } from "../special/activations.js";
import type { FloatInput, RateOption } from "../types.js";
import { expectation } from "./enumerate.js";
import { affine, checkMatrix, type Matrix } from "./matrix.js";
import { checkLaw } from "./moments.js";

/**
 * The penalty that inverted dropout on the inputs adds to the negative log-likelihood of logistic regression, exactly.
 *
 *     R = sum over rows of   E[A(x~ . beta)] - A(x . beta)          A(z) = log(1 + exp(z))
 *
 * It does not depend on the labels, and is never below 0 (A is convex).
 *
 * Cost. rows * 2^d evaluations for d features; at most 24 features.
 *
 * @throws {TypeError | RangeError} If shapes do not fit, or there are more than 24 features.
 * @example
 * ```ts
 * import { logisticPenalty } from "hadamask/theory";
 * console.log(logisticPenalty([[1, 2], [-1, 0.5]], [0.3, -0.2], { rate: 0.5 }).toFixed(5)); // 0.04253
 * ```
 * @see Wager, Wang and Liang, "Dropout training as adaptive regularization", NIPS 2013.
 */
export function logisticPenalty(x: Matrix, beta: FloatInput, options: RateOption): number {
  const where = "logisticPenalty";
  const rows = checkMatrix(where, "x", x, beta.length);
  const { keep } = checkLaw(where, options);
  const dot = (row: ArrayLike<number>) => affine([Float64Array.from(beta)], row)[0]!;
  return rows.reduce((sum, row) => {
    const noisy = expectation({ n: row.length, keep }, (mask) => softplus(dot(dropout(row, { keep, mask }))));
    return sum + noisy - softplus(dot(row));
  }, 0);
}

/**
 * The quadratic approximation of {@link logisticPenalty}: an L2 penalty that adapts to the data.
 *
 *     1/2 * rate / keep * sum over j of a_j beta_j^2    a_j = sum over rows of s (1 - s) x_ij^2,
 *     s = sigmoid(x_i . beta)
 *
 * a_j is the diagonal of the Fisher information: features that matter only in confident rows cost little.
 *
 * @throws {TypeError | RangeError} If shapes do not fit.
 * @example
 * ```ts
 * import { quadraticLogisticPenalty } from "hadamask/theory";
 * console.log(quadraticLogisticPenalty([[1, 2], [-1, 0.5]], [0.3, -0.2], { rate: 0.5 }).toFixed(5)); // 0.04319
 * ```
 * @see Wager, Wang and Liang, "Dropout training as adaptive regularization", NIPS 2013.
 */
export function quadraticLogisticPenalty(x: Matrix, beta: FloatInput, options: RateOption): number {
  const where = "quadraticLogisticPenalty";
  const rows = checkMatrix(where, "x", x);
  checkLength(where, "beta", beta.length, rows[0]!.length, "like the features");
  const { keep, rate } = checkLaw(where, options);
  const logits = affine(rows, beta);
  let sum = 0;
  rows.forEach((row, i) => {
    const s = sigmoid(logits[i]!);
    for (let j = 0; j < row.length; j++) sum += s * (1 - s) * (row[j]! * beta[j]!) ** 2;
  });
  return (0.5 * rate * sum) / keep;
}
