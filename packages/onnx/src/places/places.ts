// Every place in a graph where dropout can go. What is chosen among them is placement.ts's business.

import { isOut } from "../graph/brackets.js";
import type { TensorFacts } from "../graph/facts.js";
import type { FlatModel } from "../graph/flat.js";
import { inferTensors } from "../graph/infer.js";
import { FLOATS, RECURRENT, weightedLayers } from "../graph/layers.js";
import { type Reach, reachOf } from "../graph/reach.js";
import { type GraphView, isOfRuntime, isOneOf, isOperator, viewGraph } from "../graph/view.js";
import { nodeName } from "../protobuf/nodes.js";
import type { NodeProto } from "../protobuf/types.js";
import { activations } from "./activations.js";
import { dropoutNodes } from "./dropout-nodes.js";
import { recipeTensors } from "./recipe.js";

/** A tensor that can be multiplied by a mask. */
export interface Place {
  /**
   * An existing Dropout node; after an activation, a recurrent layer, an embedding, a pooling or a layer with weights;
   * before a layer with weights; or the weights themselves (DropConnect).
   */
  readonly kind: "dropout" | "after" | "before" | "weight";
  /** The operator that it is before or after; for weights, the one that uses them. */
  readonly operator: string;
  /** The node's name; for weights, theirs. */
  readonly name: string;
  readonly node: NodeProto;
  /** The tensor that is multiplied. */
  readonly tensor: string;
  /** undefined where only a run would tell. */
  readonly rank: number | undefined;
  readonly elementType: number | undefined;
  /** Of an existing Dropout node. */
  readonly ratio?: number | undefined;
  /** Outputs of floating-point numbers that depend on the tensor. */
  readonly outputs: readonly string[];
  /** Those that do so through a layer with weights: dropout is worth something there. */
  readonly advisedFor: readonly string[];
  /** Whether it only gates something else, as in a recurrent cell that was written out. */
  readonly isGate: boolean;
  /** "Loop (encoder)" and the like, in whose body it is; undefined in the main graph. */
  readonly inside: string | undefined;
  /** How the recipe "dropout after every layer" shares decisions there; undefined where it puts none. */
  readonly recipe: "element" | "channel" | undefined;
}

type Found = Pick<Place, "kind" | "operator" | "name" | "node" | "tensor"> & {
  readonly ratio?: number | undefined;
  readonly isGate?: boolean;
};

const POOLS: ReadonlySet<string> = new Set(
  "MaxPool AveragePool LpPool GlobalAveragePool GlobalMaxPool GlobalLpPool".split(" "),
);

const NORMED_SUMS: ReadonlySet<string> = new Set(
  "SkipLayerNormalization SkipSimplifiedLayerNormalization EmbedLayerNormalization".split(" "),
);

/**
 * All places that an output of floating-point numbers depends on, in graph order.
 *
 * @param typeOf What the runtime says of types that the file does not settle.
 */
export function findPlaces(
  { model, holderOf }: FlatModel,
  opset: number,
  typeOf?: (tensor: string) => number | undefined,
): Place[] {
  const view = viewGraph(model);
  const facts = inferTensors(view);
  const factsOf = (tensor: string): TensorFacts => {
    const known = facts(tensor);
    return { ...known, type: known.type ?? typeOf?.(tensor) };
  };
  const reach = reachOf(view, floatOutputs(view, factsOf));
  const orderOf = new Map(view.nodes.map((node, order) => [node, order]));
  const recipe = recipeTensors(view, reach);
  const found = [...existing(view, opset), ...features(view), ...layers(view)];
  const hasLayers = weightedLayers(view).length > 0;
  const known = new Set(found.filter(({ kind }) => kind === "after").map(({ tensor }) => tensor));
  for (const [tensor, { layer }] of recipe) {
    if (known.has(tensor)) continue;
    const node = view.producer(tensor)!;
    found.push({ kind: "after", operator: layer.opType!, name: nodeName(layer), node, tensor });
  }
  return found
    .map((place) => ({ ...place, order: orderOf.get(place.node)! }))
    .sort((a, b) => a.order - b.order)
    .flatMap(({ order: _, ...place }) => {
      const { rank, type } = factsOf(place.tensor);
      const whole = completed(place, reach, hasLayers);
      const share = place.kind === "after" ? recipe.get(place.tensor)?.share : undefined;
      return whole === undefined
        ? []
        : [{ ...whole, rank, elementType: type, recipe: share, inside: holderOf(place.node) }];
    });
}

