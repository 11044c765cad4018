import { inspect, monteCarlo, type ValuePrediction, withDropout } from "@hadamask/onnx";
import { key } from "hadamask";
import { describe, expect, test } from "vitest";
import { attr, bytesOf, constant, info, int64s, modelOf, network, node, rows, weight } from "../support/graphs.js";
import { quiet } from "../support/monte-carlo.js";
import { ort } from "../support/runtime.js";

const options = { ort, key: key(1), rate: 0.3, kind: "values", session: quiet } as const;

/** Two heads on x: a policy with a Tanh, and a value without one. */
const actorCritic = {
  nodes: [
    node("Gemm", ["x", "p1", ""], "ps"),
    node("Tanh", ["ps"], "ph"),
    node("Gemm", ["ph", "p2", ""], "policy"),
    node("Gemm", ["x", "v1", ""], "vs"),
    node("Relu", ["vs"], "vh"),
    node("Gemm", ["vh", "v2", ""], "value"),
  ],
  weights: [weight("p1", [4, 8]), weight("p2", [8, 3]), weight("v1", [4, 8]), weight("v2", [8, 1])],
  inputs: [info("x", ["rows", 4])],
  outputs: [info("policy", ["rows", 3]), info("value", ["rows", 1])],
};

describe("a place counts if the asked output depends on it", () => {
  test("places in the policy head, the value asked for: refused, with what they do reach", async () => {
    await expect(monteCarlo(bytesOf(actorCritic), { ...options, after: ["Tanh"], output: "value" })).rejects.toThrow(
      "monteCarlo: dropout must reach output value, got places that reach policy; ask for another output or " +
        "other places",
    );
  });

  test("one of two places: warned about, by its name", async () => {
    const mc = await monteCarlo(bytesOf(actorCritic), { ...options, after: ["Tanh", "Relu"], output: "value" });
    expect(mc.warnings).toEqual(["Output value does not depend on after Tanh ph: dropout there changes nothing."]);
    const found = (await mc.predict({ x: rows(2, 4) }, { samples: 20 })) as ValuePrediction;
    expect(Math.min(...found.variance)).toBeGreaterThan(0);
  });

  test("inspect says which outputs each place reaches, and advises for the answer that is asked about", () => {
    const found = inspect(modelOf(actorCritic));
    const outputs = Object.fromEntries(found.places.map(({ kind, name, outputs }) => [`${kind} ${name}`, outputs]));
    expect(outputs).toMatchObject({ "after ph": ["policy"], "after vh": ["value"], "weight v1": ["value"] });
    expect(found.suggested).toEqual({ after: ["Tanh"] });
    expect(inspect(modelOf(actorCritic), { output: "value" }).suggested).toEqual({ after: ["Relu"] });
  });

  test("a tensor whose shape alone is read is no place", () => {
    const graph = network(
      4,
      [node("Shape", ["dead"], "size"), node("Expand", ["z", "size"], "y")],
      [info("y", ["rows", 4])],
    );
    const nodes = [node("Sigmoid", ["x"], "dead"), ...graph.nodes];
    expect(inspect(modelOf({ ...graph, nodes })).places.map(({ name }) => name)).not.toContain("dead");
  });
});

/** An LSTM operator, two layers, and mean and variance of what comes next. */
const forecaster = {
  nodes: [
    node("LSTM", ["x", "w1", "r1"], ["ya", "ha", "ca"], [attr("hidden_size", 5)]),
    node("Squeeze", ["ya", "one"], "sa"),
    node("LSTM", ["sa", "w2", "r2"], ["yb", "hb", "cb"], [attr("hidden_size", 5)]),
    node("Squeeze", ["hb", "zero"], "last"),
    node("Gemm", ["last", "wm", ""], "mean"),
    node("Gemm", ["last", "wv", ""], "raw"),
    node("Softplus", ["raw"], "soft"),
    node("Add", ["soft", "eps"], "variance"),
  ],
  weights: [
    weight("w1", [1, 20, 3]),
    weight("r1", [1, 20, 5]),
    weight("w2", [1, 20, 5]),
    weight("r2", [1, 20, 5]),
    weight("wm", [5, 1]),
    weight("wv", [5, 1]),
    int64s("one", [1]),
    int64s("zero", [0]),
    constant("eps", [], [1e-3]),
  ],
  inputs: [info("x", ["time", "batch", 3])],
  outputs: [info("mean", ["batch", 1]), info("variance", ["batch", 1])],
};

