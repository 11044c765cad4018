// Which bin each row is in, by its confidence.

import { checkCount } from "../check.js";
import { checkOptions } from "../options.js";

/** How rows are put into bins: intervals of equal width, or bins of equally many rows ("adaptive"). */
export type Binning = "width" | "mass";

export interface BinOptions {
  /** How many bins. Default 15. */
  readonly bins?: number;
  /** Default "width". */
  readonly binning?: Binning;
}

export function checkBins(where: string, options: BinOptions): Required<BinOptions> {
  checkOptions(where, options, ["bins", "binning"]);
  const { bins = 15, binning = "width" } = options;
  checkCount(where, "bins", bins, 10_000);
  if (binning !== "width" && binning !== "mass") {
    throw new RangeError(`${where}: binning must be "width" or "mass", got ${JSON.stringify(binning)}`);
  }
  return { bins, binning };
}

/** Bin b holds the rows with a value in (edges[b], edges[b + 1]]; 0 is in the first. */
export interface Bins {
  readonly edges: Float64Array;
  /** The bin of each row. */
  readonly of: Int32Array;
}

export const binRows = (values: Float64Array, { bins, binning }: Required<BinOptions>): Bins =>
  binning === "width" ? equalWidth(values, bins) : equalMass(values, bins);

function equalWidth(values: Float64Array, bins: number): Bins {
  const edges = Float64Array.from({ length: bins + 1 }, (_, b) => b / bins);
  // The product is off by a rounding where a value is on an edge, so edges are compared themselves.
  const of = Int32Array.from(values, (value) => {
    let b = Math.min(bins - 1, Math.max(0, Math.ceil(value * bins) - 1));
    while (b > 0 && value <= edges[b]!) b--;
    while (b < bins - 1 && value > edges[b + 1]!) b++;
    return b;
  });
  return { edges, of };
}

/** Rows in order of value, cut where bin b + 1 has its share; rows of equal value stay together. */
function equalMass(values: Float64Array, bins: number): Bins {
  const order = Int32Array.from(values.keys()).sort((a, b) => values[a]! - values[b]! || a - b);
  const edges = new Float64Array(bins + 1).fill(1, 1);
  const of = new Int32Array(values.length);
  let b = 0;
  order.forEach((row, i) => {
    const before = i === 0 ? 0 : values[order[i - 1]!]!;
    const isTie = i > 0 && before === values[row];
    // Ties may have filled several bins: those between are empty, with both edges at the tie.
    while (!isTie && b < bins - 1 && i * bins >= (b + 1) * order.length) edges[++b] = before;
    of[row] = b;
  });
  return { edges, of };
}

/** What the bins add up: rows, their values, and how many of them were right. */
export interface BinSums {
  readonly count: Float64Array;
  readonly value: Float64Array;
  readonly right: Float64Array;
}

export function sumBins({ of, edges }: Bins, values: Float64Array, right: ArrayLike<number>): BinSums {
  const bins = edges.length - 1;
  const sums = { count: new Float64Array(bins), value: new Float64Array(bins), right: new Float64Array(bins) };
  for (let row = 0; row < of.length; row++) {
    const b = of[row]!;
    sums.count[b]!++;
    sums.value[b]! += values[row]!;
    sums.right[b]! += right[row]!;
  }
  return sums;
}

/** A measure of miscalibration: a mean over rows, of which each bin adds its part. */
export interface BinMeasure {
  /** What it estimates: the mean over rows of |confidence - accuracy|^power of their bin. */
  readonly power: 1 | 2;
  /** What a bin of at least one row adds to the sum over rows. */
  readonly term: (count: number, value: number, right: number) => number;
}

export function measureOf({ term }: BinMeasure, { count, value, right }: BinSums): number {
  let [sum, rows] = [0, 0];
  for (let b = 0; b < count.length; b++) {
    if (count[b] === 0) continue;
    sum += term(count[b]!, value[b]!, right[b]!);
    rows += count[b]!;
  }
  return sum / rows;
}

/** Mean over rows of |mean value - share of right ones| of their bin. */
export const ABSOLUTE: BinMeasure = { power: 1, term: (_, value, right) => Math.abs(value - right) };

/**
 * Mean over rows of the squared gap of their bin, less the part of it that chance makes: unbiased for given bins. The
 * share's variance in a bin of one row cannot be seen, and is taken from its value.
 */
export const SQUARED: BinMeasure = {
  power: 2,
  term: (n, value, right) => {
    const [p, share] = [value / n, right / n];
    const chance = n > 1 ? (share * (1 - share)) / (n - 1) : p * (1 - p);
    return n * ((p - share) ** 2 - chance);
  },
};
