// How much a row's label would tell of the network under many beliefs at once: products of matrices, the inner loop of
// batchBald.

import type { Beliefs } from "./beliefs.js";
import { type Passes, plogp } from "./pass-table.js";

/** What a row adds, and the standard error of that where combinations of labels were drawn (0 where all are summed). */
export interface Gain {
  readonly gain: number;
  readonly error: number;
}

export class InformationTable {
  readonly #all: Passes;
  /** rows x passes: the entropy of each pass. */
  readonly #entropies: Float64Array;
  /** Of the row at hand. */
  readonly #table: Float64Array;
  readonly #terms: Float64Array;

  /** For beliefs after at most `combinations` combinations. */
  constructor(all: Passes, combinations: number) {
    this.#all = all;
    const { rows, passes, classes, values } = all;
    this.#table = new Float64Array(Math.ceil((classes + 1) / 4) * 4 * passes);
    this.#terms = new Float64Array(combinations);
    this.#entropies = new Float64Array(rows * passes);
    for (let i = 0; i < values.length; i++) this.#entropies[Math.floor(i / classes)]! -= plogp(values[i]!);
  }

  /**
   * For a row the mean over combinations of H(belief x probabilities) - belief x entropies: the mutual information of
   * its label and the network under that belief. With `count`, only so many of drawn combinations are looked at.
   */
  gain({ weights, shares, areAll }: Beliefs, row: number, count: number = shares.length): Gain {
    const terms = this.#informations(weights, count, row);
    let gain = 0;
    for (let k = 0; k < count; k++) gain += (areAll ? shares[k]! : 1 / count) * terms[k]!;
    if (areAll) return { gain, error: 0 };
    let squares = 0;
    for (let k = 0; k < count; k++) squares += (terms[k]! - gain) ** 2;
    return { gain, error: Math.sqrt(squares) / count };
  }

  /**
   * One row under each belief: two beliefs and four columns at a time, whose sums stay in registers. (0.4 of the time
   * of four beliefs and one column.)
   */
  #informations(weights: Float64Array, count: number, row: number): Float64Array {
    const { passes, classes } = this.#all;
    const table = this.#columns(row);
    const out = this.#terms.fill(0, 0, count);
    for (let k = 0; k < count; k += 2) {
      const a = k * passes;
      const b = Math.min(count - 1, k + 1) * passes;
      let [first, second] = [0, 0];
      for (let c = 0; c <= classes; c += 4) {
        let [a0, a1, a2, a3, b0, b1, b2, b3] = [0, 0, 0, 0, 0, 0, 0, 0];
        const c0 = c * passes;
        const c1 = c0 + passes;
        const c2 = c1 + passes;
        const c3 = c2 + passes;
        for (let t = 0; t < passes; t++) {
          const x = weights[a + t]!;
          const y = weights[b + t]!;
          const [p0, p1, p2, p3] = [table[c0 + t]!, table[c1 + t]!, table[c2 + t]!, table[c3 + t]!];
          a0 += x * p0;
          a1 += x * p1;
          a2 += x * p2;
          a3 += x * p3;
          b0 += y * p0;
          b1 += y * p1;
          b2 += y * p2;
          b3 += y * p3;
        }
        if (c === 0) {
          first -= a0; // column 0: the entropies
          second -= b0;
        } else {
          first -= plogp(a0);
          second -= plogp(b0);
        }
        first -= plogp(a1) + plogp(a2) + plogp(a3);
        second -= plogp(b1) + plogp(b2) + plogp(b3);
      }
      out[k] = first;
      if (k + 1 < count) out[k + 1] = second;
    }
    return out;
  }

  /** Columns x passes: the entropies, then the probabilities class by class, then zeros up to a whole four. */
  #columns(row: number): Float64Array {
    const { passes, classes, values } = this.#all;
    const out = this.#table;
    for (let t = 0; t < passes; t++) {
      out[t] = this.#entropies[row * passes + t]!;
      for (let c = 0; c < classes; c++) out[(c + 1) * passes + t] = values[(row * passes + t) * classes + c]!;
    }
    return out;
  }
}
