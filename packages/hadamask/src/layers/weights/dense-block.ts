// A dense layer, its activation and dropout as one pair of functions, forward and backward, with everything that goes
// back in a cache.

import {
  checkKeep,
  checkKey,
  checkLength,
  checkMode,
  isFloatArray,
  outputFor,
  rangeError,
  toFloatArray,
  typeError,
  zerosLike,
} from "../../check.js";
import { addColumnSums, addGradients, addProduct } from "../../kernels/dense.js";
import type { GivenMask } from "../../placement/mask-bits.js";
import { ACTIVATIONS, type Activation, checkActivation, logSumExp } from "../../special/activations.js";
import type { FloatArray, FloatInput, Key, Like, Mode, RateOption } from "../../types.js";
import { type DropoutOptions, dropout, dropoutBackward } from "../dropout.js";

export type DenseDropoutParams = RateOption & {
  /** Weights, [inputs, outputs] row by row. */
  readonly W: FloatInput;
  /** Bias, one an output. */
  readonly b: FloatInput;
  readonly activation: Activation;
} & (
    | { readonly key: Key; readonly mask?: never; readonly sampleIds?: ArrayLike<number> }
    | { readonly mask: GivenMask; readonly key?: never; readonly sampleIds?: never }
    | { readonly key?: never; readonly mask?: never; readonly sampleIds?: never }
  );

/** What the backward pass needs. The mask is in it as its key: it is drawn again. */
export interface DenseDropoutCache {
  /** The input [rows, inputs]. */
  readonly X: FloatArray;
  /** Pre-activations X W + b, [rows, outputs]. */
  readonly Z: FloatArray;
  /** Activations phi(Z). */
  readonly A: FloatArray;
  readonly W: FloatArray;
  readonly b: FloatArray;
  readonly keep: number;
  readonly mode: Mode;
  readonly activation: Activation;
  readonly key: Key | undefined;
  readonly mask: GivenMask | undefined;
  readonly sampleIds: ArrayLike<number> | undefined;
}

/**
 * A dense layer with activation and inverted dropout.
 *
 *     Z = X W + b          A = phi(Z)          Y = A * m / keep  (train, sample)   or   Y = A  (eval)
 *
 * Shapes. X [rows, inputs], W [inputs, outputs], b [outputs], Y [rows, outputs].
 * Randomness. Decision s * outputs + j under `key` is that of output j of row s (mask stream 1), or decision j under
 *   the key of the row's id with `sampleIds`, or they are given as `mask`.
 * Numerics. Sums are formed in float64; Z, A and Y have the element type of X.
 *
 * @param mode "train" (default) and "sample" need `key` or `mask`.
 * @returns The output, and the cache for {@link denseDropoutBackward}.
 * @throws {TypeError | RangeError} If a shape does not fit, the activation is unknown, or as {@link dropout}.
 * @example
 * ```ts
 * import { denseDropoutBackward, denseDropoutForward } from "hadamask";
 * const params = { W: [1, -1, 0.5, 2], b: [0, 0], keep: 0.5, activation: "relu", mask: [1, 0] } as const;
 * const { y, cache } = denseDropoutForward([2, 4], params);
 * const { dW } = denseDropoutBackward([1, 1], cache);
 * console.log(y, dW); // Float64Array(2) [ 8, 0 ] Float64Array(4) [ 4, 0, 8, 0 ]
 * ```
 */
export function denseDropoutForward<X extends FloatInput>(
  x: X,
  params: DenseDropoutParams,
  mode: Mode = "train",
): { readonly y: Like<X>; readonly cache: DenseDropoutCache } {
  const where = "denseDropoutForward";
  const keep = checkKeep(where, params);
  checkMode(where, mode);
  const activation = checkActivation(where, params.activation);
  const { X, W, b } = checkShapes(where, x, params);
  const Z = affine(X, W, b);
  const A = like(Z, ACTIVATIONS[activation].value);
  const { key, mask, sampleIds } = params;
  if (key !== undefined && mask !== undefined) throw new TypeError(`${where}: pass either key or mask, not both`);
  if (mode !== "eval" && mask === undefined) checkKey(where, key);
  const cache = { X, Z, A, W, b, keep, mode, activation, key, mask, sampleIds };
  return { y: dropout(A, decisions(cache)) as Like<X>, cache };
}

/**
 * The gradients of {@link denseDropoutForward}.
 *
 *     dA = dY * m / keep    dZ = dA * phi'(Z)    dX = dZ W'    dW = X' dZ    db = sum of the rows of dZ
 *
 * A dropped output passes nothing back, for that row: its incoming weights get a gradient only from the rows that
 * kept it.
 *
 * @throws {TypeError | RangeError} If `dy` is not as long as the output.
 * @example
 * ```ts
 * import { denseDropoutBackward, denseDropoutForward } from "hadamask";
 * const params = { W: [1, -1], b: [0, 0], keep: 0.5, activation: "relu", mask: [1, 0] } as const;
 * const { cache } = denseDropoutForward([3], params);
 * console.log(denseDropoutBackward([1, 1], cache).dx); // Float64Array(1) [ 2 ]
 * ```
 */
