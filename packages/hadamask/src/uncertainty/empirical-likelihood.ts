// The largest mean that weighted numbers are not too unlikely for, by the empirical likelihood.

/**
 * The largest mean of a law on these numbers whose likelihood, against that of the law of their weights, is not too
 * small:
 *
 *     2 sum of w log(w / (q sum of w)) <= limit          q: the likeliest law with that mean
 *
 * Laws that are likeliest for their mean are q = c w / (1 + d / reach), with d the distance of a number from the
 * largest: the smaller the reach, the larger the mean.
 *
 * @see Owen, "Empirical likelihood ratio confidence intervals for a single functional", Biometrika 75 (1988).
 */
export function largestMean(values: Float64Array, weights: Float64Array, limit: number): number {
  const largest = values.reduce((most, value) => Math.max(most, value));
  const law = (reach: number): { ratio: number; mean: number } => {
    let [total, logs, mass, distances] = [0, 0, 0, 0];
    for (let i = 0; i < values.length; i++) {
      const distance = largest - values[i]!;
      const weight = weights[i]!;
      const u = distance / reach;
      total += weight;
      logs += weight * Math.log1p(u);
      mass += weight / (1 + u);
      distances += (weight * distance) / (1 + u);
    }
    return { ratio: 2 * (logs + total * Math.log(mass / total)), mean: largest - distances / mass };
  };
  const start = largest - law(1).mean;
  if (!(start > 0)) return largest;
  // The ratio falls from infinity to 0 as the reach grows: nearly a straight line in logarithms.
  const excess = (logReach: number): number => Math.log(law(Math.exp(logReach)).ratio / limit);
  const logReach = rootOf(excess, Math.log(start));
  return law(Math.exp(logReach)).mean;
}

/** Where a falling function is 0, looked for from `start` on: regula falsi, where an end that stays counts half. */
function rootOf(f: (x: number) => number, start: number): number {
  let [low, high] = [start, start + 1];
  let above = f(low);
  while (!(above > 0)) above = f(--low);
  let below = f(high);
  while (!(below <= 0)) below = f(++high);
  for (let i = 0; i < 60; i++) {
    const middle = low + ((high - low) * above) / (above - below);
    const here = f(middle);
    if (Math.abs(here) < 1e-12) return middle;
    if (here > 0) [low, above, below] = [middle, here, below / 2];
    else [high, below, above] = [middle, here, above / 2];
  }
  return high;
}
