// How long the vectors are that shapes are computed with: that is the rank of what is reshaped by them.

import { type NodeProto, toNumber } from "../protobuf/types.js";
import { constantNumbers } from "./constant.js";
import { largest, plus, type TensorFacts } from "./facts.js";
import { attribute, type GraphView, intAttribute } from "./view.js";

export function lengthRule(view: GraphView, node: NodeProto, inputs: readonly TensorFacts[]): number | undefined {
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
