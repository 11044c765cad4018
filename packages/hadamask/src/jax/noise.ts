// What noise is in a graph: drawn outside as plain arrays, applied inside, where learned parameters get their
// gradients. Types only.

import type { Array as JaxArray } from "@jax-js/jax";
import type { Key } from "../types.js";

/** Learned parameters by name: a jax-js tree. (A type, not an interface, as jax-js wants its trees.) */
export type Parameters<Name extends string> = { [name in Name]: JaxArray };

/** Draws of random inputs. Like every jax-js array they belong to the caller, and are freed by the first use. */
export interface Drawn {
  readonly key: Key;
  /**
   * The random input of training step `step` for a batch of `batch` rows: what the layer of the same name in
   * `hadamask` draws there.
   *
   * @throws {TypeError | RangeError} If `step` is not a whole number in [0, 2^53), or `batch` not one of at least 1.
   */
  train(step: number, batch: number): JaxArray;
  /** That of pass `pass` of Monte-Carlo prediction. Training draws neither move nor repeat. */
  sample(pass: number, batch: number): JaxArray;
}

/**
 * Noise on activations. All functions of the graph take over the arrays they are given, as jax-js functions do.
 */
export interface ActivationNoise<Name extends string> extends Drawn {
  /** The learned parameters to begin with, in new arrays; empty where nothing is learned. */
  parameters(): Parameters<Name>;
  /** Activations with the noise of `draw`; without a draw those of mode "eval". */
  apply(h: JaxArray, parameters: Parameters<Name>, draw?: JaxArray): JaxArray;
  /** What learning costs: to be added to the mean loss of a row, divided by the number of training rows. A scalar. */
  penalty(parameters: Parameters<Name>): JaxArray;
}

/** Weights [inputs, outputs] and bias [outputs] of a dense layer. */
export type DenseParameters = { w: JaxArray; b: JaxArray };

/** Noise on the weights of a dense layer; functions of the graph take over the arrays they are given. */
export interface WeightNoise<Name extends string> extends Drawn {
  parameters(): Parameters<Name>;
  /** Pre-activations x w + b with the noise of `draw`; without a draw those of mode "eval". */
  apply(x: JaxArray, weights: DenseParameters, parameters: Parameters<Name>, draw?: JaxArray): JaxArray;
  /** As that of {@link ActivationNoise}; takes over the mean weights, without bias. */
  penalty(w: JaxArray, parameters: Parameters<Name>): JaxArray;
}
