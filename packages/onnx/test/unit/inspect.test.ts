import { inspect, readModel, withDropout, writeModel } from "@hadamask/onnx";
import { exportMlp } from "@hadamask/onnx/mlp";
import { describe, expect, test } from "vitest";
import { fixture } from "../support/fixtures.js";
import { smallModel } from "../support/models.js";

const of = (name: string) => inspect(readModel(fixture(name)));
const shortPlaces = (found: ReturnType<typeof of>) =>
  found.places.map(({ kind, operator, name }) => `${kind} ${operator} ${name}`);

test("an exported MLP: its tensors, its places, and the advice that follows", () => {
  const found = of("mlp-eval.onnx");
  expect(found).toMatchObject({
    opset: 17,
    producer: "pytorch 2.13.0",
    operators: { Gemm: 3, Relu: 2 },
    inputs: [{ name: "x", type: "float32", shape: ["batch", 64] }],
    outputs: [{ name: "y", type: "float32", shape: ["batch", 10], isAnswer: true, maker: "other" }],
    dropout: [],
  });
  expect(shortPlaces(found)).toEqual([
    "before Gemm /0/Gemm",
    "weight Gemm 0.weight",
    "after Relu /1/Relu",
    "before Gemm /3/Gemm",
    "weight Gemm 3.weight",
    "after Relu /4/Relu",
    "before Gemm /6/Gemm",
    "weight Gemm 6.weight",
  ]);
  expect(found.advice).toEqual([
    "There is no Dropout node: exporters leave it out in evaluation mode. Put dropout where training had it, " +
      'for instance { rate: 0.1, after: ["Relu"] }.',
  ]);
  expect(JSON.parse(JSON.stringify(found))).toEqual(found);
});

test("a model with Dropout nodes: the runtime would take them out, and that is said", () => {
  expect(of("mlp-train.onnx").advice).toEqual([
    "ONNX Runtime takes every Dropout node out when it optimises, whatever training_mode says: passes of the " +
      "plain model would all be equal. Predict with monteCarlo, or rewrite with withDropout.",
  ]);
  expect(of("dropout-only.onnx").advice).toEqual([
    "drop would stay and draw masks that differ between builds of the runtime; monteCarlo draws them from a key.",
  ]);
});

test("attention softmax is a place, the softmax of an answer is none; weights behind a transposition are found", () => {
  expect(shortPlaces(of("transformer-train.onnx"))).toEqual(
    expect.arrayContaining(["after AttentionSoftmax /block/self_attn/Softmax", "weight MatMul block.linear1.weight"]),
  );
  const mlp = exportMlp({
    layers: [
      { weights: new Float32Array(6), biases: new Float32Array(3) },
      { weights: new Float32Array(6), biases: new Float32Array(2) },
    ],
    activation: "relu",
  });
  expect(shortPlaces(inspect(readModel(mlp))).some((place) => place.includes("Softmax"))).toBe(false);
});

test("a rewritten model names its sites", () => {
  const { model } = withDropout(readModel(fixture("mlp-train.onnx")));
  const found = inspect(readModel(writeModel(model)));
  expect(found.sites.map((site) => [site.name, site.rate])).toEqual([
    ["/2/Dropout", 0.5],
    ["/5/Dropout", 0.3],
  ]);
  expect(found.dropout).toEqual([]);
  expect(found.advice).toEqual([
    "Dropout is an input at /2/Dropout and /5/Dropout: feed multipliers, or predict with monteCarlo.",
  ]);
});

