// A mean over rows with its interval.

import type { Interval } from "./binomial.js";
import { meanOf } from "./judged.js";
import { meanInterval, type Unseen } from "./mean-interval.js";

/** A score and where it would lie with other rows of the same kind. */
export interface Score {
  readonly value: number;
  readonly interval: Interval;
}

/** The mean of one number a row, none of which is outside of the bounds. */
export function meanScore(
  values: Float64Array,
  level: number,
  [least, most]: Interval,
  unseen?: readonly Unseen[],
): Score {
  const [low, high] = meanInterval(values, level, unseen);
  return { value: meanOf(values), interval: [Math.max(least, low), Math.min(most, high)] };
}
