import { inspect, monteCarlo, readModel, type ValuePrediction, withDropout, writeModel } from "@hadamask/onnx";
import { key } from "hadamask";
import { describe, expect, test } from "vitest";
import type { NodeProto } from "../../src/protobuf/types.js";
import { attr, bytesOf, constant, type Graph, info, modelOf, network, node, rows, weight } from "../support/graphs.js";
import { quiet } from "../support/monte-carlo.js";
import { openSession, ort } from "../support/runtime.js";

const options = { ort, key: key(1), rate: 0.3, after: ["Relu"], kind: "values", session: quiet } as const;
const plain = network(3, [node("Neg", ["z"], "y")], [info("y", ["rows", 3])]);
const predict = async (graph: Graph, more: object = {}) => {
  const mc = await monteCarlo(bytesOf(graph), { ...options, ...more });
  return (await mc.predict({ x: rows(3, 4) }, { samples: 10, levels: [] })) as ValuePrediction;
};

describe("graphs are checked once, when they are read", () => {
  test("nodes in any order are sorted, and give the same", async () => {
    const turned = { ...plain, nodes: [...plain.nodes].reverse() };
    expect(readModel(bytesOf(turned)).graph!.node!.map(({ name }) => name)).toEqual(["s", "h", "z", "y"]);
    expect((await predict(turned)).mean).toEqual((await predict(plain)).mean);
  });

  test.each<[string, NodeProto[], string]>([
    [
      "a tensor made of itself",
      [node("Identity", ["a"], "a")],
      "nodes must not wait for each other in a circle, got one through a",
    ],
    [
      "two nodes that wait for each other",
      [node("Neg", ["a"], "b"), node("Neg", ["b"], "a")],
      "in a circle, got one through b and a",
    ],
    [
      "a tensor made twice",
      [node("Neg", ["x"], "a"), node("Abs", ["x"], "a")],
      "tensor a must be made once, got a and a",
    ],
    ["an input made again", [node("Neg", ["y"], "x")], "tensor x must be made once, got an input and x"],
  ])("%s is refused", (_, nodes, message) => {
    expect(() => readModel(bytesOf({ ...plain, nodes: [...plain.nodes, ...nodes] }))).toThrow(message);
  });

  test("chains of 20,000 nodes are walked without a stack", () => {
    const chain = Array.from({ length: 20_000 }, (_, i) =>
      node(i % 2 ? "Identity" : "Relu", [i === 0 ? "x" : `t${i - 1}`], `t${i}`),
    );
    const graph = { ...plain, nodes: [...chain.reverse(), node("Neg", ["t19999"], "y")], weights: [] };
    const found = inspect(readModel(bytesOf(graph)));
    expect(found.placeGroups[0]).toMatchObject({ operator: "Relu", count: 10_000 });
  });

  test("messages within messages without end are no model", () => {
    let inner: object = { name: "g" };
    for (let i = 0; i < 200; i++)
      inner = { name: "g", node: [{ opType: "If", attribute: [{ name: "b", type: 5, g: inner }] }] };
    const bytes = writeModel({ irVersion: 8, opsetImport: [{ version: 17 }], graph: inner });
    expect(() => readModel(bytes)).toThrow("readModel: bytes must be an ONNX model, got");
  });

  test.each([
    ["a PNG picture", [0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10]],
    ["a NumPy array (.npy), which is data", [0x93, ...Buffer.from("NUMPY")]],
    ["JSON", [...Buffer.from('{"a": 1}')]],
    [
      "a ZIP archive (.npz, .pt and .keras files are some); export the model to ONNX first",
      [...Buffer.from("PK\u0003\u0004......")],
    ],
    ["an ORT-format model; use the .onnx file it was made from", [8, 0, 0, 0, ...Buffer.from("ORTM")]],
  ])("%s is said to be one", (what, bytes) => {
    expect(() => readModel(Uint8Array.from(bytes as number[]))).toThrow(
      `readModel: bytes must be an ONNX model, got ${what}`,
    );
  });
});

describe("nodes that give nothing", () => {
  test("are no places, and change nothing", async () => {
    const idle = [
      { ...node("MatMul", ["x", "w"], "y"), name: "idle", output: [] },
      { ...node("Dropout", ["x"], "y"), name: "dropped", output: [] },
      { ...node("Relu", ["s"], "h"), name: "lost", output: undefined },
    ] as NodeProto[];
    const { places } = inspect(modelOf({ ...plain, nodes: [...plain.nodes, ...idle] }));
    expect(places.map(({ name }) => name)).not.toContain("lost");
    expect(places.map(({ name }) => name)).not.toContain("dropped");
    const bytes = modelOf({ ...plain, nodes: [...plain.nodes, ...idle] });
    expect(withDropout(bytes, { rate: 0.1, after: ["Relu"] }).sites).toHaveLength(1);
  });
});

