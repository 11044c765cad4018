// Looks through the description of a network for what the literature warns of.

import { checkOptions } from "../options.js";
import { checkNetwork, type LintInput } from "./network.js";
import { type Finding, RULES, type Training } from "./rules.js";

/**
 * Warns of what is known to go wrong with dropout, with the numbers for this network.
 *
 *     input-rate                  more than 0.2 of the input dropped
 *     dropout-before-batch-norm
 *     the variance that batch normalisation measures is not the one it is given (the predicted shift, carried through
 *     activations, dense and convolutional layers)
 *     tied-recurrent-masks
 *     one mask a sequence on the recurrent path: training and prediction differ by the factor keep^(1 - T)
 *     mixed-scaling               classic and inverted scaling in one network
 *     rate-0-or-1                 a layer that drops nothing or everything
 *     shared-key                  two layers with one key: how far their noises go together
 *     alpha-without-selu
 *     alpha dropout behind another activation than SELU: training and prediction differ in the mean
 *     single-epoch-language-model
 *     dropout in a language model that sees its data once, if `training` says so
 *
 * @param network The layers in the order in which data pass through: layers of this library, their states, or
 *   `{ layer: "BatchNorm" }` and the like for others, with `time` (sequence length) for recurrent ones; or the layers
 *   of a TensorFlow.js model.
 * @param training `task: "language-model"` and `epochs`, for what depends on them.
 * @returns What was found, rule by rule; empty if nothing was.
 * @throws {TypeError | RangeError} If an item is not a layer, or a rate is out of range.
 * @example
 * ```ts
 * import { Dropout, key, lint } from "hadamask";
 * const findings = lint([{ layer: "Dense" }, new Dropout({ rate: 0.5, key: key(1) }), { layer: "BatchNorm" }]);
 * console.log(findings.map(({ rule, numbers }) => `${rule} ${numbers.ratio}`)); // [ 'dropout-before-batch-norm 0.5' ]
 * ```
 */
export function lint(network: readonly LintInput[], training: Training = {}): Finding[] {
  checkOptions("lint", training, ["task", "epochs"]);
  const items = checkNetwork(network);
  return RULES.flatMap((rule) => rule(items, training));
}
