import {
  type AnswerKind,
  judgeAnswer,
  type LabelPrediction,
  monteCarlo,
  type PositionPrediction,
} from "@hadamask/onnx";
import { key } from "hadamask";
import { describe, expect, test } from "vitest";
import { attr, bytesOf, info, int64s, modelOf, network, node, rows } from "../support/graphs.js";
import { quiet } from "../support/monte-carlo.js";
import { ort } from "../support/runtime.js";

const options = { ort, key: key(1), rate: 0.3, after: ["Relu"], session: quiet } as const;
const softmax = (from: string, to: string, axis = -1) => node("Softmax", [from], to, [attr("axis", axis)]);

/** z [rows, columns] → a shape → the end. */
const shaped = (dims: readonly number[], end: ReturnType<typeof node>[]) => {
  const columns = dims.reduce((a, b) => a * b, 1);
  return network(columns, [node("Reshape", ["z", "shape"], "r"), ...end], [info("y", ["rows", ...dims])], {
    weights: [int64s("shape", [-1, ...dims])],
  });
};

const CASES: readonly (readonly [string, Parameters<typeof bytesOf>[0], AnswerKind, string])[] = [
  ["softmax of a matrix", network(3, [softmax("z", "y")], [info("y", ["rows", 3])]), "classes", "probabilities"],
  [
    "log-softmax",
    network(3, [node("LogSoftmax", ["z"], "y", [attr("axis", -1)])], [info("y", ["rows", 3])]),
    "classes",
    "logits",
  ],
  ["one sigmoid", network(1, [node("Sigmoid", ["z"], "y")], [info("y", ["rows", 1])]), "binary", "probabilities"],
  ["ten sigmoids", network(10, [node("Sigmoid", ["z"], "y")], [info("y", ["rows", 10])]), "labels", "probabilities"],
  [
    "three numbers without an activation",
    network(3, [node("Neg", ["z"], "y")], [info("y", ["rows", 3])]),
    "values",
    "numbers",
  ],
  ["softmax over axis 1 of [N, 2, 4, 5]", shaped([2, 4, 5], [softmax("r", "y", 1)]), "pixels", "probabilities"],
  ["softmax over the last axis of [N, 4, 5, 3]", shaped([4, 5, 3], [softmax("r", "y", 3)]), "pixels", "probabilities"],
  ["scores [N, 11, 2] of a detector", shaped([11, 2], [softmax("r", "y", 2)]), "anchors", "probabilities"],
  [
    "a softmax hidden behind a transposition",
    shaped([5, 3], [softmax("r", "t", 2), node("Transpose", ["t"], "y", [attr("perm", [0, 2, 1])])]),
    "anchors",
    "probabilities",
  ],
  ["a map of sigmoids [N, 1, 4, 5]", shaped([1, 4, 5], [node("Sigmoid", ["r"], "y")]), "pixels", "probabilities"],
  ["a denoiser's picture", shaped([1, 4, 5], [node("Neg", ["r"], "y")]), "values", "numbers"],
];

describe("what an output is, and why", () => {
  test.each(CASES)("%s", async (_, graph, kind, scale) => {
    const mc = await monteCarlo(bytesOf(graph), options);
    const answer = await mc.answer({ x: rows(6, 4) });
    expect([answer.kind, answer.scale]).toEqual([kind, scale]);
    expect(answer.why.length).toBeGreaterThan(20);
    await mc.dispose();
  });

  test("token ids go in: one distribution a step is one a token", async () => {
    const graph = shaped([3, 2], [softmax("r", "y", 2)]);
    const model = modelOf({
      ...graph,
      nodes: [node("Cast", ["ids"], "x", [attr("to", 1)]), ...graph.nodes],
      inputs: [info("ids", ["rows", 4], 7)],
    });
    const plain = { rows: 1, dims: [3, 2], data: [0.5, 0.5, 0.1, 0.9, 0, 1] };
    expect(judgeAnswer(model, "y", plain).kind).toBe("tokens");
  });

  test("the same rule for a matrix: rows that are distributions are classes without a softmax in sight", () => {
    const model = modelOf(network(2, [node("Neg", ["z"], "y")], [info("y", ["rows", 2])]));
    expect(judgeAnswer(model, "y", { rows: 2, dims: [2], data: [0.25, 0.75, 1, 0] }).kind).toBe("classes");
    const found = judgeAnswer(model, "y", { rows: 2, dims: [2], data: [0.25, 0.75, 1, 0.5] });
    expect(found).toMatchObject({ kind: "values", scale: "numbers" });
    expect(found.why).toBe(
      'no Softmax or Sigmoid makes it, and its rows do not sum to 1; for logits say kind "classes"',
    );
  });
});

