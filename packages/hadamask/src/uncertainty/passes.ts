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
 *     standard error of the variance   sqrt((m4 - s^4 (T - 3) / (T - 1)) / T)     m4: fourth central moment
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
  return {
    mean,
    variance,
    standardError: { mean: Math.sqrt(variance / count), variance: varianceErrorOf(variance, fourth, count) },
  };
}

/**
 * How many passes are counted in addition to those that were made, where a statistic is bounded: passes that say the
 * contrary. From T passes that agree nobody can tell whether one in T does not. With two of them 1.96 standard errors
 * cover such a share unless it stayed unseen by a chance of at most 1 in 16 (e^-2.77), so that no error is ever 0.
 *
 * @see Agresti and Coull, "Approximate is better than exact for interval estimation of binomial proportions", The
 *   American Statistician 52 (1998): two failures and two successes more.
 */
export const CONTRARY = 2;

/**
 * Standard error of the mean of T numbers with some more at a `distance` from that mean.
 *
 *     sqrt(sum of squares around the mean + weight * distance^2) / T
 */
export function cautiousError(squares: number, count: number, distance: number, weight: number = CONTRARY): number {
  return Math.sqrt(squares + weight * distance * distance) / count;
}

/** Standard error of an unbiased variance, from it and the sum of fourth powers of the distances from the mean. */
export function varianceErrorOf(variance: number, sumOfFourths: number, count: number): number {
  const square = (sumOfFourths / count - (variance * variance * (count - 3)) / (count - 1)) / count;
  return Math.sqrt(Math.max(0, square)); // rounding can take it below 0 where it is 0
}

/** The same with {@link CONTRARY} passes more at a `distance` from the mean. */
export function cautiousVarianceError(variance: number, sumOfFourths: number, count: number, distance: number): number {
  const contrary = (Math.sqrt(CONTRARY) * Math.abs(distance * distance - variance)) / count;
  return Math.hypot(varianceErrorOf(variance, sumOfFourths, count), contrary);
}

/** Mean, and sum of squares around it. */
export function spreadOf(values: Float64Array): { mean: number; squares: number } {
  let mean = 0;
  for (let t = 0; t < values.length; t++) mean += values[t]!;
  mean /= values.length;
  let squares = 0;
  for (let t = 0; t < values.length; t++) squares += (values[t]! - mean) ** 2;
  return { mean, squares };
}
