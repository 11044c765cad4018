// Turns chosen places into multiplications by extra inputs. Knows graphs; knows neither randomness nor the runtime.

import { shown } from "./check.js";
import type { FlatModel } from "./graph/flat.js";
import { FLOATS } from "./graph/layers.js";
import { append, type GraphView, isOperator, viewGraph } from "./graph/view.js";
import { dropoutNodes } from "./places/dropout-nodes.js";
import { type ChosenPlace, label } from "./places/placement.js";
import { makerOf, tensorInfo, wholeNumber } from "./protobuf/make.js";
import { nodeName } from "./protobuf/nodes.js";
import {
  DATA_TYPE,
  type GraphProto,
  type ModelProto,
  type NodeProto,
  typeName,
  type ValueInfoProto,
  withFields,
} from "./protobuf/types.js";
import { elementTypeOf, type Site, withSites } from "./sites.js";

/** Nodes to put before and after an old one, and what the old one becomes. */
interface Edits {
  readonly ahead: NodeProto[];
  readonly before: Map<NodeProto, NodeProto[]>;
  readonly after: Map<NodeProto, NodeProto[]>;
  readonly replaced: Map<NodeProto, NodeProto[]>;
  /** One input of one node reads another tensor. */
  readonly renamedInputs: Map<NodeProto, Map<number, string>>;
  /** Every node of the old graph reads another tensor. */
  readonly renamedTensors: Map<string, string>;
  /** Outputs of one node get other names. */
  readonly renamedOutputs: Map<NodeProto, Map<string, string>>;
}

/** Multiplies every chosen place by an input of its own; bodies are back where they belong. */
export function rewrite(
  where: string,
  { model, restore }: FlatModel,
  chosen: readonly ChosenPlace[],
  opset: number,
): { model: ModelProto; sites: Site[] } {
  const view = viewGraph(model);
  const edits: Edits = {
    ahead: [],
    before: new Map(),
    after: new Map(),
    replaced: new Map(),
    renamedInputs: new Map(),
    renamedTensors: new Map(),
    renamedOutputs: new Map(),
  };
  const ids = siteIds(chosen);
  const sites = chosen.map((entry, index) => edit(where, view, edits, entry, ids[index]!, index, opset));
  silenceOthers(view, edits, opset);
  const inputs = sites.map((site, index) => inputInfo(site, chosen[index]!.place.rank));
  const graph = cleaned(view, assemble(view, edits), inputs);
  return { model: restore(withFields(model, { graph, metadataProps: withSites(model, sites) })), sites };
}

/**
 * A site is known by the tensor that it drops, as it was called before; a second site on the same tensor by that and
 * its number.
 */
function siteIds(chosen: readonly ChosenPlace[]): string[] {
  const counts = new Map<string, number>();
  return chosen.map(({ place: { tensor } }) => {
    const count = (counts.get(tensor) ?? 0) + 1;
    counts.set(tensor, count);
    return count === 1 ? tensor : `${tensor}#${count}`;
  });
}

/** Adds one site to the edits. */
function edit(
  where: string,
  view: GraphView,
  edits: Edits,
  { place, rate, share }: ChosenPlace,
  id: string,
  index: number,
  opset: number,
): Site {
  const { elementType } = place;
  const isDouble = elementType === DATA_TYPE.double;
  if (elementType === undefined || !FLOATS.has(elementType)) {
    const got = elementType === undefined ? "a type that the file does not settle" : typeName(elementType);
    const advice = elementType === undefined ? "; run onnx.shape_inference on it, or predict with monteCarlo" : "";
    throw new TypeError(`${where}: ${label(place)} must be a tensor of floating-point numbers, got ${got}${advice}`);
  }
  const input = view.freeName(`hadamask_mask_${index}`);
  const { node, kind } = place;
  // float16 and bfloat16 take float32 multipliers, rounded in the graph: JavaScript has no arrays of these everywhere.
  const isCast = elementType !== DATA_TYPE.float && !isDouble;
  const factor = isCast ? view.freeName(`${input}_cast`) : input;
  const cast = isCast ? [castNode(input, factor, elementType)] : [];
  const multiply = (from: string, to: string): NodeProto => ({
    name: view.freeName(`${input}_multiply`),
    opType: "Mul",
    input: [from, factor],
    output: [to],
  });
  let tensor = place.tensor;
  if (kind === "dropout") {
    edits.replaced.set(node, [
      ...cast,
      multiply(tensor, node.output![0]!),
      ...maskOutput(where, view, node, input, opset),
    ]);
  } else if (kind === "after") {
    tensor = view.freeName(`${place.tensor}_before_dropout`);
    const names = edits.renamedOutputs.get(node) ?? new Map<string, string>();
    edits.renamedOutputs.set(node, names.set(place.tensor, tensor));
    append(edits.after, node, ...cast, multiply(tensor, place.tensor));
  } else {
    const dropped = view.freeName(`${tensor}_dropped_${index}`);
    const nodes = [...cast, multiply(tensor, dropped)];
    if (kind === "weight") redirectWeight(where, view, edits, tensor, dropped, nodes);
    else {
      append(edits.before, node, ...nodes);
      const names = edits.renamedInputs.get(node) ?? new Map<number, string>();
      edits.renamedInputs.set(node, names.set(node.input!.indexOf(tensor), dropped));
    }
  }
  return {
    input,
    type: isDouble ? "float64" : "float32",
    kind,
    operator: place.operator,
    name: place.name,
    id,
    tensor,
    rank: place.rank ?? null,
    rate,
    share,
  };
}

