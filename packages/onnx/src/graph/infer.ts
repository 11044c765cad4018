// Rank and element type of tensors, as far as the file settles them without running it. One pass in graph order.
// Sizes are left to the runtime: only the lengths of shape vectors are followed, since they are ranks of what is
// reshaped.

import { DATA_TYPE, type NodeProto, type TensorProto, toNumber } from "../protobuf/types.js";
import { type Bracket, bracketOf } from "./brackets.js";
import { constantNumbers, constantTensor } from "./constant.js";
import { attribute, type GraphView, intAttribute, isOfRuntime, isOneOf, isOperator, subgraphs } from "./view.js";

/** What is known of a tensor; undefined is "not settled by the file". */
export interface TensorFacts {
  readonly rank?: number | undefined;
  /** A `DATA_TYPE`. */
  readonly type?: number | undefined;
  /** Elements, for tensors of rank 1 that hold a shape. */
  readonly length?: number | undefined;
}

const UNKNOWN: TensorFacts = {};

/** Files can declare shape vectors of any length; no runtime has tensors of more axes than this. */
const MOST_AXES = 255;

/** Facts of every tensor that the main graph names. */
export function inferTensors(view: GraphView): (tensor: string) => TensorFacts {
  const facts = new Map<string, TensorFacts>();
  const known = (name: string): TensorFacts => facts.get(name) ?? declared(view, name);
  for (const node of view.nodes) {
    (node.output ?? []).forEach((name, output) => {
      if (!name) return;
      const stated = declared(view, name);
      const derived = derive(view, node, output, known);
      const { rank, ...rest } = { ...derived, ...stated };
      facts.set(name, isRank(rank) ? { ...rest, rank } : rest);
    });
  }
  return known;
}

const isRank = (rank: number | undefined): boolean =>
  rank !== undefined && Number.isInteger(rank) && rank >= 0 && rank <= MOST_AXES;

/** What the file says of a tensor outright: weights, and the declarations of inputs, outputs and values. */
function declared(view: GraphView, name: string): TensorFacts {
  const weight = view.weight(name);
  if (weight !== undefined) return stored(weight);
  const tensor = view.info(name)?.type?.tensorType;
  if (!tensor) return UNKNOWN;
  const dims = tensor.shape ? (tensor.shape.dim ?? []) : undefined;
  return { ...(tensor.elemType ? { type: tensor.elemType } : {}), ...(dims ? { rank: dims.length } : {}) };
}

/** What is known of a tensor whose numbers are in the file. */
function stored({ dims = [], dataType }: TensorProto): TensorFacts {
  return { rank: dims.length, type: dataType, ...(dims.length === 1 ? { length: toNumber(dims[0]) } : {}) };
}

type Known = (name: string) => TensorFacts;

/** Operators of ONNX Runtime whose first output is like their first input. */
const RUNTIME_KEEPS = new Set(
  (
    "Gelu BiasGelu FastGelu QuickGelu SkipLayerNormalization SimplifiedLayerNormalization " +
    "SkipSimplifiedLayerNormalization LayerNormalization BiasDropout BiasSplitGelu"
  ).split(" "),
);

/** What the branches of an If say of their outputs; nothing is concluded from what they do. */
function declaredByBranch(node: NodeProto, output: number): TensorFacts {
  const tensor = subgraphs(node)[0]?.output?.[output]?.type?.tensorType;
  return tensor?.elemType ? { type: tensor.elemType } : UNKNOWN;
}

/** What goes into bodies and comes out of them, of branches that agree; a slice has an axis less. */
function bracketFacts(kind: Bracket, inputs: readonly TensorFacts[]): TensorFacts {
  const [{ rank, type } = UNKNOWN, second] = inputs;
  if (kind === "Each") return { rank: plus(rank, -1), type };
  if (kind === "All") return { rank: plus(rank, 1), type };
  const isIf = kind === "Out" && inputs.length === 3;
  return { rank: isIf && second?.rank !== rank ? undefined : rank, type };
}

