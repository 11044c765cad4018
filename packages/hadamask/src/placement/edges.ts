// Edges of graphs, and which of them share a decision. Knows no layer and no randomness.

import { checkIndex, checkLength, typeError } from "../check.js";
import type { PackedMask } from "../types.js";
import { identify } from "./identity.js";
import { bitAt } from "./mask-bits.js";
import { NODE_LIMIT, orderedPair, unorderedPair } from "./pairs.js";

/** A graph's edges: edge e goes from node `source[e]` to node `target[e]`. Nodes are whole numbers below 2^26. */
export interface Edges {
  readonly source: ArrayLike<number>;
  readonly target: ArrayLike<number>;
}

/** Edges that were kept. */
export interface KeptEdges {
  readonly source: Int32Array;
  readonly target: Int32Array;
  /** Their numbers among the edges that were given, ascending. */
  readonly index: Int32Array;
}

/** Edges with the decisions that they take. */
export interface TiedEdges {
  /** The decision of each edge. */
  readonly drawOf: Int32Array;
  /** The elements of the mask stream that decide, in the order of first appearance. */
  readonly distinct: readonly number[];
}

/** Checks edges and returns their number. */
export function checkEdges(where: string, edges: Edges | undefined, nodes: number = NODE_LIMIT): number {
  if (edges === undefined) {
    throw new TypeError(`${where}: edges is missing; pass { edges: { source, target } }, the nodes at their ends`);
  }
  const { source, target } = edges;
  checkNodes(where, "edges.source", source, nodes);
  checkNodes(where, "edges.target", target, nodes);
  checkLength(where, "edges.target", target.length, source.length, "like edges.source");
  return source.length;
}

function checkNodes(where: string, name: string, list: ArrayLike<number> | undefined, nodes: number): void {
  if (typeof list !== "object" || list === null || typeof list.length !== "number") {
    throw typeError(where, name, "an array of node numbers", list);
  }
  for (let e = 0; e < list.length; e++) checkIndex(where, `${name}[${e}]`, list[e], nodes);
}

/** Finds the edges that share a decision: parallel ones, and with `isUndirected` both directions. */
export function tieEdges(edges: Edges, isUndirected: boolean): TiedEdges {
  const numberOf = isUndirected ? unorderedPair : orderedPair;
  return identify(Array.from({ length: edges.source.length }, (_, e) => numberOf(edges.source[e]!, edges.target[e]!)));
}

/** The edges whose bit is 1, in the order in which they were given. */
export function selectEdges(edges: Edges, kept: PackedMask): KeptEdges {
  const isKept = (_: unknown, e: number): boolean => bitAt(kept, e) === 1;
  const index = Int32Array.from({ length: edges.source.length }, (_, e) => e).filter(isKept);
  return {
    source: index.map((e) => edges.source[e]!),
    target: index.map((e) => edges.target[e]!),
    index,
  };
}