describe("what was asked for, or a refusal", () => {
  const model = (end: string, columns = 3) =>
    modelOf(network(columns, [node(end, ["z"], "y")], [info("y", ["rows", columns])]));
  const plain = (...data: number[]) => ({ rows: 1, dims: [data.length], data });

  test("logits are taken by the word of the user", () => {
    expect(judgeAnswer(model("Neg"), "y", plain(2, -1, 0), { kind: "classes" }).scale).toBe("logits");
    expect(judgeAnswer(model("Neg"), "y", plain(2, -1, 0), { kind: "labels" }).scale).toBe("logits");
    expect(judgeAnswer(model("Neg", 1), "y", plain(2), { kind: "classes" })).toMatchObject({
      kind: "binary",
      scale: "logits",
    });
  });

  test.each([
    [
      "sigmoids as classes",
      () => judgeAnswer(model("Sigmoid"), "y", plain(0.9, 0.8, 0.1), { kind: "classes" }),
      'judgeAnswer: output y must be probabilities that sum to 1 or logits, got sigmoids; say kind "labels"',
    ],
    [
      "no probabilities as probabilities",
      () => judgeAnswer(model("Neg"), "y", plain(0.9, 0.8, 0.1), { scale: "probabilities" }),
      "judgeAnswer: output y must be probabilities that are non-negative and sum to 1, got rows that do not; " +
        'say scale "logits" or kind "values"',
    ],
    [
      "three numbers as one",
      () => judgeAnswer(model("Sigmoid"), "y", plain(0.9, 0.8, 0.1), { kind: "binary" }),
      "judgeAnswer: a binary answer must be one number a row, got 3 in output y",
    ],
    [
      "a picture as classes",
      () => judgeAnswer(model("Neg"), "y", { rows: 1, dims: [2, 2], data: [1, 2, 3, 4] }, { kind: "classes" }),
      "judgeAnswer: classes must be one distribution a row, got shape [2,2] of a row in output y; say kind " +
        '"pixels", "tokens" or "anchors"',
    ],
    [
      "a vector as pixels",
      () => judgeAnswer(model("Neg"), "y", plain(1, 2, 3), { kind: "pixels" }),
      'judgeAnswer: pixels must be several distributions a row, got shape [3] of a row in output y; say kind "classes"',
    ],
    [
      "another word",
      () => judgeAnswer(model("Neg"), "y", plain(1, 2, 3), { kind: "logits" as never }),
      'judgeAnswer: kind must be "auto" or one of classes, binary, labels, pixels, tokens, anchors and values, ' +
        'got "logits"',
    ],
  ])("%s", (_, act, message) => {
    expect(act).toThrow(message);
  });
});

