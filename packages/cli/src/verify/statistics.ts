// How far a mean of random draws may be from its expectation before something is wrong: never more often than once in
// 10^9 runs.

/**
 * Probability that a sound program fails one statistical check. (Keys are fixed: in practice it fails always or
 * never.)
 */
export const FALSE_ALARM = 1e-9;

/** Quantile of the standard normal distribution for a two-sided test at {@link FALSE_ALARM}. */
export const NORMAL_QUANTILE = 6.109410204869;

/**
 * Bernstein's inequality: the mean of n independent values, each at most `range` from its expectation, is further
 * than this from its expectation with probability below {@link FALSE_ALARM}. Holds for every n; no normal
 * approximation.
 *
 * @see Boucheron, Lugosi, Massart, "Concentration inequalities" (2013), section 2.8.
 */
export function meanBound(variance: number, range: number, n: number): number {
  const log = Math.log(2 / FALSE_ALARM);
  return Math.sqrt((2 * variance * log) / n) + (2 * range * log) / (3 * n);
}

/** The same for values that have no range (normal noise), by the normal approximation: n in the thousands or more. */
export function normalMeanBound(variance: number, n: number): number {
  return NORMAL_QUANTILE * Math.sqrt(variance / n);
}

export function meanOf(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  return sum / values.length;
}

/** Mean squared distance from `centre`, or from the mean. */
export function varianceOf(values: ArrayLike<number>, centre: number = meanOf(values)): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += (values[i]! - centre) ** 2;
  return sum / values.length;
}
