// Temperature scaling: one number that makes probabilities sharper or softer, fitted on held-out rows.

import { rangeError, toFloatArray } from "../check.js";
import { softmax } from "../special/activations.js";
import type { FloatInput } from "../types.js";
import { checkDistributions } from "./distributions.js";
import { FLOOR, type Labels, labelled } from "./judged.js";

/** A fitted temperature. Above 1: the model was too sure; below 1: not sure enough. */
export interface Temperature {
  readonly temperature: number;
  /** Mean negative log-likelihood on the rows of the fit, before and after. */
  readonly nll: { readonly before: number; readonly after: number };
}

/** The inverse temperature is looked for here: from a thousand times softer to a thousand times sharper. */
const [COLDEST, HOTTEST] = [1e-3, 1e3];

/**
 * Softens or sharpens probabilities: p^(1 / T), normalised again. T = 1 changes nothing, T → ∞ gives equal
 * probabilities. For probabilities that are the softmax of logits z this is the softmax of z / T.
 *
 * Shapes. rows x `classes` in C order, in and out. With `classes` 1 each number is the probability of class 1 of two.
 * @throws {TypeError | RangeError} If `temperature` is not above 0, `classes` does not divide the length, or a row is
 *   no probability distribution.
 * @example
 * ```ts
 * import { applyTemperature } from "hadamask/uncertainty";
 * const softer = applyTemperature([0.9, 0.1], 2, 2); // the ratio 9 becomes its square root
 * console.log(softer[0]!.toFixed(6), softer[1]!.toFixed(6)); // 0.750000 0.250000
 * ```
 */
export function applyTemperature(probabilities: FloatInput, classes: number, temperature: number): Float64Array {
  const where = "applyTemperature";
  const values = toFloatArray(where, "probabilities", probabilities);
  if (!(temperature > 0)) throw rangeError(where, "temperature", "above 0", temperature);
  if (!(Number.isInteger(classes) && classes > 0 && values.length % classes === 0)) {
    throw rangeError(where, "classes", `a divisor of the ${values.length} probabilities`, classes);
  }
  const rows = checkDistributions(where, "probabilities", values, classes);
  const both = rows.values;
  const out = new Float64Array(both.length);
  for (let start = 0; start < both.length; start += rows.classes) {
    out.set(softmax(logits(both, start, rows.classes).map((z) => z / temperature)), start);
  }
  return classes === 1 ? out.filter((_, i) => i % 2 === 1) : out;
}

/** Logarithms of a row's probabilities. */
function logits(values: ArrayLike<number>, start: number, classes: number): Float64Array {
  return Float64Array.from({ length: classes }, (_, c) => Math.log(Math.max(FLOOR, values[start + c]!)));
}

/**
 * Finds the temperature that gives labelled rows the lowest negative log-likelihood. Use rows that the model was not
 * trained on.
 *
 * Numerics. The likelihood is convex in 1 / T; its slope is bisected to the last bits of a double. Where no finite
 *   temperature is best (every row right, or the labels say the opposite), the end of the range [0.001, 1000] is
 *   returned; where no temperature gains more than rounding on 1 (all probabilities of a row equal), 1.
 * Cost. About 60 passes over the rows.
 *
 * @throws {TypeError | RangeError} As {@link negativeLogLikelihood}.
 *
 * @example
 * ```ts
 * import { fitTemperature } from "hadamask/uncertainty";
 * // Says 0.9 and is right in three of four rows: 9^(1 / T) should be 3.
 * const { temperature } = fitTemperature([0.9, 0.1, 0.9, 0.1, 0.9, 0.1, 0.9, 0.1], [0, 0, 0, 1]);
 * console.log(temperature.toFixed(6)); // 2.000000
 * ```
 * @see Guo et al., "On calibration of modern neural networks", ICML 2017.
 */
export function fitTemperature(probabilities: FloatInput, labels: Labels): Temperature {
  const where = "fitTemperature";
  const { values, rows, classes } = labelled(where, probabilities, labels);
  const all = new Float64Array(rows * classes);
  for (let row = 0; row < rows; row++) all.set(logits(values, row * classes, classes), row * classes);
  const nll = (T: number): number => likelihood(all, labels, classes, 1 / T);
  let [low, high] = [1 / HOTTEST, 1 / COLDEST];
  // The slope rises with beta = 1 / T: from too soft (negative) to too sharp (positive).
  for (let i = 0; i < 200 && high - low > 2 ** -52 * high; i++) {
    const beta = Math.sqrt(low * high);
    if (slope(all, labels, classes, beta) > 0) high = beta;
    else low = beta;
  }
  const temperature = 1 / Math.sqrt(low * high);
  const [before, after] = [nll(1), nll(temperature)];
  if (!(before - after > FLAT)) return { temperature: 1, nll: { before, after: before } };
  return { temperature, nll: { before, after } };
}

/** A gain that may be rounding, in nats. A likelihood that gains no more is flat, and temperature 1 as good as any. */
const FLAT = 1e-12;

/** d NLL / d beta, up to the factor 1 / rows: the expected logit less that of the right class. */
function slope(logits: Float64Array, labels: Labels, classes: number, beta: number): number {
  let sum = 0;
  for (let row = 0; row < labels.length; row++) {
    const z = logits.subarray(row * classes, (row + 1) * classes);
    const p = softmax(z.map((value) => beta * value));
    sum += z.reduce((total, value, c) => total + p[c]! * value, 0) - z[labels[row]!]!;
  }
  return sum;
}

function likelihood(logits: Float64Array, labels: Labels, classes: number, beta: number): number {
  let sum = 0;
  for (let row = 0; row < labels.length; row++) {
    const z = logits.subarray(row * classes, (row + 1) * classes);
    const p = softmax(z.map((value) => beta * value));
    sum -= Math.log(Math.max(FLOOR, p[labels[row]!]!));
  }
  return sum / labels.length;
}
