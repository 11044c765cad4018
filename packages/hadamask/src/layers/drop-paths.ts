// Dropout of paths of a graph: edges are dropped, and with them what a random walk goes through from there.

import { checkCount, checkKeep, checkKey } from "../check.js";
import { checkOptions } from "../options.js";
import { checkEdges, type Edges, type KeptEdges, selectEdges, type TiedEdges, tieEdges } from "../placement/edges.js";
import { isKept, spreadDecisions } from "../placement/identity.js";
import { deriveKey, TAG } from "../random/derive.js";
import { noiseWord } from "../random/draw.js";
import type { Key, RateOption } from "../types.js";
import type { EdgeOptions } from "./edge-dropout.js";

export type DropPathsOptions = RateOption &
  EdgeOptions & {
    readonly key: Key;
    /** How many edges a path has at most, the first one included: 1 or more. Default 3. */
    readonly steps?: number | undefined;
  };

/** A way on from a node: the node at its other end, and the number of the edge. */
interface Way {
  readonly to: number;
  readonly edge: number;
}

/**
 * Drops paths from a graph: each edge begins one with probability `rate`, and a random walk of `steps` edges, the
 * first included, takes along what it goes through. What is left keeps its order; nothing is scaled.
 *
 * So more than a share `rate` of the edges goes: all of them but what {@link dropEdges} would keep, and the walks.
 * With `steps: 1` the two are the same. A walk ends early where no edge leads on, and may come back to where it was.
 *
 * Randomness. Edge e begins a path exactly if `dropEdges` drops it under the same key. Its walk takes noise words 0,
 *   1, … of the key derived for the edge's number; of the d edges that leave a node, in the order of the nodes they
 *   lead to, word w takes number floor(w d / 2^32). With `isUndirected` walks go both ways, and word 0 says at which
 *   end of the first edge to go on. So neither the order of the edges nor parallel ones change anything.
 * Cost. A sort of the edges, two random words an edge and one a step.
 *
 * @returns The kept edges, and their numbers among the given ones.
 * @throws {TypeError | RangeError} As {@link dropEdges}, and if `steps` is not a whole number above 0.
 * @example
 * ```ts
 * import { dropPaths, key } from "hadamask";
 * const line = { source: [0, 1, 2, 3, 4], target: [1, 2, 3, 4, 5] };
 * console.log(dropPaths(line, { rate: 0.2, key: key(3), steps: 1 }).index); // Int32Array(4) [ 0, 2, 3, 4 ]
 * console.log(dropPaths(line, { rate: 0.2, key: key(3), steps: 3 }).index); // Int32Array(2) [ 0, 4 ]
 * ```
 * @see Li et al., "What's behind the mask: understanding masked graph modeling for graph autoencoders", KDD 2023,
 *   where walks begin at nodes.
 */
export function dropPaths(edges: Edges, options: DropPathsOptions): KeptEdges {
  const where = "dropPaths";
  checkOptions(where, options, ["rate", "keep", "key", "isUndirected", "steps"]);
  const keep = checkKeep(where, options);
  const key = checkKey(where, options.key);
  const steps = checkCount(where, "steps", options.steps ?? 3, 2 ** 32);
  checkEdges(where, edges);
  const isUndirected = options.isUndirected ?? false;
  const tied = tieEdges(edges, isUndirected);
  const ends = endsOf(edges, tied, isUndirected);
  const ways = steps > 1 ? waysOf(ends, isUndirected) : new Map();
  const kept = new Uint32Array(Math.ceil(tied.distinct.length / 32)).fill(0xffffffff);
  const drop = (edge: number): void => {
    kept[edge >>> 5]! &= ~(1 << (edge & 31));
  };
  tied.distinct.forEach((number, edge) => {
    if (isKept(key, keep, number)) return;
    drop(edge);
    const [low, high] = ends[edge]!;
    walk(deriveKey(key, TAG.sampleId, number), ways, isUndirected ? [low, high] : [high], steps - 1, drop);
  });
  return selectEdges(edges, spreadDecisions(kept, tied.drawOf));
}

type Ends = readonly [number, number];

/** The nodes of each different edge, the smaller first where it has no direction. */
function endsOf({ source, target }: Edges, tied: TiedEdges, isUndirected: boolean): Ends[] {
  const ends = new Array<Ends>(tied.distinct.length);
  tied.drawOf.forEach((edge, e) => {
    const [a, b] = [source[e]!, target[e]!];
    ends[edge] = isUndirected && a > b ? [b, a] : [a, b];
  });
  return ends;
}

/** The ways on from each node, in the order of the nodes they lead to. */
function waysOf(ends: readonly Ends[], isUndirected: boolean): Map<number, Way[]> {
  const ways = new Map<number, Way[]>();
  const add = (from: number, to: number, edge: number): void => {
    const known = ways.get(from);
    if (known === undefined) ways.set(from, [{ to, edge }]);
    else known.push({ to, edge });
  };
  ends.forEach(([a, b], edge) => {
    add(a, b, edge);
    if (isUndirected && a !== b) add(b, a, edge);
  });
  for (const list of ways.values()) list.sort((one, other) => one.to - other.to);
  return ways;
}

/** Goes on from one of `starts` for at most `steps` edges. */
function walk(
  key: Key,
  ways: ReadonlyMap<number, readonly Way[]>,
  starts: readonly number[],
  steps: number,
  visit: (edge: number) => void,
): void {
  let word = 0;
  const choose = <T>(list: readonly T[]): T => list[Math.floor((noiseWord(key, word++) / 2 ** 32) * list.length)]!;
  if (steps === 0) return;
  let node = starts.length === 1 ? starts[0]! : choose(starts);
  for (let step = 0; step < steps; step++) {
    const on = ways.get(node);
    if (on === undefined) return;
    const way = choose(on);
    visit(way.edge);
    node = way.to;
  }
}
