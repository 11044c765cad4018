// Is a model calibrated? Its calibration errors beside those of a calibrated model with the same probabilities.

import { checkCount, checkKey, checkProbability } from "../check.js";
import { checkOptions } from "../options.js";
import { foldIn } from "../random/key.js";
import { drawUniforms } from "../random/uniform.js";
import type { FloatInput, Key } from "../types.js";
import type { Interval } from "./binomial.js";
import { ABSOLUTE, binRows, checkBins, measureOf, SQUARED, sumBins } from "./bins.js";
import { classwise, gapsOf } from "./calibration.js";
import { calibrationInterval } from "./calibration-interval.js";
import { type Judged, judgeRows, type Labelled, type Labels, labelled, meanOf } from "./judged.js";
import { farther } from "./mean-interval.js";
import { meanScore, type Score } from "./score.js";
import { unseenRows } from "./unseen.js";

/** A calibration error, and what a calibrated model would have. */
export interface CalibrationFloor {
  readonly value: number;
  /** The mean of a calibrated model with the same probabilities. */
  readonly floor: number;
  /** Its 95 % point: above it the model is not calibrated. */
  readonly limit: number;
  /** How often a calibrated model has a value as large, at least 1 / (resamples + 1). */
  readonly pValue: number;
}

/** With the interval of the true error. */
export interface CalibrationScore extends CalibrationFloor {
  /** Where the true error lies, that of so many rows that chance plays no part: 0 for a calibrated model. */
  readonly interval: Interval;
}

export interface CalibrationTest {
  /** {@link overconfidence}. Its interval keeps its level from 100 rows on: docs/uncertainty.md. */
  readonly overconfidence: Score;
  /** {@link calibrationError} with bins of equal width. */
  readonly ece: CalibrationScore;
  /** {@link calibrationError} with bins of equally many rows. */
  readonly adaptiveEce: CalibrationScore;
  /** {@link squaredCalibrationError}. */
  readonly squared: CalibrationScore;
  /** {@link classwiseCalibrationError}. */
  readonly classwise: CalibrationFloor;
}

export interface CalibrationTestOptions {
  /** Where chance is drawn from. */
  readonly key: Key;
  /** Default 15. */
  readonly bins?: number;
  /** Calibrated models that are drawn. Default 1000. */
  readonly resamples?: number;
  /** Of the intervals. Default 0.95. */
  readonly level?: number;
}

/**
 * Tests whether a classifier is calibrated, and says how far it is from it.
 *
 * A calibrated model has a calibration error above 0 by chance alone. How far above is found by consistency
 * resampling: labels are drawn from the model's own probabilities, again and again, and judged as the real ones are.
 * Two models are compared by what is above their floors, or by `squared`, whose floor is 0.
 *
 * Shapes. `probabilities` holds rows x classes numbers in C order (one column: of class 1 of two), `labels` one class
 *   number a row.
 * Randomness. Depends on `key` alone.
 * Numerics. The true error is that of the population which the rows are drawn from, in bins with the edges that these
 *   rows gave. Intervals by test inversion (calibration-interval.ts); the value itself is always inside. At level 0.95
 *   they hold 0 for 95 % of calibrated models. How gaps are spread over the bins is not known, so that the interval
 *   allows for two ways; how often it holds the truth of models that are not calibrated is simulated in
 *   bench/calibration-coverage.mjs, with a table in docs/uncertainty.md. Bootstrap intervals cover a calibrated model
 *   in 42 to 60 % of cases. `classwise` has a floor and a test, and no interval: its bins share their rows, and the
 *   same construction covers in 70 to 100 % of cases (bench/classwise-interval.mjs).
 * Cost. `resamples` looks at the probabilities; 0.3 s for 797 rows of 10 classes.
 *
 * @throws {TypeError | RangeError} If probabilities and labels do not fit, or an option is out of range.
 * @example
 * ```ts
 * import { key } from "hadamask";
 * import { calibrationTest } from "hadamask/uncertainty";
 * // 200 rows, 80 % sure, right in four of five cases: calibrated. Then right in three of five.
 * const sure = Array.from({ length: 200 }, () => [0.8, 0.2]).flat();
 * const right = (of: number) => Array.from({ length: 200 }, (_, row) => (row % 5 < of ? 0 : 1));
 * console.log(calibrationTest(sure, right(4), { key: key(1) }).ece.interval[0]); // 0
 * console.log(calibrationTest(sure, right(3), { key: key(1) }).ece.pValue < 0.01); // true
 * ```
 * @see Bröcker and Smith, "Increasing the reliability of reliability diagrams", Weather and Forecasting 22 (2007);
 *   Vaicenavicius et al., "Evaluating model calibration in classification", AISTATS 2019; Kumar, Liang and Ma,
 *   "Verified uncertainty calibration", NeurIPS 2019.
 */
