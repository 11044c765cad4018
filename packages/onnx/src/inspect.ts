// What is in a model, as far as dropout is concerned, and what follows from it.

import { type Finding, lint } from "hadamask";
import { list } from "./check.js";
import { type GraphView, intAttribute, isOperator, nodeName, viewGraph } from "./graph/view.js";
import { type DropoutNode, dropoutNodes, hiddenDropout } from "./places/dropout-nodes.js";
import { findPlaces, type Place } from "./places/places.js";
import { type AnswerKind, guessKind } from "./predict/answers.js";
import { TYPE_NAMES } from "./predict/ort.js";
import { opsetOf } from "./protobuf/codec.js";
import { externalLocations } from "./protobuf/external.js";
import { type ModelProto, type NodeProto, toNumber, type ValueInfoProto } from "./protobuf/types.js";
import { type Site, sitesOf } from "./rewrite.js";

/** An input or output of the model. */
export interface TensorInfo {
  readonly name: string;
  readonly type: string;
  /** Sizes; a name or "?" for axes of any size. undefined where the file does not say. */
  readonly shape: readonly (number | string)[] | undefined;
}

/** An output of the model. */
export interface OutputInfo extends TensorInfo {
  /**
   * What its numbers seem to be, by the operator that makes them: what {@link monteCarlo} takes them for unless it is
   * told.
   */
  readonly looksLike: AnswerKind;
}

/** A normalisation layer. */
export interface NormInfo {
  readonly name: string;
  readonly operator: string;
  /**
   * Whether it normalises by the batch it sees, as in training: predictions then depend on what else is in the batch.
   */
  readonly isTraining: boolean;
}

/** Plain data, safe in JSON. */
export interface Inspection {
  readonly opset: number;
  readonly irVersion: number;
  readonly producer: string;
  /** How many nodes of each operator. */
  readonly operators: Readonly<Record<string, number>>;
  readonly inputs: readonly TensorInfo[];
  readonly outputs: readonly OutputInfo[];
  /** Files that hold weights. */
  readonly externalData: readonly string[];
  readonly dropout: readonly Omit<DropoutNode, "node">[];
  /** Dropout nodes inside control flow or functions, which masks do not reach. */
  readonly hiddenDropout: readonly string[];
  /** Where dropout can go. */
  readonly places: readonly Omit<Place, "node">[];
  readonly normalisation: readonly NormInfo[];
  /** Nodes that draw random numbers by themselves. */
  readonly random: readonly string[];
  /** Extra inputs that {@link withDropout} made; empty for other models. */
  readonly sites: readonly Site[];
  /** What the library's `lint` says of the Dropout nodes and what comes after them. */
  readonly lint: readonly Finding[];
  /** Whole sentences: what follows. */
  readonly advice: readonly string[];
}

/**
 * Looks through a model for dropout: what is there, what the runtime would do with it, and where else it could go.
 *
 * @param model What {@link readModel} gave.
 * @throws {RangeError} If its opset is not in 7 to 22.
 * @example
 * ```ts
 * import { exportMlp, inspect, readModel } from "@hadamask/onnx";
 * const layer = (inputs: number, outputs: number) => ({ weights: new Float32Array(inputs * outputs), biases: new Float32Array(outputs) });
 * const bytes = exportMlp({ layers: [layer(4, 8), layer(8, 3)], activation: "relu", hiddenRate: 0.5 });
 * const { dropout } = inspect(readModel(bytes));
 * console.log(dropout[0]?.ratio, dropout[0]?.isRemovedByRuntime); // 0.5 true
 * ```
 */
export function inspect(model: ModelProto): Inspection {
  const opset = opsetOf("inspect", model);
  const view = viewGraph(model);
  const found = {
    opset,
    irVersion: toNumber(model.irVersion),
    producer: [model.producerName, model.producerVersion].filter(Boolean).join(" "),
    operators: countOperators(view),
    inputs: (view.graph.input ?? []).filter(({ name = "" }) => view.isInput(name)).map(tensorInfo),
    outputs: (view.graph.output ?? []).map((info) => ({
      ...tensorInfo(info),
      looksLike: guessKind(view, info.name ?? ""),
    })),
    externalData: externalLocations(model),
    dropout: dropoutNodes(view, opset).map(({ node: _, ...rest }) => rest),
    hiddenDropout: hiddenDropout(view.graph, model.functions),
    places: findPlaces(view, opset).map(({ node: _, ...rest }) => rest),
    normalisation: normalisation(view),
    random: view.nodes.filter((node) => RANDOM.some((kind) => isOperator(node, kind))).map(nodeName),
    sites: sitesOf(model) ?? [],
    lint: lintGraph(view, opset),
  };
  return { ...found, advice: adviceFor(found) };
}

