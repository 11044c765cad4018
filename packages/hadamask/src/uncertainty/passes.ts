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

/** Standard error of an unbiased variance, from it and the sum of fourth powers of the distances from the mean. */
export function varianceErrorOf(variance: number, sumOfFourths: number, count: number): number {
  const square = (sumOfFourths / count - (variance * variance * (count - 3)) / (count - 1)) / count;
  return Math.sqrt(Math.max(0, square)); // rounding can take it below 0 where it is 0
}
