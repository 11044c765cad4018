// Sets of classes that hold the right one with a promised probability, whatever the model is worth.

import { checkAbove, checkCount, checkIndex, checkKey, checkLength, rangeError, toFloatArray } from "../check.js";
import { checkOptions } from "../options.js";
import { foldIn } from "../random/key.js";
import { drawUniforms } from "../random/uniform.js";
import type { FloatInput, Key } from "../types.js";
import { type ConformalCoverage, type ConformalPromise, checkLevel, coverageOf, promiseOf } from "./conformal.js";
import { type ClassScore, type ClassScoring, scoreClasses } from "./conformal-scores.js";
import { checkDistributions } from "./distributions.js";
import { type Labels, labelled } from "./judged.js";

export interface ConformalClassOptions {
  /** How many of the sets are to hold the right class. Default 0.9. */
  readonly level?: number;
  /**
   * "lac" gives the smallest sets on average, "aps" larger ones for harder rows, "raps" the same with a limit. Default
   * "lac".
   */
  readonly score?: ClassScore;
  /** "aps", "raps": where the chance at a set's edge is drawn from. Without it the edge is always in: larger sets. */
  readonly key?: Key;
  /** A threshold for each class, so that each class is covered, rare ones too. Default false. */
  readonly perClass?: boolean;
  /** "raps": what each class past the `freeClasses` likeliest adds. Default 0.01. */
  readonly penalty?: number;
  /** Default 5. */
  readonly freeClasses?: number;
  /** Whether a set may be empty, which tells that nothing fits. Default false: the likeliest class is always in. */
  readonly allowEmpty?: boolean;
}

/** Sets of classes, one a row. */
export interface ClassSets {
  readonly rows: number;
  readonly classes: number;
  /** rows x classes: 1 where the class is in the set. */
  readonly contains: Uint8Array;
  readonly sizes: Int32Array;
  readonly meanSize: number;
}

export interface ConformalClasses {
  readonly classes: number;
  readonly level: number;
  /** One, or with `perClass` one for each class. */
  readonly promises: readonly ConformalPromise[];
  /** Sets for new rows; `offset` is the number of the first one, for data that come piece by piece. */
  sets(probabilities: FloatInput, options?: { readonly offset?: number }): ClassSets;
}

/**
 * Split conformal prediction for a classifier: from rows that it was not trained on, sets that hold the right class of
 * a new row with probability `level` or more. All that is asked of the rows is that they could have come in any order.
 *
 *     threshold = the k-th smallest score of the right classes, k = ceil((rows + 1) level)
 *     set       = the classes whose score is at most the threshold
 *
 * Scores: {@link ClassScore}. With `perClass` the promise holds for each class by itself; a class with too few rows is
 * in every set.
 *
 * Shapes. `probabilities` holds rows x classes numbers in C order (one column: the probability of class 1 of two),
 *   `labels` one class number a row.
 * Randomness. With `key` the set of a row depends on `key` and the row's number.
 * Numerics. The promise is exact: P(covered) = k / (rows + 1) where scores do not tie and sets may be empty, more
 *   otherwise. Over calibrations the coverage is Beta(k, rows + 1 - k): each promise holds its middle 95 %.
 * Cost. One sort.
 *
 * @throws {TypeError | RangeError} If probabilities and labels do not fit, or an option is out of range.
 * @example
 * ```ts
 * import { conformalClasses, setCoverage } from "hadamask/uncertainty";
 * // Four calibration rows, level 0.8: k = 4, the largest of the scores 0.1, 0.2, 0.3, 0.6 of the right classes.
 * const { promises, sets } = conformalClasses([0.1, 0.8, 0.3, 0.4], [0, 1, 0, 1], { level: 0.8 });
 * console.log(promises[0]!.threshold, promises[0]!.expected); // 0.6 0.8
 * const found = sets([0.5, 0.95]);
 * console.log([...found.sizes], setCoverage(found, [0, 1]).coverage); // [ 2, 1 ] 1
 * ```
 * @see Sadinle, Lei and Wasserman, "Least ambiguous set-valued classifiers with bounded error levels", JASA 114 (2019):
 *   LAC; Romano, Sesia and Candès, "Classification with valid and adaptive coverage", NeurIPS 2020: APS; Angelopoulos,
 *   Bates, Malik and Jordan, "Uncertainty sets for image classifiers using conformal prediction", ICLR 2021: RAPS;
 *   Vovk, "Conditional validity of inductive conformal predictors", ACML 2012: the beta law.
 */
