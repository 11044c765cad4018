// Graphs are checked once, when they are read: one maker for each tensor, no circles, nodes in an order in which they
// can be computed. Whatever comes after may trust it. Walks are loops, since graphs may be chains of any length.

import { nameList, shown } from "../check.js";
import { nodeName, readNames, subgraphs } from "./nodes.js";
import { type GraphProto, type NodeProto, withFields } from "./types.js";

/**
 * The graph with its nodes in order, those of its subgraphs too. The same object if they are already.
 *
 * @throws {RangeError} If a tensor is made twice, or nodes wait for each other.
 */
export function orderedGraph(where: string, graph: GraphProto): GraphProto {
  const makers = makersOf(where, graph);
  const node = sorted(where, graph.node ?? [], makers).map((entry) => withOrderedBodies(where, entry));
  return node.every((entry, i) => entry === graph.node?.[i]) ? graph : withFields(graph, { node });
}

function withOrderedBodies(where: string, node: NodeProto): NodeProto {
  if (subgraphs(node).length === 0) return node;
  let isSame = true;
  const ordered = (graph: GraphProto): GraphProto => {
    const found = orderedGraph(where, graph);
    isSame &&= found === graph;
    return found;
  };
  const attribute = (node.attribute ?? []).map((entry) => ({
    ...entry,
    ...(entry.g ? { g: ordered(entry.g) } : {}),
    ...(entry.graphs ? { graphs: entry.graphs.map(ordered) } : {}),
  }));
  return isSame ? node : withFields(node, { attribute });
}

function makersOf(where: string, graph: GraphProto): ReadonlyMap<string, NodeProto> {
  const given = new Map<string, string>();
  for (const { name } of graph.initializer ?? []) if (name) given.set(name, "a weight");
  for (const { name } of graph.input ?? []) if (name) given.set(name, "an input");
  const makers = new Map<string, NodeProto>();
  for (const node of graph.node ?? []) {
    for (const name of node.output ?? []) {
      if (name === "") continue;
      const other = makers.get(name);
      const first = given.get(name) ?? (other && shown(nodeName(other)));
      if (first !== undefined) {
        throw new RangeError(
          `${where}: tensor ${shown(name)} must be made once, got ${first} and ${shown(nodeName(node))}`,
        );
      }
      makers.set(name, node);
    }
  }
  return makers;
}

/** Each node behind those it reads from, else in the order of the file. */
function sorted(
  where: string,
  nodes: readonly NodeProto[],
  makers: ReadonlyMap<string, NodeProto>,
): readonly NodeProto[] {
  const order: NodeProto[] = [];
  const state = new Map<NodeProto, "open" | "done">();
  for (const start of nodes) {
    if (state.has(start)) continue;
    const path = [stepAt(start, makers)];
    state.set(start, "open");
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const next = top.waits.next();
      if (next.done) {
        state.set(top.node, "done");
        order.push(top.node);
        path.pop();
      } else if (state.get(next.value) === "open") {
        const circle = path.slice(path.findIndex(({ node }) => node === next.value)).map(({ node }) => nodeName(node));
        throw new RangeError(
          `${where}: nodes must not wait for each other in a circle, got one through ${nameList(circle)}`,
        );
      } else if (!state.has(next.value)) {
        state.set(next.value, "open");
        path.push(stepAt(next.value, makers));
      }
    }
  }
  return order;
}

interface Step {
  readonly node: NodeProto;
  /** The nodes that it reads from and that were not looked at. */
  readonly waits: Iterator<NodeProto>;
}

function stepAt(node: NodeProto, makers: ReadonlyMap<string, NodeProto>): Step {
  const before = new Set([...readNames(node)].flatMap((name) => makers.get(name) ?? []));
  return { node, waits: before.values() };
}