/** Outputs that dropout can move: those of floats, and those of unknown type. */
function floatOutputs(view: GraphView, factsOf: (tensor: string) => TensorFacts): string[] {
  return (view.graph.output ?? []).flatMap(({ name = "", type }) => {
    const isTensor = !type || Boolean(type.tensorType);
    const known = factsOf(name).type;
    return isTensor && (known === undefined || FLOATS.has(known)) ? [name] : [];
  });
}

/** undefined for what no output depends on, and for activations that make the answer. */
function completed(
  place: Found,
  reach: Reach,
  hasLayers: boolean,
): Omit<Place, "rank" | "elementType" | "recipe" | "inside"> | undefined {
  // before a layer only that layer's input is dropped, whoever else reads the tensor
  const outputs = reach.outputs(place.kind === "before" ? (place.node.output?.[0] ?? "") : place.tensor);
  // of a weight, and before a layer, that layer is the one on the way
  const isAtLayer = place.kind === "weight" || place.kind === "before";
  const advisedFor = isAtLayer ? outputs : reach.outputsBehindLayers(place.tensor);
  if (
    outputs.length === 0 ||
    (place.kind === "after" && advisedFor.length === 0 && hasLayers && isOneOf(place.node, ANSWERS))
  ) {
    return undefined;
  }
  return { ...place, outputs, advisedFor, isGate: place.isGate ?? false };
}

/** Behind the last layer these turn numbers into variances or probabilities. */
const ANSWERS: ReadonlySet<string> = new Set("Softplus Sigmoid HardSigmoid Softmax".split(" "));

function existing(view: GraphView, opset: number): Found[] {
  const given = dropoutNodes(view, opset).filter(({ node }) => Boolean(node.output?.[0]));
  return given.map(({ node, name, ratio }) => ({
    kind: "dropout",
    operator: "Dropout",
    name,
    node,
    tensor: node.input?.[0] ?? "",
    ratio,
  }));
}

/** After activations, and after whatever else makes features. */
function features(view: GraphView): Found[] {
  const found: Found[] = [];
  const add = (operator: string, node: NodeProto, index = 0, isGate = false): void => {
    const tensor = node.output?.[index] ?? "";
    // What leaves the model is an answer, not a feature: dropping it makes no sense.
    if (tensor === "" || leaves(view, tensor)) return;
    found.push({ kind: "after", operator, name: nodeName(node), node, tensor, isGate });
  };
  for (const { kind, node, isGate } of activations(view)) add(kind, node, 0, isGate);
  for (const node of view.nodes) {
    if (isOneOf(node, RECURRENT)) {
      // all steps, and the last one; not the cell's state
      for (const index of [0, 1]) add(node.opType!, node, index);
    } else if (isOneOf(node, POOLS) || isOfRuntime(node, NORMED_SUMS)) add(node.opType!, node);
    else if (isOperator(node, "Gather") && isFloatWeight(view, node.input?.[0] ?? "")) add("Embedding", node);
  }
  return found;
}

/** Whether a tensor is an output of the model, also as what a body gives. */
const leaves = (view: GraphView, tensor: string): boolean =>
  view.isOutput(tensor) ||
  view.uses(tensor).some(({ node, index }) => index === 0 && isOut(node) && leaves(view, node.output![0]!));

function isFloatWeight(view: GraphView, tensor: string): boolean {
  const weight = view.weight(tensor);
  return weight !== undefined && (weight.dims?.length ?? 0) >= 2 && FLOATS.has(weight.dataType ?? 0);
}

/** Before layers with weights, and on their weights. */
function layers(view: GraphView): Found[] {
  return weightedLayers(view).flatMap(({ node, data, weight, isPlain }): Found[] => {
    if (!isPlain) return [];
    const before: Found = { kind: "before", operator: node.opType!, name: nodeName(node), node, tensor: data };
    if (weight === undefined) return [before];
    return [before, { kind: "weight", operator: node.opType!, name: weight, node, tensor: weight }];
  });
}
