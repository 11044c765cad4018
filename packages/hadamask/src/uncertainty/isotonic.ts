// Isotonic calibration: the rising step function that comes closest to what happened, class by class.

import { rangeError, toFloatArray } from "../check.js";
import type { FloatInput } from "../types.js";
import { checkDistributions } from "./distributions.js";
import { type Labels, labelled } from "./judged.js";

/** A rising function by its corners, straight between them and flat outside. */
export interface RisingFunction {
  readonly x: Float64Array;
  readonly y: Float64Array;
}

/** One rising function for each class, or of a single column for that. */
export interface IsotonicScaling {
  readonly functions: readonly RisingFunction[];
}

/**
 * Fits isotonic calibration: for each class the rising function of its probability that is closest, in squares, to how
 * often the class was right. Of two classes one function is fitted, to the second.
 *
 * Shapes. `probabilities` holds rows x classes numbers in C order (one column: of class 1 of two), `labels` one class
 *   number a row.
 * Numerics. Exact (pool adjacent violators). With few rows it overfits: below some hundreds prefer a temperature.
 * Cost. One sort a class.
 *
 * @throws {TypeError | RangeError} As {@link negativeLogLikelihood}.
 * @example
 * ```ts
 * import { applyIsotonic, fitIsotonic } from "hadamask/uncertainty";
 * const fitted = fitIsotonic([0.1, 0.4, 0.6, 0.9], [0, 1, 0, 1]); // 0.4 and 0.6 are in the wrong order: pooled
 * console.log(applyIsotonic([0.1, 0.5, 0.75], 1, fitted)); // Float64Array(3) [ 0, 0.5, 0.75 ]
 * ```
 * @see Zadrozny and Elkan, "Transforming classifier scores into accurate multiclass probability estimates", KDD 2002.
 */
export function fitIsotonic(probabilities: FloatInput, labels: Labels): IsotonicScaling {
  const { values, rows, classes } = labelled("fitIsotonic", probabilities, labels);
  const fit = (c: number): RisingFunction => {
    const p = Float64Array.from({ length: rows }, (_, row) => values[row * classes + c]!);
    return rising(p, (row) => (labels[row] === c ? 1 : 0));
  };
  return { functions: classes === 2 ? [fit(1)] : Array.from({ length: classes }, (_, c) => fit(c)) };
}

/** A stretch of equal values. */
interface Block {
  readonly from: number;
  to: number;
  weight: number;
  sum: number;
}

function rising(x: Float64Array, right: (row: number) => number): RisingFunction {
  const order = Int32Array.from(x.keys()).sort((a, b) => x[a]! - x[b]! || a - b);
  const blocks: Block[] = [];
  for (const row of order) {
    const last = blocks.at(-1);
    if (last !== undefined && last.to === x[row]) {
      last.weight++;
      last.sum += right(row);
    } else blocks.push({ from: x[row]!, to: x[row]!, weight: 1, sum: right(row) });
  }
  const pooled: Block[] = [];
  for (const block of blocks) {
    pooled.push(block);
    for (let [a, b] = pooled.slice(-2); b !== undefined; [a, b] = pooled.slice(-2)) {
      if (a!.sum * b.weight < b.sum * a!.weight) break;
      a!.to = b.to;
      a!.weight += b.weight;
      a!.sum += b.sum;
      pooled.pop();
    }
  }
  const corners = pooled.flatMap(({ from, to, weight, sum }) =>
    from === to
      ? [[from, sum / weight]]
      : [
          [from, sum / weight],
          [to, sum / weight],
        ],
  );
  return { x: Float64Array.from(corners, ([at]) => at!), y: Float64Array.from(corners, ([, value]) => value!) };
}

/**
 * Applies a {@link fitIsotonic}; of more than two classes the results are divided by their sum (equal shares where all
 * are 0).
 *
 * Shapes. rows x `classes` in C order, in and out; 1 is the probability of class 1 of two.
 * @throws {TypeError | RangeError} If `classes` does not fit the functions or the length, or a row is not a
 *   distribution.
 * @example
 * ```ts
 * import { applyIsotonic, fitIsotonic } from "hadamask/uncertainty";
 * const fitted = fitIsotonic([0.2, 0.8], [0, 1]);
 * console.log(applyIsotonic([0.2, 0.8], 1, fitted)); // Float64Array(2) [ 0, 1 ]
 * ```
 */
export function applyIsotonic(
  probabilities: FloatInput,
  classes: number,
  { functions }: IsotonicScaling,
): Float64Array {
  const where = "applyIsotonic";
  const numbers = toFloatArray(where, "probabilities", probabilities);
  const isBinary = functions.length === 1;
  if (!(isBinary ? classes === 1 || classes === 2 : classes === functions.length)) {
    throw rangeError(where, "classes", isBinary ? "1 or 2" : `${functions.length} as in the fit`, classes);
  }
  if (numbers.length % classes !== 0) {
    throw rangeError(where, "probabilities", `a whole number of rows of ${classes} probabilities`, numbers);
  }
  const { values } = checkDistributions(where, "probabilities", numbers, classes);
  if (classes === 1) return Float64Array.from(numbers, (p) => valueAt(functions[0]!, p));
  const out = new Float64Array(values.length);
  for (let start = 0; start < out.length; start += classes) {
    if (isBinary) {
      const p = valueAt(functions[0]!, values[start + 1]!);
      [out[start], out[start + 1]] = [1 - p, p];
      continue;
    }
    let sum = 0;
    for (let c = 0; c < classes; c++) sum += out[start + c] = valueAt(functions[c]!, values[start + c]!);
    for (let c = 0; c < classes; c++) out[start + c] = sum > 0 ? out[start + c]! / sum : 1 / classes;
  }
  return out;
}

/** Of at least one corner. */
export function valueAt({ x, y }: RisingFunction, p: number): number {
  if (p <= x[0]!) return y[0]!;
  let [low, high] = [0, x.length - 1];
  if (p >= x[high]!) return y[high]!;
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if (x[middle]! <= p) low = middle;
    else high = middle;
  }
  return y[low]! + ((p - x[low]!) / (x[high]! - x[low]!)) * (y[high]! - y[low]!);
}
