// What the outputs of a network say of a row, as a law: classes, or a value with its noise. Functions on jax-js arrays,
// to be called inside of a jitted step; they take over the arrays they are given.

import type { Array as JaxArray } from "@jax-js/jax";

/** The law that outputs stand for, and what it costs where the right answer is another. */
export interface Likelihood {
  readonly name: "classes" | "squared" | "gaussian";
  /** Numbers that a network gives for a row. */
  readonly outputs: number;
  /** Numbers that a right answer is. */
  readonly targets: number;
  /** What training lowers: the mean over the rows. */
  loss(outputs: JaxArray, y: JaxArray): JaxArray;
  /**
   * How far two answers to the same rows are apart: the mean over the rows of (KL(p || q) + KL(q || p)) / 2, in the
   * unit of the loss.
   */
  divergence(p: JaxArray, q: JaxArray): JaxArray;
}
