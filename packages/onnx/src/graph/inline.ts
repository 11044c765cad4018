// Functions of a model, written out: each call becomes the function's nodes, so that places inside are places of the
// main graph. Knows how ONNX binds names and attributes, and no operator.

import { nameList, shown } from "../check.js";
import { OPSETS } from "../protobuf/codec.js";
import { nodeName } from "../protobuf/nodes.js";
import {
  type AttributeProto,
  type FunctionProto,
  type GraphProto,
  type ModelProto,
  type NodeProto,
  type OpsetProto,
  toNumber,
  withFields,
} from "../protobuf/types.js";
import { viewGraph } from "./view.js";

/** More nodes than any model has, and few enough to be held: functions that call functions can multiply. */
const NODE_LIMIT = 500_000;

/** Calls within calls. */
const DEPTH_LIMIT = 64;

/**
 * The model with its functions written out where they are called. Functions that are written in another opset than the
 * model stay, since their nodes would mean something else in the main graph.
 *
 * @throws {RangeError} If functions call each other in a circle, or become more nodes than can be held.
 */
export function inlined(where: string, model: ModelProto): ModelProto {
  const versions = versionsOf(model.opsetImport);
  const [usable, other] = [new Map<string, FunctionProto>(), [] as FunctionProto[]];
  for (const entry of model.functions ?? []) {
    if (fitsModel(entry, versions)) usable.set(functionKey(entry.domain, entry.name, entry.overload), entry);
    else other.push(entry);
  }
  if (usable.size === 0) return model;
  const inliner = new Inliner(where, usable, viewGraph(model).freeName);
  const graph = inliner.graph(model.graph!, 0);
  return withFields(model, {
    graph,
    functions: other,
    opsetImport: [...(model.opsetImport ?? []), ...missingImports(usable.values(), versions)],
  });
}

/** What a function is called by. */
export const functionKey = (domain = "", name = "", overload = ""): string =>
  JSON.stringify([standard(domain), name, overload]);

const standard = (domain: string): string => (domain === "ai.onnx" ? "" : domain);

const versionsOf = (imports: readonly OpsetProto[] = []): Map<string, number> =>
  new Map(imports.map(({ domain = "", version }) => [standard(domain), toNumber(version)]));

function fitsModel(entry: FunctionProto, versions: ReadonlyMap<string, number>): boolean {
  return [...versionsOf(entry.opsetImport)].every(([domain, version]) => {
    const own = versions.get(domain);
    return own === undefined ? domain !== "" || version <= OPSETS.last : own === version;
  });
}

function missingImports(functions: Iterable<FunctionProto>, versions: ReadonlyMap<string, number>): OpsetProto[] {
  const missing = new Map<string, number>();
  for (const entry of functions) {
    for (const [domain, version] of versionsOf(entry.opsetImport))
      if (!versions.has(domain)) missing.set(domain, version);
  }
  return [...missing].map(([domain, version]) => ({ domain, version }));
}

/** What names and attributes of a function's body stand for in one call, or names of a graph's body in another. */
export interface Call {
  readonly names: (name: string) => string;
  /** What the node is called. */
  readonly title: (node: NodeProto) => string;
  readonly attributes: ReadonlyMap<string, AttributeProto>;
}

class Inliner {
  readonly #where: string;
  readonly #functions: ReadonlyMap<string, FunctionProto>;
  readonly #freeName: (name: string) => string;
  #count = 0;

  constructor(where: string, functions: ReadonlyMap<string, FunctionProto>, freeName: (name: string) => string) {
    this.#where = where;
    this.#functions = functions;
    this.#freeName = freeName;
  }

  graph(graph: GraphProto, depth: number): GraphProto {
    return withFields(graph, { node: (graph.node ?? []).flatMap((node) => this.#node(node, depth)) });
  }

  #node(node: NodeProto, depth: number): readonly NodeProto[] {
    if (++this.#count > NODE_LIMIT) {
      throw new RangeError(`${this.#where}: functions must become at most ${NODE_LIMIT} nodes, got more`);
    }
    const entry = this.#functions.get(functionKey(node.domain, node.opType, node.overload));
    if (entry === undefined) return [this.#withBodies(node, depth)];
    if (depth > DEPTH_LIMIT) {
      const names = [...this.#functions.values()].map(({ name = "" }) => name);
      throw new RangeError(
        `${this.#where}: functions must not call each other in a circle, got ${nameList(names)} more than ` +
          `${DEPTH_LIMIT} deep`,
      );
    }
    const call = this.#bind(entry, node);
    return (entry.node ?? []).flatMap((inner) => this.#node(bound(inner, call), depth + 1));
  }

  #withBodies(node: NodeProto, depth: number): NodeProto {
    if (!node.attribute?.some(({ g, graphs }) => g || graphs?.length)) return node;
    const attribute = node.attribute.map((entry) => ({
      ...entry,
      ...(entry.g ? { g: this.graph(entry.g, depth) } : {}),
      ...(entry.graphs ? { graphs: entry.graphs.map((graph) => this.graph(graph, depth)) } : {}),
    }));
    return withFields(node, { attribute });
  }

  #bind(entry: FunctionProto, node: NodeProto): Call {
    const names = new Map<string, string>([["", ""]]);
    for (const [i, name] of (entry.input ?? []).entries()) names.set(name, node.input?.[i] ?? "");
    for (const [i, name] of (entry.output ?? []).entries()) {
      const outer = node.output?.[i];
      if (outer && !names.has(name)) names.set(name, outer);
    }
    const given = [...(entry.attributeProto ?? []), ...(node.attribute ?? [])];
    const prefix = nodeName(node);
    const nameOf = (name: string): string => {
      const known = names.get(name);
      if (known !== undefined) return known;
      const own = this.#freeName(`${prefix}/${name}`);
      names.set(name, own);
      return own;
    };
    return {
      names: nameOf,
      title: (inner) => nameOf(`${shown(nodeName(inner))} node`),
      attributes: new Map(given.map((attribute) => [attribute.name ?? "", attribute])),
    };
  }
}

/** A node of a body at one call. */
export function bound(node: NodeProto, call: Call): NodeProto {
  return withFields(node, {
    name: call.title(node),
    input: (node.input ?? []).map(call.names),
    output: (node.output ?? []).map(call.names),
    attribute: (node.attribute ?? []).flatMap((attribute) => boundAttribute(attribute, call)),
  });
}

function boundAttribute(attribute: AttributeProto, call: Call): AttributeProto[] {
  if (attribute.refAttrName) {
    const given = call.attributes.get(attribute.refAttrName);
    return given === undefined ? [] : [withFields(given, { name: attribute.name ?? "" })];
  }
  const { g, graphs } = attribute;
  if (!g && !graphs?.length) return [attribute];
  return [
    withFields(attribute, {
      ...(g ? { g: boundGraph(g, call) } : {}),
      ...(graphs ? { graphs: graphs.map((graph) => boundGraph(graph, call)) } : {}),
    }),
  ];
}

function boundGraph(graph: GraphProto, call: Call): GraphProto {
  const renamed = <T extends { name?: string }>(entries: readonly T[] = []): T[] =>
    entries.map((entry) => ({ ...entry, name: call.names(entry.name ?? "") }));
  return withFields(graph, {
    node: (graph.node ?? []).map((node) => bound(node, call)),
    input: renamed(graph.input),
    output: renamed(graph.output),
    initializer: renamed(graph.initializer),
    valueInfo: renamed(graph.valueInfo),
  });
}
