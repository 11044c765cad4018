// The measures of a comparison, with intervals: of each variant, and of its difference to the first. Knows no single
// measure: those are in class-measures.ts and value-measures.ts.

import { exactShare } from "hadamask/uncertainty";
import type { Design, Difference, Interval, Measure } from "../result.js";
import type { TrainedRun } from "../training/run.js";
import { correctedMean, crossedMean, type Estimate, holm, intervalOf, meanOf, pOf } from "./estimate.js";

/** What is measured on a run: a number for each test row, whose mean is the measure. */
export interface RowMeasure {
  rows(run: TrainedRun): Float64Array;
  /** The ends of the range of the measure, 0 where `least` is not said; those of differences are -most and most. */
  readonly least?: number;
  readonly most: number;
  /** Whether rows are 0 or 1, so that the law of their sum is known even where all are alike. */
  readonly isShare: boolean;
  /** Whether the rows of one seed say how far other rows are from them. */
  readonly fromOneSeed: boolean;
}

export const NLL: RowMeasure = {
  rows: ({ predictions }) => Float64Array.from(predictions.nll),
  most: Number.POSITIVE_INFINITY,
  isShare: false,
  fromOneSeed: true,
};

export interface Measured {
  readonly measures: readonly Measure[];
  /** Entry v - 1: variant v minus variant 0. */
  readonly differences: readonly Difference[];
}

/** @param byVariant The runs of each variant, by seed. */
export function measureAll(
  byVariant: readonly (readonly TrainedRun[])[],
  design: Design,
  trainRows: number,
  measure: RowMeasure,
): Measured {
  const tables = byVariant.map((runs) => runs.map(measure.rows));
  const apart = tables
    .slice(1)
    .map((table) => table.map((rows, s) => rows.map((value, r) => value - tables[0]![s]![r]!)));
  const estimates = apart.map((table) => estimateOf(table, design, trainRows, measure));
  const ps = holm(estimates.map(pOf));
  return {
    measures: tables.map((table) => {
      const estimate = estimateOf(table, design, trainRows, measure);
      const ci95 = within(shareInterval(table, measure) ?? intervalOf(estimate), measure.least ?? 0, measure.most);
      return { mean: estimate.mean, ...(ci95 && { ci95 }), perSeed: table.map(meanOf) };
    }),
    differences: estimates.map((estimate, v) => {
      const found = intervalOf(estimate) ?? unseenDifference(estimate.mean, apart[v]!, measure);
      const ci95 = within(found, -measure.most, measure.most);
      const p = ps[v];
      return { mean: estimate.mean, ...(ci95 && { ci95 }), ...(p !== undefined && { p }) };
    }),
  };
}

function estimateOf(
  table: readonly Float64Array[],
  design: Design,
  trainRows: number,
  { fromOneSeed }: RowMeasure,
): Estimate {
  if (table.length === 1 && !fromOneSeed) return { mean: meanOf(table[0]!), error: Number.NaN, df: 0 };
  if (design !== "folds" || table.length === 1) return crossedMean(table);
  return correctedMean(table.map(meanOf), table[0]!.length / trainRows);
}

/**
 * The binomial law's interval for a share of one seed's rows, or of seeds that all have the same one: no error in 30
 * rows may still be one in ten.
 */
function shareInterval(table: readonly Float64Array[], { isShare }: RowMeasure): Interval | undefined {
  if (!isShare) return undefined;
  const sums = table.map((values) => values.reduce((sum, value) => sum + value, 0));
  if (sums.some((sum) => sum !== sums[0])) return undefined;
  return exactShare(sums[0]!, table[0]!.length, 0.95);
}

/** Where seeds show no difference of their differences: in how many rows it may still lie. */
function unseenDifference(
  centre: number,
  table: readonly Float64Array[],
  { isShare }: RowMeasure,
): Interval | undefined {
  if (!isShare) return undefined;
  const [, most] = exactShare(0, table[0]!.length, 0.95);
  return [centre - most, centre + most];
}

const within = (interval: Interval | undefined, least: number, most: number): Interval | undefined =>
  interval && [Math.max(interval[0], least), Math.min(interval[1], most)];
