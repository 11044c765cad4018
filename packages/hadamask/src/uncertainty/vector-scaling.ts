// Platt and vector scaling: a scale and a shift for logits, of the one question or of each class, fitted on held-out
// rows.

import { checkAbove, checkLength, rangeError, toFloatArray } from "../check.js";
import { checkOptions } from "../options.js";
import { logSumExp, sigmoid, softplus } from "../special/activations.js";
import type { FloatInput } from "../types.js";
import { checkDistributions } from "./distributions.js";
import { FLOOR, type Labels, labelled, meanOf } from "./judged.js";
import { minimumOf } from "./minimum.js";

/** A fitted Platt scaling: the probability of class 1 of two becomes sigmoid(slope * logit + intercept). */
export interface PlattScaling {
  readonly slope: number;
  readonly intercept: number;
  /** Mean negative log-likelihood on the rows of the fit, before and after. */
  readonly nll: { readonly before: number; readonly after: number };
}

/** A fitted vector scaling: log-probabilities z become softmax(scales * z + shifts). */
export interface VectorScaling {
  readonly scales: Float64Array;
  readonly shifts: Float64Array;
  readonly nll: { readonly before: number; readonly after: number };
}

/**
 * Fits Platt scaling to a binary classifier.
 *
 * Shapes. `probabilities` is one column (of class 1) or two, `labels` 0 or 1 a row.
 * Numerics. Convex; the labels are Platt's, (positives + 1) / (positives + 2) and 1 / (negatives + 2), so that the fit
 *   is finite where the classes do not overlap.
 *
 * @throws {TypeError | RangeError} If they do not fit, or there are more than two classes.
 * @example
 * ```ts
 * import { fitPlatt } from "hadamask/uncertainty";
 * const { slope } = fitPlatt([0.4, 0.45, 0.55, 0.6], [0, 0, 1, 1]);
 * console.log(slope > 1); // true
 * ```
 * @see Platt, "Probabilistic outputs for support vector machines", 1999.
 */
export function fitPlatt(probabilities: FloatInput, labels: Labels): PlattScaling {
  const where = "fitPlatt";
  const { values, rows, classes } = labelled(where, probabilities, labels);
  if (classes !== 2) throw rangeError(where, "classes", "2; for more there is fitVectorScaling", classes);
  const z = Float64Array.from({ length: rows }, (_, row) => logit(values[2 * row]!, values[2 * row + 1]!));
  const positives = Array.from(labels).filter((label) => label === 1).length;
  const [yes, no] = [(positives + 1) / (positives + 2), 1 / (rows - positives + 2)];
  const nllOf = (slope: number, intercept: number): number =>
    meanOf(z.map((value, row) => softplus((labels[row] === 1 ? -1 : 1) * (slope * value + intercept))));
  const [slope, intercept] = minimumOf(
    (x, gradient) => {
      gradient.fill(0);
      let sum = 0;
      for (let row = 0; row < rows; row++) {
        const u = x[0]! * z[row]! + x[1]!;
        const target = labels[row] === 1 ? yes : no;
        sum += softplus(u) - target * u;
        gradient[0]! += ((sigmoid(u) - target) * z[row]!) / rows;
        gradient[1]! += (sigmoid(u) - target) / rows;
      }
      return sum / rows;
    },
    Float64Array.of(1, 0),
  ) as unknown as [number, number];
  return { slope, intercept, nll: { before: nllOf(1, 0), after: nllOf(slope, intercept) } };
}

/**
 * Applies a {@link fitPlatt}.
 *
 * Shapes. One column in and out, or with `classes` 2 two.
 * @throws {TypeError | RangeError} If a number is not a probability.
 * @example
 * ```ts
 * import { applyPlatt } from "hadamask/uncertainty";
 * // Twice the log-odds: 3 : 1 becomes 9 : 1.
 * console.log(applyPlatt([0.75], 1, { slope: 2, intercept: 0 })[0]!.toFixed(6)); // 0.900000
 * ```
 */
export function applyPlatt(
  probabilities: FloatInput,
  classes: 1 | 2,
  { slope, intercept }: Pick<PlattScaling, "slope" | "intercept">,
): Float64Array {
  const where = "applyPlatt";
  const { values } = checkDistributions(
    where,
    "probabilities",
    toFloatArray(where, "probabilities", probabilities),
    classes,
  );
  const out = new Float64Array(values.length);
  for (let i = 0; i < values.length; i += 2) {
    const p = sigmoid(slope * logit(values[i]!, values[i + 1]!) + intercept);
    [out[i], out[i + 1]] = [1 - p, p];
  }
  return classes === 1 ? out.filter((_, i) => i % 2 === 1) : out;
}

