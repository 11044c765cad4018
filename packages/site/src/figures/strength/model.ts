// How strong dropout is at each rate: its noise, what it does to trained weights, and to the error on new data.

import { foldIn, key, normal } from "hadamask";
import { bernoulliMultiplier, dropoutRidge, type Regression } from "hadamask/theory";
import { evenly, type Point } from "../../charts/chart.js";
import { percent, short } from "../../figure/numbers.js";
import type { Presented } from "../../figure/table.js";
import { numberField, type StateOf } from "../../state/fields.js";
import { remembered } from "../../state/remembered.js";
import type { Wording } from "./words.js";

export const TRUTH: readonly number[] = [1, -1, 0.5, 0, 0, 0.5, 0, -0.5];
const SETS = 40;

export const FIELDS = {
  rate: numberField(0.5, 0, 0.95),
  rows: numberField(12, 10, 60, true),
  noise: numberField(2, 0, 4),
  seed: numberField(21, 0, 999_999, true),
};

export type State = StateOf<typeof FIELDS>;

export const RATES: readonly number[] = evenly(0, 0.95, 20).map((rate) => Number(rate.toFixed(2)));

export interface Strength {
  /** Variance of the noise for x = 1: with weights held fixed (classic), and as trained weights feel it. */
  readonly fixed: readonly Point[];
  readonly felt: readonly Point[];
  /** Share of the length of the weights that training with dropout takes away. */
  readonly shrunk: readonly Point[];
  /** Error on new data above the noise, mean over 40 data sets. */
  readonly error: readonly Point[];
  readonly best: Point;
}

/** Small data sets: as many rows as asked for, eight features, a linear truth, noise. */
function dataSets(rows: number, noise: number, seed: number): readonly Regression[] {
  const d = TRUTH.length;
  return Array.from({ length: SETS }, (_, s) => {
    const values = normal(rows * d, { key: foldIn(key(seed), 2 * s) });
    const errors = normal(rows, { key: foldIn(key(seed), 2 * s + 1) });
    const x = Array.from({ length: rows }, (_row, i) => values.subarray(i * d, (i + 1) * d));
    return { x, y: x.map((row, i) => row.reduce((sum, v, j) => sum + v * TRUTH[j]!, 0) + noise * errors[i]!) };
  });
}

const norm = (w: ArrayLike<number>): number => Math.sqrt(Array.from(w).reduce((sum, v) => sum + v * v, 0));

/** For inputs of variance 1 the error of a linear model above the noise is its squared distance from the truth. */
const distance = (w: ArrayLike<number>): number => TRUTH.reduce((sum, t, j) => sum + (w[j]! - t) ** 2, 0);

const mean = (values: readonly number[]): number => values.reduce((sum, v) => sum + v, 0) / values.length;

/** Every fit is exact: the weights that training with dropout ends at. The rate of the state is not looked at. */
export const strength = remembered(
  ({ rows, noise, seed }: State) => [rows, noise, seed],
  ({ rows, noise, seed }): Strength => {
    const sets = dataSets(rows, noise, seed);
    const weights = RATES.map((rate) => sets.map((data) => dropoutRidge(data, { rate })));
    const lengths = weights.map((fits) => mean(fits.map(norm)));
    const error = RATES.map((rate, i): Point => [rate, mean(weights[i]!.map(distance))]);
    return {
      fixed: RATES.map((rate) => [rate, bernoulliMultiplier({ rate, scaling: "classic" }).variance]),
      felt: RATES.map((rate) => [rate, bernoulliMultiplier({ rate }).variance]),
      shrunk: RATES.map((rate, i) => [rate, 1 - lengths[i]! / lengths[0]!]),
      error,
      best: error.reduce((best, point) => (point[1] < best[1] ? point : best)),
    };
  },
);

export function present(state: State, words: Wording): Presented {
  const { fixed, felt, shrunk, error, best } = strength(state);
  const keep = 1 - state.rate;
  const nearest = RATES.reduce((a, b) => (Math.abs(b - state.rate) < Math.abs(a - state.rate) ? b : a));
  const i = RATES.indexOf(nearest);
  return {
    summary: words.summary({
      rate: short(state.rate),
      fixed: short(keep * state.rate),
      felt: short(state.rate / keep),
      near: short(nearest),
      shrunk: percent(shrunk[i]![1]),
      error: short(error[i]![1], 3),
      none: short(error[0]![1], 3),
      best: short(best[0]),
      least: short(best[1], 3),
    }),
    table: {
      columns: words.columns,
      rows: RATES.map((rate, r) => [rate, fixed[r]![1], felt[r]![1], shrunk[r]![1], error[r]![1]]),
    },
  };
}
