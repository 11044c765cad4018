// Which rows together would tell most of a network: batches for active learning.

import { checkCount, checkKey } from "../check.js";
import { checkOptions } from "../options.js";
import { noiseWord } from "../random/draw.js";
import type { FloatInput, Key } from "../types.js";
import { type Beliefs, first, withRow } from "./beliefs.js";
import { InformationTable } from "./information-table.js";
import { mergedBeliefs } from "./merged-beliefs.js";
import { passesOf } from "./pass-table.js";

export interface BatchBaldOptions {
  readonly rows: number;
  /** 1: each number is the probability of class 1 of two. */
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
   * The mutual information between the labels of the rows so far and the network, in nats: at most ln T for T passes,
   * and never falling, up to sampling.
   */
  readonly information: Float64Array;
}

/**
 * Chooses a batch of rows whose labels together would tell most of the network (BatchBALD): each row is the best one
 * beside those that are chosen already, so that it does not say the same again, as the rows with the highest mutual
 * information often do.
 *
 *     I(y_1 … y_m; network) = E[ log p(y_1 … y_m | network) / p(y_1 … y_m) ]
 *                           = E[ KL(belief || 1 / T) + I(y_m; network under that belief) ]
 *
 * where the belief is what the labels of the rows so far say of the T passes. The outer mean is over those labels: over
 * all combinations of them while there are at most `combinations`, over that many drawn ones afterwards. No term is
 * above ln T, so no estimate is.
 *
 * Shapes. `probabilities` holds rows x passes x classes numbers in C order; as for {@link epig}, a pass has to be one
 *   network.
 * Randomness. Which combinations are drawn depends on `key` alone. Of equally good rows the first is taken.
 * Cost. At most count * rows * combinations * passes * classes products, in matrices, and as many logarithms as that
 *   has without passes. Rows are looked at under merged combinations first, which never say less (at most `passes` of
 *   them), and under all of them only where they could be the best. Processor time on an AMD EPYC: 0.14 s for 200 rows
 *   x 50 passes x 10 classes, batch 5; 18 s for 10,000 x 100 x 10, batch 10, of random networks that are sure of most
 *   rows.
 *
 * @throws {TypeError | RangeError} If the length does not fit, a pass gives no probabilities, `count` is above `rows`,
 *   or `key` is missing where one is needed.
 * @example
 * ```ts
 * import { batchBald } from "hadamask/uncertainty";
 * // Rows 0 and 1 say the same; row 2 says something else, if less. Four passes, two classes.
 * const same = [1, 0, 1, 0, 0, 1, 0, 1];
 * const other = [0.9, 0.1, 0.1, 0.9, 0.9, 0.1, 0.1, 0.9];
 * const { rows } = batchBald([...same, ...same, ...other], { rows: 3, classes: 2, count: 2 });
 * console.log(rows); // Int32Array(2) [ 0, 2 ]
 * ```
 * @see Kirsch, van Amersfoort and Gal, "BatchBALD: efficient and diverse batch acquisition for deep Bayesian active
 *   learning", NeurIPS 2019; Minoux, "Accelerated greedy algorithms for maximizing submodular set functions", 1978.
 */
export function batchBald(probabilities: FloatInput, options: BatchBaldOptions): ChosenBatch {
  const where = "batchBald";
  checkOptions(where, options, ["rows", "classes", "count", "combinations", "key"]);
  const rows = checkCount(where, "rows", options.rows);
  const columns = checkCount(where, "classes", options.classes);
  const count = checkCount(where, "count", options.count, rows);
  const limit = checkCount(where, "combinations", options.combinations ?? 1024);
  const all = passesOf(where, "probabilities", probabilities, rows, columns);
  const key = all.classes ** (count - 1) > limit ? checkKey(where, options.key) : options.key;
  const table = new InformationTable(all);
  const chosen = new Int32Array(count);
  const information = new Float64Array(count);
  /** What each row may add at most; what is chosen adds nothing any more. */
  const most = new Float64Array(rows).fill(Number.POSITIVE_INFINITY);
  let beliefs = first(all.passes);
  for (let m = 0; m < count; m++) {
    // What a row adds never rises as the batch grows; other drawn labels may say otherwise.
    if (!beliefs.areAll)
      most.forEach((bound, row) => {
        if (bound > Number.NEGATIVE_INFINITY) most[row] = Number.POSITIVE_INFINITY;
      });
    const best = bestRow(table, beliefs, all.passes, most);
    chosen[m] = best.row;
    information[m] = beliefs.known + best.gain;
    most[best.row] = Number.NEGATIVE_INFINITY;
    const uniform = (i: number): number => (noiseWord(key!, m * limit + i) + 0.5) / 2 ** 32;
    if (m + 1 < count) beliefs = withRow(beliefs, all, best.row, limit, uniform);
  }
  return { rows: chosen, information };
}

/** Sums of products of probabilities are exact to about this. */
const ROUNDING = 1e-12;

/** Merged beliefs are worth a look at all rows if they are at most one in so many. */
const FEW = 4;

/**
 * The row that adds most; `most` says what each may add at least as much as, where that is known. Rows are looked at in
 * the order of what they may add, until none that follows can be better.
 */
function bestRow(table: InformationTable, beliefs: Beliefs, passes: number, most: Float64Array): Best {
  let order = ordered(
    Int32Array.from(most.keys()).filter((row) => most[row]! > Number.NEGATIVE_INFINITY),
    most,
  );
  const merged = mergedBeliefs(beliefs, passes);
  if (FEW * merged.shares.length <= beliefs.shares.length) {
    const bounds = table.gains(merged, order);
    order.forEach((row, i) => {
      most[row] = Math.min(most[row]!, bounds[i]! + ROUNDING);
    });
    order = ordered(order, most);
  }
  let best: Best = { row: -1, gain: Number.NEGATIVE_INFINITY };
  for (let from = 0; from < order.length; from += table.blockSize) {
    if (most[order[from]!]! < best.gain) break;
    const block = order.subarray(from, from + table.blockSize);
    table.gains(beliefs, block).forEach((gain, i) => {
      const row = block[i]!;
      most[row] = Math.min(most[row]!, gain + ROUNDING);
      if (gain > best.gain || (gain === best.gain && row < best.row)) best = { row, gain };
    });
  }
  return best;
}

interface Best {
  readonly row: number;
  readonly gain: number;
}

const ordered = (rows: Int32Array, most: Float64Array): Int32Array => rows.sort((a, b) => most[b]! - most[a]! || a - b);
