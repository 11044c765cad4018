// Which rows together would tell most of a network: batches for active learning.

import { checkCount, checkKey } from "../check.js";
import { noiseWord } from "../random/draw.js";
import type { FloatInput, Key } from "../types.js";
import { type Passes, passesOf, plogp } from "./pass-table.js";

export interface BatchBaldOptions {
  readonly rows: number;
  readonly classes: number;
  /** How many rows to choose: at most `rows`. */
  readonly count: number;
  /**
   * How many combinations of labels are held at most: as long as there are fewer all are summed, then as many are
   * drawn. Default 1024.
   */
  readonly combinations?: number;
  /** Where combinations are drawn from; needed if there are more than `combinations`. */
  readonly key?: Key;
}

/** Rows that were chosen one after the other. */
export interface ChosenBatch {
  readonly rows: Int32Array;
  /**
   * The mutual information between the labels of the rows so far and the network, in nats: never falling, up to
   * sampling.
   */
  readonly information: Float64Array;
}

/**
 * Chooses a batch of rows whose labels together would tell most of the network (BatchBALD): each row is the best one
 * beside those that are chosen already, so that it does not say the same again, as the rows with the highest mutual
 * information often do.
 *
 *     I(y_1 … y_m; network) = H(y_1 … y_m) - sum over rows of the expected entropy
 *
 * The joint entropy is summed over all combinations of labels while there are at most `combinations`, and estimated
 * from that many drawn ones afterwards.
 *
 * Shapes. `probabilities` holds rows x passes x classes numbers in C order; as for {@link epig}, a pass has to be one
 * network.
 * Randomness. Which combinations are drawn depends on `key` alone. Of equally good rows the first is taken.
 * Cost. count * rows * combinations * passes * classes.
 *
 * @throws {TypeError | RangeError} If the length does not fit, `count` is above `rows`, or `key` is missing where one
 *   is needed.
 * @example
 * ```ts
 * import { batchBald } from "hadamask/uncertainty";
 * // Rows 0 and 1 say the same; row 2 says something else, if less. Four passes, two classes.
 * const same = [1, 0, 1, 0, 0, 1, 0, 1];
 * const other = [0.9, 0.1, 0.1, 0.9, 0.9, 0.1, 0.1, 0.9];
 * console.log(batchBald([...same, ...same, ...other], { rows: 3, classes: 2, count: 2 }).rows); // Int32Array(2) [ 0, 2 ]
 * ```
 * @see Kirsch, van Amersfoort and Gal, "BatchBALD: efficient and diverse batch acquisition for deep Bayesian active
 *   learning", NeurIPS 2019.
 */
export function batchBald(probabilities: FloatInput, options: BatchBaldOptions): ChosenBatch {
  const where = "batchBald";
  const rows = checkCount(where, "rows", options.rows);
  const classes = checkCount(where, "classes", options.classes);
  const count = checkCount(where, "count", options.count, rows);
  const limit = checkCount(where, "combinations", options.combinations ?? 1024);
  const all = passesOf(where, "probabilities", probabilities, rows, classes);
  const key = classes ** (count - 1) > limit ? checkKey(where, options.key) : options.key;
  const own = Float64Array.from({ length: rows }, (_, row) => expectedEntropy(all, row));
  const chosen: number[] = [];
  const information = new Float64Array(count);
  let labels: Combinations = { areAll: true, list: [{ likelihood: new Float64Array(all.passes).fill(1), log: 0 }] };
  let known = 0; // the expected entropies of the chosen rows
  for (let m = 0; m < count; m++) {
    let best = -1;
    let most = Number.NEGATIVE_INFINITY;
    for (let row = 0; row < rows; row++) {
      if (chosen.includes(row)) continue;
      const gain = jointEntropy(labels, all, row) - own[row]!;
      if (gain > most) [best, most] = [row, gain];
    }
    chosen.push(best);
    information[m] = most - known;
    known += own[best]!;
    if (m + 1 < count) labels = withLabel(labels, all, best, limit, key, m);
  }
  return { rows: Int32Array.from(chosen), information };
}