const castNode = (from: string, to: string, elementType: number): NodeProto =>
  makerOf(to, "Cast", [from], wholeNumber("to", elementType));

/** What the second output of a replaced Dropout node was good for: true where the element stays, in the full shape. */
function maskOutput(where: string, view: GraphView, node: NodeProto, input: string, opset: number): NodeProto[] {
  const mask = node.output?.[1] ?? "";
  if (mask === "" || (view.uses(mask).length === 0 && !view.isOutput(mask))) return [];
  if (opset < 10)
    throw new RangeError(
      `${where}: the mask output of ${shown(nodeName(node))} is used, which needs opset 10 or later, got ${opset}`,
    );
  const [kept, shape] = [view.freeName(`${mask}_kept`), view.freeName(`${mask}_shape`)];
  return [
    castNode(input, kept, DATA_TYPE.bool),
    makerOf(shape, "Shape", [node.input![0]!]),
    makerOf(mask, "Expand", [kept, shape]),
  ];
}

/** DropConnect: everyone who reads the weight reads the product. */
function redirectWeight(
  where: string,
  view: GraphView,
  edits: Edits,
  weight: string,
  dropped: string,
  nodes: NodeProto[],
): void {
  const maker = view.producer(weight);
  if (maker === undefined) edits.ahead.push(...nodes);
  else append(edits.after, maker, ...nodes);
  edits.renamedTensors.set(weight, dropped);
  const hidden = view.uses(weight).find((use) => use.index < 0);
  if (hidden !== undefined) {
    const holder = shown(nodeName(hidden.node));
    throw new RangeError(
      `${where}: weight ${shown(weight)} must be read by the main graph alone, got a reader inside ${holder}`,
    );
  }
}

/**
 * Dropout nodes that were not chosen must not draw: without training_mode they pass their input on. Nor do they need
 * a ratio that the user would have to feed.
 */
function silenceOthers(view: GraphView, edits: Edits, opset: number): void {
  for (const { node, drops } of dropoutNodes(view, opset)) {
    const [data = "", ratio = ""] = node.input ?? [];
    const isFed = view.isInput(ratio);
    if ((drops === "never" && !isFed) || edits.replaced.has(node)) continue;
    edits.replaced.set(node, [withFields(node, { input: isFed || ratio === "" ? [data] : [data, ratio] })]);
  }
}

function assemble(view: GraphView, edits: Edits): NodeProto[] {
  const nodes = [...edits.ahead];
  for (const node of view.nodes) {
    nodes.push(...(edits.before.get(node) ?? []));
    for (const kept of edits.replaced.get(node) ?? [node]) nodes.push(renamed(edits, node, kept));
    nodes.push(...(edits.after.get(node) ?? []));
  }
  return nodes;
}

/** `kept`, which is `original` or stands for it, with the new names. */
function renamed(edits: Edits, original: NodeProto, kept: NodeProto): NodeProto {
  const inputs = kept === original ? edits.renamedInputs.get(original) : undefined;
  const outputs = kept === original ? edits.renamedOutputs.get(original) : undefined;
  const input = (kept.input ?? []).map((name, index) => inputs?.get(index) ?? edits.renamedTensors.get(name) ?? name);
  const isSame = outputs === undefined && input.every((name, index) => name === kept.input![index]);
  if (isSame) return kept;
  return withFields(kept, {
    input,
    output: (kept.output ?? []).map((name) => outputs?.get(name) ?? name),
  });
}

/** The new graph, without the ratios and flags that only replaced Dropout nodes read. */
function cleaned(view: GraphView, nodes: readonly NodeProto[], inputs: readonly ValueInfoProto[]): GraphProto {
  const settings = new Set(
    view.nodes.filter((node) => isOperator(node, "Dropout")).flatMap((node) => (node.input ?? []).slice(1)),
  );
  const read = new Set([
    ...nodes.flatMap((node) => node.input ?? []),
    ...(view.graph.output ?? []).map(({ name }) => name ?? ""),
  ]);
  const isLeft = (name: string | undefined): boolean =>
    !settings.has(name ?? "") || read.has(name ?? "") || view.uses(name ?? "").some((use) => use.index < 0);
  const { graph } = view;
  return withFields(graph, {
    node: nodes.filter((node) => !isOperator(node, "Constant") || isLeft(node.output?.[0])),
    initializer: (graph.initializer ?? []).filter((tensor) => isLeft(tensor.name)),
    input: [...(graph.input ?? []).filter((info) => isLeft(info.name)), ...inputs],
    valueInfo: (graph.valueInfo ?? []).filter((info) => isLeft(info.name)),
  });
}

/** Every axis has a size of its own, so that shared axes can be fed as 1. Without a rank the shape is left open. */
function inputInfo(site: Site, rank: number | undefined): ValueInfoProto {
  const axisName = (_: unknown, axis: number) => ({ dimParam: `${site.input}_axis_${axis}` });
  const dim = rank === undefined ? undefined : Array.from({ length: rank }, axisName);
  return {
    ...tensorInfo(site.input, elementTypeOf(site), dim),
    docString: `Dropout at ${shown(site.name)}: 0 where dropped, 1 / (1 - rate) where kept; ones for no dropout.`,
  };
}
