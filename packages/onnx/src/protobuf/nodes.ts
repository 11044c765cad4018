// One node of a graph: its name, the graphs inside it, and which tensors it reads. Knows no operator.

import type { GraphProto, NodeProto } from "./types.js";

/** A node as people refer to it: by its name, or by what it makes where it has none. */
export function nodeName(node: NodeProto): string {
  return node.name || (node.output ?? []).find((name) => name !== "") || node.opType || "?";
}

/** The graphs inside a node: the branches of If, the bodies of Loop and Scan. */
export function subgraphs(node: NodeProto): readonly GraphProto[] {
  return (node.attribute ?? []).flatMap((attribute) => [
    ...(attribute.g ? [attribute.g] : []),
    ...(attribute.graphs ?? []),
  ]);
}

const NO_NAMES: ReadonlySet<string> = new Set();

/** Names of the outer graph that the subgraphs of a node read. */
export function outerNames(node: NodeProto): ReadonlySet<string> {
  const graphs = subgraphs(node);
  if (graphs.length === 0) return NO_NAMES;
  const names = new Set<string>();
  for (const graph of graphs) {
    const own = new Set<string>();
    for (const { name } of [...(graph.input ?? []), ...(graph.initializer ?? [])]) own.add(name ?? "");
    for (const inner of graph.node ?? []) for (const name of inner.output ?? []) own.add(name);
    const read = [
      ...(graph.node ?? []).flatMap((inner) => [...readNames(inner)]),
      ...(graph.output ?? []).map(({ name }) => name ?? ""),
    ];
    for (const name of read) if (name !== "" && !own.has(name)) names.add(name);
  }
  return names;
}

/** All names that a node reads, by itself or inside its subgraphs. */
export function readNames(node: NodeProto): ReadonlySet<string> {
  return new Set([...(node.input ?? []).filter((name) => name !== ""), ...outerNames(node)]);
}
