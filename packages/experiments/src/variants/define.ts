// Your own variants, which take part in a comparison like the built-in ones.

import type { Activate } from "./active.js";
import { VARIANTS } from "./entries.js";
import type { OwnEntry } from "./spec.js";

/** A name, a title, and what it does in a network. */
export interface OwnVariant extends OwnEntry {
  readonly activate: Activate;
}

/**
 * Your own variant, checked.
 *
 * `activate(spec, model, key, steps)` says what is done in the network: `hooks` change activations, weights, the loss
 * (see {@link NetworkHooks}); `train(step, batch)` draws what the graph takes as random inputs, `eval()` what takes
 * their place at prediction. It has to be a pure function: all that is random comes from `key` and `step`.
 *
 * Randomness. Rows, first weights and batches are those of the other variants.
 *
 * @param variant `name` is as in `--variants`: letters, digits and "-", and no name that is taken. With a `rate` it can
 *   be written NAME:RATE.
 * @throws {TypeError | RangeError} If a part is missing, or the name is taken.
 * @example
 * ```ts
 * import { defineVariant } from "@hadamask/experiments";
 * // nothing is dropped; the penalty is 0.001 |W|² for all training rows together
 * const ridge = defineVariant({
 *   name: "ridge",
 *   title: () => "a penalty on weights",
 *   activate: () => ({
 *     hooks: {
 *       penalty: (layers) => layers.map(({ w }) => w.mul(w).sum().mul(0.001)).reduce((sum, one) => sum.add(one)),
 *     },
 *     train: () => ({}),
 *     eval: () => ({}),
 *   }),
 * });
 * console.log(ridge.name); // ridge
 * ```
 * @see README.md of this package for a whole one.
 */
export function defineVariant(variant: OwnVariant): OwnVariant {
  const { name, title, rate, activate } = variant;
  if (typeof name !== "string" || !/^[A-Za-z][\w-]*$/.test(name)) {
    throw new TypeError(`defineVariant: name must be letters, digits and "-", got ${JSON.stringify(name)}`);
  }
  if (isTaken(name)) throw new RangeError(`defineVariant: name must be one that is free, got ${JSON.stringify(name)}`);
  if (typeof activate !== "function") {
    throw new TypeError(`defineVariant: activate must be a function, got ${typeof activate}`);
  }
  if (typeof title !== "string" && typeof title !== "function") {
    throw new TypeError(`defineVariant: title must be a string or a function, got ${typeof title}`);
  }
  if (rate !== undefined && !(rate >= 0 && rate < 1)) {
    throw new RangeError(`defineVariant: rate must be in [0, 1), got ${rate}`);
  }
  return variant;
}

const isTaken = (name: string): boolean => Object.hasOwn(VARIANTS, name) || name === "own";
