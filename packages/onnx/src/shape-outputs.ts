// The shapes of a rewritten model's sites as further outputs of it.

import { bracket, bracketOf, isOut } from "./graph/brackets.js";
import { flattened } from "./graph/flat.js";
import { type GraphView, viewGraph } from "./graph/view.js";
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
  let node = view.nodes;
  const output = there.map((site) => {
    const found = withShape(view, node, site);
    node = found.nodes;
    return tensorInfo(shapeName(site), DATA_TYPE.int64, new Array<object>(found.rank).fill({}));
  });
  return flat.restore(withGraph(flat.model, { node, output: [...(view.graph.output ?? []), ...output] }));
}

/**
 * The nodes with one that makes a shape, where its site is, and what hands it out of the bodies around it; and the rank
 * that it has outside.
 */
function withShape(view: GraphView, nodes: readonly NodeProto[], site: Site): Found {
  const at = nodes.findIndex(({ input }) => input?.includes(site.input));
  const bodies = openBodies(nodes.slice(0, at));
  let name = bodies.length === 0 ? shapeName(site) : view.freeName(shapeName(site));
  let list: readonly NodeProto[] = nodes.toSpliced(at, 0, makerOf(name, "Shape", [site.tensor]));
  let rank = 1;
  for (let depth = bodies.length - 1; depth >= 0; depth--) {
    const outer = depth === 0 ? shapeName(site) : view.freeName(shapeName(site));
    const found = handedOut(view, list, bodies[depth]!, { inner: name, outer, rank: site.rank ?? 1 });
    [name, list, rank] = [outer, found.nodes, rank + found.rank];
  }
  return { nodes: list, rank };
}

interface Found {
  readonly nodes: readonly NodeProto[];
  readonly rank: number;
}

/** Names of the bodies that are open behind these nodes, the outermost first. */
function openBodies(nodes: readonly NodeProto[]): string[] {
  const open: string[] = [];
  for (const node of nodes) {
    const kind = bracketOf(node);
    if (kind === "End" || (kind === "Begin" && !node.name!.endsWith("/0"))) open.pop();
    if (kind === "Begin") open.push(node.name!);
  }
  return open;
}

/**
 * Hands the shape `inner` of a body out to the graph around it, as `outer`; other branches give -1. The rank is what it
 * gains: an axis of steps.
 */
function handedOut(
  view: GraphView,
  nodes: readonly NodeProto[],
  body: string,
  { inner, outer, rank }: { readonly inner: string; readonly outer: string; readonly rank: number },
): Found {
  const [holder, number] = body.split("/");
  const end = nodes.findIndex((node) => bracketOf(node) === "End" && node.name === holder);
  let exits = end;
  while (isOut(nodes[exits - 1]!)) exits--;
  const [, ...deciding] = nodes[end - 1]!.input!;
  if (deciding.length !== 2) {
    return { nodes: nodes.toSpliced(end, 0, bracket("All", [inner, ...deciding], [outer])), rank: 1 };
  }
  const absent = view.freeName(`${outer}_absent`);
  const t = { dims: [rank], dataType: DATA_TYPE.int64, int64Data: new Array<number>(rank).fill(-1) };
  const value = { name: "value", type: ATTRIBUTE_TYPE.tensor, t };
  const names = number === "0" ? [inner, absent] : [absent, inner];
  const second = nodes.findIndex((node) => bracketOf(node) === "Begin" && node.name === `${holder}/1`);
  const list = nodes
    .toSpliced(end, 0, bracket("Out", [...names, deciding[1]!], [outer]))
    .toSpliced(number === "0" ? exits : second, 0, makerOf(absent, "Constant", [], value));
  return { nodes: list, rank: 0 };
}