describe("activations that exporters write as several nodes", () => {
  const kinds = (nodes: Parameters<typeof smallModel>[0]) =>
    shortPlaces(inspect(smallModel(nodes))).filter((place) => place.startsWith("after"));

  test("SiLU: x times its sigmoid", () => {
    const found = kinds([
      { opType: "Sigmoid", name: "gate", input: ["x"], output: ["s"] },
      { opType: "Mul", name: "silu", input: ["x", "s"], output: ["a"] },
      { opType: "Neg", name: "end", input: ["a"], output: ["y"] },
    ]);
    expect(found).toEqual(["after Silu silu"]);
  });

  test.each([
    ["x times the sum, then halved", ["x", "sum"], ["whole", "half"]],
    ["the sum halved, then times x", ["sum", "half"], ["whole", "x"]],
  ])("GELU by the error function: %s", (_, first, second) => {
    const found = kinds([
      { opType: "Div", name: "scale", input: ["x", "root2"], output: ["z"] },
      { opType: "Erf", name: "erf", input: ["z"], output: ["e"] },
      { opType: "Add", name: "plus", input: ["e", "one"], output: ["sum"] },
      { opType: "Mul", name: "first", input: first, output: ["whole"] },
      { opType: "Mul", name: "gelu", input: second, output: ["a"] },
      { opType: "Neg", name: "end", input: ["a"], output: ["y"] },
    ]);
    expect(found).toEqual(["after Gelu gelu"]);
  });

  test("a sigmoid that gates something else is an activation of its own", () => {
    const found = kinds([
      { opType: "Sigmoid", name: "gate", input: ["x"], output: ["s"] },
      { opType: "Mul", name: "product", input: ["s", "s"], output: ["y"] },
    ]);
    expect(found).toEqual(["after Sigmoid gate"]);
  });
});

describe("advice", () => {
  const advice = (nodes: Parameters<typeof smallModel>[0]) => inspect(smallModel(nodes)).advice;

  test("batch normalisation in training mode makes rows depend on each other", () => {
    const nodes = [
      {
        opType: "BatchNormalization",
        name: "norm",
        input: ["x", "one", "one", "one", "one"],
        output: ["y"],
        attribute: [{ name: "training_mode", type: 2, i: 1 }],
      },
    ];
    expect(advice(nodes)[1]).toBe(
      "norm normalise by the batch they see: a row's answer depends on the other rows. Predict with freeze: " +
        "true, or export with batch normalisation in evaluation mode.",
    );
  });

  test("nodes that draw by themselves are named", () => {
    expect(advice([{ opType: "RandomNormalLike", name: "noise", input: ["x"], output: ["y"] }]).at(-1)).toBe(
      "noise draw random numbers by themselves: results will differ from run to run.",
    );
  });

  test("the library's lint speaks about dropout before batch normalisation, with its numbers", () => {
    const found = inspect(
      smallModel([
        { opType: "Relu", name: "act", input: ["x"], output: ["h"] },
        { opType: "Dropout", name: "drop", input: ["h", "half"], output: ["d"] },
        { opType: "BatchNormalization", name: "norm", input: ["d", "one", "one", "one", "one"], output: ["y"] },
      ]),
    );
    expect(found.lint.map(({ rule, numbers }) => [rule, numbers.ratio])).toEqual([["dropout-before-batch-norm", 0.5]]);
  });
});

test("Dropout inside control flow is a place; inside other bodies it is found, and said to be out of reach", () => {
  const model = (opType: string) => {
    const body = {
      name: "body",
      node: [{ opType: "Dropout", name: "inner", input: ["x"], output: ["b"] }],
      output: [{ name: "b" }],
    };
    const attribute = [{ name: "then_branch", type: 5, g: body }];
    return smallModel([{ opType, name: "choice", input: ["flag"], output: ["y"], attribute }]);
  };
  const { dropout, places, hidden } = inspect(model("If"));
  expect(dropout.map(({ name }) => name)).toEqual(["inner"]);
  expect(places.map(({ kind, inside }) => [kind, inside])).toEqual([["dropout", "If (choice)"]]);
  expect(hidden).toEqual([]);
  const out = model("SequenceMap");
  expect(inspect(out).hidden).toEqual([{ inside: "SequenceMap", name: "choice", layers: 0, dropout: ["inner"] }]);
  expect(inspect(out).advice).toContain("inner stand inside SequenceMap (choice), where masks do not reach.");
  expect(() => withDropout(out)).toThrow(
    "withDropout: Dropout nodes must be in the main graph, got inner inside SequenceMap",
  );
});

test("opsets outside of 7 to 26 are refused", () => {
  expect(() => of("opset6.onnx")).toThrow(
    "inspect: the model's opset must be in 7 to 26, got 6; convert it with onnx.version_converter",
  );
  expect(of("opset23.onnx").opset).toBe(23);
  const later = { ...readModel(fixture("opset23.onnx")), opsetImport: [{ domain: "", version: 27 }] };
  expect(() => inspect(later)).toThrow("got 27");
});
