// Dropout of edges of a graph: as a layer on what is sent along them, and as a function that shortens the list of
// edges.

import { checkKeep, checkKey, checkScaling, toFloatArray } from "../check.js";
import { multiplyByShared } from "../noise/bernoulli.js";
import { checkOptions } from "../options.js";
import { checkEdges, type Edges, type KeptEdges, selectEdges, type TiedEdges, tieEdges } from "../placement/edges.js";
import { drawIdentities, spreadDecisions } from "../placement/identity.js";
import { placementOf, type Shape } from "../placement/shape.js";
import type { FloatInput, Key, Like, PackedMask, RateOption, Scaling } from "../types.js";
import {
  DecisionLayer,
  type DecisionLayerState,
  type DecisionPassOptions,
  type Effect,
} from "./base/decision-layer.js";
import { scaleInEval } from "./base/mask-layer.js";
import { resume } from "./base/resume.js";
import type { LayerOptions } from "./base/stochastic-layer.js";

/** What an edge's decision depends on. */
export interface EdgeOptions {
  /** True where an edge and its reverse are one edge, and are kept or dropped together. Default false. */
  readonly isUndirected?: boolean | undefined;
}

/**
 * Drops edges from a graph with probability `rate`; those that are left keep their order. Nothing is scaled.
 *
 * The two directions of an undirected edge go together, parallel edges too, and a self-loop is one edge: nothing is
 * doubled.
 *
 * Randomness. The decision of an edge is an element of the mask of `key` whose number is made of its two nodes alone:
 *   adding or reordering edges leaves the decisions of the others as they are. {@link EdgeDropout} drops the same
 *   edges in a pass with that key.
 * Cost. Two random words for each different edge.
 *
 * @returns The kept edges, and their numbers among the given ones.
 * @throws {TypeError | RangeError} If rate or keep is not in [0, 1] or both are given, `key` is not a key, or a node is
 *   no whole number below 2^26.
 * @example
 * ```ts
 * import { dropEdges, key } from "hadamask";
 * const edges = { source: [0, 1, 1, 2, 2], target: [1, 0, 2, 1, 2] }; // 0-1, 1-2, and a loop at 2
 * const kept = dropEdges(edges, { rate: 0.5, key: key(4), isUndirected: true });
 * console.log(kept.index); // Int32Array(2) [ 2, 3 ]
 * ```
 * @see Rong et al., "DropEdge: towards deep graph convolutional networks on node classification", ICLR 2020.
 */
export function dropEdges(edges: Edges, options: RateOption & EdgeOptions & { readonly key: Key }): KeptEdges {
  const where = "dropEdges";
  checkOptions(where, options, ["rate", "keep", "key", "isUndirected"]);
  const keep = checkKeep(where, options);
  const key = checkKey(where, options.key);
  checkEdges(where, edges);
  const tied = tieEdges(edges, options.isUndirected ?? false);
  return selectEdges(edges, spreadDecisions(drawEdges(key, keep, tied), tied.drawOf));
}

function drawEdges(key: Key, keep: number, { distinct }: TiedEdges): PackedMask {
  const out = new Uint32Array(Math.ceil(distinct.length / 32));
  drawIdentities(out, 0, key, keep, distinct);
  return out;
}

export type EdgeDropoutOptions = RateOption &
  LayerOptions &
  EdgeOptions & {
    /** Default "inverted". */
    readonly scaling?: Scaling;
  };

export interface EdgePassOptions extends DecisionPassOptions {
  /** The edges that the rows of `x` belong to. */
  readonly edges: Edges;
  /** Lengths of the axes of `x`, of which the first is that of the edges; needed by nothing. */
  readonly shape?: Shape;
}

/** All that an {@link EdgeDropout} layer needs to go on as if it had never stopped. */
export interface EdgeDropoutState extends DecisionLayerState {
  readonly layer: "EdgeDropout";
  readonly scaling: Scaling;
  readonly isUndirected: boolean;
}

