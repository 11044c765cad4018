// The element type that each operator gives its outputs.

import { DATA_TYPE, type NodeProto } from "../protobuf/types.js";
import type { TensorFacts } from "./facts.js";
import { BROADCASTS, KEEPS_RANK } from "./infer-ranks.js";
import { attribute, intAttribute, isOneOf } from "./view.js";

/** Operators whose output has the element type of their first input. Of others nothing is concluded. */
const KEEPS_TYPE: ReadonlySet<string> = new Set([
  ...KEEPS_RANK,
  ...BROADCASTS,
  ...(
    "MatMul Gemm Reshape Flatten Expand Squeeze Unsqueeze Gather GatherElements GatherND Einsum LSTM GRU RNN Range " +
    "Attention RotaryEmbedding Compress Col2Im GridSample AffineGrid DeformConv Det " +
    "MaxUnpool BitShift Tan Sinh Cosh Asin Acos Atan Asinh Acosh Atanh Unique MaxRoiPool " +
    "RoiAlign TensorScatter CenterCropPad"
  ).split(" "),
]);

const LOGICAL = new Set("Equal Less LessOrEqual Greater GreaterOrEqual And Or Xor Not IsNaN IsInf".split(" "));
const COUNTS = new Set("Shape Size ArgMax ArgMin NonZero".split(" "));

export function typeRule(node: NodeProto, output: number, inputs: readonly TensorFacts[]): number | undefined {
  const kind = node.opType ?? "";
  if (LOGICAL.has(kind)) return DATA_TYPE.bool;
  if (COUNTS.has(kind) || (kind === "TopK" && output === 1)) return DATA_TYPE.int64;
  switch (kind) {
    case "Cast":
      return intAttribute(node, "to", 0) || undefined;
    case "CastLike":
    case "Where":
    case "DequantizeLinear":
      return inputs[1]?.type;
    case "ConstantOfShape":
      return attribute(node, "value")?.t?.dataType ?? DATA_TYPE.float;
    case "Dropout":
      return output === 1 ? DATA_TYPE.bool : inputs[0]?.type;
    case "QuantizeLinear":
      return inputs[2]?.type ?? DATA_TYPE.uint8;
    case "DynamicQuantizeLinear":
      return output === 1 ? DATA_TYPE.float : DATA_TYPE.uint8;
    case "MatMulInteger":
    case "ConvInteger":
      return DATA_TYPE.int32;
    case "QLinearConv":
    case "QLinearMatMul":
      return inputs[7]?.type;
    case "RandomNormal":
    case "RandomUniform":
    case "EyeLike":
      return intAttribute(node, "dtype", 0) || undefined;
    case "OneHot":
      return inputs[2]?.type;
    case "BatchNormalization":
      return output > 0 ? (inputs[3]?.type ?? inputs[0]?.type) : inputs[0]?.type;
    default:
      return isOneOf(node, KEEPS_TYPE) || kind.startsWith("Reduce") ? inputs[0]?.type : undefined;
  }
}
