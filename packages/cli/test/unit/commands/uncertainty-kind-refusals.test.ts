// What an answer cannot be is refused, in a sentence, before the work: kinds, scales, names and right answers that do
// not fit the output, and outputs that are no answer.

import { describe, expect, test } from "vitest";
import { attr, info, network, node } from "../../../../onnx/test/support/graphs.js";
import { run } from "../../support/run.js";
import { refused, smallAnswers, uncertainty } from "../../support/uncertainty.js";

const { path, save, x, end, labelFile } = smallAnswers();
const DROP = ["--where", "after:Relu", "--rate", "0.3", "--samples", "20"];

describe("what an answer cannot be is refused", () => {
  const softmax = (): string =>
    save("three.onnx", network(3, [node("Softmax", ["z"], "y", [attr("axis", -1)])], [info("y", ["rows", 3])]));
  test.each<[string, () => string[], string | RegExp]>([
    [
      "a kind",
      () => [softmax(), x, "--kind", "boxes"],
      'uncertainty: --kind must be auto, classes, labels, binary, values, pixels, tokens or anchors, got "boxes"',
    ],
    [
      "a scale",
      () => [softmax(), x, "--scale", "odds"],
      'uncertainty: --scale must be probabilities or logits, got "odds"',
    ],
    [
      "three numbers as one probability",
      () => [softmax(), x, "--kind", "binary"],
      "uncertainty: a binary answer must be one number a row, got 3 in output y",
    ],
    [
      "numbers that are no probabilities",
      () => [save("neg.onnx", end("Neg", 3)), x, "--kind", "classes", "--scale", "probabilities"],
      "uncertainty: output y must be probabilities that are non-negative and sum to 1, got rows that do not; " +
        "say --scale logits or --kind values",
    ],
    [
      "sigmoids as one distribution",
      () => [save("sig.onnx", end("Sigmoid", 3)), x, "--kind", "classes"],
      "uncertainty: output y must be probabilities that sum to 1 or logits, got sigmoids; say --kind labels",
    ],
    [
      "classes by the wrong number of names",
      () => [softmax(), x, "--classes", "a,b"],
      "uncertainty: --classes must name the 3 classes of the model, got 2",
    ],
    [
      "one name twice",
      () => [softmax(), x, "--classes", "a,b,a"],
      'uncertainty: --classes must be different names separated by commas, got "a,b,a"',
    ],
    [
      "names for values",
      () => [save("neg.onnx", end("Neg", 3)), x, "--classes", "a,b,c"],
      "uncertainty: --classes goes with classes or labels, and the model's answers are values",
    ],
    [
      "levels of what is no quantile",
      () => [softmax(), x, "--quantiles", "0.1,0.5,0.9"],
      "uncertainty: --quantiles goes with values, and the model's answers are classes",
    ],
    [
      "one level",
      () => [softmax(), x, "--quantiles", "0.5"],
      "uncertainty: --quantiles must be two levels or more between 0 and 1, for instance 0.05,0.5,0.95, got 0.5",
    ],
    [
      "a class that there is not",
      () => [softmax(), x, "--labels", labelFile("four.csv", 0, 1, 2, 3, 0, 1)],
      `${path("four.csv")}: row 4: the label must be one of 0, 1, 2, got "3"`,
    ],
    [
      "fractions as classes",
      () => [softmax(), x, "--labels", labelFile("half.csv", 0, 1, 2, 0.5, 0, 1)],
      `${path("half.csv")}: row 4: the label must be one of 0, 1, 2, got "0.5"`,
    ],
    [
      "one class a row for three values",
      () => [save("neg.onnx", end("Neg", 3)), x, "--labels", labelFile("cls.csv", 0, 1, 2, 0, 0, 1)],
      "uncertainty: --labels must have 3 values a row like the model's answer, got 1; if these are logits of " +
        "classes, say --kind classes",
    ],
    [
      "a word as a value",
      () => [save("one.onnx", end("Neg", 1)), x, "--labels", labelFile("words.csv", "a", 1, 2, 0, 0, 1)],
      `${path("words.csv")}: row 1: the right value must be a number, got "a"`,
    ],
    [
      "half a label",
      () => [
        save("sig.onnx", end("Sigmoid", 3)),
        x,
        "--labels",
        labelFile("sets2.csv", ..."123456".split("").map(() => "0,0.5,1")),
      ],
      `${path("sets2.csv")}: row 1: label 2 must be 0 or 1, got "0.5"`,
    ],
  ])("%s", async (_, args, message) => {
    expect(await refused(...args(), ...DROP)).toBe(message);
  });

  test("places that do not reach the answer", async () => {
    const two = network(
      2,
      [node("Neg", ["z"], "y"), node("Tanh", ["s"], "t")],
      [info("y", ["rows", 2]), info("t", ["rows", 8])],
    );
    const model = save("heads.onnx", two);
    expect(await refused(model, x, "--output", "t", ...DROP)).toMatch(/^uncertainty: .*reach.* t\b/);
    const { out } = await run(["inspect", model]);
    expect(out).toMatch(/after:Relu +1 +y +y +h\n/);
    expect(out).toContain("--where after:Relu --rate 0.1\n");
  });

  test("trees have nothing to drop; a label or a sequence of maps is no answer", async () => {
    const trees = save("trees.onnx", {
      nodes: [node("TreeEnsembleRegressor", ["x"], "y", [], "ai.onnx.ml")],
      inputs: [info("x", ["rows", 4])],
      outputs: [info("y", ["rows", 1])],
      domains: ["ai.onnx.ml"],
    });
    expect(await refused(trees, x)).toMatch(
      /^uncertainty: .*trees\.onnx: There is no Dropout node: .* The model is an ensemble of trees, which has nothing to drop/,
    );
    const labels = save("sklearn.onnx", {
      ...network(
        2,
        [node("ArgMax", ["z"], "label", [attr("axis", 1)]), node("Softmax", ["z"], "p", [attr("axis", 1)])],
        [info("label", ["rows", 1], 7), info("p", ["rows", 2])],
      ),
    });
    const { code, out } = await uncertainty(labels, x, ...DROP);
    expect(code).toBe(0);
    expect(out).toContain("output p is taken for classes (probabilities)");
    expect(await refused(labels, x, "--output", "label", ...DROP)).toBe(
      "uncertainty: output must be a tensor of floating-point numbers (p), got label, which is int64",
    );
  });

  test("a model that draws by itself", async () => {
    const loud = save("loud.onnx", {
      ...network(3, [], [info("y", ["rows", 3])]),
      nodes: [
        node("RandomNormalLike", ["x"], "noise"),
        node("Add", ["x", "noise"], "louder"),
        node("Gemm", ["louder", "w1", "b1"], "s"),
        node("Relu", ["s"], "h"),
        node("Gemm", ["h", "w2", "b2"], "y"),
      ],
    });
    expect(await refused(loud, x, ...DROP)).toMatch(
      /^uncertainty: the model must not draw random numbers itself \(noise\), .*; export it without sampling/,
    );
  });
});