describe("outputs that are no answer", () => {
  const map = { sequenceType: { elemType: { mapType: { keyType: 7, valueType: { tensorType: { elemType: 1 } } } } } };
  const graph = network(
    2,
    [softmax("z", "probabilities"), node("ArgMax", ["z"], "label")],
    [info("label", ["rows", 1], 7), info("probabilities", ["rows", 2])],
  );

  test("a label comes first: the tensor of probabilities is taken", async () => {
    const mc = await monteCarlo(bytesOf(graph), options);
    expect(mc.output).toBe("probabilities");
    await expect(monteCarlo(bytesOf(graph), { ...options, output: "label" })).rejects.toThrow(
      "monteCarlo: output must be a tensor of floating-point numbers (probabilities), got label, which is int64",
    );
  });

  test("a sequence of maps is said to be one, with what to do", async () => {
    const outputs = [info("label", ["rows", 1], 7), { name: "scores", type: map }];
    await expect(monteCarlo(bytesOf({ ...graph, outputs }), options)).rejects.toThrow(
      "monteCarlo: output must be a tensor of floating-point numbers (there is none), got label, which is int64",
    );
    await expect(monteCarlo(bytesOf({ ...graph, outputs }), { ...options, output: "scores" })).rejects.toThrow(
      "got scores, which is sequence of map of int64 to float32; convert the scikit-learn model with " +
        "zipmap=False, which gives a tensor of probabilities",
    );
  });
});

describe("predictions of each kind", () => {
  const x = rows(3, 4);
  const samples = 12;

  /** Passes of one row as [pass][number], from `passes`. */
  const passesOf = async (graph: Parameters<typeof bytesOf>[0]) => {
    const mc = await monteCarlo(bytesOf(graph), options);
    const found = await mc.predict({ x }, { samples });
    const all: Float64Array[] = [];
    for await (const { output } of mc.passes({ x }, { samples })) all.push(output);
    await mc.dispose();
    return { found, all };
  };
  const entropy = (...p: number[]): number =>
    -p.reduce((sum, value) => sum + (value > 0 ? value * Math.log(value) : 0), 0);

  test("labels: each by itself, never above ln 2", async () => {
    const { found, all } = await passesOf(CASES[3]![1]);
    const labels = found as LabelPrediction;
    expect([labels.kind, labels.rows, labels.labels]).toEqual(["labels", 3, 10]);
    for (let i = 0; i < 30; i++) {
      const mean = all.reduce((sum, pass) => sum + pass[i]!, 0) / samples;
      const own = all.reduce((sum, pass) => sum + entropy(pass[i]!, 1 - pass[i]!), 0) / samples;
      expect(labels.mean[i]).toBeCloseTo(mean, 10);
      expect(labels.mutualInformation[i]).toBeCloseTo(entropy(mean, 1 - mean) - own, 10);
      expect(labels.predictiveEntropy[i]).toBeLessThanOrEqual(Math.LN2 + 1e-12);
    }
  });

  // classes first, last, and in between
  test.each([
    ["pixels, classes first", 5, [4, 5], (p: number, k: number) => k * 20 + p, 2, 20],
    ["pixels, classes last", 6, [4, 5], (p: number, k: number) => p * 3 + k, 3, 20],
    ["anchors", 7, [11], (p: number, k: number) => p * 2 + k, 2, 11],
  ] as const)("%s: a map of each row", async (_, index, positions, at, classes, count) => {
    const { found, all } = await passesOf(CASES[index]![1]);
    const maps = found as PositionPrediction;
    expect([maps.kind, maps.rows, maps.classes, maps.positions]).toEqual(["positions", 3, classes, [...positions]]);
    const columns = count * classes;
    for (let row = 0; row < 3; row++) {
      for (let p = 0; p < count; p++) {
        const of = (pass: Float64Array) => Array.from({ length: classes }, (_, k) => pass[row * columns + at(p, k)]!);
        const mean = of(all[0]!).map((_, k) => all.reduce((sum, pass) => sum + of(pass)[k]!, 0) / samples);
        const own = all.reduce((sum, pass) => sum + entropy(...of(pass)), 0) / samples;
        // maps are float32
        expect(maps.maps[row]!.predictiveEntropy[p]).toBeCloseTo(entropy(...mean), 5);
        expect(maps.maps[row]!.mutualInformation[p]).toBeCloseTo(entropy(...mean) - own, 5);
        expect(maps.maps[row]!.predictiveEntropy[p]).toBeLessThanOrEqual(Math.log(classes) + 1e-6);
      }
    }
    expect([...maps.samples]).toEqual([samples, samples, samples]);
  });
});