function expectedEntropy({ passes, classes, values }: Passes, row: number): number {
  let sum = 0;
  for (let i = row * passes * classes; i < (row + 1) * passes * classes; i++) sum -= plogp(values[i]!);
  return sum / passes;
}

/** One label for each of the chosen rows. */
interface Combination {
  /** Its probability in each pass, divided by e^log. */
  readonly likelihood: Float64Array;
  readonly log: number;
}

/** Combinations of labels of the chosen rows: all of them, or drawn ones. */
interface Combinations {
  readonly areAll: boolean;
  readonly list: readonly Combination[];
}

/**
 * The probability of a combination with each label of one more row: the mean over passes of the products, divided by
 * e^log.
 */
function extended({ likelihood }: Combination, { passes, classes, values }: Passes, row: number): Float64Array {
  const out = new Float64Array(classes);
  for (let t = 0; t < passes; t++) {
    const weight = likelihood[t]! / passes;
    const first = (row * passes + t) * classes;
    for (let c = 0; c < classes; c++) out[c]! += weight * values[first + c]!;
  }
  return out;
}

const sumOf = (list: Float64Array): number => list.reduce((sum, value) => sum + value, 0);

/** Entropy of the labels of the chosen rows and one more. */
function jointEntropy({ areAll, list }: Combinations, all: Passes, row: number): number {
  let entropy = 0;
  for (const combination of list) {
    const joint = extended(combination, all, row);
    // One of all stands for its own probability, a drawn one for 1 / count of all.
    const share = areAll ? 1 : 1 / (list.length * sumOf(joint));
    for (const p of joint) if (p > 0) entropy -= share * p * (Math.log(p) + combination.log);
  }
  return entropy;
}

/** The combinations with the labels of `row` added. */
function withLabel(
  { areAll, list }: Combinations,
  all: Passes,
  row: number,
  limit: number,
  key: Key | undefined,
  m: number,
): Combinations {
  const labels = Array.from({ length: all.classes }, (_, c) => c);
  if (areAll && list.length * all.classes <= limit) {
    return { areAll, list: list.flatMap((one) => labels.map((c) => withOneLabel(one, all, row, c))) };
  }
  const uniform = (i: number): number => (noiseWord(key!, m * limit + i) + 0.5) / 2 ** 32;
  if (!areAll) {
    const next = (one: Combination, i: number): Combination =>
      rescaled(withOneLabel(one, all, row, pick(extended(one, all, row), uniform(i))));
    return { areAll, list: list.map(next) };
  }
  const joint = Float64Array.from(list.flatMap((one) => [...extended(one, all, row)]));
  const drawn = Array.from({ length: limit }, (_, i) => {
    const at = pick(joint, uniform(i));
    return withOneLabel(list[Math.floor(at / all.classes)]!, all, row, at % all.classes);
  });
  return { areAll: false, list: drawn };
}

/** A combination with label `c` of `row`. */
function withOneLabel({ likelihood, log }: Combination, all: Passes, row: number, c: number): Combination {
  return {
    likelihood: likelihood.map((value, t) => value * all.values[(row * all.passes + t) * all.classes + c]!),
    log,
  };
}

/** A drawn combination whose numbers do not underflow, however many rows it has. Those that are summed keep theirs. */
function rescaled({ likelihood, log }: Combination): Combination {
  const most = Math.max(...likelihood);
  if (most > 2 ** -500) return { likelihood, log };
  return { likelihood: likelihood.map((value) => value / most), log: log + Math.log(most) };
}

/** The entry that a uniform number falls on, by the entries' weights. */
function pick(weights: Float64Array, u: number): number {
  let left = u * sumOf(weights);
  let last = 0;
  for (let i = 0; i < weights.length; i++) {
    if (weights[i] === 0) continue;
    last = i;
    left -= weights[i]!;
    if (left < 0) return i;
  }
  return last; // rounding left something over
}
