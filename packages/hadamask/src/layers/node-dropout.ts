// Dropout of nodes of a graph: as a layer on their features, and as a function that shortens the list of edges.

import { checkCount, checkKeep, checkKey } from "../check.js";
import { drawMask } from "../noise/bernoulli.js";
import { checkOptions } from "../options.js";
import { checkEdges, type Edges, type KeptEdges, selectEdges } from "../placement/edges.js";
import { bitAt } from "../placement/mask-bits.js";
import { NODE_LIMIT } from "../placement/pairs.js";
import type { MaskStream } from "../random/source.js";
import type { FloatInput, Key, Like, PackedMask, RateOption } from "../types.js";
import { MaskLayer, type MaskLayerOptions, type MaskLayerState } from "./base/mask-layer.js";
import { shapeOf } from "./base/pass-shape.js";
import { resumeOnStream } from "./base/resume.js";
import type { ShapedPassOptions } from "./spatial-dropout.js";

/** Edges between nodes that were kept, and which nodes those are. */
export interface KeptNodes extends KeptEdges {
  /** 1 bit a node. */
  readonly nodes: PackedMask;
}

/**
 * Drops nodes from a graph with probability `rate`, and with them every edge that begins or ends there. Nothing is
 * scaled.
 *
 * An edge between two nodes is left with probability keep^2, a self-loop with probability keep.
 *
 * Randomness. Node v is kept if element v of the mask of `key` is 1: the bits are those of
 *   `keepMask(nodes, { rate, key })`, and {@link NodeDropout} drops the same nodes in a pass with that key.
 *
 * @param nodes How many nodes the graph has: a whole number from 1 to 2^26.
 * @throws {TypeError | RangeError} If rate or keep is not in [0, 1] or both are given, `key` is not a key, or an edge
 *   ends at no node.
 * @example
 * ```ts
 * import { dropNodes, key, unpackMask } from "hadamask";
 * const kept = dropNodes({ source: [0, 1, 2], target: [1, 2, 2] }, 3, { rate: 0.5, key: key(0) });
 * console.log(unpackMask(kept.nodes, 3), kept.index); // Uint8Array(3) [ 0, 1, 0 ] Int32Array(0) []
 * ```
 * @see Feng et al., "Graph random neural networks for semi-supervised learning on graphs", NeurIPS 2020 ("DropNode").
 */
export function dropNodes(edges: Edges, nodes: number, options: RateOption & { readonly key: Key }): KeptNodes {
  const where = "dropNodes";
  checkOptions(where, options, ["rate", "keep", "key"]);
  const keep = checkKeep(where, options);
  const key = checkKey(where, options.key);
  checkCount(where, "nodes", nodes, NODE_LIMIT);
  const count = checkEdges(where, edges, nodes);
  const kept = new Uint32Array(Math.ceil(nodes / 32));
  drawMask(kept, nodes, keep, key, 0);
  const bit = (node: number): number => bitAt(kept, node);
  const both = new Uint32Array(Math.ceil(count / 32));
  for (let e = 0; e < count; e++) both[e >>> 5]! |= (bit(edges.source[e]!) & bit(edges.target[e]!)) << (e & 31);
  return { nodes: kept, ...selectEdges(edges, both) };
}

/** All that a {@link NodeDropout} layer needs to go on as if it had never stopped. */
export interface NodeDropoutState extends MaskLayerState {
  readonly layer: "NodeDropout";
}

/**
 * Dropout of nodes: all features of a node are kept or dropped together.
 *
 *     train, sample   y[v, :] = m[v] * x[v, :] * scale       scale = 1 / keep ("inverted") or 1 ("classic")
 *     eval            y = x                                  ("classic": keep * x)
 *
 * Shapes. [nodes, …], of any rank from 1. Decision v is that of node v.
 * Randomness, numerics, modes, state. As {@link Dropout}.
 *
 * @throws {TypeError | RangeError} As {@link Dropout}.
 * @example
 * ```ts
 * import { NodeDropout } from "hadamask";
 * const layer = new NodeDropout({ rate: 0.5 });
 * console.log(layer.forward([1, 2, 3, 4], { shape: [2, 2], mask: [1, 0] })); // Float64Array(4) [ 2, 4, 0, 0 ]
 * ```
 * @see Feng et al., "Graph random neural networks for semi-supervised learning on graphs", NeurIPS 2020 ("DropNode").
 */
export class NodeDropout extends MaskLayer {
  constructor(options: MaskLayerOptions) {
    super("NodeDropout", options);
  }

  /**
   * Drops nodes in the present mode.
   *
   * @param options `shape`, the first axis of which is that of the nodes; the rest as for {@link Dropout}.
   * @throws {TypeError | RangeError} If the shape does not fit `x`, or an option does not fit the mode.
   */
  forward<X extends FloatInput>(x: X, options: ShapedPassOptions): Like<X> {
    const shape = shapeOf(`${this.name}.forward`, options, "[nodes,…]", (rank) => rank >= 1);
    return this.masked(x, options, { shape, sharedAxes: shape.slice(1).map((_, i) => i + 1) });
  }

  get state(): NodeDropoutState {
    return { layer: "NodeDropout", ...this.maskState };
  }

  /**
   * @throws {TypeError | RangeError} If `state` is not what {@link NodeDropout.state} gave, or holds a stream and
   * none is given.
   */
  static fromState(state: NodeDropoutState, options: { readonly stream?: MaskStream } = {}): NodeDropout {
    return resumeOnStream("NodeDropout", state, options.stream, (saved) => new NodeDropout(saved));
  }
}
