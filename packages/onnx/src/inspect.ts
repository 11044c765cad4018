// What is in a model, as far as dropout is concerned, and what follows from it.

import { type Finding, lint } from "hadamask";
import { adviceFor, suggestedPlacement } from "./advice.js";
import { answerFacts, isAnswer, typeText } from "./answers/facts.js";
import { trainingNorms } from "./graph/batch-norms.js";
import { hiddenParts } from "./graph/bodies.js";
import { RANDOM_OPERATORS } from "./graph/random.js";
import { type GraphView, isOneOf, viewGraph } from "./graph/view.js";
import type { InputInfo, Inspection, NormInfo, OutputInfo, TensorInfo } from "./inspection.js";
import { noteWarnings } from "./notes.js";
import { dropoutNodes } from "./places/dropout-nodes.js";
import { groupPlaces } from "./places/groups.js";
import { findPlaces } from "./places/places.js";
import { planRows } from "./predict/rows.js";
import { opsetOf } from "./protobuf/codec.js";
import { externalLocations } from "./protobuf/external.js";
import { nodeName } from "./protobuf/nodes.js";
import { type ModelProto, type NodeProto, toNumber, type ValueInfoProto } from "./protobuf/types.js";
import { type Site, sitesOf, sitesWarnings } from "./sites.js";
import { flattenedModel, preparedModel } from "./with-dropout.js";

/**
 * Looks through a model for dropout: what is there, what the runtime would do with it, and where else it could go.
 *
 * @param model What {@link readModel} gave.
 * @param options `output`: the output that advice is wanted for. Default: the first that can be an answer.
 * @throws {RangeError} If its opset is not in 7 to 26.
 * @example
 * ```ts
 * import { inspect, readModel } from "@hadamask/onnx";
 * import { exportMlp } from "@hadamask/onnx/mlp";
 * const zeros = (n: number) => new Float32Array(n);
 * const layer = (inputs: number, outputs: number) => ({ weights: zeros(inputs * outputs), biases: zeros(outputs) });
 * const bytes = exportMlp({ layers: [layer(4, 8), layer(8, 3)], activation: "relu", hiddenRate: 0.5 });
 * const { dropout } = inspect(readModel(bytes));
 * console.log(dropout[0]?.ratio, dropout[0]?.isRemovedByRuntime); // 0.5 true
 * ```
 */
export function inspect(model: ModelProto, options: { readonly output?: string } = {}): Inspection {
  const prepared = preparedModel("inspect", model, false);
  const opset = opsetOf("inspect", prepared);
  const flat = flattenedModel("inspect", prepared);
  const view = viewGraph(prepared);
  const flatView = viewGraph(flat.model);
  const outputs = view.graph.output ?? [];
  const answer = options.output ?? outputs.find(isAnswer)?.name;
  const places = findPlaces(flat, opset);
  const sites = sitesOf(model) ?? [];
  const dropout = dropoutNodes(flatView, opset).map(({ node: _, ...rest }) => rest);
  const found = {
    opset,
    irVersion: toNumber(model.irVersion),
    producer: [model.producerName, model.producerVersion].filter(Boolean).join(" "),
    operators: countOperators(view),
    inputs: inputInfos(prepared, sites),
    outputs: outputs.map((info) => outputInfo(view, info, opset)),
    answer,
    externalData: externalLocations(model),
    dropout,
    hidden: hiddenParts(flat.model),
    places: places.map(({ node: _, ...rest }) => rest),
    placeGroups: groupPlaces(places),
    suggested: dropout.length + sites.length > 0 ? undefined : suggestedPlacement(places, answer),
    normalisation: normalisation(view, opset),
    random: view.nodes.filter((node) => isOneOf(node, RANDOM_OPERATORS)).map(nodeName),
    sites,
    lint: lintGraph(flatView, opset),
    warnings: [...noteWarnings(model), ...sitesWarnings(model)],
  };
  return { ...found, advice: adviceFor(found) };
}

function countOperators(view: GraphView): Record<string, number> {
  const counts = new Map<string, number>();
  for (const { domain, opType } of view.nodes) {
    const name = domain && domain !== "ai.onnx" ? `${domain}.${opType}` : (opType ?? "?");
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return Object.fromEntries([...counts].sort(([a], [b]) => a.localeCompare(b)));
}

function tensorInfo({ name = "", type }: ValueInfoProto): TensorInfo {
  const shape = type?.tensorType?.shape?.dim?.map(({ dimParam, dimValue }) => {
    const size = toNumber(dimValue);
    return dimParam || (size > 0 ? size : "?");
  });
  return { name, type: typeText(type), shape };
}

function inputInfos(model: ModelProto, sites: readonly Site[]): InputInfo[] {
  const masks = new Set(sites.map(({ input }) => input));
  const outputs = (model.graph?.output ?? []).map(({ name = "" }) => name);
  const options = { constant: [], batchAxis: undefined, batch: undefined };
  const { specs } = planRows("inspect", model, masks, outputs.slice(0, 1), options);
  const rows = new Map(specs.map((spec) => [spec.name, spec.rows]));
  const view = viewGraph(model);
  return (model.graph?.input ?? [])
    .filter(({ name = "" }) => view.isInput(name))
    .map((info) => ({ ...tensorInfo(info), rows: rows.get(info.name ?? "") ?? "constant" }));
}

function outputInfo(view: GraphView, info: ValueInfoProto, opset: number): OutputInfo {
  const { maker } = answerFacts(view, info.name ?? "", opset, 0);
  return { ...tensorInfo(info), isAnswer: isAnswer(info), maker };
}

const NORMS: ReadonlySet<string> = new Set(
  "BatchNormalization InstanceNormalization LayerNormalization GroupNormalization RMSNormalization".split(" "),
);

function normalisation(view: GraphView, opset: number): NormInfo[] {
  const training = new Set(trainingNorms(view, opset));
  return view.nodes
    .filter((node) => isOneOf(node, NORMS))
    .map((node) => ({ name: nodeName(node), operator: node.opType!, isTraining: training.has(node) }));
}

/** The library's rules, on each Dropout node and the path behind it. */
function lintGraph(view: GraphView, opset: number): Finding[] {
  return dropoutNodes(view, opset).flatMap(({ node, name, ratio }) => {
    if (ratio === undefined || !(ratio >= 0 && ratio <= 1)) return [];
    const isInput = view.isInput(node.input?.[0] ?? "");
    const first = { layer: "Dropout", label: name, rate: ratio, isInput };
    const rest = pathFrom(view, node).map((next) => ({ layer: next.opType!, label: nodeName(next) }));
    return lint(isInput ? [first, ...rest] : [{ layer: "Input" }, first, ...rest]);
  });
}

/** The nodes behind a node, as long as there is one way to go. */
function pathFrom(view: GraphView, start: NodeProto): NodeProto[] {
  const path: NodeProto[] = [];
  for (let node = start; path.length < 8; ) {
    const readers = view.uses(node.output?.[0] ?? "");
    if (readers.length !== 1) break;
    node = readers[0]!.node;
    path.push(node);
  }
  return path;
}
