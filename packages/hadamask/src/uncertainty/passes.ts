// Numbers that many stochastic passes gave: their mean and variance, and how far these may be from the truth.

/** Mean and variance over passes, each with its standard error. */
export interface PassMoments {
  readonly mean: number;
  /** Unbiased: over T - 1. */
  readonly variance: number;
  readonly standardError: { readonly mean: number; readonly variance: number };
}

/**
 * Moments of at least 2 values.
 *
 *     standard error of the mean       sqrt(s^2 / T)
 *     standard error of the variance   {@link cautiousVarianceError}, contrary passes at {@link FAR} s
 */
export function passMoments(values: Float64Array): PassMoments {
  const count = values.length;
  let mean = 0;
  for (let t = 0; t < count; t++) mean += values[t]!;
  mean /= count;
  let [second, fourth] = [0, 0];
  for (let t = 0; t < count; t++) {
    const distance = values[t]! - mean;
    const square = distance * distance;
    second += square;
    fourth += square * square;
  }
  const variance = second / (count - 1);
  const varianceError = cautiousVarianceError(variance, fourth, count, FAR * Math.sqrt(variance));
  return { mean, variance, standardError: { mean: Math.sqrt(variance / count), variance: varianceError } };
}

/**
 * How many passes are counted in addition to those that were made, where a statistic is bounded: passes that say the
 * contrary. From T passes that agree nobody can tell whether one in T does not. With two of them 1.96 standard errors
 * cover such a share unless it stayed unseen by a chance of at most 1 in 16 (e^-2.77), so that no error is ever 0.
 *
 * @see Agresti and Coull, "Approximate is better than exact for interval estimation of binomial proportions", The
 *   American Statistician 52 (1998): two failures and two successes more.
 */
const CONTRARY = 2;

/**
 * Standard error of the mean of T numbers with {@link CONTRARY} more at a `distance` from that mean.
 *
 *     sqrt(sum of squares around the mean + CONTRARY * distance^2) / T
 */
export function cautiousError(squares: number, count: number, distance: number): number {
  return Math.sqrt(squares + CONTRARY * distance * distance) / count;
}

/**
 * How surprising a pass is that is certain of the class that a `share` of the probability of T passes
 * went to; one pass more is counted for it, so that this is finite: -ln((T share + 1) / (T + 1)).
 */
export const surpriseOf = (share: number, count: number): number => -Math.log((count * share + 1) / (count + 1));

/**
 * Standard error of an unbiased variance s^2, from it and the sum of fourth powers of the distances from the mean:
 *
 *     sqrt((m4 - m2^2 (T - 3) / (T - 1)) / T)     m2, m4: central moments of the passes, over T
 *
 * With s^2 in place of m2 it would be 0 for passes of two values that are about as frequent.
 */
function varianceErrorOf(variance: number, sumOfFourths: number, count: number): number {
  const second = (variance * (count - 1)) / count;
  const square = (sumOfFourths / count - (second * second * (count - 3)) / (count - 1)) / count;
  return Math.sqrt(Math.max(0, square)); // rounding can take it below 0 where it is 0
}

/**
 * What the passes do not show of the error of their variance: {@link CONTRARY} more at a `distance` from the mean, and
 * that the mean, which the variance is taken around, may be off as well.
 *
 *     sqrt((sqrt(CONTRARY) distance^2 / T)^2 + (CONTRARY s^2 / T)^2)
 *
 * The second part counts where passes flip: at 3 flips in 10 the spread of squares says little, and without it 1.96
 * errors cover in 91 % of cases, of flips of any share from T = 32 on; with it in 93.5 %.
 */
export function unseenVariance(variance: number, count: number, distance: number): number {
  return Math.hypot(Math.sqrt(CONTRARY) * distance * distance, CONTRARY * variance) / count;
}

/** Where nothing bounds a value, a pass that is so many standard deviations from the mean counts as contrary. */
export const FAR = 2;

/** {@link varianceErrorOf} and {@link unseenVariance} together. */
export function cautiousVarianceError(variance: number, sumOfFourths: number, count: number, distance: number): number {
  return Math.hypot(varianceErrorOf(variance, sumOfFourths, count), unseenVariance(variance, count, distance));
}

/** Mean, and sum of squares around it. */
export interface Spread {
  readonly mean: number;
  readonly squares: number;
}

export function spreadOf(values: Float64Array): Spread {
  let mean = 0;
  for (let t = 0; t < values.length; t++) mean += values[t]!;
  mean /= values.length;
  let squares = 0;
  for (let t = 0; t < values.length; t++) squares += (values[t]! - mean) ** 2;
  return { mean, squares };
}