export function calibrationTest(
  probabilities: FloatInput,
  labels: Labels,
  options: CalibrationTestOptions,
): CalibrationTest {
  const where = "calibrationTest";
  const key = checkKey(where, options?.key);
  const table = labelled(where, probabilities, labels);
  return testOf(where, judgeRows(table, labels), table, labels, { ...options, key });
}

/** {@link calibrationTest} of rows that are judged already. */
export function testOf(
  where: string,
  judged: Judged,
  table: Labelled,
  labels: Labels,
  options: CalibrationTestOptions,
): CalibrationTest {
  checkOptions(where, options, ["key", "bins", "resamples", "level"]);
  const resamples = checkCount(where, "resamples", options.resamples ?? 1000, 1_000_000);
  const level = checkProbability(where, "level", options.level ?? 0.95);
  const bins = options.bins === undefined ? {} : { bins: options.bins };
  const width = checkBins(where, { ...bins, binning: "width" });
  const mass = checkBins(where, { ...bins, binning: "mass" });
  const parts = [
    { measure: ABSOLUTE, options: width },
    { measure: ABSOLUTE, options: mass },
    { measure: SQUARED, options: mass },
  ].map((part) => ({ ...part, bins: binRows(judged.confidence, part.options) }));
  const classErrors = classwise(table, width);
  const measures = (drawn: Labels, correct: ArrayLike<number>): number[] => [
    ...parts.map(({ measure, bins: own }) => measureOf(measure, sumBins(own, judged.confidence, correct))),
    classErrors(drawn),
  ];
  const values = measures(labels, judged.correct);
  const chance = consistent(judged, table, foldIn(options.key, 0), resamples, measures);
  const floors = values.map((value, m) => floorOf(value, chance[m]!));
  const [ece, adaptiveEce, squared] = parts.map(({ measure, bins: own }, m): CalibrationScore => {
    const sums = sumBins(own, judged.confidence, judged.correct);
    const [low, high] = calibrationInterval(sums, measure, level);
    const value = Math.max(0, values[m]!);
    return { ...floors[m]!, interval: [Math.min(low, value), Math.max(high, value)] };
  });
  return {
    overconfidence: overconfidenceScore(judged, level),
    ece: ece!,
    adaptiveEce: adaptiveEce!,
    squared: squared!,
    classwise: floors[3]!,
  };
}

/** {@link overconfidence} with its interval. Few rows may hold none that is wrong, and none that is unsure. */
export function overconfidenceScore(judged: Judged, level: number): Score {
  const sure = meanOf(judged.confidence);
  const gaps = gapsOf(judged);
  const [unsure] = farther(gaps, level);
  const unseen = unseenRows({ right: sure - 1, wrong: sure }, judged.correct);
  return meanScore(gaps, level, [-1, 1], [...unseen, unsure]);
}

/** Measures of models that are calibrated: labels drawn from the probabilities. */
function consistent(
  { predicted }: Judged,
  { values, rows, classes }: Labelled,
  key: Key,
  resamples: number,
  measures: (labels: Labels, correct: ArrayLike<number>) => number[],
): Float64Array[] {
  const out = Array.from({ length: 4 }, () => new Float64Array(resamples));
  const u = new Float64Array(rows);
  const labels = new Int32Array(rows);
  const correct = new Uint8Array(rows);
  for (let r = 0; r < resamples; r++) {
    drawUniforms(u, key, r * rows);
    for (let row = 0; row < rows; row++) {
      // The predicted class first: most draws end there.
      const best = predicted[row]!;
      let left = u[row]! - values[row * classes + best]!;
      let label = best;
      for (let c = 0; left >= 0 && c < classes; c++) {
        if (c === best) continue;
        left -= values[row * classes + c]!;
        label = c;
      }
      labels[row] = label;
      correct[row] = label === best ? 1 : 0;
    }
    measures(labels, correct).forEach((value, m) => {
      out[m]![r] = value;
    });
  }
  return out;
}

function floorOf(value: number, chance: Float64Array): CalibrationFloor {
  const sorted = chance.slice().sort();
  const n = sorted.length;
  const above = n - sorted.findIndex((other) => other >= value - 1e-12);
  const isAny = sorted[n - 1]! >= value - 1e-12;
  return {
    value,
    floor: sorted.reduce((sum, other) => sum + other, 0) / n,
    limit: sorted[Math.min(n - 1, Math.ceil(0.95 * n) - 1)]!,
    pValue: ((isAny ? above : 0) + 1) / (n + 1),
  };
}
