// All measures of a comparison: of classes or of values, as its runs predict.

import type { Design } from "../result.js";
import type { TrainedRun } from "../training/run.js";
import { CALIBRATION, TEST_ERROR } from "./class-measures.js";
import { type Measured, measureAll, NLL, type RowMeasure } from "./measures.js";
import { ABSOLUTE_ERROR, COVERAGE, COVERAGE_GAP, DENSITY_NLL, ROOT_MEAN_SQUARE } from "./value-measures.js";

export type { Measured };

/** By the names of a variant's summary. */
export interface MeasuredRuns {
  readonly testError: Measured;
  readonly nll: Measured;
  readonly ece: Measured;
  /** Of values. */
  readonly mae?: Measured;
  readonly coverage?: Measured;
}

/**
 * @param byVariant The runs of each variant, by seed, all of the same rows.
 * @param fitted Rows that a network was fitted to.
 */
export function measureRuns(
  byVariant: readonly (readonly TrainedRun[])[],
  design: Design,
  fitted: number,
): MeasuredRuns {
  const all = (measure: RowMeasure): Measured => measureAll(byVariant, design, fitted, measure);
  if ("label" in byVariant[0]![0]!.predictions)
    return { testError: all(TEST_ERROR), nll: all(NLL), ece: all(CALIBRATION) };
  return {
    testError: all(ROOT_MEAN_SQUARE),
    nll: all(DENSITY_NLL),
    ece: all(COVERAGE_GAP),
    mae: all(ABSOLUTE_ERROR),
    coverage: all(COVERAGE),
  };
}
