// Bodies of If, Loop and Scan, written into the main list of nodes between brackets, so that places inside are found
// and rewritten like all others; and back. Weights of bodies become weights of the main graph, which bodies can read.

import { withGraph } from "../protobuf/make.js";
import { nodeName } from "../protobuf/nodes.js";
import type { GraphProto, ModelProto, NodeProto, TensorProto, ValueInfoProto } from "../protobuf/types.js";
import { withFields } from "../protobuf/types.js";
import { hasPlaces } from "./bodies.js";
import { bracket, type Holder } from "./brackets.js";
import { bound, type Call } from "./inline.js";
import { restoreBodies } from "./restore.js";
import { type GraphView, intAttribute, isOneOf, viewGraph } from "./view.js";

/** A model whose bodies stand in the main list of nodes. */
export interface FlatModel {
  readonly model: ModelProto;
  /** Puts the bodies of the flat model, or of one that was made from it, back to where they belong. */
  restore(model: ModelProto): ModelProto;
  /** "Loop (encoder)" for nodes of a body, of the innermost one; undefined for those of the main graph. */
  holderOf(node: NodeProto): string | undefined;
}

const HOLDERS: ReadonlySet<string> = new Set(["If", "Loop", "Scan"]);

/** Before this opset Scan had an axis for batches. */
const SCAN_OPSET = 9;

/** The model itself if no body holds a layer or a Dropout node. */
export function flattened(model: ModelProto, opset: number): FlatModel {
  const graph = model.graph!;
  const asItIs: FlatModel = { model, restore: (same) => same, holderOf: () => undefined };
  if (!graph.node?.some((node) => isOneOf(node, HOLDERS))) return asItIs;
  const flattener = new Flattener(viewGraph(model), opset);
  const node = flattener.nodes(graph.node ?? [], new Map());
  const { holders, weights, infos } = flattener;
  if (holders.length === 0) return asItIs;
  const initializer = [...(graph.initializer ?? []), ...weights];
  const inner = new Set(infos.map(({ name }) => name));
  return {
    model: withGraph(model, { node, initializer, valueInfo: [...(graph.valueInfo ?? []), ...infos] }),
    holderOf: (node) => flattener.inside.get(node),
    restore(changed) {
      const valueInfo = (changed.graph!.valueInfo ?? []).filter(({ name }) => !inner.has(name));
      return withGraph(changed, { node: restoreBodies(changed.graph!.node ?? [], holders), valueInfo });
    },
  };
}

type Names = ReadonlyMap<string, string>;

const callOf = (names: Names): Call => ({
  names: (name) => names.get(name) ?? name,
  title: ({ name = "" }) => name,
  attributes: new Map(),
});

class Flattener {
  readonly holders: Holder[] = [];
  weights: readonly TensorProto[] = [];
  infos: readonly ValueInfoProto[] = [];
  readonly inside = new Map<NodeProto, string>();
  readonly #view: GraphView;
  readonly #opset: number;
  /** Names that are given away: those of the main graph, and of the bodies so far. */
  readonly #taken = new Set<string>();

  constructor(view: GraphView, opset: number) {
    this.#view = view;
    this.#opset = opset;
    const { initializer = [], input = [] } = view.graph;
    for (const { name = "" } of [...initializer, ...input]) this.#taken.add(name);
    for (const node of view.nodes) for (const name of node.output ?? []) this.#taken.add(name);
  }

