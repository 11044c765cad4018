// Dropout as extra inputs: the public form of the rewrite.

import { nameList } from "./check.js";
import { frozen } from "./graph/batch-norms.js";
import { hiddenParts, whereLayersAre } from "./graph/bodies.js";
import { type FlatModel, flattened } from "./graph/flat.js";
import { inlined } from "./graph/inline.js";
import { type ChosenPlace, choosePlaces, label, meansDropoutNodes, type Placement } from "./places/placement.js";
import { findPlaces } from "./places/places.js";
import { opsetOf } from "./protobuf/codec.js";
import { orderedGraph } from "./protobuf/order.js";
import { type ModelProto, withFields } from "./protobuf/types.js";
import { rewrite } from "./rewrite.js";
import { withShapeOutputs } from "./shape-outputs.js";
import { type Site, sitesOf } from "./sites.js";

/** A rewritten model, and what its extra inputs are. */
export interface DroppedModel {
  readonly model: ModelProto;
  /** In graph order; also stored in the model, where {@link sitesOf} finds them. */
  readonly sites: readonly Site[];
}

export interface DropoutOptions {
  /** Sets batch normalisation that is in training mode to inference, with the statistics that the file holds. */
  readonly freeze?: boolean;
  /** Adds the shapes of the sites as outputs, which `wrap` needs. */
  readonly shapes?: boolean;
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
 * Cost. Copies the structure of the graph; weights are shared with `model`, which is not changed. Functions of the
 *   model are written out.
 *
 * @param model What {@link readModel} gave.
 * @param placements One placement or several; without any, the Dropout nodes with their own rates.
 * @throws {TypeError | RangeError} If the opset is not in 7 to 26, nothing fits a placement, a rate is missing or not
 *   in [0, 1], or the file does not settle the rank or type of a chosen tensor.
 * @example
 * ```ts
 * import { readModel, withDropout, writeModel } from "@hadamask/onnx";
 * const rewrite = (bytes: Uint8Array) => {
 *   const { model } = withDropout(readModel(bytes), { rate: 0.1, after: ["Relu"] });
 *   return writeModel(model);
 * };
 * ```
 * @see Gal, Ghahramani, "Dropout as a Bayesian approximation", ICML 2016; Ledda et al., "Dropout injection at test
 *   time", 2023.
 */
export function withDropout(
  model: ModelProto,
  placements: Placement | readonly Placement[] = {},
  options: DropoutOptions = {},
): DroppedModel {
  const where = "withDropout";
  const prepared = preparedModel(where, model, options.freeze ?? false);
  const flat = flattenedModel(where, prepared);
  const { chosen, opset } = chooseIn(where, flat, placements);
  const open = chosen.filter(({ place }) => place.rank === undefined);
  if (open.length > 0) {
    throw new RangeError(
      `${where}: the rank of every chosen tensor must be settled by the file, got none for ` +
        `${nameList(open.map(({ place }) => label(place)))}; ` +
        "run onnx.shape_inference on it, or predict with monteCarlo, which does not need it",
    );
  }
  const dropped = rewrite(where, flat, chosen, opset);
  if (!options.shapes) return dropped;
  return { model: withShapeOutputs(dropped.model, dropped.sites), sites: dropped.sites };
}

/** A model as everything else wants it: nodes in order, functions written out, batch normalisation as asked. */
export function preparedModel(where: string, model: ModelProto, freeze: boolean): ModelProto {
  const opset = opsetOf(where, model);
  const whole = inlined(where, withFields(model, { graph: orderedGraph(where, model.graph!) }));
  return freeze ? frozen(whole, opset) : whole;
}

/** A prepared model with its bodies in the main list of nodes. */
export const flattenedModel = (where: string, model: ModelProto): FlatModel => flattened(model, opsetOf(where, model));

/**
 * Finds the places that are meant.
 *
 * @param typeOf What the runtime says of types that the file does not settle.
 */
export function chooseIn(
  where: string,
  flat: FlatModel,
  placements: Placement | readonly Placement[],
  typeOf?: (tensor: string) => number | undefined,
): { chosen: readonly ChosenPlace[]; opset: number } {
  const { model } = flat;
  const opset = opsetOf(where, model);
  if (sitesOf(model) !== undefined) {
    throw new RangeError(`${where}: the model must not have dropout as inputs already, got one that withDropout made`);
  }
  const asked: readonly Placement[] = Array.isArray(placements) ? placements : [placements];
  if (asked.length === 0) throw new RangeError(`${where}: there must be at least one placement, got an array of 0`);
  const hidden = hiddenParts(model);
  const hiddenDropout = hidden.flatMap(({ dropout }) => dropout);
  if (hiddenDropout.length > 0 && asked.some(meansDropoutNodes)) {
    const holders = nameList(hidden.filter(({ dropout }) => dropout.length > 0).map(({ inside }) => inside));
    throw new RangeError(
      `${where}: Dropout nodes must be in the main graph, got ${nameList(hiddenDropout)} inside ${holders}`,
    );
  }
  return {
    chosen: choosePlaces(where, findPlaces(flat, opset, typeOf), asked, whereLayersAre(hidden)),
    opset,
  };
}
