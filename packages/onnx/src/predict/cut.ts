// Cuts a rewritten model in two where the first masks are: what comes before gives the same in every pass, and need
// be computed only once. Knows graphs; knows neither randomness nor the runtime.

import { RANDOM_OPERATORS } from "../graph/random.js";
import { type GraphView, isOneOf, isOperator, viewGraph } from "../graph/view.js";
import { tensorInfo, withGraph } from "../protobuf/make.js";
import { subgraphs } from "../protobuf/nodes.js";
import type { ModelProto, NodeProto } from "../protobuf/types.js";
import type { Site } from "../sites.js";

/** A model in two parts. */
export interface CutModel {
  /** Up to the first masks. Its outputs are `tensors`. */
  readonly head: ModelProto;
  /** What `head` hands over. */
  readonly tensors: readonly string[];
  /** The rest, with `tensors` as further inputs, of these types. */
  rest(elementTypes: readonly number[]): ModelProto;
}

/** What a node depends on, the last that is true. Nodes that depend on nothing are in both parts. */
type Reach = "nothing" | "rows" | "masks";

/**
 * @param outputs Those that will be asked for.
 * @returns undefined if nothing comes before the first masks, or an output does not depend on them.
 */
export function cutModel(model: ModelProto, sites: readonly Site[], outputs: readonly string[]): CutModel | undefined {
  const view = viewGraph(model);
  const reach = reachOf(view, new Set(sites.map(({ input }) => input)));
  const of = (node: NodeProto): Reach => reach.get(node.output?.find((name) => name !== "") ?? "") ?? "masks";
  const early = view.nodes.filter((node) => of(node) === "rows");
  const tensors = early
    .flatMap((node) => node.output ?? [])
    .filter((name) => view.uses(name).some(({ node }) => of(node) === "masks"));
  if (tensors.length === 0 || outputs.some((name) => reach.get(name) !== "masks")) return undefined;
  return {
    head: part(
      model,
      view.nodes.filter((node) => of(node) !== "masks"),
      tensors.map((name) => ({ name })),
    ),
    tensors,
    rest(elementTypes) {
      const inputs = tensors.map((name, i) => tensorInfo(name, elementTypes[i]!));
      const late = view.nodes.filter((node) => of(node) !== "rows");
      const asked = (view.graph.output ?? []).filter(({ name }) => outputs.includes(name ?? ""));
      return part(withGraph(model, { input: [...(view.graph.input ?? []), ...inputs] }), late, asked);
    },
  };
}

/** What each tensor depends on. Nodes stand in an order in which they can be computed, as the standard demands. */
function reachOf(view: GraphView, masks: ReadonlySet<string>): ReadonlyMap<string, Reach> {
  const reach = new Map<string, Reach>();
  for (const { name = "" } of view.graph.input ?? []) {
    if (view.isInput(name)) reach.set(name, masks.has(name) ? "masks" : "rows");
  }
  // What a subgraph reads from outside stands in no list of inputs: its node goes with the masks.
  const isOpaque = (node: NodeProto): boolean =>
    isOneOf(node, RANDOM_OPERATORS) || isOperator(node, "Dropout") || subgraphs(node).length > 0;
  for (const node of view.nodes) {
    const from = (node.input ?? []).map((name) => reach.get(name) ?? "nothing");
    const own = isOpaque(node) || from.includes("masks") ? "masks" : from.includes("rows") ? "rows" : "nothing";
    for (const name of node.output ?? []) if (name !== "") reach.set(name, own);
  }
  return reach;
}

/** A model of some nodes, with the weights and inputs that these read. */
function part(
  model: ModelProto,
  node: readonly NodeProto[],
  output: readonly { readonly name?: string }[],
): ModelProto {
  const graph = model.graph!;
  const view = viewGraph(withGraph(model, { node }));
  const isRead = ({ name = "" }: { readonly name?: string }): boolean => view.uses(name).length > 0;
  return withGraph(model, {
    node,
    output,
    input: (graph.input ?? []).filter(isRead),
    initializer: (graph.initializer ?? []).filter(isRead),
    valueInfo: (graph.valueInfo ?? []).filter(({ name }) => view.producer(name ?? "") !== undefined),
  });
}