  nodes(list: readonly NodeProto[], names: Names): NodeProto[] {
    return list.flatMap((node) => {
      const own = names.size === 0 ? node : bound(node, callOf(names));
      const isFlat = isOneOf(node, HOLDERS) && (node.opType !== "Scan" || this.#opset >= SCAN_OPSET);
      return isFlat && hasPlaces(node) ? this.#holder(node, own, names) : [own];
    });
  }

  /** `own` is `node` with the names around it. */
  #holder(node: NodeProto, own: NodeProto, names: Names): NodeProto[] {
    const number = this.holders.length;
    this.holders.push({ node: own, bodies: [] }); // its number is taken before those inside
    const bodies = bodiesOf(node).map((body) => this.#body(body, names));
    this.holders[number] = { node: own, bodies: bodies.map(({ graph }) => graph) };
    for (const inner of bodies.flatMap(({ nodes }) => nodes)) {
      if (!this.inside.has(inner)) this.inside.set(inner, `${node.opType} (${nodeName(node)})`);
    }
    const list = bodies.flatMap(({ graph, nodes }, i) => [
      bracket("Begin", [], [], `${number}/${i}`),
      ...entries(own, graph),
      ...nodes,
    ]);
    const exits = exitsOf(
      own,
      bodies.map(({ graph }) => graph),
    );
    return [...list, ...exits, bracket("End", [], [], `${number}`)];
  }

  /** The body in names of its own; its weights go to the main graph. */
  #body(body: GraphProto, outer: Names): { readonly graph: GraphProto; readonly nodes: readonly NodeProto[] } {
    const { input = [], initializer = [], node = [], output = [], valueInfo = [] } = body;
    const names = new Map(outer);
    const defined = [...input, ...initializer].map(({ name = "" }) => name);
    for (const name of [...defined, ...node.flatMap((inner) => inner.output ?? [])]) {
      if (name === "") continue;
      if (this.#taken.has(name)) names.set(name, this.#view.freeName(name));
      this.#taken.add(name);
    }
    const renamed = <T extends { readonly name?: string }>(list: readonly T[]): T[] =>
      list.map((entry) => ({ ...entry, name: names.get(entry.name ?? "") ?? entry.name ?? "" }));
    const given = new Set(input.map(({ name }) => name));
    this.weights = this.weights.concat(renamed(initializer.filter(({ name }) => !given.has(name))));
    const graph = withFields(body, {
      node: [],
      initializer: renamed(initializer.filter(({ name }) => given.has(name))),
      input: renamed(input),
      output: renamed(output),
      valueInfo: renamed(valueInfo),
    });
    this.infos = this.infos.concat(graph.input!, graph.output!, graph.valueInfo!);
    return { graph, nodes: this.nodes(node, names) };
  }
}

/** Each of the attributes that hold one. */
const bodiesOf = (node: NodeProto): GraphProto[] => (node.attribute ?? []).flatMap(({ g }) => g ?? []);

const namesOf = (infos: readonly ValueInfoProto[] = []): string[] => infos.map(({ name = "" }) => name);

/** How many of the tensors that bodies give go on to the next step: a Loop's condition is one of them. */
const statesOf = (node: NodeProto): number =>
  (node.input?.length ?? 0) - (node.opType === "Scan" ? intAttribute(node, "num_scan_inputs", 0) : 1);

/** A Loop's body is given the number of the step and its condition, then states; a Scan's states, then slices. */
function entries(node: NodeProto, { input, output }: GraphProto): NodeProto[] {
  const isLoop = node.opType === "Loop";
  const outs = namesOf(output);
  return namesOf(input).map((name, k) => {
    const start = isLoop && k < 2 ? "" : (node.input?.[k] ?? "");
    if (!isLoop && k >= statesOf(node)) return bracket("Each", [start], [name]);
    // where it starts, and what the step before gave
    return bracket("In", [start, outs[isLoop ? k - 1 : k] ?? ""], [name]);
  });
}

/**
 * One bracket for each tensor that the bodies give. Its inputs: what each body gives, then what decides how often
 * bodies run. A Loop's first, its condition, gives nothing to the graph around it.
 */
function exitsOf(node: NodeProto, bodies: readonly GraphProto[]): NodeProto[] {
  const [first = [], second] = bodies.map(({ output }) => namesOf(output));
  const [a = "", b = ""] = node.input ?? [];
  return first.map((name, k) => {
    const to = node.output?.[node.opType === "Loop" ? k - 1 : k] ?? "";
    if (node.opType === "If") return bracket("Out", [name, second?.[k] ?? "", a], [to]);
    const deciding = node.opType === "Loop" ? [a, b, first[0]!] : [];
    return bracket(k < statesOf(node) ? "Out" : "All", [name, ...deciding], [to]);
  });
}
