// The rank that each operator gives its outputs.

import type { NodeProto } from "../protobuf/types.js";
import { constantNumbers } from "./constant.js";
import { largest, negative, plus, type TensorFacts } from "./facts.js";
import { attribute, type GraphView, intAttribute } from "./view.js";

/** Operators whose output has the larger of the ranks of their inputs. */
export const BROADCASTS: ReadonlySet<string> = new Set(
  "Add Sub Mul Div Pow Mod Max Min Mean Sum Where PRelu Equal Less LessOrEqual Greater GreaterOrEqual And Or Xor".split(
    " ",
  ),
);
/** Operators whose output has the rank of their first input. */
export const KEEPS_RANK: ReadonlySet<string> = new Set(
  (
    "Relu LeakyRelu Elu Selu Celu Gelu Sigmoid HardSigmoid HardSwish Mish Softplus Softsign ThresholdedRelu Tanh " +
    "Sin Cos Exp Log Sqrt Erf Abs Neg Sign Floor Ceil Round Reciprocal Not IsNaN IsInf Clip Dropout Identity Cast " +
    "CastLike Softmax LogSoftmax Hardmax BatchNormalization InstanceNormalization LayerNormalization " +
    "GroupNormalization LpNormalization MeanVarianceNormalization RMSNormalization Swish Shrink LRN Conv " +
    "ConvTranspose ConvInteger QLinearConv MaxPool AveragePool LpPool GlobalAveragePool GlobalMaxPool GlobalLpPool " +
    "Pad Slice Transpose Concat Split Resize Upsample Tile Trilu CumSum DepthToSpace SpaceToDepth ReverseSequence " +
    "ScatterND ScatterElements Scatter QuantizeLinear DequantizeLinear TopK Bernoulli RandomNormalLike " +
    "RandomUniformLike"
  ).split(" "),
);
const FIXED_RANK: Readonly<Record<string, readonly number[]>> = {
  Gemm: [2],
  Flatten: [2],
  Shape: [1],
  Size: [0],
  NonZero: [2],
  Range: [1],
  LSTM: [4, 3, 3],
  GRU: [4, 3],
  RNN: [4, 3],
};

export function rankRule(
  view: GraphView,
  node: NodeProto,
  output: number,
  inputs: readonly TensorFacts[],
): number | undefined {
  const kind = node.opType ?? "";
  const rank = inputs[0]?.rank;
  if (KEEPS_RANK.has(kind)) return rank;
  if (Object.hasOwn(FIXED_RANK, kind)) return FIXED_RANK[kind]![output];
  if (BROADCASTS.has(kind)) return largest(inputs.map((input) => input.rank));
  if (kind.startsWith("Reduce") || kind === "ArgMax" || kind === "ArgMin") return reducedRank(view, node, rank);
  switch (kind) {
    case "MatMul":
      return matmulRank(rank, inputs[1]?.rank);
    case "Reshape":
      return inputs[1]?.length;
    case "ConstantOfShape":
      return inputs[0]?.length;
    case "Expand":
      return largest([rank, inputs[1]?.length]);
    case "Unsqueeze":
      return plus(rank, axisCount(view, node, 1));
    case "Squeeze":
      return plus(rank, negative(axisCount(view, node, 1)));
    case "Gather":
      return plus(plus(rank, inputs[1]?.rank), -1);
    case "GatherElements":
      return inputs[1]?.rank;
    case "OneHot":
      return plus(rank, 1);
    case "Einsum":
      return einsumRank(node);
    default:
      return undefined;
  }
}

function reducedRank(view: GraphView, node: NodeProto, rank: number | undefined): number | undefined {
  if (intAttribute(node, "keepdims", 1) === 1) return rank;
  if (node.opType === "ArgMax" || node.opType === "ArgMin") return plus(rank, -1);
  const hasAxes = attribute(node, "axes") !== undefined || Boolean(node.input?.[1]);
  return hasAxes ? plus(rank, negative(axisCount(view, node, 1))) : 0;
}

function matmulRank(a: number | undefined, b: number | undefined): number | undefined {
  if (a === undefined || b === undefined) return undefined;
  // A vector on either side is widened for the product and its axis taken away again.
  return Math.max(a, b, 2) - (a === 1 ? 1 : 0) - (b === 1 ? 1 : 0);
}

function einsumRank(node: NodeProto): number | undefined {
  const equation = new TextDecoder().decode(attribute(node, "equation")?.s);
  const result = equation.split("->")[1]?.replaceAll(" ", "");
  return result === undefined || result.includes("...") ? undefined : result.length;
}

/** How many axes a node names: in the attribute `axes` of older opsets, or in input `index`. */
function axisCount(view: GraphView, node: NodeProto, index: number): number | undefined {
  const listed = attribute(node, "axes")?.ints;
  return listed?.length ?? constantNumbers(view, node.input?.[index] ?? "")?.length;
}
