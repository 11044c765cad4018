// Dropout as extra inputs: the public form of the rewrite.

import { list } from "./check.js";
import { viewGraph } from "./graph/view.js";
import { hiddenDropout } from "./places/dropout-nodes.js";
import { type ChosenPlace, choosePlaces, label, type Placement } from "./places/placement.js";
import { findPlaces } from "./places/places.js";
import { opsetOf } from "./protobuf/codec.js";
import type { ModelProto } from "./protobuf/types.js";
import { rewrite, type Site, sitesOf } from "./rewrite.js";

/** A rewritten model, and what its extra inputs are. */
export interface DroppedModel {
  readonly model: ModelProto;
  /** In graph order; also stored in the model, where {@link sitesOf} finds them. */
  readonly sites: readonly Site[];
}

/**
 * Turns dropout into multiplications by extra inputs, so that whoever runs the model decides what is dropped.
 *
 *     y = x * m     m is a new input: 0 where an element is dropped, 1 / (1 - rate) where it is kept, 1 for no dropout
 *
 * Runtimes remove Dropout nodes, or draw masks that depend on how they were built. A multiplication by an input is
 * neither removed nor random: with the same `m` every build of every runtime gives the same draw, and optimisation
 * stays on.
 *
 * Shapes. `m` has the rank of `x` and broadcasts to it: axes of size 1 share one decision.
 * Randomness. None here. Dropout nodes that are not chosen are set to pass their input on.
 * Numerics. A dropped NaN or infinity gives NaN (0 * NaN), unlike the library's own kernels, which select.
 * {@link monteCarlo} selects, too.
 * Cost. Copies the structure of the graph; weights are shared with `model`, which is not changed.
 *
 * @param model What {@link readModel} gave.
 * @param placements One placement or several; without any, the Dropout nodes with their own rates.
 * @throws {TypeError | RangeError} If the opset is not in 7 to 22, nothing fits a placement, a rate is missing or not
 *   in [0, 1], or the file does not settle the rank of a chosen tensor.
 * @example
 * ```ts
 * import { readModel, withDropout, writeModel } from "@hadamask/onnx";
 * const rewrite = (bytes: Uint8Array) => writeModel(withDropout(readModel(bytes), { rate: 0.1, after: ["Relu"] }).model);
 * ```
 * @see Gal, Ghahramani, "Dropout as a Bayesian approximation", ICML 2016; Ledda et al., "Dropout injection at test
 *   time", 2023.
 */
export function withDropout(model: ModelProto, placements: Placement | readonly Placement[] = {}): DroppedModel {
  const where = "withDropout";
  const { chosen, opset } = chooseIn(where, model, placements);
  const open = chosen.filter(({ place }) => place.rank === undefined);
  if (open.length > 0) {
    throw new RangeError(
      `${where}: the rank of every chosen tensor must be settled by the file, got none for ${list(open.map(({ place }) => label(place)))}; ` +
        "run onnx.shape_inference on it, or predict with monteCarlo, which does not need it",
    );
  }
  return rewrite(where, model, chosen, opset);
}

/** Checks a model and finds the places that are meant in it. */
export function chooseIn(
  where: string,
  model: ModelProto,
  placements: Placement | readonly Placement[],
): { chosen: readonly ChosenPlace[]; opset: number } {
  const opset = opsetOf(where, model);
  if (sitesOf(model) !== undefined) {
    throw new RangeError(`${where}: the model must not have dropout as inputs already, got one that withDropout made`);
  }
  const asked: readonly Placement[] = Array.isArray(placements) ? placements : [placements];
  if (asked.length === 0) throw new RangeError(`${where}: there must be at least one placement, got an array of 0`);
  const hidden = hiddenDropout(model.graph!, model.functions);
  const meansExisting = asked.some(
    ({ after, before, weights = false }) => after === undefined && before === undefined && !weights,
  );
  if (hidden.length > 0 && meansExisting) {
    throw new RangeError(
      `${where}: Dropout nodes must be in the main graph, got ${list(hidden)} inside a function or a control-flow node; inline functions with onnx.inliner`,
    );
  }
  return { chosen: choosePlaces(where, findPlaces(viewGraph(model), opset), asked), opset };
}