/**
 * Dropout of edges: all that is sent along an edge (its weight, its message) is kept or dropped together.
 *
 *     train, sample   y[e, :] = m[edge e] * x[e, :] * scale       scale = 1 / keep ("inverted") or 1 ("classic")
 *     eval            y = x                                       ("classic": keep * x)
 *
 * With "inverted" the expected sum of a node's messages is unchanged. DropEdge does not scale but normalises the
 * adjacency matrix of the edges that are left: that is {@link dropEdges}, or "classic" scaling of weights that are
 * normalised afterwards.
 *
 * Shapes. `x` is [edges] or [edges, width]. A mask given by hand has one decision for each different edge, in the
 *   order of first appearance; with `isUndirected` an edge and its reverse are one.
 * Randomness. As {@link dropEdges}, under the key of the pass.
 * Numerics, modes, state. As {@link Dropout}.
 * Cost. One pass, two random words for each different edge, and 4 bytes an edge kept for `backward`.
 *
 * @throws {TypeError | RangeError} As {@link Dropout}.
 * @example
 * ```ts
 * import { EdgeDropout } from "hadamask";
 * const layer = new EdgeDropout({ rate: 0.5, isUndirected: true });
 * const edges = { source: [0, 1, 2], target: [1, 0, 2] };
 * console.log(layer.forward([1, 2, 3], { edges, mask: [0, 1] })); // Float64Array(3) [ 0, 0, 6 ]
 * ```
 * @see Rong et al., "DropEdge: towards deep graph convolutional networks on node classification", ICLR 2020.
 */
export class EdgeDropout extends DecisionLayer {
  readonly scaling: Scaling;
  readonly isUndirected: boolean;

  constructor(options: EdgeDropoutOptions) {
    super("EdgeDropout", options, { options: ["scaling", "isUndirected"], pass: ["edges", "shape"] });
    this.scaling = checkScaling(this.name, options.scaling ?? "inverted");
    this.isUndirected = options.isUndirected ?? false;
  }

  /**
   * Drops edges in the present mode.
   *
   * @param options `edges`; `step` or `pass` sets the counter before the call; `mask` gives the decisions by hand;
   *   `out` takes the result and may be `x`.
   * @throws {TypeError | RangeError} If `x` does not have the same number of elements for each edge, or an option does
   *   not fit the mode.
   */
  forward<X extends FloatInput>(x: X, options: EdgePassOptions): Like<X> {
    const where = `${this.name}.forward`;
    const values = toFloatArray(where, "x", x);
    const count = checkEdges(where, options?.edges);
    if (!(count === 0 ? values.length === 0 : values.length % count === 0)) {
      throw new RangeError(
        `${where}: x must have the same number of elements for each of ${count} edges, got ${values.length}`,
      );
    }
    const width = count === 0 ? 0 : values.length / count;
    const tied = tieEdges(options.edges, this.isUndirected);
    return this.decided(values, options, edgeEffect(this.keep, this.scaling, count, width, tied)) as Like<X>;
  }

  get state(): EdgeDropoutState {
    const { scaling, isUndirected } = this;
    return { layer: "EdgeDropout", scaling, isUndirected, ...this.decisionState };
  }

  /** @throws {TypeError | RangeError} If `state` is not what {@link EdgeDropout.state} gave. */
  static fromState(state: EdgeDropoutState): EdgeDropout {
    return resume("EdgeDropout", state, (saved) => new EdgeDropout(saved));
  }
}

function edgeEffect(keep: number, scaling: Scaling, count: number, width: number, tied: TiedEdges): Effect {
  const placement = placementOf([count, width], [1]);
  const scale = scaling === "inverted" ? 1 / keep : 1;
  return {
    inputs: placement.size,
    outputs: placement.size,
    decisions: tied.distinct.length,
    draw: (key) => drawEdges(key, keep, tied),
    forward: (x, out, kept) => multiplyByShared(x, out, spreadDecisions(kept, tied.drawOf), scale, placement),
    backward: (dy, out, kept) => multiplyByShared(dy, out, spreadDecisions(kept, tied.drawOf), scale, placement),
    evaluate: (values, out) => scaleInEval(values, out, keep, scaling),
  };
}