export function conformalClasses(
  probabilities: FloatInput,
  labels: Labels,
  options: ConformalClassOptions = {},
): ConformalClasses {
  const where = "conformalClasses";
  const scoring = checkScoring(where, options);
  const level = checkLevel(where, options.level ?? 0.9);
  const key = options.key === undefined ? undefined : checkKey(where, options.key);
  const { values, rows, classes } = labelled(where, probabilities, labels);
  const columns = probabilities.length / rows;
  const draws = partsOf(key, 0, 0, rows);
  const scores = Float64Array.from({ length: rows }, (_, row) => {
    return scoreClasses(rowOf(values, row, classes), scoring, draws[row]!)[labels[row]!]!;
  });
  const isOf = (c: number) => (_: number, row: number) => labels[row] === c;
  const promises = options.perClass
    ? Array.from({ length: classes }, (_, c) => promiseOf(scores.filter(isOf(c)), level))
    : [promiseOf(scores, level)];
  const sets: ConformalClasses["sets"] = (fresh, { offset = 0 } = {}) => {
    const table = tableOf(fresh, columns);
    const first = checkIndex("conformalClasses.sets", "offset", offset);
    const parts = partsOf(key, 1, first, table.length / classes);
    return cut(table, { classes, scoring, parts, promises, allowEmpty: options.allowEmpty ?? false });
  };
  return { classes, level, promises, sets };
}

function checkScoring(where: string, options: ConformalClassOptions): ClassScoring {
  checkOptions(where, options, ["level", "score", "key", "perClass", "penalty", "freeClasses", "allowEmpty"]);
  const { score = "lac", penalty = 0.01, freeClasses = 5 } = options;
  if (score !== "lac" && score !== "aps" && score !== "raps") {
    throw rangeError(where, "score", '"lac", "aps" or "raps"', score);
  }
  checkAbove(where, "penalty", penalty, 0, true);
  checkIndex(where, "freeClasses", freeClasses);
  return { score, penalty, freeClasses };
}

/** The part of a class's own probability that counts, row by row: all of it without a key. */
function partsOf(key: Key | undefined, use: 0 | 1, offset: number, rows: number): Float64Array {
  const out = new Float64Array(rows).fill(1);
  if (key !== undefined) drawUniforms(out, foldIn(key, use), offset);
  return out;
}

const rowOf = (values: ArrayLike<number>, row: number, classes: number): Float64Array =>
  Float64Array.from({ length: classes }, (_, c) => values[row * classes + c]!);

/** New rows, with as many columns as those of the calibration, checked. */
function tableOf(probabilities: FloatInput, columns: number): ArrayLike<number> {
  const where = "conformalClasses.sets";
  const numbers = toFloatArray(where, "probabilities", probabilities);
  if (numbers.length % columns !== 0) {
    throw rangeError(where, "probabilities", `a whole number of rows of ${columns} probabilities`, numbers);
  }
  return checkDistributions(where, "probabilities", numbers, columns).values;
}

interface Cut {
  readonly classes: number;
  readonly scoring: ClassScoring;
  readonly parts: Float64Array;
  readonly promises: readonly ConformalPromise[];
  readonly allowEmpty: boolean;
}

/** The classes of each row whose score is at most their threshold. */
function cut(table: ArrayLike<number>, { classes, scoring, parts, promises, allowEmpty }: Cut): ClassSets {
  const rows = parts.length;
  const contains = new Uint8Array(rows * classes);
  const sizes = new Int32Array(rows);
  for (let row = 0; row < rows; row++) {
    const p = rowOf(table, row, classes);
    const scores = scoreClasses(p, scoring, parts[row]!);
    let likeliest = 0;
    for (let c = 0; c < classes; c++) {
      if (p[c]! > p[likeliest]!) likeliest = c;
      if (scores[c]! <= (promises[c] ?? promises[0]!).threshold) contains[row * classes + c] = 1;
    }
    if (!allowEmpty) contains[row * classes + likeliest] = 1;
    for (let c = 0; c < classes; c++) sizes[row]! += contains[row * classes + c]!;
  }
  return { rows, classes, contains, sizes, meanSize: rows === 0 ? 0 : sizes.reduce((a, b) => a + b, 0) / rows };
}

/**
 * How many sets of labelled rows hold the right class, with the exact interval of that share.
 *
 * @throws {TypeError | RangeError} If there is not one label a row, or a label is no class number.
 * @example
 * ```ts
 * import { conformalClasses, setCoverage } from "hadamask/uncertainty";
 * const { sets } = conformalClasses([0.1, 0.8, 0.3, 0.4], [0, 1, 0, 1], { level: 0.8 });
 * console.log(setCoverage(sets([0.5, 0.95]), [0, 0]).coverage); // 0.5
 * ```
 */
export function setCoverage(sets: ClassSets, labels: Labels): ConformalCoverage {
  const where = "setCoverage";
  checkLength(where, "labels", labels.length, checkCount(where, "rows", sets.rows), "like the sets");
  let covered = 0;
  for (let row = 0; row < sets.rows; row++) {
    covered += sets.contains[row * sets.classes + checkIndex(where, `labels[${row}]`, labels[row], sets.classes)]!;
  }
  return coverageOf(covered, sets.rows, sets.meanSize);
}
