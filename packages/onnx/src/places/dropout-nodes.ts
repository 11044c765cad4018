// The Dropout nodes that are in a model: what they would do, and whether ONNX Runtime would let them.

import { bracketOf, isOut } from "../graph/brackets.js";
import { constantNumbers, constantTensor } from "../graph/constant.js";
import { attribute, type GraphView, isOperator } from "../graph/view.js";
import { nodeName } from "../protobuf/nodes.js";
import type { NodeProto } from "../protobuf/types.js";

/** One Dropout node of a model. */
export interface DropoutNode {
  readonly name: string;
  readonly node: NodeProto;
  /** Probability of dropping; undefined where the model computes it or takes it as an input. */
  readonly ratio: number | undefined;
  /**
   * When the node drops, by the letter of the standard: "never" before opset 12 and where training_mode is absent or
   * false, "always" where it is true, "on request" where it is an input of the model, "computed" where the graph
   * makes it.
   */
  readonly drops: "never" | "always" | "on request" | "computed";
  /** Whether anybody reads its second output. */
  readonly isMaskUsed: boolean;
  /**
   * Whether ONNX Runtime takes it out when it optimises (levels basic, extended and all), whatever training_mode
   * says.
   */
  readonly isRemovedByRuntime: boolean;
}

/** The ratio where a model gives none: the standard's default in every opset. */
const DEFAULT_RATIO = 0.5;

export function dropoutNodes(view: GraphView, opset: number): DropoutNode[] {
  return view.nodes.filter((node) => isOperator(node, "Dropout")).map((node) => read(view, node, opset));
}

function read(view: GraphView, node: NodeProto, opset: number): DropoutNode {
  const mask = node.output?.[1] ?? "";
  return {
    name: nodeName(node),
    node,
    ratio: ratioOf(view, node, opset),
    drops: opset < 12 ? "never" : dropsWhen(view, node),
    isMaskUsed: mask !== "" && (view.uses(mask).length > 0 || view.isOutput(mask)),
    isRemovedByRuntime: isRemoved(view, node),
  };
}

function ratioOf(view: GraphView, node: NodeProto, opset: number): number | undefined {
  if (opset < 12) return shortest(attribute(node, "ratio")?.f ?? DEFAULT_RATIO);
  const name = node.input?.[1] ?? "";
  if (name === "") return DEFAULT_RATIO;
  const value = constantNumbers(view, name)?.[0];
  return value === undefined ? undefined : shortest(value);
}

/** The shortest decimal that is the same float32: 0.2 and not 0.20000000298, which nobody wrote. */
function shortest(value: number): number {
  for (let digits = 1; digits < 10; digits++) {
    const decimal = Number(value.toPrecision(digits));
    if (Math.fround(decimal) === Math.fround(value)) return decimal;
  }
  return value;
}

function dropsWhen(view: GraphView, node: NodeProto): DropoutNode["drops"] {
  const name = node.input?.[2] ?? "";
  if (name === "") return "never";
  if (view.isInput(name)) return "on request";
  const value = constantNumbers(view, name)?.[0];
  return value === undefined ? "computed" : value === 0 ? "never" : "always";
}

/**
 * What ONNX Runtime's rule EliminateDropout asks before it removes a node; training_mode is not among it. One output
 * is used, that output is not the mask and no output of the model, and the runtime has one tensor to put in its
 * place: one input made by another node, or one input in all. Identity nodes have gone by then. (Measured with 1.30 on
 * the models of the tests, which hold this function to it.)
 */
function isRemoved(view: GraphView, node: NodeProto): boolean {
  const [data = "", mask = ""] = node.output ?? [];
  if (becomesOutput(view, data) || view.isOutput(mask) || (mask !== "" && view.uses(mask).length > 0)) return false;
  const inputs = (node.input ?? []).filter((name) => name !== "");
  // Constant nodes have become initializers by then.
  const made = inputs.filter((name) => {
    const origin = behindIdentities(view, name);
    const maker = view.producer(origin);
    return maker !== undefined && bracketOf(maker) === undefined && constantTensor(view, origin) === undefined;
  });
  return made.length === 1 || (made.length === 0 && inputs.length === 1);
}

/** Longer chains of Identity than anyone writes. */
const IDENTITY_LIMIT = 100;

function behindIdentities(view: GraphView, name: string): string {
  let from = name;
  for (let step = 0; step < IDENTITY_LIMIT; step++) {
    const node = view.producer(from);
    if (node === undefined || !isOperator(node, "Identity")) break;
    from = node.input?.[0] ?? "";
  }
  return from;
}

/** Whether a tensor is an output of the model once the Identity nodes behind it are gone. */
function becomesOutput(view: GraphView, name: string): boolean {
  let tensor = name;
  for (let step = 0; step < IDENTITY_LIMIT && !view.isOutput(tensor); step++) {
    if (view.uses(tensor).some(({ node }) => isOut(node))) return true; // of a body
    const [use, second] = view.uses(tensor);
    if (use === undefined || second !== undefined || !isOperator(use.node, "Identity")) return false;
    tensor = use.node.output?.[0] ?? "";
  }
  return view.isOutput(tensor);
}
