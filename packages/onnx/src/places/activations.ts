// Activations and attention softmax: the tensors after which dropout is usually placed. Also those that exporters
// write as several nodes, which are recognised by their shape.

import { constantNumbers, constantTensor } from "../graph/constant.js";
import { attribute, type GraphView, isOfRuntime, isOneOf, isOperator } from "../graph/view.js";
import type { NodeProto } from "../protobuf/types.js";

/** Activations that are one operator. */
const ACTIVATIONS: ReadonlySet<string> = new Set(
  (
    "Relu LeakyRelu PRelu Elu Selu Celu Gelu Sigmoid HardSigmoid HardSwish Mish Softplus Softsign Tanh " +
    "ThresholdedRelu Swish Shrink"
  ).split(" "),
);

/** Those that ONNX Runtime adds. */
const RUNTIME_ACTIVATIONS: ReadonlySet<string> = new Set("Gelu BiasGelu FastGelu QuickGelu".split(" "));

/**
 * A tensor that is an activation, and what to call it: an operator's name, or "Gelu", "Silu", "HardSwish", "Relu6",
 * "HardTanh", "AttentionSoftmax".
 */
export interface Activation {
  readonly kind: string;
  /** The node whose first output it is. */
  readonly node: NodeProto;
  /** Whether it only opens and closes something else, as the gates of recurrent cells do. */
  readonly isGate: boolean;
}

/**
 * The activations of a graph, in its order. The parts of a composed one, as the Sigmoid of a SiLU, are not listed by
 * themselves.
 */
export function activations(view: GraphView): Activation[] {
  const composed = new Map<NodeProto, string>();
  const parts = new Set<NodeProto>();
  for (const node of view.nodes) {
    const whole = wholeOf(view, node);
    if (whole === undefined) continue;
    composed.set(whole.node, whole.kind);
    parts.add(node);
  }
  return view.nodes.flatMap((node): Activation[] => {
    const kind = composed.get(node) ?? (parts.has(node) ? undefined : simpleKind(view, node));
    return kind === undefined ? [] : [{ kind, node, isGate: isGate(view, node) }];
  });
}

/** The activation that a node is by itself. */
function simpleKind(view: GraphView, node: NodeProto): string | undefined {
  if (isAttentionSoftmax(view, node)) return "AttentionSoftmax";
  if (isOperator(node, "Clip")) return clipKind(view, node);
  return isOneOf(node, ACTIVATIONS) || isOfRuntime(node, RUNTIME_ACTIVATIONS) ? node.opType : undefined;
}

/** Clip between 0 and 6 is ReLU6, the activation of the MobileNets. */
function clipKind(view: GraphView, node: NodeProto): string | undefined {
  const bound = (name: string, index: number): number | undefined =>
    attribute(node, name)?.f ?? constantNumbers(view, node.input?.[index] ?? "")?.[0];
  const [low, high] = [bound("min", 1), bound("max", 2)];
  if (low === 0 && high === 6) return "Relu6";
  return low === -1 && high === 1 ? "HardTanh" : undefined;
}

/** A Sigmoid or Tanh that is only ever multiplied by another computed tensor. */
function isGate(view: GraphView, node: NodeProto): boolean {
  if (!(isOperator(node, "Sigmoid") || isOperator(node, "HardSigmoid") || isOperator(node, "Tanh"))) return false;
  const all = readers(view, node);
  const isByComputed = (reader: NodeProto): boolean =>
    isOperator(reader, "Mul") && (reader.input ?? []).every((name) => constantTensor(view, name) === undefined);
  return all.length > 0 && all.every(isByComputed);
}

/**
 * A softmax whose result weighs other values: it goes, perhaps through a Dropout, into a product of two computed
 * tensors.
 */
function isAttentionSoftmax(view: GraphView, node: NodeProto): boolean {
  if (!isOperator(node, "Softmax")) return false;
  return readers(view, node).some((reader) => {
    const readsBehind = isOperator(reader, "Dropout") ? readers(view, reader) : [reader];
    return readsBehind.some((next) => isOperator(next, "MatMul") || isOperator(next, "Einsum"));
  });
}

type Whole = Pick<Activation, "kind" | "node">;

/** The activation that `node` is the characteristic part of. */
function wholeOf(view: GraphView, node: NodeProto): Whole | undefined {
  if (isOperator(node, "Sigmoid")) return productWith(view, node, "Silu");
  if (isOperator(node, "HardSigmoid")) return productWith(view, node, "HardSwish");
  if (isOperator(node, "Clip")) return hardSwishOf(view, node);
  if (isOperator(node, "Erf")) return geluOf(view, node);
  return undefined;
}

/** x * Sigmoid(x), which is SiLU or swish, and x * HardSigmoid(x). */
function productWith(view: GraphView, gate: NodeProto, kind: string): Whole | undefined {
  const x = gate.input?.[0] ?? "";
  const product = readers(view, gate).find((node) => isOperator(node, "Mul") && node.input?.includes(x));
  return product && { kind, node: product };
}

/** Hard-swish: x * Clip(x + 3, 0, 6) / 6, where the division comes before or after the product with x. */
function hardSwishOf(view: GraphView, clip: NodeProto): Whole | undefined {
  if (clipKind(view, clip) !== "Relu6") return undefined;
  const sum = view.producer(clip.input?.[0] ?? "");
  if (sum === undefined || !isOperator(sum, "Add")) return undefined;
  const x = sum.input?.find((name) => constantTensor(view, name) === undefined) ?? "";
  const isSixth = (node: NodeProto): boolean =>
    (isOperator(node, "Div") || isOperator(node, "Mul")) &&
    (node.input?.some((name) => constantTensor(view, name) !== undefined) ?? false);
  const isProduct = (node: NodeProto): boolean => isOperator(node, "Mul") && (node.input?.includes(x) ?? false);
  for (const first of readers(view, clip)) {
    if (!isSixth(first) && !isProduct(first)) continue;
    const second = readers(view, first).find(isProduct(first) ? isSixth : isProduct);
    if (second !== undefined) return { kind: "HardSwish", node: second };
  }
  return undefined;
}

/** GELU: x * (1 + Erf(x / sqrt 2)) / 2, where the halving comes before or after the product with x. */
function geluOf(view: GraphView, erf: NodeProto): Whole | undefined {
  const scaled = view.producer(erf.input?.[0] ?? "");
  const x = scaled?.input?.find((name) => constantTensor(view, name) === undefined) ?? "";
  const sum = readers(view, erf).find((node) => isOperator(node, "Add"));
  let last = sum && readers(view, sum).find((node) => isOperator(node, "Mul"));
  let hasX = last?.input?.includes(x) ?? false;
  // the product with x and the halving are two nodes: there are no more to follow
  for (let step = 0; step < 2; step++) {
    const next: NodeProto | undefined = last && onlyReader(view, last);
    if (next === undefined || !isOperator(next, "Mul")) break;
    const isHalving = next.input?.some((name) => constantTensor(view, name) !== undefined) ?? false;
    const isByX = next.input?.includes(x) ?? false;
    if (!isHalving && !isByX) break;
    hasX ||= isByX;
    last = next;
  }
  return last && hasX ? { kind: "Gelu", node: last } : undefined;
}

const readers = (view: GraphView, node: NodeProto): NodeProto[] =>
  view.uses(node.output?.[0] ?? "").map((use) => use.node);

function onlyReader(view: GraphView, node: NodeProto): NodeProto | undefined {
  const all = readers(view, node);
  return all.length === 1 ? all[0] : undefined;
}
