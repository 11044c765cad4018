// Weights that a model keeps in files beside it.

import { subgraphs } from "../graph/view.js";
import { EXTERNAL_LOCATION, type GraphProto, type ModelProto, type TensorProto } from "./types.js";

/**
 * The files that a model keeps weights in, by the names it knows them under (relative to its own folder), each once.
 */
export function externalLocations(model: ModelProto): string[] {
  const locations = new Set<string>();
  for (const tensor of storedTensors(model.graph!)) {
    if (tensor.dataLocation !== EXTERNAL_LOCATION) continue;
    const location = (tensor.externalData ?? []).find((entry) => entry.key === "location")?.value ?? "";
    locations.add(location);
  }
  return [...locations];
}

/** All tensors that stand in a graph: weights, and values of attributes, subgraphs included. */
function* storedTensors(graph: GraphProto): Generator<TensorProto> {
  yield* graph.initializer ?? [];
  for (const node of graph.node ?? []) {
    for (const attribute of node.attribute ?? []) if (attribute.t) yield attribute.t;
    for (const inner of subgraphs(node)) yield* storedTensors(inner);
  }
}
