// How an error of 5 % is shared between the two sides of an interval of something that cannot be negative.

import { normalCdf } from "../special/normal.js";

/** Probabilities of a measured value below and above what is accepted. They add up to the error of the interval. */
export interface Tails {
  readonly below: number;
  readonly above: number;
}

/**
 * Tails of a normal variable with deviation 1 whose mean is `distance`, which is known not to be negative. Values are
 * accepted in the order of their likelihood against that of the best mean that is possible. At distance 0 all of the
 * error is above; from 2 on each side has half of it.
 *
 *     x accepted first where  exp(-(x - distance)^2 / 2) / exp(-(x - max(0, x))^2 / 2)  is largest
 *
 * With half on each side a value of 0 would be covered in 97.5 % of cases, and small measured values would have empty
 * intervals.
 *
 * @see Feldman and Cousins, "Unified approach to the classical statistical analysis of small signals", Physical Review
 *   D 57 (1998).
 */
export function tailsAt(distance: number, error: number): Tails {
  // The largest value accepted is mean + right, the least is mean - left.
  const left = (right: number): number => (right <= distance ? right : (distance ** 2 + right ** 2) / (2 * distance));
  let [low, high] = [0, 10];
  for (let i = 0; i < 24; i++) {
    const right = (low + high) / 2;
    if (normalCdf(-right) + normalCdf(-left(right)) > error) low = right;
    else high = right;
  }
  return { below: normalCdf(-left(high)), above: normalCdf(-high) };
}
