// How much the label of each row would tell of the network under many beliefs at once: products of matrices, the inner
// loop of batchBald.

import { addProduct } from "../kernels/dense.js";
import type { Beliefs } from "./beliefs.js";
import { type Passes, plogp } from "./pass-table.js";

/** Probabilities of some rows that are multiplied at a time: as many as stay in the cache. */
const PIECE = 16_384;

export type WeightedBeliefs = Pick<Beliefs, "weights" | "shares">;

export class InformationTable {
  readonly #all: Passes;
  /** rows x passes: the entropy of each pass. */
  readonly #entropies: Float64Array;

  constructor(all: Passes) {
    this.#all = all;
    const { rows, passes, classes, values } = all;
    this.#entropies = new Float64Array(rows * passes);
    for (let i = 0, at = 0; at < this.#entropies.length; at++) {
      let entropy = 0;
      for (let c = 0; c < classes; c++) entropy -= plogp(values[i++]!);
      this.#entropies[at] = entropy;
    }
  }

  /** Rows that {@link InformationTable.gains} takes at a time. */
  get blockSize(): number {
    return Math.max(1, Math.floor(PIECE / (this.#all.passes * this.#all.classes)));
  }

  /**
   * For each of some rows the mean over beliefs of H(belief x probabilities) - belief x entropies: the mutual
   * information of its label and the network under that belief.
   */
  gains(beliefs: WeightedBeliefs, rows: Int32Array): Float64Array {
    const out = new Float64Array(rows.length);
    const expected = meanBelief(beliefs, this.#all.passes);
    for (let from = 0; from < rows.length; from += this.blockSize) {
      const block = rows.subarray(from, from + this.blockSize);
      out.set(this.#gainsOfBlock(beliefs, expected, block), from);
    }
    return out;
  }

  #gainsOfBlock({ weights, shares }: WeightedBeliefs, expected: Float64Array, rows: Int32Array): Float64Array {
    const { passes, classes } = this.#all;
    const columns = rows.length * classes;
    const next = new Float64Array(shares.length * columns);
    addProduct(next, weights, this.#block(rows), passes, columns);
    const gains = Float64Array.from(rows, (row) => {
      let entropy = 0;
      for (let t = 0; t < passes; t++) entropy += expected[t]! * this.#entropies[row * passes + t]!;
      return -entropy;
    });
    for (let k = 0, at = 0; k < shares.length; k++) {
      const share = shares[k]!;
      for (let i = 0; i < rows.length; i++) {
        let entropy = 0;
        for (let c = 0; c < classes; c++) {
          const p = next[at++]!;
          if (p > 0) entropy -= p * Math.log(p);
        }
        gains[i]! += share * entropy;
      }
    }
    return gains;
  }

  /** passes x (rows x classes) probabilities. */
  #block(rows: Int32Array): Float64Array {
    const { passes, classes, values } = this.#all;
    const columns = rows.length * classes;
    const out = new Float64Array(passes * columns);
    for (let i = 0; i < rows.length; i++) {
      let at = rows[i]! * passes * classes;
      for (let t = 0; t < passes; t++) {
        const to = t * columns + i * classes;
        for (let c = 0; c < classes; c++) out[to + c] = values[at++]!;
      }
    }
    return out;
  }
}

function meanBelief({ weights, shares }: WeightedBeliefs, passes: number): Float64Array {
  const out = new Float64Array(passes);
  for (let k = 0; k < shares.length; k++) {
    for (let t = 0; t < passes; t++) out[t]! += shares[k]! * weights[k * passes + t]!;
  }
  return out;
}
