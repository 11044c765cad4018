// From the splits of one set to its row of the table: means with standard errors, and how far they are from what was
// published for the same splits.

import type { ProtocolSettings, SplitResult } from "./protocol.js";
import type { RegressionSet } from "./sets.js";

/** What was published of one set: entry i is of split i. */
export interface PublishedSet {
  readonly singlePassRmse: readonly number[];
  /** Of the mean of all passes. */
  readonly rmse: readonly number[];
  readonly logLikelihood: readonly number[];
  /** The precision that was chosen. */
  readonly tau: readonly number[];
}

/**
 * A mean over splits, and the standard deviation of the splits over the root of their number: what the field reports.
 * Splits share most of their rows, so that it is not the error for other data of the kind.
 */
export interface SplitMean {
  readonly mean: number;
  /** Absent of a single split. */
  readonly error?: number;
}

export interface Compared extends SplitMean {
  readonly perSplit: readonly number[];
  /** Absent where nothing was published. */
  readonly published?: SplitMean;
  /** Ours less the published one, split by split. */
  readonly difference?: SplitMean;
  /** Whether the difference is within two of its standard errors; absent where there is none. */
  readonly agrees?: boolean;
}

export interface SetRow {
  readonly set: string;
  readonly title: string;
  /** Numbers of the splits that were run. */
  readonly splits: readonly number[];
  readonly splitsPublished: number;
  readonly epochs: number;
  readonly settings: ProtocolSettings;
  readonly rmse: { readonly singlePass: Compared; readonly off: Compared; readonly mean: Compared };
  readonly logLikelihood: { readonly singlePass: Compared; readonly off: Compared; readonly mean: Compared };
  /** How often each pair was chosen, the most frequent first. */
  readonly chosen: readonly { readonly rate: number; readonly precision: number; readonly splits: number }[];
}

/**
 * Splits of one set as a row of the table: means with standard errors, beside what was published.
 *
 * @param results Of one set, at least one, of any of its splits.
 * @example
 * ```ts
 * import { REGRESSION_SETS, setRow } from "@hadamask/experiments/reproduce";
 * const yacht = REGRESSION_SETS.find(({ name }) => name === "yacht")!;
 * const settings = { epochsFactor: 100, passes: 100, validationPasses: 100, seed: 1 };
 * const scores = { singlePass: 1.3, off: 0.8, mean: 0.7 };
 * const found = [0, 1].map((split) => ({
 *   ...{ set: "yacht", split, trainRows: 277, testRows: 31, grid: [], rate: 0.01, precision: 0.75 },
 *   ...{ rmse: scores, logLikelihood: scores },
 * }));
 * const row = setRow(yacht, { ...settings, grid: "full", decayUnit: "target" }, found);
 * console.log(row.rmse.mean.mean, row.chosen); // 0.7 [ { rate: 0.01, precision: 0.75, splits: 2 } ]
 * ```
 */
export function setRow(
  set: RegressionSet,
  settings: ProtocolSettings,
  results: readonly SplitResult[],
  published?: PublishedSet,
): SetRow {
  const splits = results.map(({ split }) => split);
  const compared = (value: (result: SplitResult) => number, of?: readonly number[]): Compared =>
    comparedWith(results.map(value), of === undefined ? undefined : splits.map((split) => of[split]!));
  return {
    ...{ set: set.name, title: set.title, splits, splitsPublished: set.splits },
    ...{ epochs: set.epochs * settings.epochsFactor, settings },
    rmse: {
      singlePass: compared(({ rmse }) => rmse.singlePass, published?.singlePassRmse),
      off: compared(({ rmse }) => rmse.off),
      mean: compared(({ rmse }) => rmse.mean, published?.rmse),
    },
    logLikelihood: {
      singlePass: compared(({ logLikelihood }) => logLikelihood.singlePass),
      off: compared(({ logLikelihood }) => logLikelihood.off),
      mean: compared(({ logLikelihood }) => logLikelihood.mean, published?.logLikelihood),
    },
    chosen: chosenPairs(results),
  };
}

function comparedWith(perSplit: readonly number[], of?: readonly number[]): Compared {
  const own = { ...meanOf(perSplit), perSplit };
  if (of === undefined) return own;
  const difference = meanOf(perSplit.map((value, i) => value - of[i]!));
  const { mean, error } = difference;
  const agrees = error === undefined ? {} : { agrees: Math.abs(mean) <= 2 * error };
  return { ...own, published: meanOf(of), difference, ...agrees };
}

/**
 * Mean and standard error of the mean.
 *
 * @example
 * ```ts
 * import { meanOf } from "@hadamask/experiments/reproduce";
 * console.log(meanOf([1, 2, 3])); // { mean: 2, error: 0.5773502691896257 }
 * ```
 */
export function meanOf(values: readonly number[]): SplitMean {
  const n = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  if (n < 2) return { mean };
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, error: Math.sqrt(squares / (n - 1) / n) };
}

function chosenPairs(results: readonly SplitResult[]): SetRow["chosen"] {
  const counts = new Map<string, { rate: number; precision: number; splits: number }>();
  for (const { rate, precision } of results) {
    const entry = counts.get(`${rate} ${precision}`) ?? { rate, precision, splits: 0 };
    entry.splits++;
    counts.set(`${rate} ${precision}`, entry);
  }
  return [...counts.values()].sort((a, b) => b.splits - a.splits || a.rate - b.rate || a.precision - b.precision);
}
