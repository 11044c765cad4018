// What stochastic passes of a regression say about each row: where the answer lies, and which part of the doubt is
// whose.

import { checkCount, checkIndex, checkLength, checkProbability, rangeError, toFloatArray } from "../check.js";
import { checkOptions } from "../options.js";
import type { FloatInput } from "../types.js";
import { FAR, passMoments, unseenVariance } from "./passes.js";
import { quantileOf } from "./quantiles.js";

/** Statistics of rows x values, in C order. */
export interface ValueStatistics {
  readonly rows: number;
  /** Numbers that the model gives for a row. */
  readonly values: number;
  /** How many passes each row's numbers are from. */
  readonly samples: Int32Array;
  readonly mean: Float64Array;
  /** Variance over passes: what the network does not know (epistemic). */
  readonly variance: Float64Array;
  /** One array for each of the asked `levels`, in their order. */
  readonly quantiles: readonly Float64Array[];
  readonly levels: readonly number[];
  /** Mean of the variances that the model itself predicts: noise in the data. Only for models that predict one. */
  readonly aleatoric?: Float64Array;
  /** aleatoric + variance. */
  readonly total?: Float64Array;
  readonly standardError: ValueErrors;
}

/** How far each statistic may be from its value for infinitely many passes: one standard deviation. */
export interface ValueErrors {
  readonly mean: Float64Array;
  readonly variance: Float64Array;
  readonly quantiles: readonly Float64Array[];
  readonly aleatoric?: Float64Array;
  readonly total?: Float64Array;
}

export interface ValueOptions {
  readonly rows: number;
  /** Numbers that the model gives for a row. */
  readonly values: number;
  /** Which quantiles. Default [0.025, 0.5, 0.975]. */
  readonly levels?: readonly number[];
  /** The variances that the model predicts, in the shape of its answers. */
  readonly variances?: FloatInput;
}

/** The quantiles that {@link valueStatistics} gives by default: the median, and the ends of the middle 95 %. */
export const DEFAULT_LEVELS: readonly number[] = [0.025, 0.5, 0.975];

/**
 * Statistics of numbers over stochastic passes.
 *
 *     aleatoric   mean over passes of the predicted variance      (where the model predicts one)
 *     epistemic   variance over passes of the predicted mean      (`variance`)
 *     total       their sum
 *
 * Shapes. `answers` (and `variances`) hold rows x passes x values numbers in C order.
 * Numerics. `variance` is unbiased. Its standard error counts two more passes at two standard deviations: ± 1.96 of it
 *   covers in 94 % of cases or more from 32 passes on where passes are normal, even or two-peaked (three in ten or more
 *   on the smaller peak), and in 72 to 88 % where they are skewed or have rare large values. Where all passes agree it
 *   is 0, since nothing bounds what another pass would say. Quantiles are interpolated linearly; their standard errors
 *   are Maritz and Jarrett's.
 *
 * @throws {TypeError | RangeError} If a length does not fit, there are fewer than 2 passes, or a level is not in [0,
 *   1].
 * @example
 * ```ts
 * import { valueStatistics } from "hadamask/uncertainty";
 * // One row, three passes, one value.
 * const { mean, variance } = valueStatistics([1, 2, 3], { rows: 1, values: 1 });
 * console.log(mean[0], variance[0]); // 2 1
 * ```
 * @see Kendall and Gal, "What uncertainties do we need in Bayesian deep learning for computer vision?", NeurIPS 2017.
 */
export function valueStatistics(answers: FloatInput, options: ValueOptions): ValueStatistics {
  const where = "valueStatistics";
  checkOptions(where, options, ["rows", "values", "levels", "variances"]);
  const { rows, values } = options;
  const numbers = toFloatArray(where, "answers", answers);
  checkCount(where, "values", values);
  checkIndex(where, "rows", rows);
  const samples = rows === 0 ? 2 : numbers.length / (rows * values);
  if (!(Number.isInteger(samples) && samples >= 2)) {
    throw rangeError(where, "answers", `${rows} rows x passes (at least 2) x ${values} values`, numbers);
  }
  const levels = options.levels ?? DEFAULT_LEVELS;
  levels.forEach((level, i) => {
    checkProbability(where, `levels[${i}]`, level);
  });
  const variances = options.variances && toFloatArray(where, "variances", options.variances);
  if (variances !== undefined) checkLength(where, "variances", variances.length, numbers.length, "like answers");
  const out = emptyValueStatistics(rows, values, levels, variances !== undefined);
  const ofRow = (numbers: ArrayLike<number>, row: number): Float64Array => {
    const out = new Float64Array(values * samples);
    const from = row * out.length;
    for (let i = 0; i < out.length; i++) out[(i % values) * samples + Math.floor(i / values)] = numbers[from + i]!;
    return out;
  };
  for (let row = 0; row < rows; row++) {
    fillValueRow(out, row, ofRow(numbers, row), variances && ofRow(variances, row));
  }
  return out;
}

