// Dropout on the inputs of linear regression, and ridge regression: weights and predictions along the rate.

import { dropoutRidge, featureSquares, type Regression, ridge } from "hadamask/theory";
import { DATA, X } from "../../../../cli/src/verify/regression-data.js";
import { evenly, type Point } from "../../charts/chart.js";
import { short } from "../../figure/numbers.js";
import type { Presented } from "../../figure/table.js";
import { numberField, type StateOf, switchField } from "../../state/fields.js";
import type { Wording } from "./words.js";

export const FEATURES = 3;

export const FIELDS = {
  rate: numberField(0.5, 0, 0.99),
  factor: numberField(1, 1, 10),
  standardised: switchField(false),
};

export type State = StateOf<typeof FIELDS>;

const RATES = evenly(0, 0.99, 67);

/** The data of the claims, with features of one sum of squares where asked for, and the first one multiplied. */
function dataOf({ factor, standardised }: State): Regression {
  const squares = featureSquares(X);
  const scales = Array.from(squares, (g) => (standardised ? Math.sqrt(X.length / g) : 1));
  scales[0]! *= factor;
  return { x: X.map((row) => row.map((v, j) => v * scales[j]!)), y: DATA.y };
}

/** The one ridge penalty that is as strong as dropout on average: the mean sum of squares times rate / keep. */
const penaltyOf = (data: Regression, rate: number): number => {
  const squares = featureSquares(data.x);
  return (squares.reduce((sum, g) => sum + g, 0) / squares.length) * (rate / (1 - rate));
};

export interface RidgePaths {
  /** For each feature its weight over the rate, times what the feature was multiplied by. */
  readonly dropout: readonly (readonly Point[])[];
  readonly ridge: readonly (readonly Point[])[];
  readonly at: { readonly dropout: readonly number[]; readonly ridge: readonly number[] };
  /** Predictions of the first row at the state's rate. */
  readonly predicted: { readonly dropout: number; readonly ridge: number };
  /** Largest distance of the two weights at that rate. */
  readonly distance: number;
}

export function ridgePaths(state: State): RidgePaths {
  const data = dataOf(state);
  const byDropout = (rate: number): number[] => [...dropoutRidge(data, { rate })];
  const byRidge = (rate: number): number[] => [...ridge(data, penaltyOf(data, rate))];
  const path = (fit: (rate: number) => number[]) => {
    const fits = RATES.map(fit);
    return Array.from({ length: FEATURES }, (_, j) => RATES.map((rate, i): Point => [rate, fits[i]![j]!]));
  };
  const at = { dropout: byDropout(state.rate), ridge: byRidge(state.rate) };
  const predict = (w: readonly number[]) => Array.from(data.x[0]!).reduce((sum, v, j) => sum + v * w[j]!, 0);
  return {
    dropout: path(byDropout),
    ridge: path(byRidge),
    at,
    predicted: { dropout: predict(at.dropout), ridge: predict(at.ridge) },
    distance: Math.max(...at.dropout.map((w, j) => Math.abs(w - at.ridge[j]!))),
  };
}

export function present(state: State, words: Wording): Presented {
  const { at, predicted, distance } = ridgePaths(state);
  return {
    summary: words.summary({
      rate: short(state.rate),
      distance: short(distance, 3),
      dropout: short(predicted.dropout),
      ridge: short(predicted.ridge),
    }),
    table: {
      columns: words.columns,
      rows: at.dropout.map((w, j) => [j + 1, w, at.ridge[j]!]),
    },
  };
}