function derive(view: GraphView, node: NodeProto, output: number, known: Known): TensorFacts {
  const constant = isOperator(node, "Constant") ? constantTensor(view, node.output?.[output] ?? "") : undefined;
  if (constant !== undefined) return stored(constant);
  const inputs = (node.input ?? []).map((name) => (name ? known(name) : UNKNOWN));
  if (isOfRuntime(node, RUNTIME_KEEPS) && output === 0) return { rank: inputs[0]?.rank, type: inputs[0]?.type };
  const kind = bracketOf(node);
  if (kind !== undefined) return bracketFacts(kind, inputs);
  if (node.domain && node.domain !== "ai.onnx") return UNKNOWN;
  if (isOperator(node, "If")) return declaredByBranch(node, output);
  return {
    rank: rankRule(view, node, output, inputs),
    type: typeRule(node, output, inputs),
    length: lengthRule(view, node, inputs),
  };
}

const BROADCASTS = new Set(
  "Add Sub Mul Div Pow Mod Max Min Mean Sum Where PRelu Equal Less LessOrEqual Greater GreaterOrEqual And Or Xor".split(
    " ",
  ),
);
const KEEPS_RANK = new Set(
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

function rankRule(
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

function lengthRule(view: GraphView, node: NodeProto, inputs: readonly TensorFacts[]): number | undefined {
  const lengths = inputs.map((input) => input.length ?? (input.rank === 0 ? 1 : undefined));
  switch (node.opType) {
    case "Shape":
      return shapeLength(node, inputs[0]?.rank);
    case "Concat":
      return lengths.reduce(plus, 0);
    case "Unsqueeze":
      return inputs[0]?.rank === 0 ? 1 : undefined;
    case "Gather":
      return inputs[1]?.length;
    case "Slice":
      return sliceLength(view, node, lengths[0]);
    case "Reshape": {
      const shape = constantNumbers(view, node.input?.[1] ?? "");
      return shape?.length === 1 && shape[0] === -1 ? lengths[0] : shape?.length === 1 ? shape[0] : undefined;
    }
    case "Cast":
    case "Identity":
    case "Neg":
      return lengths[0];
    case "Add":
    case "Sub":
    case "Mul":
    case "Div":
    case "Where":
      return largest(lengths);
    default:
      return undefined;
  }
}

function shapeLength(node: NodeProto, rank: number | undefined): number | undefined {
  if (rank === undefined) return undefined;
  return lengthBetween(intAttribute(node, "start", 0), intAttribute(node, "end", rank), rank);
}

function sliceLength(view: GraphView, node: NodeProto, length: number | undefined): number | undefined {
  const starts = attribute(node, "starts")?.ints?.map(toNumber) ?? constantNumbers(view, node.input?.[1] ?? "");
  const ends = attribute(node, "ends")?.ints?.map(toNumber) ?? constantNumbers(view, node.input?.[2] ?? "");
  const steps = node.input?.[4] ? constantNumbers(view, node.input[4]) : [1];
  if (length === undefined || starts?.length !== 1 || ends?.length !== 1 || steps?.[0] !== 1) return undefined;
  return lengthBetween(starts[0]!, ends[0]!, length);
}

/** Entries from `start` up to `end` of `length`; both count from the end where they are negative. */
function lengthBetween(start: number, end: number, length: number): number {
  const clip = (at: number) => Math.min(length, Math.max(0, at < 0 ? at + length : at));
  return Math.max(0, clip(end) - clip(start));
}

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

function typeRule(node: NodeProto, output: number, inputs: readonly TensorFacts[]): number | undefined {
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

const plus = (a: number | undefined, b: number | undefined): number | undefined =>
  a === undefined || b === undefined ? undefined : a + b;

const negative = (a: number | undefined): number | undefined => (a === undefined ? undefined : -a);

const largest = (values: readonly (number | undefined)[]): number | undefined =>
  values.length === 0 || values.includes(undefined) ? undefined : Math.max(...(values as number[]));