/**
 * Statistics to be filled row by row.
 *
 * @throws {TypeError | RangeError} If a size is not a whole number.
 * @example
 * ```ts
 * import { emptyValueStatistics } from "hadamask/uncertainty";
 * console.log(emptyValueStatistics(2, 3, [0.5], false).mean.length); // 6
 * ```
 */
export function emptyValueStatistics(
  rows: number,
  values: number,
  levels: readonly number[],
  hasVariance: boolean,
): ValueStatistics {
  const where = "emptyValueStatistics";
  checkIndex(where, "rows", rows);
  checkIndex(where, "values", values);
  const all = (): Float64Array => new Float64Array(rows * values);
  const parts = (): { aleatoric?: Float64Array; total?: Float64Array } =>
    hasVariance ? { aleatoric: all(), total: all() } : {};
  return {
    rows,
    values,
    samples: new Int32Array(rows),
    mean: all(),
    variance: all(),
    quantiles: levels.map(all),
    levels,
    ...parts(),
    standardError: { mean: all(), variance: all(), quantiles: levels.map(all), ...parts() },
  };
}

/**
 * Writes the statistics of one row, from values x passes numbers and, where the model predicts them, their variances.
 *
 * @example
 * ```ts
 * import { emptyValueStatistics, fillValueRow } from "hadamask/uncertainty";
 * const statistics = emptyValueStatistics(1, 1, [0.5], false);
 * fillValueRow(statistics, 0, Float64Array.of(1, 2, 6)); // three passes of one value
 * console.log(statistics.mean[0], statistics.variance[0]); // 3 7
 * ```
 */
export function fillValueRow(out: ValueStatistics, row: number, passes: Float64Array, variances?: Float64Array): void {
  const count = passes.length / out.values;
  out.samples[row] = count;
  for (let v = 0; v < out.values; v++) {
    const at = row * out.values + v;
    const numbers = passes.subarray(v * count, (v + 1) * count);
    const { mean, variance, standardError } = passMoments(numbers);
    out.mean[at] = mean;
    out.variance[at] = variance;
    out.standardError.mean[at] = standardError.mean;
    out.standardError.variance[at] = standardError.variance;
    if (variances !== undefined) fillParts(out, at, numbers, mean, variances.subarray(v * count, (v + 1) * count));
    const sorted = numbers.slice().sort();
    out.levels.forEach((level, l) => {
      const quantile = quantileOf(sorted, level);
      out.quantiles[l]![at] = quantile.value;
      out.standardError.quantiles[l]![at] = quantile.standardError;
    });
  }
}

/** The noise that the model expects, and the total with what the passes disagree on. */
function fillParts(
  out: ValueStatistics,
  at: number,
  numbers: Float64Array,
  mean: number,
  variances: Float64Array,
): void {
  const noise = passMoments(variances);
  // The total of a pass: its own variance and its squared distance from the common mean.
  const total = passMoments(variances.map((variance, t) => variance + (numbers[t]! - mean) ** 2));
  out.aleatoric![at] = noise.mean;
  out.total![at] = noise.mean + out.variance[at]!;
  out.standardError.aleatoric![at] = noise.standardError.mean;
  const variance = out.variance[at]!;
  const unseen = unseenVariance(variance, numbers.length, FAR * Math.sqrt(variance));
  out.standardError.total![at] = Math.hypot(total.standardError.mean, unseen);
}

/**
 * How unsure each row is, in one number: what rows with several values are ranked by.
 *
 *     doubt[row] = sum over values of variance[row, value] / mean over rows of variance[., value]
 *
 * Each value has the same say, whatever its unit. The variance is `total` where the model predicts its own noise. A
 * value that never varies says nothing.
 *
 * Cost. Two looks at the variances.
 *
 * @example
 * ```ts
 * import { valueDoubt } from "hadamask/uncertainty";
 * const doubt = valueDoubt({ rows: 2, values: 1, variance: Float64Array.of(1, 3), total: undefined });
 * console.log(doubt); // Float64Array(2) [ 0.5, 1.5 ]
 * ```
 */
export function valueDoubt(statistics: Pick<ValueStatistics, "rows" | "values" | "variance" | "total">): Float64Array {
  const { rows, values } = statistics;
  const variance = statistics.total ?? statistics.variance;
  const typical = new Float64Array(values);
  for (let i = 0; i < rows * values; i++) typical[i % values]! += variance[i]! / rows;
  return Float64Array.from({ length: rows }, (_, row) => {
    let sum = 0;
    for (let v = 0; v < values; v++) if (typical[v]! > 0) sum += variance[row * values + v]! / typical[v]!;
    return sum;
  });
}
