// Looks through the description of a network for what the literature warns of.

import { checkNetwork, type LintInput } from "./network.js";
import { type Finding, RULES } from "./rules.js";

/**
 * Warns of what is known to go wrong with dropout, with the numbers for this network.
 *
 *     input-rate                  more than 0.2 of the input dropped
 *     dropout-before-batch-norm
 *     the variance that batch normalisation measures is not the one it is given (the predicted shift)
 *     tied-recurrent-masks
 *     one mask a sequence on the recurrent path with inverted scaling: the mean grows as keep^(1 - T)
 *     mixed-scaling               classic and inverted scaling in one network
 *     rate-0-or-1                 a layer that drops nothing or everything
 *     shared-key                  two layers with one key: their masks are the same
 *     alpha-without-selu
 *     alpha dropout behind another activation than SELU: training and prediction differ in the mean
 *
 * @param network The layers in the order in which data pass through: layers of this library, their states, or
 *   `{ layer: "BatchNorm" }` and the like for others, with `time` (sequence length) for recurrent ones.
 * @returns What was found, rule by rule; empty if nothing was.
 * @throws {TypeError | RangeError} If an item is no layer, or a rate is out of range.
 * @example
 * ```ts
 * import { Dropout, key, lint } from "hadamask";
 * const findings = lint([{ layer: "Dense" }, new Dropout({ rate: 0.5, key: key(1) }), { layer: "BatchNorm" }]);
 * console.log(findings.map(({ rule, numbers }) => `${rule} ${numbers.ratio}`)); // [ 'dropout-before-batch-norm 0.5' ]
 * ```
 */
export function lint(network: readonly LintInput[]): Finding[] {
  const items = checkNetwork(network);
  return RULES.flatMap((rule) => rule(items));
}
