// Which rows would tell most of other rows: expected predictive information gain.

import { checkCount } from "../check.js";
import { checkOptions } from "../options.js";
import type { FloatInput } from "../types.js";
import { type Passes, passesOf, plogp } from "./pass-table.js";

/**
 * The expected predictive information gain of each row: how much its label would tell of the labels of the target rows.
 *
 *     EPIG(x) = mean over target rows x* of KL( p(y, y*) || p(y) p(y*) )    p(y, y*) = mean over passes of p(y) p(y*)
 *
 * Rows that are merely hard, or far from what matters, score low; BALD (the mutual information of `classStatistics`)
 * does not see that.
 *
 * Shapes. `pool` holds rows x passes x classes numbers, `targets` targetRows x passes x classes.
 * Randomness. None here; but pass t has to be one network for all rows, with the same mask for each
 *   (`sharedAxes: [0]`), or rows have nothing to say of each other.
 * Cost. rows * targetRows * passes * classes^2.
 *
 * @throws {TypeError | RangeError} If a length does not fit, or pool and targets have different numbers of passes.
 * @example
 * ```ts
 * import { epig } from "hadamask/uncertainty";
 * // Two passes, two classes: the first row goes with the target, the second is the same in both passes.
 * const gain = epig([1, 0, 0, 1, 0.5, 0.5, 0.5, 0.5], [0, 1, 1, 0], { rows: 2, targetRows: 1, classes: 2 });
 * console.log(gain[0] === Math.log(2), gain[1]); // true 0
 * ```
 * @see Bickford Smith, Kirsch, Farquhar, Gal, Foster and Rainforth, "Prediction-oriented Bayesian active learning",
 *   AISTATS 2023.
 */
export function epig(
  pool: FloatInput,
  targets: FloatInput,
  sizes: { readonly rows: number; readonly targetRows: number; readonly classes: number },
): Float64Array {
  const where = "epig";
  checkOptions(where, sizes, ["rows", "targetRows", "classes"]);
  const columns = checkCount(where, "classes", sizes.classes);
  const from = passesOf(where, "pool", pool, checkCount(where, "rows", sizes.rows), columns);
  const to = passesOf(where, "targets", targets, checkCount(where, "targetRows", sizes.targetRows), columns);
  if (from.passes !== to.passes) {
    throw new RangeError(`${where}: targets must have ${from.passes} passes like pool, got ${to.passes}`);
  }
  return Float64Array.from({ length: from.rows }, (_, row) => {
    let sum = 0;
    for (let target = 0; target < to.rows; target++) sum += informationBetween(from, row, to, target);
    return sum / to.rows;
  });
}

/** KL divergence of the joint distribution of two labels from the product of their own. */
function informationBetween(a: Passes, row: number, b: Passes, target: number): number {
  const { classes, passes } = a;
  const joint = new Float64Array(classes * classes);
  const own = new Float64Array(classes);
  const others = new Float64Array(classes);
  for (let t = 0; t < passes; t++) {
    const [p, q] = [(row * passes + t) * classes, (target * passes + t) * classes];
    for (let c = 0; c < classes; c++) {
      const mine = a.values[p + c]! / passes;
      own[c]! += mine;
      others[c]! += b.values[q + c]! / passes;
      for (let d = 0; d < classes; d++) joint[c * classes + d]! += mine * b.values[q + d]!;
    }
  }
  const entropy = (list: Float64Array): number => -list.reduce((sum, p) => sum + plogp(p), 0);
  return Math.max(0, entropy(own) + entropy(others) - entropy(joint)); // rounding can take it below 0 where it is 0
}