function countOperators(view: GraphView): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { domain, opType } of view.nodes) {
    const name = domain && domain !== "ai.onnx" ? `${domain}.${opType}` : (opType ?? "?");
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return Object.fromEntries(Object.entries(counts).sort(([a], [b]) => a.localeCompare(b)));
}

function tensorInfo({ name = "", type }: ValueInfoProto): TensorInfo {
  const tensor = type?.tensorType;
  const shape = tensor?.shape?.dim?.map(({ dimParam, dimValue }) => dimParam || toNumber(dimValue) || "?");
  return { name, type: TYPE_NAMES[tensor?.elemType ?? 0] ?? "unknown", shape };
}

const NORMS = [
  "BatchNormalization",
  "InstanceNormalization",
  "LayerNormalization",
  "GroupNormalization",
  "RMSNormalization",
];
const RANDOM = ["RandomNormal", "RandomUniform", "RandomNormalLike", "RandomUniformLike", "Bernoulli", "Multinomial"];

function normalisation(view: GraphView): NormInfo[] {
  return view.nodes
    .filter((node) => NORMS.some((kind) => isOperator(node, kind)))
    .map((node) => ({
      name: nodeName(node),
      operator: node.opType!,
      isTraining: isOperator(node, "BatchNormalization") && intAttribute(node, "training_mode", 0) === 1,
    }));
}

/** The library's rules, on each Dropout node and the path behind it. */
function lintGraph(view: GraphView, opset: number): Finding[] {
  return dropoutNodes(view, opset).flatMap(({ node, name, ratio }) => {
    if (ratio === undefined) return [];
    const isInput = view.isInput(node.input?.[0] ?? "");
    const first = { layer: "Dropout", label: name, rate: Math.min(1, Math.max(0, ratio)), isInput };
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

function adviceFor(found: Omit<Inspection, "advice">): string[] {
  const { dropout, places, sites, hiddenDropout, normalisation, random } = found;
  const advice: string[] = [];
  const say = (condition: boolean, sentence: string): void => void (condition && advice.push(sentence));
  const removed = dropout.filter(({ isRemovedByRuntime }) => isRemovedByRuntime);
  const wild = dropout.filter(({ isRemovedByRuntime, drops }) => !isRemovedByRuntime && drops !== "never");
  say(
    sites.length > 0,
    `Dropout is an input at ${list(sites.map(({ name }) => name))}: feed multipliers, or predict with monteCarlo.`,
  );
  say(
    removed.length > 0,
    `ONNX Runtime takes ${removed.length === dropout.length ? "every" : `${removed.length} of ${dropout.length}`} Dropout node out when it optimises, whatever training_mode says: passes of the plain model would all be equal. Predict with monteCarlo, or rewrite with withDropout.`,
  );
  say(
    wild.length > 0,
    `${list(wild.map(({ name }) => name))} would stay and draw masks that differ between builds of the runtime; monteCarlo draws them from a key.`,
  );
  say(dropout.length === 0 && sites.length === 0, noDropout(places));
  say(
    hiddenDropout.length > 0,
    `${list(hiddenDropout)} stand inside control flow or a function, where masks do not reach; inline functions with onnx.inliner.`,
  );
  const training = normalisation.filter(({ isTraining }) => isTraining);
  say(
    training.length > 0,
    `${list(training.map(({ name }) => name))} normalise by the batch they see: a row's answer depends on the other rows. Export with batch normalisation in evaluation mode.`,
  );
  const batchNorms = normalisation.filter(({ operator }) => operator === "BatchNormalization");
  say(
    batchNorms.length > 0 && training.length === 0,
    "The model has batch normalisation: dropout before it gives it a variance that it was not trained for; prefer places behind the last one.",
  );
  say(
    places.some(({ operator }) => operator === "Selu"),
    "Selu activations rely on mean 0 and variance 1, which plain dropout does not keep; prefer places behind the last of them.",
  );
  say(random.length > 0, `${list(random)} draw random numbers by themselves: results will differ from run to run.`);
  return advice;
}

function noDropout(places: Inspection["places"]): string {
  const kinds = [...new Set(places.filter(({ kind }) => kind === "after").map(({ operator }) => operator))];
  const start = "There is no Dropout node: exporters leave it out in evaluation mode.";
  if (kinds.length > 0)
    return `${start} Put dropout where training had it, for instance { rate: 0.1, after: ${JSON.stringify(kinds)} }.`;
  const before = [...new Set(places.filter(({ kind }) => kind === "before").map(({ operator }) => operator))];
  return before.length > 0
    ? `${start} Put dropout where training had it, for instance { rate: 0.1, before: ${JSON.stringify(before)} }.`
    : `${start} There is no place for dropout either: no activation and no layer with weights.`;
}
