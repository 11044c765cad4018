// How far a sample may be from a distribution function, by the Dvoretzky-Kiefer-Wolfowitz inequality.

/** The largest difference between the empirical distribution function of `sample`, which it sorts, and `cdf`. */
export function kolmogorovDistance(sample: Float64Array, cdf: (x: number) => number): number {
  sample.sort();
  let distance = 0;
  for (let i = 0; i < sample.length; i++) {
    const p = cdf(sample[i]!);
    distance = Math.max(distance, (i + 1) / sample.length - p, p - i / sample.length);
  }
  return distance;
}

/**
 * The distance that n independent draws exceed with probability at most `falseAlarm`: 2 exp(-2 n d²), with Massart's
 * constant (1990).
 */
export const kolmogorovBound = (n: number, falseAlarm: number): number => Math.sqrt(Math.log(2 / falseAlarm) / (2 * n));
