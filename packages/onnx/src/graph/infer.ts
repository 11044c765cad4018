// Rank and element type of tensors, as far as the file settles them without running it. One pass in graph order.
// Sizes are left to the runtime: only the lengths of shape vectors are followed, since they are ranks of what is
// reshaped.

import { subgraphs } from "../protobuf/nodes.js";
import { type NodeProto, type TensorProto, toNumber } from "../protobuf/types.js";
import { type Bracket, bracketOf } from "./brackets.js";
import { constantTensor } from "./constant.js";
import { plus, type TensorFacts, UNKNOWN } from "./facts.js";
import { lengthRule } from "./infer-lengths.js";
import { rankRule } from "./infer-ranks.js";
import { typeRule } from "./infer-types.js";
import { type GraphView, isOfRuntime, isOperator } from "./view.js";

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
