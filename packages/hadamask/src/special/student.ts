// Student's t for any number of degrees of freedom, whole or not.

import { betaQuantile, incompleteBeta } from "./beta.js";

/**
 * P(|T| > t) of a Student variable T with `freedom` degrees of freedom.
 *
 * @see Abramowitz and Stegun, Handbook of Mathematical Functions (1964), 26.7.1 and 26.5.27.
 * @example
 * ```ts
 * import { studentTails } from "hadamask/theory";
 *
 * console.log(studentTails(1, 1).toFixed(6)); // 0.500000
 * ```
 */
export const studentTails = (t: number, freedom: number): number =>
  incompleteBeta(freedom / (freedom + t * t), freedom / 2, 0.5);

/**
 * The t that a Student variable lies within, on either side, with probability `level`: P(|T| > t) = 1 - level.
 *
 * @example
 * ```ts
 * import { studentQuantile } from "hadamask/theory";
 *
 * console.log(studentQuantile(0.95, 4).toFixed(3)); // 2.776
 * ```
 */
export function studentQuantile(level: number, freedom: number): number {
  const x = betaQuantile(1 - level, freedom / 2, 0.5);
  return Math.sqrt((freedom * (1 - x)) / x);
}