const logit = (no: number, yes: number): number => Math.log(Math.max(FLOOR, yes)) - Math.log(Math.max(FLOOR, no));

/**
 * Fits vector scaling: a scale and a shift for the log-probability of each class.
 *
 * Numerics. Convex. `penalty` times the squared distance of scales from 1 and shifts from 0 is added to the mean
 *   negative log-likelihood: that keeps the fit finite where a class never occurs or classes do not overlap. Default
 *   1e-6. With few rows a class choose a larger one, or {@link fitTemperature}.
 *
 * @throws {TypeError | RangeError} As {@link negativeLogLikelihood}, and if `penalty` is not above 0.
 *
 * @example
 * ```ts
 * import { fitVectorScaling } from "hadamask/uncertainty";
 * const { scales, shifts } = fitVectorScaling([0.6, 0.4, 0.4, 0.6], [0, 1], { penalty: 0.01 });
 * console.log(scales.length, shifts.length); // 2 2
 * ```
 * @see Guo et al., "On calibration of modern neural networks", ICML 2017, section 4.2.
 */
export function fitVectorScaling(
  probabilities: FloatInput,
  labels: Labels,
  options: { readonly penalty?: number } = {},
): VectorScaling {
  const where = "fitVectorScaling";
  checkOptions(where, options, ["penalty"]);
  const { penalty = 1e-6 } = options;
  checkAbove(where, "penalty", penalty, 0);
  const { values, rows, classes } = labelled(where, probabilities, labels);
  const z = Float64Array.from({ length: rows * classes }, (_, i) => Math.log(Math.max(FLOOR, values[i]!)));
  const start = new Float64Array(2 * classes).fill(1, 0, classes);
  const scaled = new Float64Array(classes);
  /** Mean negative log-likelihood, and its gradient where one is asked for. */
  const nll = (x: Float64Array, gradient?: Float64Array): number => {
    let sum = 0;
    for (let row = 0; row < rows; row++) {
      for (let c = 0; c < classes; c++) scaled[c] = x[c]! * z[row * classes + c]! + x[classes + c]!;
      const total = logSumExp(scaled);
      sum += total - scaled[labels[row]!]!;
      for (let c = 0; gradient !== undefined && c < classes; c++) {
        const pull = (Math.exp(scaled[c]! - total) - (labels[row] === c ? 1 : 0)) / rows;
        gradient[c]! += pull * z[row * classes + c]!;
        gradient[classes + c]! += pull;
      }
    }
    return sum / rows;
  };
  const best = minimumOf((x, gradient) => {
    gradient.fill(0);
    let value = nll(x, gradient);
    for (let i = 0; i < x.length; i++) {
      const distance = x[i]! - start[i]!;
      value += penalty * distance * distance;
      gradient[i]! += 2 * penalty * distance;
    }
    return value;
  }, start);
  return {
    scales: best.slice(0, classes),
    shifts: best.slice(classes),
    nll: { before: nll(start), after: nll(best) },
  };
}

/**
 * Applies a {@link fitVectorScaling}.
 *
 * Shapes. rows x classes in C order, in and out; classes is the length of `scales`.
 * @throws {TypeError | RangeError} If classes does not divide the length, or a row is not a distribution.
 * @example
 * ```ts
 * import { applyVectorScaling } from "hadamask/uncertainty";
 * const scaling = { scales: Float64Array.of(2, 2), shifts: Float64Array.of(0, 0) };
 * console.log(applyVectorScaling([0.75, 0.25], scaling)[0]!.toFixed(6)); // 0.900000
 * ```
 */
export function applyVectorScaling(
  probabilities: FloatInput,
  { scales, shifts }: Pick<VectorScaling, "scales" | "shifts">,
): Float64Array {
  const where = "applyVectorScaling";
  const classes = scales.length;
  checkLength(where, "shifts", shifts.length, classes, "like scales");
  const numbers = toFloatArray(where, "probabilities", probabilities);
  if (numbers.length % classes !== 0) {
    throw rangeError(where, "probabilities", `a whole number of rows of ${classes} probabilities`, numbers);
  }
  const { values } = checkDistributions(where, "probabilities", numbers, classes);
  const out = Float64Array.from(numbers, (_, i) => {
    return scales[i % classes]! * Math.log(Math.max(FLOOR, values[i]!)) + shifts[i % classes]!;
  });
  for (let start = 0; start < out.length; start += classes) {
    const total = logSumExp(out.subarray(start, start + classes));
    for (let c = start; c < start + classes; c++) out[c] = Math.exp(out[c]! - total);
  }
  return out;
}
