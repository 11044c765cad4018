// Test error of linear regression with dropout over its rate, in expectation over data sets: is more dropout always
// better?

import { foldIn, key, normal } from "hadamask";
import { dropoutRidge } from "hadamask/theory";
import { meanOf } from "../statistics.js";
import { dot } from "../vectors.js";

export interface RateSweep {
  readonly rates: readonly number[];
  /**
   * Mean squared distance of the trained weights from the true ones: for standard normal inputs, the test error above
   * the noise.
   */
  readonly error: readonly number[];
}

const RATES = [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95];
const [SETS, ROWS, FEATURES] = [200, 12, 8];

/** Trains to the exact minimiser on 200 small, noisy data sets (12 rows, 8 features, noise as strong as the signal). */
export function rateSweep(): RateSweep {
  const truth = [1, -1, 0.5, 0, 0, 0.5, 0, -0.5];
  const sets = Array.from({ length: SETS }, (_, s) => {
    const values = normal(ROWS * FEATURES, { key: foldIn(key(21), 2 * s) });
    const x = Array.from({ length: ROWS }, (_unused, i) => [...values.subarray(i * FEATURES, (i + 1) * FEATURES)]);
    const noise = normal(ROWS, { key: foldIn(key(21), 2 * s + 1) });
    return { x, y: x.map((row, i) => dot(row, truth) + 2 * noise[i]!) };
  });
  const distance = (w: ArrayLike<number>) => truth.reduce((sum, t, j) => sum + (w[j]! - t) ** 2, 0);
  return {
    rates: RATES,
    error: RATES.map((rate) => meanOf(sets.map((data) => distance(dropoutRidge(data, { rate }))))),
  };
}
