// Mean and covariance of a vector over independent decisions, from a definition of what the decisions do.

import { expectedMoments } from "hadamask/theory";
import type { Law } from "./row.js";

/** The law of `outcome(bits)` for `n` decisions that are each 1 with probability `keep`. */
export const enumeratedLaw = (n: number, keep: number, outcome: (bits: Uint8Array) => ArrayLike<number>): Law =>
  expectedMoments({ n, keep }, outcome);

/** Outputs that are independent of one another. */
export const independentLaw = (mean: readonly number[], variance: (i: number) => number): Law => ({
  mean,
  covariance: mean.flatMap((_, i) => mean.map((__, j) => (i === j ? variance(i) : 0))),
});
