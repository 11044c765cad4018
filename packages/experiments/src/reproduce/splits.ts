// The splits of the regression benchmark: those of its authors, from the seed that they used.

import { numpyLegacy } from "hadamask/streams";

/** Row numbers of one split. */
export interface RowSplit {
  readonly train: Uint32Array;
  readonly test: Uint32Array;
}

/** The seed that the authors gave to NumPy. */
const SEED = 1;

/**
 * The first `count` splits of `n` rows: for each a permutation of `np.random.seed(1)`, the first tenths of nine for
 * training, the rest for testing.
 *
 * @example
 * ```ts
 * import { publishedSplits } from "@hadamask/experiments/reproduce";
 * const [first] = publishedSplits(10, 1);
 * console.log(first!.test); // Uint32Array(1) [ 5 ]
 * ```
 */
export function publishedSplits(n: number, count: number): RowSplit[] {
  const random = numpyLegacy(SEED);
  const trainRows = roundHalfEven(0.9 * n);
  return Array.from({ length: count }, () => {
    const rows = random.permutation(n);
    return { train: rows.subarray(0, trainRows), test: rows.subarray(trainRows) };
  });
}

/** As NumPy rounds. */
function roundHalfEven(value: number): number {
  const low = Math.floor(value);
  if (value - low !== 0.5) return Math.round(value);
  return low % 2 === 0 ? low : low + 1;
}
