// Which nodes are layers with weights: products of a computed tensor and a stored one. Knows operators, not places.

import { DATA_TYPE, type NodeProto } from "../protobuf/types.js";
import { type GraphView, isOfRuntime, isOneOf, isOperator } from "./view.js";

/** A layer that multiplies a computed tensor by a stored one. */
export interface WeightedLayer {
  readonly node: NodeProto;
  /** The computed tensor. */
  readonly data: string;
  /** The tensor of floats that the layer multiplies by, where there is one: a weight, or what it is decoded to. */
  readonly weight: string | undefined;
  /** Whether dropout can stand right before it, and its weights be dropped. */
  readonly isPlain: boolean;
}

const words = (text: string): ReadonlySet<string> => new Set(text.split(" "));

/** Layers before which dropout can stand, by the standard's names. */
export const WEIGHTED: ReadonlySet<string> = words("Gemm MatMul Conv ConvTranspose");

/** Recurrent layers. */
export const RECURRENT: ReadonlySet<string> = words("LSTM GRU RNN");

/** Others of the standard: recurrent ones, and those that compute with integers. */
export const OTHERS: ReadonlySet<string> = words(
  "LSTM GRU RNN QLinearConv QLinearMatMul ConvInteger MatMulInteger DeformConv",
);

/** Layers that ONNX Runtime's optimiser makes of others. */
export const FUSED: ReadonlySet<string> = words(
  "FusedConv FusedGemm FusedMatMul Attention QAttention QGemm MatMulNBits DynamicQuantizeMatMul DynamicQuantizeLSTM " +
    "MatMulIntegerToFloat QLinearConv NhwcConv GemmFloat8 TransposeMatMul",
);

/** In graph order. A product of two computed tensors, as in attention, is none. */
export function weightedLayers(view: GraphView): WeightedLayer[] {
  return view.nodes.flatMap((node): WeightedLayer[] => {
    const [first = "", second = ""] = node.input ?? [];
    if (isOneOf(node, OTHERS) || isOfRuntime(node, FUSED)) {
      return [{ node, data: first, weight: undefined, isPlain: false }];
    }
    if (!isOneOf(node, WEIGHTED)) return [];
    const [left, right] = [storedOrigin(view, first), storedOrigin(view, second)];
    if (right !== undefined && left === undefined) return [{ node, data: first, weight: right.weight, isPlain: true }];
    const isSwapped = left !== undefined && right === undefined && isOperator(node, "MatMul");
    return isSwapped ? [{ node, data: second, weight: left.weight, isPlain: true }] : [];
  });
}

const REARRANGES = words("Transpose Cast Reshape Identity Unsqueeze Squeeze DequantizeLinear");

/** Longer chains of rearrangements than anyone writes. */
const CHAIN_LIMIT = 100;

/**
 * Whether a tensor is a stored one or a rearrangement of it (exporters in training mode leave `Transpose(weight)` in
 * the graph), and which tensor of floats dropout on weights would multiply: behind decoded integers, what they are
 * decoded to.
 */
function storedOrigin(view: GraphView, tensor: string): { readonly weight: string | undefined } | undefined {
  let [from, decoded] = [tensor, undefined as string | undefined];
  for (let step = 0; step < CHAIN_LIMIT; step++) {
    const node = view.producer(from);
    const stored = view.weight(from);
    if (stored !== undefined || (node !== undefined && isOperator(node, "Constant"))) {
      return { weight: decoded ?? (stored === undefined || FLOATS.has(stored.dataType ?? 0) ? from : undefined) };
    }
    if (node === undefined || !isOneOf(node, REARRANGES)) return undefined;
    if (isOperator(node, "DequantizeLinear") || isOperator(node, "Cast")) decoded ??= from;
    from = node.input?.[0] ?? "";
  }
  return undefined;
}

/** Element types of floating-point numbers. */
export const FLOATS: ReadonlySet<number> = new Set([
  DATA_TYPE.float,
  DATA_TYPE.double,
  DATA_TYPE.float16,
  DATA_TYPE.bfloat16,
]);
