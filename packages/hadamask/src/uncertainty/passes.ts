// Numbers that many stochastic passes gave: their mean and variance, and how far these may be from the truth.

/** Mean and variance over passes, each with its standard error. */
export interface PassMoments {
  readonly mean: number;
  /** Unbiased: over T - 1. */
  readonly variance: number;
  readonly standardError: { readonly mean: number; readonly variance: number };
}

/**
 * Moments of `values[start], values[start + stride], …` (`count` of them, at least 2).
 *
 *     standard error of the mean       sqrt(s^2 / T)
 *     standard error of the variance   sqrt((m4 - s^4 (T - 3) / (T - 1)) / T)     m4: fourth central moment
 */
export function passMoments(values: ArrayLike<number>, count: number, start = 0, stride = 1): PassMoments {
  let mean = 0;
  for (let t = 0; t < count; t++) mean += values[start + t * stride]!;
  mean /= count;
  let [second, fourth] = [0, 0];
  for (let t = 0; t < count; t++) {
    const square = (values[start + t * stride]! - mean) ** 2;
    second += square;
    fourth += square * square;
  }
  const variance = second / (count - 1);
  const ofVariance = (fourth / count - (variance * variance * (count - 3)) / (count - 1)) / count;
  return {
    mean,
    variance,
    standardError: { mean: Math.sqrt(variance / count), variance: Math.sqrt(Math.max(0, ofVariance)) },
  };
}

/** Mean of `f(t)` over the passes, and its standard error. */
export function passMean(count: number, f: (t: number) => number): { mean: number; standardError: number } {
  const values = Float64Array.from({ length: count }, (_, t) => f(t));
  const { mean, standardError } = passMoments(values, count);
  return { mean, standardError: standardError.mean };
}