describe("a mean and a variance behind LSTM operators", () => {
  test("the softplus that makes the variance is no place; outputs of the LSTMs are", () => {
    const found = inspect(modelOf(forecaster));
    const after = found.places
      .filter(({ kind }) => kind === "after")
      .map(({ operator, tensor }) => `${operator} ${tensor}`);
    expect(after).toEqual(["LSTM ya", "LSTM hb"]);
    expect(found.suggested).toEqual({ after: ["LSTM"] });
  });

  test("dropout between the layers moves mean and variance; the batch is on axis 1", async () => {
    const mc = await monteCarlo(bytesOf(forecaster), {
      ...options,
      kind: "auto",
      after: ["LSTM"],
      variance: "variance",
    });
    const x = { data: rows(7 * 2, 3), dims: [7, 2, 3] };
    const found = (await mc.predict({ x }, { samples: 30 })) as ValuePrediction;
    expect(found.rows).toBe(2);
    expect(Math.min(...found.variance)).toBeGreaterThan(0);
    expect(Math.min(...found.aleatoric!)).toBeGreaterThan(0);
    // and each row is the same alone
    const alone = (await mc.predict(
      { x: { data: x.data.filter((_, i) => Math.floor(i / 3) % 2 === 1), dims: [7, 1, 3] } },
      { samples: 30, sampleIds: [1] },
    )) as ValuePrediction;
    expect(alone.mean[0]).toBeCloseTo(found.mean[1]!, 5);
  });
});

describe("more places", () => {
  const after = (graph: Parameters<typeof modelOf>[0]) =>
    inspect(modelOf(graph))
      .places.filter(({ kind }) => kind === "after")
      .map(({ operator }) => operator);
  const end = [node("Gemm", ["a", "w3", ""], "y")];
  const with3 = (nodes: ReturnType<typeof node>[], more: ReturnType<typeof weight>[] = [], domains: string[] = []) =>
    network(4, [...nodes, ...end], [info("y", ["rows", 2])], { weights: [weight("w3", [4, 2]), ...more], domains });
  const bounds = [constant("zero", [], [0]), constant("six", [], [6]), constant("three", [], [3])];

  test.each<[string, ReturnType<typeof node>[], string]>([
    ["ReLU6 as Clip", [node("Clip", ["z", "zero", "six"], "a")], "Relu6"],
    [
      "hard-swish, divided at the end",
      [
        node("Add", ["z", "three"], "p"),
        node("Clip", ["p", "zero", "six"], "c"),
        node("Mul", ["z", "c"], "m"),
        node("Div", ["m", "six"], "a"),
      ],
      "HardSwish",
    ],
    ["hard-swish by its gate", [node("HardSigmoid", ["z"], "g"), node("Mul", ["z", "g"], "a")], "HardSwish"],
    ["Gelu of ONNX Runtime", [node("Gelu", ["z"], "a", [], "com.microsoft")], "Gelu"],
    ["FastGelu", [node("FastGelu", ["z", "b3"], "a", [], "com.microsoft")], "FastGelu"],
    ["BiasGelu", [node("BiasGelu", ["z", "b3"], "a", [], "com.microsoft")], "BiasGelu"],
    ["QuickGelu", [node("QuickGelu", ["z"], "a", [], "com.microsoft")], "QuickGelu"],
    [
      "SkipLayerNormalization",
      [node("SkipLayerNormalization", ["z", "z", "b3"], "a", [], "com.microsoft")],
      "SkipLayerNormalization",
    ],
  ])("%s", (_, nodes, operator) => {
    const graph = with3(nodes, [...bounds, weight("b3", [4])], ["com.microsoft"]);
    expect(after(graph).filter((name) => name !== "Gemm")).toEqual(["Relu", operator]);
    expect(withDropout(modelOf(graph), { rate: 0.1, after: [operator] }).sites).toHaveLength(1);
  });

  test("an embedding, and what is behind a pooling", () => {
    const graph = {
      nodes: [
        node("Gather", ["table", "ids"], "e"),
        node("Transpose", ["e"], "t", [attr("perm", [0, 2, 1])]),
        node("GlobalAveragePool", ["t"], "p"),
        node("Flatten", ["p"], "f"),
        node("Gemm", ["f", "w", ""], "y"),
      ],
      weights: [weight("table", [10, 4]), weight("w", [4, 2])],
      inputs: [info("ids", ["rows", "length"], 7)],
      outputs: [info("y", ["rows", 2])],
    };
    expect(after(graph)).toEqual(["Embedding", "GlobalAveragePool"]);
  });

  test("gates of an unrolled LSTM are grouped, and left out of advice", () => {
    const steps = Array.from({ length: 30 }, (_, t) => [
      node("Gemm", [t === 0 ? "x" : `h${t - 1}`, "w", ""], `s${t}`),
      node("Sigmoid", [`s${t}`], `i${t}`),
      node("Tanh", [`s${t}`], `g${t}`),
      node("Mul", [`i${t}`, `g${t}`], `h${t}`),
    ]).flat();
    const graph = {
      nodes: [...steps, node("Gemm", ["h29", "w", ""], "y")],
      weights: [weight("w", [4, 4])],
      inputs: [info("x", ["rows", 4])],
      outputs: [info("y", ["rows", 4])],
    };
    const found = inspect(modelOf(graph));
    expect(found.placeGroups.map(({ kind, operator, count, isGate }) => [kind, operator, count, isGate])).toEqual([
      ["before", "Gemm", 31, false],
      ["weight", "Gemm", 31, false],
      ["after", "Sigmoid", 30, true],
      ["after", "Tanh", 30, true],
    ]);
    expect(found.suggested).toEqual({ before: ["Gemm"], where: "y", last: 1 });
  });

  test("weights that are stored as integers: the decoded tensor is dropped, and works", async () => {
    const w8 = { name: "w8", dims: [4, 2], dataType: 3, rawData: Uint8Array.from({ length: 8 }, (_, i) => 20 * i) };
    const graph = {
      nodes: [node("DequantizeLinear", ["w8", "scale"], "wf"), node("MatMul", ["x", "wf"], "y")],
      weights: [w8, constant("scale", [], [0.01])],
      inputs: [info("x", ["rows", 4])],
      outputs: [info("y", ["rows", 2])],
    };
    expect(inspect(modelOf(graph)).places.map(({ kind, tensor }) => [kind, tensor])).toEqual([
      ["before", "x"],
      ["weight", "wf"],
    ]);
    const mc = await monteCarlo(bytesOf(graph), { ...options, weights: true });
    const found = (await mc.predict({ x: rows(2, 4) }, { samples: 40 })) as ValuePrediction;
    expect(Math.min(...found.variance)).toBeGreaterThan(0);
  });
});

