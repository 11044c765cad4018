// Small networks inside If, Loop and Scan.

import type { AttributeProto, GraphProto, NodeProto, ValueInfoProto } from "../../src/protobuf/types.js";
import { attr, constant, type Graph, info, int64s, node, weight } from "./graphs.js";

export const body = (
  input: readonly ValueInfoProto[],
  nodes: readonly NodeProto[],
  output: readonly ValueInfoProto[],
  more: Partial<GraphProto> = {},
): AttributeProto["g"] => ({ name: "b", input, node: nodes, output, ...more });
export const bool = (name: string) => info(name, [], 9);

/** Both branches have a hidden layer; names are the same in both, as exporters write them. */
const branch = (w: string, v: string) =>
  body(
    [],
    [node("MatMul", ["x", w], "s"), node("Relu", ["s"], "h"), node("MatMul", ["h", v], "r")],
    [info("r", ["rows", 2])],
    { initializer: [weight(v, [6, 2], 1, v === "v1" ? 3 : 4)] },
  );
export const branches: Graph = {
  nodes: [
    node("If", ["flag"], "y", [attr("then_branch", branch("w1", "v1")!), attr("else_branch", branch("w2", "v2")!)]),
  ],
  weights: [weight("w1", [4, 6], 1, 1), weight("w2", [4, 6], 1, 2)],
  inputs: [info("x", ["rows", 4]), bool("flag")],
  outputs: [info("y", ["rows", 2])],
};
/** h = relu(h w + x) with dropout before the product: a recurrent layer by hand. */
export const step = (state: string, given: string, to: string): NodeProto[] => [
  node("MatMul", [state, "w"], "a"),
  node("Add", ["a", given], "b"),
  node("Tanh", ["b"], to),
];
/** Four steps from h0, each with the same x. */
export const looped: Graph = {
  nodes: [
    node("Expand", ["h0", "size"], "start"),
    node("Loop", ["steps", "", "start"], "last", [
      attr(
        "body",
        body(
          [info("i", [], 7), bool("on"), info("h", ["rows", 3])],
          [...step("h", "x", "h2"), node("Identity", ["on"], "on2")],
          [bool("on2"), info("h2", ["rows", 3])],
        )!,
      ),
    ]),
    node("Shape", ["x"], "size"),
    node("MatMul", ["last", "v"], "y"),
  ],
  weights: [
    weight("w", [3, 3], 1, 5),
    weight("v", [3, 2], 1, 6),
    constant("h0", [1, 3], [0.3, -0.2, 0.1]),
    int64s("steps", [4], []),
  ],
  inputs: [info("x", ["rows", 3])],
  outputs: [info("y", ["rows", 2])],
};
const cell = body(
  [info("h", ["rows", 3]), info("now", ["rows", 3])],
  [...step("h", "now", "h2"), node("Identity", ["h2"], "o")],
  [info("h2", ["rows", 3]), info("o", ["rows", 3])],
)!;
const weights = [weight("w", [3, 3], 1, 5), constant("h0", [1, 3], [0.3, -0.2, 0.1])];

/** Over a sequence, time first. */
export const scanned: Graph = {
  nodes: [
    node("Shape", ["x"], "shape"),
    node("Slice", ["shape", "one", "three"], "size"),
    node("Expand", ["h0", "size"], "start"),
    node("Scan", ["start", "x"], ["last", "all"], [attr("body", cell), attr("num_scan_inputs", 1)]),
    node("Neg", ["all"], "y"),
  ],
  weights: [...weights, int64s("one", [1]), int64s("three", [3])],
  inputs: [info("x", ["time", "batch", 3])],
  outputs: [info("y", ["time", "batch", 3])],
};