describe("functions are written out", () => {
  const dense = {
    name: "Dense",
    domain: "mine",
    input: ["a", "w"],
    output: ["out"],
    attribute: ["alpha"],
    opsetImport: [{ domain: "", version: 17 }],
    node: [
      { opType: "MatMul", name: "product", input: ["a", "w"], output: ["p"] },
      {
        opType: "LeakyRelu",
        name: "act",
        input: ["p"],
        output: ["out"],
        attribute: [{ name: "alpha", type: 1, refAttrName: "alpha" }],
      },
    ],
  };
  const call = (x: string, w: string, y: string): NodeProto => ({
    ...node("Dense", [x, w], y, [{ name: "alpha", type: 1, f: 0.25 }], "mine"),
  });
  const graph = {
    nodes: [call("x", "wa", "h"), call("h", "wb", "y")],
    weights: [weight("wa", [4, 5]), weight("wb", [5, 2])],
    inputs: [info("x", ["rows", 4])],
    outputs: [info("y", ["rows", 2])],
    functions: [dense],
    domains: ["mine"],
  };

  test("their places are places, their attributes are bound, and the numbers stay", async () => {
    const found = inspect(readModel(bytesOf(graph)));
    expect(found.places.map(({ kind, operator, tensor }) => [kind, operator, tensor])).toEqual([
      ["before", "MatMul", "x"],
      ["weight", "MatMul", "wa"],
      ["after", "LeakyRelu", "h"],
      ["before", "MatMul", "h"],
      ["weight", "MatMul", "wb"],
    ]);
    const session = await openSession(bytesOf(graph));
    const { y } = await session.run({ x: new ort.Tensor("float32", rows(3, 4), [3, 4]) });
    const dropped = await predict(graph, { after: ["LeakyRelu"] });
    dropped.deterministic.mean.forEach((value, i) => {
      expect(value).toBeCloseTo((y!.data as Float32Array)[i]!, 5);
    });
    expect(Math.min(...dropped.variance)).toBeGreaterThan(0);
  });

  test("a circle of calls is refused", () => {
    const loop = { ...dense, node: [{ opType: "Dense", domain: "mine", input: ["a", "w"], output: ["out"] }] };
    expect(() => inspect(modelOf({ ...graph, functions: [loop] }))).toThrow(
      "inspect: functions must not call each other in a circle, got Dense more than 64 deep",
    );
  });

  test("a function of another opset stays, and is said to hide its layers", () => {
    const other = { ...dense, opsetImport: [{ domain: "", version: 9 }] };
    const found = inspect(modelOf({ ...graph, functions: [other] }));
    expect(found.hidden[0]).toEqual({ inside: "function Dense", name: "h", layers: 1, dropout: [] });
    expect(found.advice[0]).toContain(
      "There is no place for it: its layers are inside function Dense (h) and function Dense (y), where masks " +
        "do not reach.",
    );
  });
});

describe("layers in bodies that cannot be written out", () => {
  test("are said to be there", () => {
    const body = {
      name: "b",
      input: [info("item", ["rows", 4])],
      node: [node("MatMul", ["item", "w"], "r")],
      output: [info("r", ["rows", 2])],
    };
    const graph = {
      nodes: [
        node("SequenceConstruct", ["x", "x"], "pair"),
        node("SequenceMap", ["pair"], "mapped", [attr("body", body)]),
        node("ConcatFromSequence", ["mapped"], "y", [attr("axis", 1)]),
      ],
      weights: [weight("w", [4, 2])],
      inputs: [info("x", ["rows", 4])],
      outputs: [info("y", ["rows", 4])],
    };
    expect(() => withDropout(modelOf(graph), { rate: 0.1, before: ["MatMul"] })).toThrow(
      "withDropout: there must be a place before MatMul, got none; its layers are inside SequenceMap (mapped), where " +
        "masks do not reach",
    );
  });

  test("what an If without layers gives is of a type that the runtime is asked for", async () => {
    const untyped = { name: "b", node: [node("Neg", ["x"], "r")], output: [{ name: "r" }] };
    const graph = {
      nodes: [
        node("If", ["flag"], "c", [attr("then_branch", untyped), attr("else_branch", untyped)]),
        node("Relu", ["c"], "h"),
        node("MatMul", ["h", "v"], "y"),
      ],
      weights: [weight("v", [4, 2])],
      inputs: [info("x", ["rows", 4]), info("flag", [], 9)],
      outputs: [info("y", ["rows", 2])],
    };
    expect(() => withDropout(modelOf(graph), { rate: 0.1, after: ["Relu"] })).toThrow("rank");
    const mc = await monteCarlo(bytesOf(graph), options);
    const found = (await mc.predict({ x: rows(3, 4), flag: [1] }, { samples: 30 })) as ValuePrediction;
    expect(Math.max(...found.variance)).toBeGreaterThan(0);
  });
});

describe("opsets up to 26", () => {
  test.each([7, 13, 22, 23, 24, 25, 26])("opset %i", async (opset) => {
    const found = await predict({ ...plain, opset });
    expect(found.rows).toBe(3);
    expect(Math.min(...found.variance)).toBeGreaterThan(0);
  });
});

describe("sizes that a file declares", () => {
  test("a batch of a billion rows is refused before any memory is taken", async () => {
    const graph = { ...plain, inputs: [info("x", [1_000_000_000, 4])] };
    const mc = await monteCarlo(bytesOf(graph), options);
    await expect(mc.predict({ x: rows(2, 4) })).rejects.toThrow(
      "predict: a run must fit into 268435456 bytes, got a model of 1000000000 rows a run, 16000000000 bytes " +
        "of inputs; export it with a free batch, or pass { memory } to monteCarlo",
    );
  });
});

describe("Dropout between two Identity nodes", () => {
  test("the runtime keeps it, and that is said", async () => {
    const graph = {
      nodes: [node("Identity", ["x"], "a"), node("Dropout", ["a", "ratio", "mode"], "d"), node("Identity", ["d"], "y")],
      weights: [constant("ratio", [], [0.5]), { name: "mode", dims: [], dataType: 9, rawData: Uint8Array.of(1) }],
      inputs: [info("x", ["rows", 4])],
      outputs: [info("y", ["rows", 4])],
    };
    const session = await openSession(bytesOf(graph));
    const x = new ort.Tensor("float32", new Float32Array(4000).fill(1), [1000, 4]);
    const isKept = ((await session.run({ x })).y!.data as Float32Array).some((value) => value === 0);
    expect(inspect(modelOf(graph)).dropout[0]!.isRemovedByRuntime).toBe(!isKept);
    expect(isKept).toBe(true);
  });
});
