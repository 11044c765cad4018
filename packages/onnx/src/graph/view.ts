// A graph, indexed: who makes a tensor and who reads it. Knows no operator.

import { outerNames, subgraphs } from "../protobuf/nodes.js";
import {
  type AttributeProto,
  type GraphProto,
  type ModelProto,
  type NodeProto,
  type TensorProto,
  toNumber,
  type ValueInfoProto,
} from "../protobuf/types.js";

/** A place where a tensor is read: input `index` of `node`. */
export interface Use {
  readonly node: NodeProto;
  readonly index: number;
}

/**
 * The main graph of a model, with look-ups by name. Names of the outer graph are visible in subgraphs (If, Loop,
 * Scan), so these count as readers too.
 */
export interface GraphView {
  readonly graph: GraphProto;
  readonly nodes: readonly NodeProto[];
  /** The node that makes a tensor; undefined for inputs and weights. */
  producer(tensor: string): NodeProto | undefined;
  /**
   * All who read a tensor, in graph order. Readers in subgraphs appear as the node that holds the subgraph, with
   * index -1.
   */
  uses(tensor: string): readonly Use[];
  weight(tensor: string): TensorProto | undefined;
  /** What the file itself says of a tensor's type and shape. */
  info(tensor: string): ValueInfoProto | undefined;
  isInput(tensor: string): boolean;
  isOutput(tensor: string): boolean;
  /** `name`, or the first of `name_1`, `name_2`, … that no tensor has. */
  freeName(name: string): string;
}

export function viewGraph(model: ModelProto): GraphView {
  const graph = model.graph!;
  const nodes = graph.node ?? [];
  const producers = new Map<string, NodeProto>();
  const uses = new Map<string, Use[]>();
  for (const node of nodes) {
    for (const name of node.output ?? []) if (name) producers.set(name, node);
    (node.input ?? []).forEach((name, index) => {
      if (name) append(uses, name, { node, index });
    });
    for (const name of outerNames(node)) append(uses, name, { node, index: -1 });
  }
  const weights = new Map((graph.initializer ?? []).map((tensor) => [tensor.name ?? "", tensor]));
  // An input that has an initializer is a weight with an old-fashioned declaration (IR 3), not something to feed.
  const inputs = (graph.input ?? []).filter((info) => !weights.has(info.name ?? ""));
  const inputNames = new Set(inputs.map((info) => info.name ?? ""));
  const outputNames = new Set((graph.output ?? []).map((info) => info.name ?? ""));
  const infos = new Map(
    [...(graph.valueInfo ?? []), ...(graph.input ?? []), ...(graph.output ?? [])].map((info) => [
      info.name ?? "",
      info,
    ]),
  );
  const taken = (): Set<string> =>
    new Set([...producers.keys(), ...uses.keys(), ...weights.keys(), ...infos.keys(), ...nodes.flatMap(innerNames)]);
  return {
    graph,
    nodes,
    producer: (tensor) => producers.get(tensor),
    uses: (tensor) => uses.get(tensor) ?? [],
    weight: (tensor) => weights.get(tensor),
    info: (tensor) => infos.get(tensor),
    isInput: (tensor) => inputNames.has(tensor),
    isOutput: (tensor) => outputNames.has(tensor),
    freeName: namesBeside(taken),
  };
}

/** @param find All names that are given already; asked for once, and only where a name is wanted. */
function namesBeside(find: () => Set<string>): (name: string) => string {
  const lastNumbers = new Map<string, number>();
  let taken: Set<string> | undefined;
  return (name) => {
    taken ??= find();
    let free = name;
    let k = lastNumbers.get(name) ?? 0;
    while (taken.has(free)) free = `${name}_${++k}`;
    lastNumbers.set(name, k);
    taken.add(free);
    return free;
  };
}

/** Puts `values` into the list under `key`. */
export function append<K, V>(map: Map<K, V[]>, key: K, ...values: readonly V[]): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [...values]);
  else list.push(...values);
}

/** Names that subgraphs give to tensors of their own. */
function innerNames(node: NodeProto): string[] {
  return subgraphs(node).flatMap((graph) => [
    ...(graph.input ?? []).map(({ name }) => name ?? ""),
    ...(graph.initializer ?? []).map(({ name }) => name ?? ""),
    ...(graph.node ?? []).flatMap((inner) => [...(inner.output ?? []), ...innerNames(inner)]),
  ]);
}

export function attribute(node: NodeProto, name: string): AttributeProto | undefined {
  return (node.attribute ?? []).find((entry) => entry.name === name);
}

export function intAttribute(node: NodeProto, name: string, fallback: number): number {
  const found = attribute(node, name);
  return found === undefined ? fallback : toNumber(found.i);
}

/** Whether a node is one of the standard operators of these names. */
export function isOneOf(node: NodeProto, kinds: ReadonlySet<string>): boolean {
  return (!node.domain || node.domain === "ai.onnx") && kinds.has(node.opType ?? "");
}

/** Whether a node is an operator that ONNX Runtime adds to the standard. */
export const isOfRuntime = (node: NodeProto, kinds: ReadonlySet<string>): boolean =>
  node.domain === "com.microsoft" && kinds.has(node.opType ?? "");

/** Whether a node is the standard operator of that name. */
export function isOperator(node: NodeProto, kind: string): boolean {
  return node.opType === kind && (!node.domain || node.domain === "ai.onnx");
}
