// The loss of R-Drop: two passes with different masks are to agree. Knows no layer.

import { checkAbove, checkLength, outputFor, rangeError, toFloatArray, typeError } from "../check.js";
import { checkOptions } from "../options.js";
import { logSumExp } from "../special/activations.js";
import type { FloatArray, FloatInput, Like } from "../types.js";

export interface RDropOptions {
  /** Weight of the divergence: 0 or more. The paper takes 0.1 to 5. */
  readonly weight: number;
  /** Rows with this label do not count: padding of sequences. */
  readonly padding?: number | undefined;
}

/** The loss, its parts, and its gradients. */
export interface RDropLoss<X extends FloatInput> {
  /** nll + weight * divergence. */
  readonly loss: number;
  /** Mean over rows of the two negative log-likelihoods, summed. */
  readonly nll: number;
  /** Mean over rows of (KL(p || q) + KL(q || p)) / 2, in nats. */
  readonly divergence: number;
  /** With respect to the first logits. */
  readonly dFirst: Like<X>;
  /** With respect to the second. */
  readonly dSecond: Like<X>;
}

/**
 * The loss of R-Drop for the logits of two passes of one batch under different masks, with its gradients.
 *
 *     loss = mean over rows of    -ln p[label] - ln q[label] + weight (KL(p || q) + KL(q || p)) / 2
 *     p, q = softmax of the logits
 *     d/d first[j] = (p_j - [j = label] + weight (p_j (l_j - sum_i p_i l_i) + p_j - q_j) / 2) / rows
 *     l = ln p - ln q
 *
 * and the same with p and q exchanged for the second. Two steps of one layer give the two passes: their masks are
 * independent.
 *
 * Shapes. Logits [rows, classes], one label a row.
 * Numerics. In float64 by log-sum-exp; gradients are rounded once. Without rows that count, all is 0.
 * Cost. Four passes over the logits.
 *
 * @param labels The class of each row.
 * @throws {TypeError | RangeError} If the two differ in length, are not a multiple of the labels, or a label is not a
 *   class.
 * @example
 * ```ts
 * import { rDropLoss } from "hadamask";
 * const { nll, divergence, dFirst } = rDropLoss([0, 0], [0, Math.log(3)], [1], { weight: 1 });
 * console.log(nll.toFixed(6), divergence.toFixed(6)); // 0.980829 0.137327
 * console.log(dFirst[0]!.toFixed(6)); // 0.762327
 * ```
 * @see Liang et al., "R-Drop: regularized dropout for neural networks", NeurIPS 2021, equations 1 to 3.
 */
export function rDropLoss<X extends FloatInput>(
  first: X,
  second: X,
  labels: ArrayLike<number>,
  options: RDropOptions,
): RDropLoss<X> {
  const where = "rDropLoss";
  checkOptions(where, options, ["weight", "padding"]);
  const a = toFloatArray(where, "first", first);
  const b = toFloatArray(where, "second", second);
  checkLength(where, "second", b.length, a.length, "like first");
  const weight = checkAbove(where, "weight", options.weight, 0, true);
  const rows = countedRows(where, labels, a.length, options.padding);
  const classes = labels.length === 0 ? 0 : a.length / labels.length;
  const [dFirst, dSecond] = [outputFor(where, a, undefined), outputFor(where, b, undefined)];
  let [nll, divergence] = [0, 0];
  for (const row of rows) {
    const at = row * classes;
    const p = logSoftmax(a.subarray(at, at + classes));
    const q = logSoftmax(b.subarray(at, at + classes));
    const label = labels[row]!;
    nll -= p[label]! + q[label]!;
    divergence += (kl(p, q) + kl(q, p)) / 2;
    writeGradient(dFirst.subarray(at, at + classes), p, q, label, weight, rows.length);
    writeGradient(dSecond.subarray(at, at + classes), q, p, label, weight, rows.length);
  }
  const n = Math.max(1, rows.length);
  return {
    loss: (nll + weight * divergence) / n,
    nll: nll / n,
    divergence: divergence / n,
    dFirst: dFirst as Like<X>,
    dSecond: dSecond as Like<X>,
  };
}

/** The rows that count, after checking all labels. */
function countedRows(where: string, labels: ArrayLike<number>, n: number, padding: number | undefined): number[] {
  if (typeof labels !== "object" || labels === null || typeof labels.length !== "number") {
    throw typeError(where, "labels", "an array of classes", labels);
  }
  const classes = labels.length === 0 ? 0 : n / labels.length;
  if (!Number.isInteger(classes) || (labels.length === 0 && n > 0)) {
    throw rangeError(where, "the number of logits", `a multiple of the number of labels (${labels.length})`, n);
  }
  const rows = Array.from(labels, (_, row) => row).filter((row) => padding === undefined || labels[row] !== padding);
  for (const row of rows) {
    const label = labels[row]!;
    const isClass = Number.isInteger(label) && label >= 0 && label < classes;
    if (!isClass) throw rangeError(where, `labels[${row}]`, `a class in [0, ${classes})`, label);
  }
  return rows;
}

function logSoftmax(z: FloatArray): Float64Array {
  const normaliser = logSumExp(z);
  return Float64Array.from(z, (value) => value - normaliser);
}

/** KL(p || q) of two distributions given by their logarithms. */
function kl(p: Float64Array, q: Float64Array): number {
  return p.reduce((sum, log, j) => sum + Math.exp(log) * (log - q[j]!), 0);
}

/** The gradient with respect to the logits of `p`, for one of `rows` rows. */
function writeGradient(
  out: FloatArray,
  p: Float64Array,
  q: Float64Array,
  label: number,
  weight: number,
  rows: number,
): void {
  const mean = kl(p, q);
  for (let j = 0; j < out.length; j++) {
    const pj = Math.exp(p[j]!);
    const divergence = (pj * (p[j]! - q[j]! - mean) + pj - Math.exp(q[j]!)) / 2;
    out[j] = (pj - (j === label ? 1 : 0) + weight * divergence) / rows;
  }
}
