import { withDropout, writeModel } from "@hadamask/onnx";
import { expect, test } from "vitest";
import { attr, constant, info, modelOf, node, rows, weight } from "../support/graphs.js";
import { openSession, ort } from "../support/runtime.js";

const inputs = [info("x", ["rows", 4])];
const outputs = [info("y", ["rows", 4])];

test("a weight that a subgraph reads is refused: the reader inside would not see the mask", () => {
  const body = { name: "b", node: [node("Add", ["x", "w"], "r")], output: [info("r", ["rows", 4])] };
  const model = modelOf({
    nodes: [
      node("MatMul", ["x", "w"], "s"),
      node("If", ["flag"], "c", [attr("then_branch", body), attr("else_branch", body)]),
      node("Add", ["s", "c"], "y"),
    ],
    weights: [weight("w", [4, 4])],
    inputs: [...inputs, info("flag", [], 9)],
    outputs,
  });
  expect(() => withDropout(model, { rate: 0.1, weights: true })).toThrow(
    "withDropout: weight w must be read by the main graph alone, got a reader inside c",
  );
});

test("a node of several outputs keeps them all: dropout behind an LSTM, whose other outputs are read", async () => {
  const model = modelOf({
    nodes: [
      node("LSTM", ["x", "w", "r"], ["all", "last", "cell"], [attr("hidden_size", 2)]),
      node("Gemm", ["flat", "v", ""], "z"),
      node("Squeeze", ["last"], "flat"),
      node("Squeeze", ["cell"], "y2"),
      node("Neg", ["z"], "y"),
    ],
    weights: [weight("w", [1, 8, 3]), weight("r", [1, 8, 2]), weight("v", [2, 2])],
    inputs: [info("x", [4, 5, 3])],
    outputs: [info("y", undefined), info("y2", undefined)],
  });
  const dropped = withDropout(model, { rate: 0.5, after: ["LSTM"] });
  expect(dropped.model.graph!.node![0]!.output).toEqual(["all", "last_before_dropout", "cell"]);
  const session = await openSession(writeModel(dropped.model));
  const one = new ort.Tensor("float32", Float32Array.of(1), [1, 1, 1]);
  const feeds = { x: new ort.Tensor("float32", rows(20, 3), [4, 5, 3]), [dropped.sites[0]!.input]: one };
  const plain = await openSession(writeModel(model));
  const [a, b] = [await session.run(feeds), await plain.run({ x: feeds.x! })];
  expect([...(a.y!.data as Float32Array)]).toEqual([...(b.y!.data as Float32Array)]);
  expect([...(a.y2!.data as Float32Array)]).toEqual([...(b.y2!.data as Float32Array)]);
});

test.each([9, 10])("the mask output of a Dropout node needs opset 10 (opset %i)", (opset) => {
  const dropout = { ...node("Dropout", ["x"], ["d", "m"]), attribute: [{ name: "ratio", type: 1, f: 0.5 }] };
  const model = modelOf({
    nodes: [dropout, node("Neg", ["d"], "y")],
    inputs,
    outputs: [...outputs, info("m", ["rows", 4], 9)],
    opset,
  });
  const act = () => withDropout(model);
  if (opset === 10) expect(act().sites).toHaveLength(1);
  else expect(act).toThrow("withDropout: the mask output of d is used, which needs opset 10 or later, got 9");
});

test("bfloat16 takes float32 multipliers that the graph rounds", () => {
  const model = modelOf({
    nodes: [
      node("Cast", ["x"], "c", [attr("to", 16)]),
      node("Relu", ["c"], "h"),
      node("Cast", ["h"], "y", [attr("to", 1)]),
    ],
    weights: [constant("unused", [], [1])],
    inputs,
    outputs,
  });
  const { model: dropped, sites } = withDropout(model, { rate: 0.5, after: ["Relu"] });
  expect(sites[0]!.type).toBe("float32");
  const casts = dropped.graph!.node!.filter(({ input }) => input?.[0] === sites[0]!.input);
  expect(casts.map(({ opType, attribute }) => [opType, attribute![0]!.i])).toEqual([["Cast", 16]]);
});
