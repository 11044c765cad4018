// Numbers for pairs of nodes, so that an edge's decision depends on its two ends alone: not on the number of nodes,
// nor on the order or number of edges.

/** Nodes are numbered below this: the numbers of their pairs are then below 2^53. */
export const NODE_LIMIT: number = 2 ** 26;

/** The number of an unordered pair, self-pairs included: the triangular number of the larger plus the smaller. */
export function unorderedPair(a: number, b: number): number {
  const high = Math.max(a, b);
  return (high * (high + 1)) / 2 + Math.min(a, b);
}

/** The number of an ordered pair: along the edges of growing squares (Szudzik, "An elegant pairing function", 2006). */
export function orderedPair(a: number, b: number): number {
  return a < b ? b * b + a : a * a + a + b;
}
