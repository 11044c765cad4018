// When there have been enough passes: a fixed number, or until a standard error is small enough.

import { checkCount, describe } from "../check.js";
import type { Prediction } from "./prediction.js";

/** What has to be known how well. */
export interface Precision {
  /** A statistic of the prediction; "mean" is the worst of the row's classes or values. */
  readonly of: PreciseStatistic;
  /** Each row continues until its standard error is at most this. */
  readonly standardError: number;
}

const OF_CLASSES = [
  "mean",
  "maxProbability",
  "predictiveEntropy",
  "expectedEntropy",
  "mutualInformation",
  "variationRatio",
] as const;
const OF_LABELS = ["mean", "predictiveEntropy", "expectedEntropy", "mutualInformation"] as const;
const OF_VALUES = ["mean", "variance", "aleatoric", "total"] as const;

export type PreciseStatistic = (typeof OF_CLASSES)[number] | (typeof OF_VALUES)[number];

/** How many passes to make, checked. */
export interface Stopping {
  /** After how many passes the rows are looked at; the last entry ends it. */
  readonly checkpoints: readonly number[];
  readonly precision: Precision | undefined;
}

/**
 * Passes before a standard error is believed. It counts passes that say the contrary, so that for probabilities there
 * are at least 1.4 / standardError of them, whatever the first ones say: 155 for 0.01
 * (test/statistics/stopping.test.ts).
 */
const FIRST_LOOK = 32;

/** The classes' default: probabilities to about one percentage point. */
const DEFAULT_PRECISION: Precision = { of: "mean", standardError: 0.01 };

export function checkStopping(
  where: string,
  kind: "classes" | "labels" | "positions" | "values",
  options: { readonly samples?: number | "auto"; readonly precision?: Precision; readonly maxSamples?: number },
  fixed: number | undefined,
): Stopping {
  const { samples = fixed ?? 100, precision, maxSamples = 1000 } = options;
  if (samples !== "auto") {
    if (typeof samples !== "number")
      throw new TypeError(`${where}: samples must be a whole number or "auto", got ${describe(samples)}`);
    if (precision !== undefined)
      throw new TypeError(`${where}: precision goes with samples "auto", got samples ${samples}`);
    return { checkpoints: [checkSamples(where, samples, fixed)], precision: undefined };
  }
  if (kind === "positions")
    throw new TypeError(`${where}: samples must be a number where a row has many answers, got "auto"`);
  if (fixed !== undefined)
    throw new TypeError(`${where}: samples must be a number for ${fixed} fixed masks, got "auto"`);
  checkCount(where, "maxSamples", maxSamples, FIRST_LOOK, 2 ** 31 - 1);
  if (precision === undefined && kind === "values") {
    throw new TypeError(
      `${where}: precision is missing; pass for instance { of: "mean", standardError: 0.01 }, in the unit of ` +
        `the answer`,
    );
  }
  return { checkpoints: looks(maxSamples), precision: checkPrecision(where, kind, precision ?? DEFAULT_PRECISION) };
}

/** Checks a number of passes; there are no more than fixed masks. */
export function checkSamples(where: string, samples: unknown, fixed: number | undefined, least = 2): number {
  const count = checkCount(where, "samples", samples, least, 2 ** 31 - 1);
  if (fixed === undefined || count <= fixed) return count;
  throw new RangeError(`${where}: samples must be at most ${fixed}, the number of fixed masks, got ${count}`);
}

/**
 * A quarter more passes from look to look: at most a quarter of the work is in vain, and few looks mean few chances
 * to stop by luck.
 */
function looks(most: number): number[] {
  const at = [FIRST_LOOK];
  while (at.at(-1)! < most) at.push(Math.min(most, Math.ceil(at.at(-1)! * 1.25)));
  return at;
}

function checkPrecision(where: string, kind: "classes" | "labels" | "values", precision: Precision): Precision {
  const names: readonly string[] = { classes: OF_CLASSES, labels: OF_LABELS, values: OF_VALUES }[kind];
  if (!names.includes(precision.of)) {
    throw new RangeError(`${where}: precision.of must be one of ${names.join(", ")}, got ${describe(precision.of)}`);
  }
  if (!(typeof precision.standardError === "number" && precision.standardError > 0)) {
    throw new RangeError(
      `${where}: precision.standardError must be a number above 0, got ${describe(precision.standardError)}`,
    );
  }
  return precision;
}

/** Whether a filled row is known well enough. */
export function isPrecise(prediction: Prediction, row: number, { of, standardError }: Precision): boolean {
  if (prediction.kind === "positions") return true;
  const errors = (prediction.standardError as unknown as Readonly<Record<string, Float64Array | undefined>>)[of];
  if (errors === undefined) return true;
  const size = errors.length / prediction.rows;
  return errors.subarray(row * size, (row + 1) * size).every((error) => error <= standardError);
}
