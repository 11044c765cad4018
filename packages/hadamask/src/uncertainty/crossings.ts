// Quantile outputs of a model that contradict each other: a higher level below a lower one.

import { checkIndex, checkProbability, rangeError, toFloatArray } from "../check.js";
import { checkOptions } from "../options.js";
import type { FloatInput } from "../types.js";

/** Where quantiles cross. */
export interface Crossings {
  /** Rows with at least one crossing. */
  readonly rows: number;
  /** That, as a share of all rows. */
  readonly share: number;
  /** The largest difference the wrong way round, in the unit of the values; 0 without crossings. */
  readonly largest: number;
}

/**
 * Counts rows whose quantiles are not in the order of their levels, as a model with a loss for each level can give
 * them.
 *
 * Shapes. `answers` holds rows x levels numbers in C order, one column for each of `levels`, in any order.
 *
 * @throws {TypeError | RangeError} If the length does not fit, or a level is not in [0, 1].
 * @example
 * ```ts
 * import { quantileCrossings } from "hadamask/uncertainty";
 * const found = quantileCrossings([1, 2, 3, 1, 4, 3], { rows: 2, levels: [0.1, 0.5, 0.9] });
 * console.log(found); // { rows: 1, share: 0.5, largest: 1 }
 * ```
 * @see Koenker, "Quantile regression" (2005), section 2.5.
 */
export function quantileCrossings(
  answers: FloatInput,
  options: { readonly rows: number; readonly levels: readonly number[] },
): Crossings {
  const where = "quantileCrossings";
  checkOptions(where, options, ["rows", "levels"]);
  const { rows, levels } = options;
  const values = toFloatArray(where, "answers", answers);
  checkIndex(where, "rows", rows);
  levels.forEach((level, i) => {
    checkProbability(where, `levels[${i}]`, level);
  });
  if (values.length !== rows * levels.length) {
    throw rangeError(where, "answers", `${rows} rows x ${levels.length} levels`, values);
  }
  const order = levels.map((_, i) => i).sort((a, b) => levels[a]! - levels[b]!);
  let [count, largest] = [0, 0];
  for (let row = 0; row < rows; row++) {
    let [highest, worst] = [Number.NEGATIVE_INFINITY, 0];
    for (const i of order) {
      const value = values[row * levels.length + i]!;
      worst = Math.max(worst, highest - value);
      highest = Math.max(highest, value);
    }
    if (worst > 0) count++;
    largest = Math.max(largest, worst);
  }
  return { rows: count, share: rows === 0 ? 0 : count / rows, largest };
}
