// Few rows of a sure model may hold none that is wrong, and then their losses hardly differ. What a wrong row would
// lose is known from the model itself.

import { FLOOR, type Judged, type Labelled } from "./judged.js";
import type { Unseen } from "./mean-interval.js";

/** Losses of a row that is right, and of one that is wrong. */
export interface Outcomes {
  readonly right: number;
  readonly wrong: number;
}

/** What rows lose if they are right and if they are wrong, on average, as the model itself expects it. */
export function expectedLosses(
  table: Labelled,
  { predicted }: Pick<Judged, "predicted">,
): { readonly nll: Outcomes; readonly brier: Outcomes } {
  const { values, rows, classes } = table;
  const squares = Float64Array.from({ length: rows }, (_, row) => {
    let sum = 0;
    for (let c = 0; c < classes; c++) sum += values[row * classes + c]! ** 2;
    return sum;
  });
  const weight = (i: number): number => values[i]!;
  return {
    nll: outcomes(table, predicted, weight, (i) => -logOf(values[i]!)),
    // Sum of squares, with 1 - 2 p of the right class.
    brier: outcomes(table, predicted, weight, (i, row) => squares[row]! + 1 - 2 * values[i]!),
  };
}

/** How much more one model loses than another, as both together expect it: by the mean of their probabilities. */
export const expectedDifferences = (
  plain: Labelled,
  { values: other }: Labelled,
  { predicted }: Pick<Judged, "predicted">,
): Outcomes =>
  outcomes(
    plain,
    predicted,
    (i) => plain.values[i]! + other[i]!,
    (i) => logOf(plain.values[i]!) - logOf(other[i]!),
  );

const logOf = (p: number): number => Math.log(Math.max(FLOOR, p));

/**
 * The mean loss of rows whose likeliest class is the right one, and of rows where it is another: by the weights of
 * those, or all alike where these are 0. Both functions get the place of a probability.
 */
function outcomes(
  { rows, classes }: Labelled,
  predicted: Int32Array,
  weight: (i: number) => number,
  loss: (i: number, row: number) => number,
): Outcomes {
  let [right, wrong] = [0, 0];
  for (let row = 0; row < rows; row++) {
    let [weights, weighted, plain] = [0, 0, 0];
    for (let c = 0; c < classes; c++) {
      const i = row * classes + c;
      if (c === predicted[row]) right += loss(i, row);
      else {
        weights += weight(i);
        weighted += weight(i) * loss(i, row);
        plain += loss(i, row);
      }
    }
    wrong += weights > 0 ? weighted / weights : plain / (classes - 1);
  }
  return { right: right / rows, wrong: wrong / rows };
}

/** Half a row that is right, and half a row that is wrong. */
export function unseenRows({ right, wrong }: Outcomes, correct: ArrayLike<number>): Unseen[] {
  let seen = 0;
  for (let row = 0; row < correct.length; row++) seen += correct[row]!;
  return [
    { value: right, weight: 0.5, isLikely: seen > 0 },
    { value: wrong, weight: 0.5, isLikely: seen < correct.length },
  ];
}
