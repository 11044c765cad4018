// The shapes of a rewritten model's sites as further outputs of it.

import { bracket, bracketOf, isOut } from "./graph/brackets.js";
import { flattened } from "./graph/flat.js";
import { append, type GraphView, viewGraph } from "./graph/view.js";
import { opsetOf } from "./protobuf/codec.js";
import { makerOf, tensorInfo, withGraph } from "./protobuf/make.js";
import { ATTRIBUTE_TYPE, DATA_TYPE, type ModelProto, type NodeProto } from "./protobuf/types.js";
import type { Site } from "./sites.js";

/** The output that tells the shape of a site's tensor. */
export const shapeName = ({ input }: Pick<Site, "input">): string => `${input}_shape`;

/** Sites that no node of the main graph reads: their tensors are made in some runs, or several times in one. */
export function sitesInBodies(model: ModelProto, sites: readonly Site[]): Site[] {
  const view = viewGraph(model);
  return sites.filter(({ input }) => view.uses(input).every(({ index }) => index < 0));
}

/**
 * The model with the shapes of its sites as further outputs, those of Loop and Scan with an axis of steps before. They
 * cost next to nothing, and are fetched only where they are asked for.
 */
export function withShapeOutputs(model: ModelProto, sites: readonly Site[]): ModelProto {
  const flat = flattened(model, opsetOf("withDropout", model));
  const view = viewGraph(flat.model);
  const there = sites.filter((site) => !view.isOutput(shapeName(site)));
  if (there.length === 0) return model;
  const additions = new Additions(view, new Set(there.map(({ input }) => input)));
  const output = there.map((site) => {
    const rank = additions.shapeOf(site);
    return tensorInfo(shapeName(site), DATA_TYPE.int64, new Array<object>(rank).fill({}));
  });
  const outputs = [...(view.graph.output ?? []), ...output];
  return flat.restore(withGraph(flat.model, { node: additions.nodes(), output: outputs }));
}

/** Where a site is: the node that reads its input, and the bodies around that, the outermost first. */
interface SitePlace {
  readonly reader: NodeProto;
  readonly bodies: readonly string[];
}

/** Nodes that are added to a flat graph, each before one that is there. */
class Additions {
  readonly #view: GraphView;
  readonly #places = new Map<string, SitePlace>();
  /** Where brackets that have names stand: "Begin 0/1", "End 0". */
  readonly #brackets = new Map<string, number>();
  readonly #before = new Map<NodeProto, NodeProto[]>();

  /** @param inputs Those of the sites. */
  constructor(view: GraphView, inputs: ReadonlySet<string>) {
    this.#view = view;
    const open: string[] = [];
    for (const [at, node] of view.nodes.entries()) {
      const kind = bracketOf(node);
      if (kind === "End" || (kind === "Begin" && !node.name!.endsWith("/0"))) open.pop();
      if (kind === "Begin") open.push(node.name!);
      if (kind !== undefined) this.#brackets.set(`${kind} ${node.name}`, at);
      for (const name of node.input ?? []) {
        if (inputs.has(name) && !this.#places.has(name)) this.#places.set(name, { reader: node, bodies: [...open] });
      }
    }
  }

  /** All nodes, the added ones among them. */
  nodes(): NodeProto[] {
    return this.#view.nodes.flatMap((node) => [...(this.#before.get(node) ?? []), node]);
  }

  /** Adds a node that makes a site's shape, and what hands it out of the bodies around it; the rank it has outside. */
  shapeOf(site: Site): number {
    const { reader, bodies } = this.#places.get(site.input) ?? { reader: this.#view.nodes.at(-1)!, bodies: [] };
    let name = bodies.length === 0 ? shapeName(site) : this.#view.freeName(shapeName(site));
    append(this.#before, reader, makerOf(name, "Shape", [site.tensor]));
    let rank = 1;
    for (let depth = bodies.length - 1; depth >= 0; depth--) {
      const outer = depth === 0 ? shapeName(site) : this.#view.freeName(shapeName(site));
      rank += this.#handOut(bodies[depth]!, { inner: name, outer, rank: site.rank ?? 1 });
      name = outer;
    }
    return rank;
  }

  /**
   * Hands the shape `inner` of a body out to the graph around it, as `outer`; other branches give -1. The rank that it
   * gains: 1 for an axis of steps.
   */
  #handOut(
    body: string,
    { inner, outer, rank }: { readonly inner: string; readonly outer: string; readonly rank: number },
  ): number {
    const { nodes } = this.#view;
    const [holder, number] = body.split("/");
    const end = this.#brackets.get(`End ${holder}`)!;
    const [, ...deciding] = nodes[end - 1]!.input!;
    if (deciding.length !== 2) {
      append(this.#before, nodes[end]!, bracket("All", [inner, ...deciding], [outer]));
      return 1;
    }
    let exits = end;
    while (isOut(nodes[exits - 1]!)) exits--;
    const absent = this.#view.freeName(`${outer}_absent`);
    const t = { dims: [rank], dataType: DATA_TYPE.int64, int64Data: new Array<number>(rank).fill(-1) };
    const value = { name: "value", type: ATTRIBUTE_TYPE.tensor, t };
    const names = number === "0" ? [inner, absent] : [absent, inner];
    append(this.#before, nodes[end]!, bracket("Out", [...names, deciding[1]!], [outer]));
    const otherEnd = number === "0" ? exits : this.#brackets.get(`Begin ${holder}/1`)!;
    append(this.#before, nodes[otherEnd]!, makerOf(absent, "Constant", [], value));
    return 0;
  }
}
