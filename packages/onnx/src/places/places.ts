// Every place in a graph where dropout can go. What is chosen among them is placement.ts's business.

import { inferTensors } from "../graph/infer.js";
import { type GraphView, isOperator, nodeName } from "../graph/view.js";
import type { NodeProto } from "../protobuf/types.js";
import { activations } from "./activations.js";
import { dropoutNodes } from "./dropout-nodes.js";

/** A tensor that can be multiplied by a mask. */
export interface Place {
  /**
   * An existing Dropout node; after an activation; before a layer with weights; or the weights themselves
   * (DropConnect).
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
}

/** Layers with weights, by the standard's names. */
export const WEIGHTED: readonly string[] = ["Gemm", "MatMul", "Conv", "ConvTranspose"];

/** All places, in graph order. */
export function findPlaces(view: GraphView, opset: number): Place[] {
  const facts = inferTensors(view);
  const found: (Omit<Place, "rank" | "elementType"> & { readonly order: number })[] = [];
  const orderOf = new Map(view.nodes.map((node, order) => [node, order]));
  const add = (place: Omit<Place, "rank" | "elementType">) => found.push({ ...place, order: orderOf.get(place.node)! });

  for (const { node, name, ratio } of dropoutNodes(view, opset)) {
    add({ kind: "dropout", operator: "Dropout", name, node, tensor: node.input?.[0] ?? "", ratio });
  }
  for (const { kind, node } of activations(view)) {
    const tensor = node.output?.[0] ?? "";
    // What leaves the model is an answer, not a feature: dropping it makes no sense.
    if (!view.isOutput(tensor)) add({ kind: "after", operator: kind, name: nodeName(node), node, tensor });
  }
  for (const { node, data, weight } of weightedLayers(view)) {
    add({ kind: "before", operator: node.opType!, name: nodeName(node), node, tensor: data });
    if (weight !== undefined) add({ kind: "weight", operator: node.opType!, name: weight, node, tensor: weight });
  }
  return found
    .sort((a, b) => a.order - b.order)
    .map(({ order: _, ...place }) => {
      const { rank, type } = facts(place.tensor);
      return { ...place, rank, elementType: type };
    });
}

interface WeightedLayer {
  readonly node: NodeProto;
  readonly data: string;
  /** The stored tensor behind the layer's weights, where there is one. */
  readonly weight: string | undefined;
}

/**
 * Layers that multiply a computed tensor by a stored one. A product of two computed tensors, as in attention, is
 * none.
 */
function weightedLayers(view: GraphView): WeightedLayer[] {
  return view.nodes.flatMap((node) => {
    if (!WEIGHTED.some((kind) => isOperator(node, kind))) return [];
    const [first = "", second = ""] = node.input ?? [];
    const [left, right] = [storedOrigin(view, first), storedOrigin(view, second)];
    if (right !== undefined && left === undefined) return [{ node, data: first, weight: right }];
    const isSwapped = left !== undefined && right === undefined && isOperator(node, "MatMul");
    return isSwapped ? [{ node, data: second, weight: left }] : [];
  });
}

const REARRANGES = ["Transpose", "Cast", "Reshape", "Identity", "Unsqueeze", "Squeeze", "DequantizeLinear"];

/**
 * The weight that a tensor is, or is a rearrangement of. Exporters in training mode leave `Transpose(weight)` in the
 * graph.
 */
function storedOrigin(view: GraphView, tensor: string): string | undefined {
  if (view.weight(tensor) !== undefined) return tensor;
  const node = view.producer(tensor);
  if (node === undefined) return undefined;
  if (isOperator(node, "Constant")) return tensor;
  return REARRANGES.some((kind) => isOperator(node, kind)) ? storedOrigin(view, node.input?.[0] ?? "") : undefined;
}
