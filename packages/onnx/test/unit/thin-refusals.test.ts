// Where dropped units must stay in the model: each case would give a wrong answer otherwise.

import { withDropout, writeModel } from "@hadamask/onnx";
import { describe, expect, test } from "vitest";
import { thin } from "../../src/predict/thin.js";
import type { NodeProto, ValueInfoProto } from "../../src/protobuf/types.js";
import { attr, constant, type Graph, info, modelOf, node, weight } from "../support/graphs.js";
import { openSession } from "../support/runtime.js";

const graph = (nodes: readonly NodeProto[], outputs: readonly ValueInfoProto[] = []): Graph => ({
  nodes,
  weights: [
    weight("a", [4, 6]),
    weight("b", [6, 3]),
    weight("square", [6, 6]),
    weight("bias", [6]),
    constant("ratio", [], [0.5]),
  ],
  inputs: [info("x", ["rows", 4])],
  outputs: [info("y", ["rows", 3]), ...outputs],
});
const usual = [node("MatMul", ["x", "a"], "s"), node("Relu", ["s"], "h"), node("MatMul", ["h", "b"], "y")];

const thinned = (
  nodes: readonly NodeProto[],
  outputs: readonly ValueInfoProto[] = [],
  placement: object = { rate: 0.5, after: ["Relu"] },
) => {
  const { model, sites } = withDropout(modelOf(graph(nodes, outputs)), placement);
  return thin(model, sites);
};

describe("units stay in the model", () => {
  test("the case that is thinned, for comparison", () => {
    expect(thinned(usual)).toBeDefined();
  });

  test.each<[string, readonly NodeProto[], readonly ValueInfoProto[]]>([
    [
      "where a Gemm adds them (as its C) instead of multiplying by them",
      [
        ...usual.slice(0, 2),
        node("MatMul", ["x", "a"], "other"),
        node("Gemm", ["other", "square", "h"], "u"),
        node("MatMul", ["u", "b"], "y"),
      ],
      [],
    ],
    ["where a step before them is an output of the model", usual, [info("s", ["rows", 6])]],
    [
      "where the layer that reads them reads them transposed",
      [...usual.slice(0, 2), node("Gemm", ["h", "tall"], "y", [attr("transA", 1)])],
      [],
    ],
    [
      "where the graph makes the bias",
      [node("Neg", ["bias"], "made"), node("Gemm", ["x", "a", "made"], "s"), ...usual.slice(1)],
      [],
    ],
    [
      "where another computed tensor is added to them",
      [
        node("MatMul", ["x", "a"], "p"),
        node("MatMul", ["x", "a"], "q"),
        node("Add", ["p", "q"], "s"),
        ...usual.slice(1),
      ],
      [],
    ],
  ])("%s", (_, nodes, outputs) => {
    // a stored matrix of 5 rows, which fits nothing but the transposed reading
    const more = graph(nodes, outputs);
    const { model, sites } = withDropout(modelOf({ ...more, weights: [...more.weights!, weight("tall", [5, 3])] }), {
      rate: 0.5,
      after: ["Relu"],
    });
    expect(thin(model, sites)).toBeUndefined();
  });

  test("where the mask is read a second time, as the mask output of the Dropout node", () => {
    const nodes = [...usual.slice(0, 2), node("Dropout", ["h", "ratio"], ["d", "m"]), node("MatMul", ["d", "b"], "y")];
    expect(thinned(nodes, [info("m", ["rows", 6], 9)], {})).toBeUndefined();
    expect(thinned([...nodes.slice(0, 2), node("Dropout", ["h", "ratio"], "d"), nodes[3]!], [], {})).toBeDefined();
  });

  test("where somebody else reads the mask: its input has to stay", () => {
    const { model, sites } = withDropout(modelOf(graph(usual)), { rate: 0.5, after: ["Relu"] });
    const { node: nodes = [], output = [], ...rest } = model.graph!;
    const seen = {
      node: [...nodes, node("Identity", [sites[0]!.input], "seen")],
      output: [...output, info("seen", [])],
    };
    expect(thin({ ...model, graph: { ...rest, ...seen } }, sites)).toBeUndefined();
    expect(thin(model, sites)).toBeDefined();
  });

  test("where the dropped units are an output of the model", () => {
    const nodes = [...usual.slice(0, 2), node("Dropout", ["h", "ratio"], "d"), node("MatMul", ["d", "b"], "y")];
    expect(thinned(nodes, [info("d", ["rows", 6])], {})).toBeUndefined();
  });

  test("sizes that are no longer true are not in the thinned model, and it runs", async () => {
    const model = modelOf(graph(usual));
    const valueInfo = [info("s", ["rows", 6]), info("h", ["rows", 6])];
    const dropped = withDropout({ ...model, graph: { ...model.graph!, valueInfo } }, { rate: 0.5, after: ["Relu"] });
    const found = thin(dropped.model, dropped.sites)!;
    expect((found.model.graph!.valueInfo ?? []).map(({ name }) => name)).toEqual([]);
    await expect(openSession(writeModel(found.model))).resolves.toBeDefined();
  });
});
