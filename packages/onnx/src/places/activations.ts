// Activations and attention softmax: the tensors after which dropout is usually placed. Also those that exporters
// write as several nodes, which are recognised by their shape.

import { constantTensor } from "../graph/constant.js";
import { type GraphView, isOperator } from "../graph/view.js";
import type { NodeProto } from "../protobuf/types.js";

/** Activations that are one operator. */
export const ACTIVATIONS: readonly string[] =
  "Relu LeakyRelu PRelu Elu Selu Celu Gelu Sigmoid HardSigmoid HardSwish Mish Softplus Softsign Tanh ThresholdedRelu".split(
    " ",
  );

/** A tensor that is an activation, and what to call it: an operator's name, or "Gelu", "Silu", "AttentionSoftmax". */
export interface Activation {
  readonly kind: string;
  /** The node whose first output it is. */
  readonly node: NodeProto;
}

/**
 * The activations of a graph, in its order. The Sigmoid of a SiLU and the Erf of a GELU are not listed by themselves.
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
  return view.nodes.flatMap((node) => {
    const kind = composed.get(node);
    if (kind !== undefined) return [{ kind, node }];
    if (parts.has(node)) return [];
    if (isAttentionSoftmax(view, node)) return [{ kind: "AttentionSoftmax", node }];
    return ACTIVATIONS.some((name) => isOperator(node, name)) ? [{ kind: node.opType!, node }] : [];
  });
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

/** The activation that `node` is the characteristic part of. */
function wholeOf(view: GraphView, node: NodeProto): Activation | undefined {
  if (isOperator(node, "Sigmoid")) return siluOf(view, node);
  if (isOperator(node, "Erf")) return geluOf(view, node);
  return undefined;
}

/** SiLU, also called swish: x * Sigmoid(x). */
function siluOf(view: GraphView, sigmoid: NodeProto): Activation | undefined {
  const x = sigmoid.input?.[0] ?? "";
  const product = readers(view, sigmoid).find((node) => isOperator(node, "Mul") && node.input?.includes(x));
  return product && { kind: "Silu", node: product };
}

/** GELU: x * (1 + Erf(x / sqrt 2)) / 2, where the halving comes before or after the product with x. */
function geluOf(view: GraphView, erf: NodeProto): Activation | undefined {
  const scaled = view.producer(erf.input?.[0] ?? "");
  const x = scaled?.input?.find((name) => constantTensor(view, name) === undefined) ?? "";
  const sum = readers(view, erf).find((node) => isOperator(node, "Add"));
  let last = sum && readers(view, sum).find((node) => isOperator(node, "Mul"));
  let hasX = last?.input?.includes(x) ?? false;
  for (;;) {
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
