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
  { values, rows, classes }: Labelled,
  { predicted }: Pick<Judged, "predicted">,
): {
  readonly nll: Outcomes;
  readonly brier: Outcomes;
} {
  const sums = { nll: { right: 0, wrong: 0 }, brier: { right: 0, wrong: 0 } };
  for (let row = 0; row < rows; row++) {
    const best = values[row * classes + predicted[row]!]!;
    let [rest, surprise, squares] = [0, 0, 0];
    for (let c = 0; c < classes; c++) {
      if (c === predicted[row]) continue;
      const p = values[row * classes + c]!;
      rest += p;
      surprise -= p * Math.log(Math.max(FLOOR, p));
      squares += p * p;
    }
    sums.nll.right -= Math.log(Math.max(FLOOR, best));
    sums.nll.wrong += rest > 0 ? surprise / rest : -Math.log(FLOOR);
    // Sum of squares, with 1 - 2 p of the right class.
    sums.brier.right += best * best + squares + 1 - 2 * best;
    sums.brier.wrong += best * best + squares + 1 - (rest > 0 ? (2 * squares) / rest : 0);
  }
  const mean = ({ right, wrong }: Outcomes): Outcomes => ({ right: right / rows, wrong: wrong / rows });
  return { nll: mean(sums.nll), brier: mean(sums.brier) };
}

/**
 * How much more one model loses than another if rows are right and if they are wrong, as both together expect it: the
 * likeliest class of a row is the right one, or another, by the mean of both probabilities.
 */
export function expectedDifferences(
  { values: plain, rows, classes }: Labelled,
  { values: other }: Labelled,
  { predicted }: Pick<Judged, "predicted">,
): Outcomes {
  const sums = { right: 0, wrong: 0 };
  for (let row = 0; row < rows; row++) {
    let [rest, difference] = [0, 0];
    for (let c = 0; c < classes; c++) {
      const [p, q] = [plain[row * classes + c]!, other[row * classes + c]!];
      const more = Math.log(Math.max(FLOOR, p)) - Math.log(Math.max(FLOOR, q));
      if (c === predicted[row]) sums.right += more;
      else {
        rest += p + q;
        difference += (p + q) * more;
      }
    }
    if (rest > 0) sums.wrong += difference / rest;
  }
  return { right: sums.right / rows, wrong: sums.wrong / rows };
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