export function denseDropoutBackward<Y extends FloatInput>(
  dy: Y,
  cache: DenseDropoutCache,
): { readonly dx: Like<Y>; readonly dW: FloatArray; readonly db: FloatArray } {
  const where = "denseDropoutBackward";
  const dY = toFloatArray(where, "dy", dy);
  if (!isFloatArray(cache?.Z)) throw typeError(where, "cache", "that of denseDropoutForward", cache);
  const { X, Z, W, b } = cache;
  checkLength(where, "dy", dY.length, Z.length, "like y");
  const dA = dropoutBackward(dY, decisions(cache)) as FloatArray;
  const { derivative } = ACTIVATIONS[cache.activation];
  const dZ = Float64Array.from(dA, (gradient, o) => gradient * derivative(Z[o]!));
  const [inputs, outputs] = [W.length / b.length, b.length];
  const dx = new Float64Array(X.length);
  const dW = new Float64Array(W.length);
  const db = new Float64Array(b.length);
  addGradients(dW, dx, X, dZ, W, inputs, outputs);
  addColumnSums(db, dZ, outputs);
  return { dx: rounded(dY, dx) as Like<Y>, dW: rounded(W, dW), db: rounded(b, db) };
}

/**
 * Mean cross-entropy of softmax(logits) and labels, with its gradient: the head on top of the last dense layer.
 *
 *     loss = mean over rows of  ln(sum of exp(z)) - z[label]          gradient = (softmax(z) - onehot(label)) / rows
 *
 * Shapes. logits [rows, classes], one label a row.
 *
 * @throws {TypeError | RangeError} If the logits are not a multiple of the labels, or a label is not a class.
 * @example
 * ```ts
 * import { softmaxCrossEntropy } from "hadamask";
 * const { loss, gradient } = softmaxCrossEntropy([0, 0], [1]);
 * console.log(loss.toFixed(6), gradient); // 0.693147 Float64Array(2) [ 0.5, -0.5 ]
 * ```
 */
export function softmaxCrossEntropy<Z extends FloatInput>(
  logits: Z,
  labels: ArrayLike<number>,
): { readonly loss: number; readonly gradient: Like<Z> } {
  const where = "softmaxCrossEntropy";
  const values = toFloatArray(where, "logits", logits);
  if (typeof labels?.length !== "number") throw typeError(where, "labels", "numbers of classes", labels);
  const rows = labels.length;
  const classes = values.length / rows;
  if (!(rows > 0 && Number.isInteger(classes) && classes > 0)) {
    throw rangeError(where, "the number of logits", `a multiple of the number of labels (${rows})`, values.length);
  }
  const gradient = outputFor(where, values, undefined);
  let loss = 0;
  for (let s = 0; s < rows; s++) {
    const row = values.subarray(s * classes, (s + 1) * classes);
    const label = labels[s]!;
    if (!(Number.isInteger(label) && label >= 0 && label < classes)) {
      throw rangeError(where, `labels[${s}]`, `a class in [0, ${classes})`, label);
    }
    const normaliser = logSumExp(row);
    loss += normaliser - row[label]!;
    for (let j = 0; j < classes; j++) {
      gradient[s * classes + j] = (Math.exp(row[j]! - normaliser) - (j === label ? 1 : 0)) / rows;
    }
  }
  return { loss: loss / rows, gradient: gradient as Like<Z> };
}

/** The options of the dropout that a cache belongs to. */
function decisions({ Z, b, keep, mode, key, mask, sampleIds }: DenseDropoutCache): DropoutOptions {
  if (mode === "eval") return { keep, mode };
  if (mask !== undefined) return { keep, mode, mask };
  return { keep, mode, key: key!, ...(sampleIds && { shape: [Z.length / b.length, b.length], sampleIds }) };
}

function checkShapes(
  where: string,
  x: FloatInput,
  params: { readonly W: FloatInput; readonly b: FloatInput },
): { X: FloatArray; W: FloatArray; b: FloatArray } {
  const X = toFloatArray(where, "x", x).slice();
  const W = toFloatArray(where, "W", params.W);
  const b = toFloatArray(where, "b", params.b);
  const inputs = W.length / b.length;
  if (!(Number.isInteger(inputs) && inputs > 0)) {
    throw rangeError(where, "the number of weights", `a multiple of the number of biases (${b.length})`, W.length);
  }
  if (X.length % inputs !== 0) {
    throw new RangeError(`${where}: x must have a multiple of ${inputs} elements (rows of W), got ${X.length}`);
  }
  return { X, W, b };
}

function affine(X: FloatArray, W: FloatArray, b: FloatArray): FloatArray {
  const [inputs, outputs] = [W.length / b.length, b.length];
  const sums = new Float64Array((X.length / inputs) * outputs);
  for (let o = 0; o < sums.length; o++) sums[o] = b[o % outputs]!;
  addProduct(sums, X, W, inputs, outputs);
  return rounded(X, sums);
}

function like(values: FloatArray, f: (value: number) => number): FloatArray {
  const out = zerosLike(values);
  for (let i = 0; i < values.length; i++) out[i] = f(values[i]!);
  return out;
}

/** `values` in the element type of `model`. */
const rounded = (model: FloatArray, values: Float64Array): FloatArray =>
  model instanceof Float32Array ? Float32Array.from(values) : values;
