import { inspect, readModel, withDropout } from "@hadamask/onnx";
import { describe, expect, test } from "vitest";
import { inferTensors } from "../../src/graph/infer.js";
import { viewGraph } from "../../src/graph/view.js";
import { TYPE_NAMES } from "../../src/protobuf/types.js";
import { fixture } from "../support/fixtures.js";
import { info, modelOf, node, weight } from "../support/graphs.js";
import { openSession, someTensor, withAllOutputs } from "../support/runtime.js";

const MODELS = [
  "mlp-train",
  "mlp-eval",
  "cnn-eval",
  "transformer-train",
  "transformer-eval",
  "regression-eval",
  "linear",
  "opset7",
  "opset22",
  "mask-used",
];
const INPUTS: Record<string, number[]> = {
  "cnn-eval": [2, 1, 8, 8],
  "transformer-train": [2, 8, 8],
  "transformer-eval": [2, 8, 8],
  "regression-eval": [2, 1],
  linear: [2, 3],
};

describe("ranks and types that are settled from the file are what the runtime finds", () => {
  test.each(MODELS)("%s", async (name) => {
    const bytes = fixture(`${name}.onnx`);
    const known = inferTensors(viewGraph(readModel(bytes)));
    const all = withAllOutputs(bytes);
    const session = await openSession(all.bytes, { graphOptimizationLevel: "disabled" });
    const columns = name.startsWith("mlp") ? 64 : 4;
    const found = await session.run({ x: someTensor(INPUTS[name] ?? [2, columns]) }, all.names);
    const open: string[] = [];
    for (const tensor of all.names) {
      const { rank, type } = known(tensor);
      const real = found[tensor]!;
      expect(rank ?? real.dims.length, `rank of ${tensor}`).toBe(real.dims.length);
      expect(TYPE_NAMES[type ?? 0] ?? real.type, `type of ${tensor}`).toBe(real.type);
      if (rank === undefined || type === undefined) open.push(tensor);
    }
    // Shapes that are computed may leave something open (torch splits the projection of attention so), but no place
    // for dropout.
    const places = inspect(readModel(bytes)).places.map((place) => place.tensor);
    expect(open.filter((tensor) => places.includes(tensor))).toEqual([]);
    expect(open.length).toBeLessThan(0.05 * all.names.length);
    await session.release();
  });

  test("float16 and float64 are followed through", () => {
    for (const [name, type] of [
      ["half", 10],
      ["double", 11],
    ] as const) {
      const known = inferTensors(viewGraph(readModel(fixture(`${name}.onnx`))));
      expect(known("h")).toMatchObject({ rank: 2, type });
    }
  });

  test("what nothing is known of stays open", () => {
    const model = readModel(fixture("opset13.onnx"));
    const graph = {
      ...model.graph!,
      node: [{ opType: "Mystery", domain: "com.example", input: ["x"], output: ["z"] }],
    };
    expect(inferTensors(viewGraph({ ...model, graph }))("z").rank).toBeUndefined();
  });

  test.each([-1, 256, 2 ** 40])("a shape vector that claims %d entries says nothing of a rank", (entries) => {
    const shape = { name: "shape", dims: [entries], dataType: 7, rawData: new Uint8Array(16) };
    const model = modelOf({
      nodes: [node("Reshape", ["x", "shape"], "s"), node("Relu", ["s"], "h"), node("MatMul", ["h", "w"], "y")],
      weights: [shape, weight("w", [4, 2])],
      inputs: [info("x", ["rows", 4])],
      outputs: [info("y", ["rows", 2])],
    });
    const known = inferTensors(viewGraph(model));
    expect([known("s").rank, known("h").rank]).toEqual([undefined, undefined]);
    expect(() => withDropout(model, { rate: 0.1, after: ["Relu"], share: "channel" })).toThrow("rank");
  });
});
