// Five rows of three features with targets: the data of all statements about linear and logistic regression.

import type { Regression } from "hadamask/theory";

export const X: readonly (readonly number[])[] = [
  [1, 2, 0.5],
  [-1, 0, 1.5],
  [0.5, -1, 2],
  [2, 1, -0.5],
  [-0.5, 1.5, 1],
];
export const Y: readonly number[] = [1, 0, -1, 2, 0.5];
/** Any weights: the expected loss is compared at them, away from its minimum. */
export const WEIGHTS: readonly number[] = [0.3, -0.7, 1.1];
export const DATA: Regression = { x: X, y: Y };
