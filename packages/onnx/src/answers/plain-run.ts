// The numbers of some rows without dropout, and what can be seen in them.

import { sizeOf } from "../size.js";

/** An output without dropout: rows x the numbers of a row, in C order. */
export interface PlainRun {
  readonly rows: number;
  /** Shape of one row's output. */
  readonly dims: readonly number[];
  readonly data: ArrayLike<number>;
  /** How far from 1 the sum of probabilities may be: 0.01 for outputs of 16 bits. Default 0.001. */
  readonly slack?: number;
}

const SLACK = 1e-3;

/** Slack for outputs of float16 and bfloat16. */
export const HALF_SLACK = 1e-2;

/** Whether all numbers, or their exponentials, are non-negative and sum to 1 along an axis of a row, in every row. */
export function sumsToOne({ rows, dims, data, slack = SLACK }: PlainRun, axis: number, isLog: boolean): boolean {
  const size = dims[axis] ?? 1;
  const inner = sizeOf(dims.slice(axis + 1));
  const outer = rows * sizeOf(dims.slice(0, axis));
  for (let o = 0; o < outer; o++) {
    for (let i = 0; i < inner; i++) {
      let sum = 0;
      for (let k = 0; k < size; k++) {
        const value = data[(o * size + k) * inner + i]!;
        const p = isLog ? Math.exp(value) : value;
        if (!(p >= -slack)) return false;
        sum += p;
      }
      if (!(Math.abs(sum - 1) <= slack)) return false;
    }
  }
  return true;
}

/** Whether all numbers are in [0, 1]. */
export function liesInUnit({ data, slack = SLACK }: PlainRun): boolean {
  for (let i = 0; i < data.length; i++) if (!(data[i]! >= -slack && data[i]! <= 1 + slack)) return false;
  return true;
}
