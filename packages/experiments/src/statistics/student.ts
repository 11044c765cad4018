// Student's t for any number of degrees of freedom, whole or not.

import { incompleteBeta } from "hadamask/theory";

/**
 * P(|T| > t).
 *
 * @see Abramowitz and Stegun, Handbook of Mathematical Functions (1964), 26.7.1 and 26.5.27.
 */
export const studentTails = (t: number, df: number): number => incompleteBeta(df / (df + t * t), df / 2, 0.5);

/** The 97.5 % quantile: by bisection over the whole line, squeezed to (0, 1). */
export function studentQuantile(df: number): number {
  let [low, high] = [0, 1];
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (studentTails(middle / (1 - middle), df) > 0.05) low = middle;
    else high = middle;
  }
  return low / (1 - low);
}