describe("the recipe: dropout after every layer but the last", () => {
  const graph = {
    nodes: [
      node("Conv", ["x", "k1", "b1"], "c1"),
      node("BatchNormalization", ["c1", "g", "b1", "b1", "g"], "n1"),
      node("Relu", ["n1"], "a1"),
      node("Conv", ["a1", "k2", ""], "c2"),
      node("Sigmoid", ["c2"], "gate"),
      node("Mul", ["c2", "gate"], "silu"),
      node("Flatten", ["silu"], "f"),
      node("Gemm", ["f", "w1", ""], "h"),
      node("Gemm", ["h", "w2", ""], "y"),
    ],
    weights: [
      weight("k1", [3, 1, 3, 3]),
      weight("b1", [3]),
      constant("g", [3], [1, 1, 1]),
      weight("k2", [2, 3, 3, 3]),
      weight("w1", [8, 5]),
      weight("w2", [5, 2]),
    ],
    inputs: [info("x", ["rows", 1, 6, 6])],
    outputs: [info("y", ["rows", 2])],
  };

  test("behind the activation, whole channels behind convolutions", () => {
    const { sites } = withDropout(modelOf(graph), { rate: 0.1, recipe: true });
    expect(sites.map(({ operator, id, share }) => [operator, id, share])).toEqual([
      ["Relu", "a1", "channel"],
      ["Silu", "silu", "channel"],
      ["Gemm", "h", "element"],
    ]);
  });

  test("it predicts, and channels fall as a whole", async () => {
    const mc = await monteCarlo(bytesOf(graph), { ...options, recipe: true });
    const found = (await mc.predict({ x: rows(3, 36) }, { samples: 20 })) as ValuePrediction;
    expect(Math.min(...found.variance)).toBeGreaterThan(0);
  });

  test("a network of one layer has nothing to drop", () => {
    const one = {
      nodes: [node("Gemm", ["x", "w", ""], "y")],
      weights: [weight("w", [4, 2])],
      inputs: [info("x", ["rows", 4])],
      outputs: [info("y", ["rows", 2])],
    };
    expect(() => withDropout(modelOf(one), { rate: 0.1, recipe: true })).toThrow(
      "withDropout: there must be a place after a layer that another one follows, got none; the model has " +
        "before Gemm and weights",
    );
  });
});
