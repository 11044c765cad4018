// Bounds of tests that count how often an interval holds the truth.

import { binomialBounds, FALSE_ALARM } from "./bounds.js";

/** The least count of holding intervals among `n` that is not proof against a coverage of `share` or more. */
export const leastHolding = (n: number, share: number, falseAlarm: number = FALSE_ALARM): number =>
  binomialBounds(n, share, 2 * falseAlarm)[0];

/** The largest count among `n` that is not proof against a coverage of `share` or less. */
export const mostHolding = (n: number, share: number, falseAlarm: number = FALSE_ALARM): number =>
  binomialBounds(n, share, 2 * falseAlarm)[1];
