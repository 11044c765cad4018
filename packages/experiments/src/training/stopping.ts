// Rows for validation, and early stopping: how many epochs are best, by the loss of a part of the training rows. Knows
// no network.

import type { RunSettings } from "./settings.js";

/** After how many epochs without a better one it is given up. */
const PATIENCE = 30;

/** The epoch with the lowest value, from 1 on; 0 where there is none yet. */
export function bestEpoch(validation: readonly number[]): number {
  let best = 0;
  validation.forEach((value, i) => {
    if (best === 0 || value < validation[best - 1]!) best = i + 1;
  });
  return best;
}

/** Whether more epochs are not worth trying. */
export const isGivenUp = (validation: readonly number[]): boolean =>
  validation.length - bestEpoch(validation) >= PATIENCE;

/** Rows for validation of so many training rows; at least 1, and 1 is left. @throws {RangeError} Of fewer than 2. */
export function validationRows(trainRows: number, share: number): number {
  if (!(trainRows >= 2)) {
    throw new RangeError(`early-stopping: the training rows must be 2 or more, got ${trainRows}`);
  }
  return Math.max(1, Math.floor(share * trainRows));
}

/**
 * The training rows that a network is fitted to: all, but for those that are held back for validation.
 *
 * @example
 * ```ts
 * import { fittedRows } from "@hadamask/experiments/settings";
 * console.log(fittedRows({ trainRows: 100, validation: 0.2 })); // 80
 * ```
 */
export const fittedRows = ({ trainRows, validation }: Pick<RunSettings, "trainRows" | "validation">): number =>
  validation === undefined ? trainRows : trainRows - validationRows(trainRows, validation);
