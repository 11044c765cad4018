// Every kind of answer through the command: what it is taken for, its statistics in --out, its scores. The models are
// built here, small and by hand.

import { readFileSync, writeFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import {
  attr,
  bytesOf,
  type Graph,
  info,
  int64s,
  network,
  node,
  rows,
  weight,
} from "../../../../onnx/test/support/graphs.js";
import { run } from "../../support/run.js";
import { uncertainty, uncertaintyFolder, writeNpy } from "../../support/uncertainty.js";

const { path } = uncertaintyFolder();
const DROP = ["--where", "after:Relu", "--rate", "0.3", "--samples", "20"];

const save = (name: string, graph: Graph): string => {
  writeFileSync(path(name), bytesOf(graph));
  return path(name);
};
const x = writeNpy(path("x.npy"), [6, 4], rows(6, 4));
const end = (operator: string, columns: number): Graph =>
  network(columns, [node(operator, ["z"], "y")], [info("y", ["rows", columns])]);
const labelFile = (name: string, ...lines: (number | string)[]): string => {
  writeFileSync(path(name), `${lines.join("\n")}\n`);
  return path(name);
};
const predict = async (...args: string[]) => {
  const out = path("rows.json");
  const { code, out: text, err } = await uncertainty(...args, ...DROP, "--out", out);
  expect({ code, err }).toEqual({ code: 0, err: "" });
  return { text, rows: JSON.parse(readFileSync(out, "utf8")).rows as Record<string, number | number[]>[] };
};
/** What is printed on stderr by a run that is refused. */
const refused = async (...args: string[]): Promise<string> => {
  const { code, out, err } = await uncertainty(...args);
  expect(code).toBeGreaterThan(0);
  expect(out).toBe("");
  return err.trimEnd();
};

describe("what the output is taken for, and its statistics", () => {
  test("labels that do not exclude each other: each by itself, ranked by the sum", async () => {
    const model = save("labels.onnx", end("Sigmoid", 3));
    const right = labelFile("sets.csv", "a,b,c", "0,1,1", "1,0,0", "1,1,0", "0,0,1", "0,1,0", "1,0,1");
    const found = await predict(model, x, "--labels", right, "--classes", "cat,dog,cow");
    expect(found.text).toContain("6 rows, 3 labels");
    expect(found.text).toContain(
      "output y is taken for labels (probabilities): Sigmoid makes it, and its rows do not sum to 1",
    );
    expect(found.text).toContain("Least certain rows, by predictive entropy, summed over the labels");
    expect(found.text).toMatch(/\ncat +3 /);
    expect(found.text).toMatch(/The mean negative log-likelihood of a label is [\d.]+ with dropout and [\d.]+ without/);
    const [row] = found.rows;
    const each = row!.predictiveEntropy as number[];
    expect(each).toHaveLength(3);
    expect(Math.max(...each)).toBeLessThanOrEqual(Math.LN2 + 1e-12);
    expect(row!.sumPredictiveEntropy).toBeCloseTo(
      each.reduce((a, b) => a + b, 0),
      10,
    );
  });

  test("binary: two classes", async () => {
    const found = await predict(
      save("binary.onnx", end("Sigmoid", 1)),
      x,
      "--labels",
      labelFile("b.csv", 0, 1, 1, 0, 0, 1),
    );
    expect(found.text).toContain(
      "output y is taken for binary (probabilities): it is one number a row, made by Sigmoid",
    );
    const [p, q] = found.rows[0]!.mean as [number, number];
    expect(p + q).toBeCloseTo(1, 6);
  });

  test("three numbers without a softmax are values; --kind classes takes them for logits", async () => {
    const model = save("values.onnx", end("Neg", 3));
    const right = labelFile("targets.csv", ...Array.from({ length: 6 }, (_, i) => `${i / 2},${-i},0.5`));
    const found = await predict(model, x, "--labels", right);
    expect(found.text).toContain("output y is taken for values: no Softmax or Sigmoid makes it");
    expect(found.text).toContain("for logits say --kind classes");
    expect(found.text).toContain(
      "Least certain rows, by the sum of the variances, each divided by its mean over the rows",
    );
    expect(found.text).toMatch(/The root mean square error of value 2 is [\d.]+ \([\d.]+ to [\d.]+\) with it/);
    expect(found.text).toContain("expect less than 95 %; the negative log-likelihood is ");
    const logits = await predict(model, x, "--kind", "classes");
    expect(logits.text).toContain("output y is taken for classes (logits): --kind classes was asked for");
    const sum = (logits.rows[0]!.mean as number[]).reduce((a, b) => a + b, 0);
    expect(sum).toBeCloseTo(1, 9);
    expect(found.rows[0]!.mean).not.toEqual(logits.rows[0]!.mean);
  });

  test("pixels: maps, scores of rows, right answers for every position", async () => {
    const conv = (from: string, to: string, w: string): ReturnType<typeof node> =>
      node("Conv", [from, w], to, [attr("kernel_shape", [3, 3]), attr("pads", [1, 1, 1, 1])]);
    const model = save("segments.onnx", {
      nodes: [
        conv("x", "s", "w1"),
        node("Relu", ["s"], "h"),
        conv("h", "z", "w2"),
        node("Softmax", ["z"], "y", [attr("axis", 1)]),
      ],
      weights: [weight("w1", [8, 1, 3, 3], 1, 1), weight("w2", [3, 8, 3, 3], 1, 2)],
      inputs: [info("x", ["rows", 1, 6, 5])],
      outputs: [info("y", ["rows", 3, 6, 5])],
    });
    const pictures = writeNpy(path("pictures.npy"), [4, 1, 6, 5], rows(4, 30));
    const right = writeNpy(
      path("masks.npy"),
      [4, 6, 5],
      Array.from({ length: 120 }, (_, i) => i % 3),
    );
    const found = await predict(model, pictures, "--labels", right, "--report", path("maps"));
    expect(found.text).toContain("4 rows, 30 pixels of 3 classes each");
    expect(found.text).toContain("output y is taken for pixels (probabilities): Softmax makes it");
    expect(found.text).toMatch(/[\d.]+ % of the 120 positions of 4 rows are right with dropout, [\d.]+ % without\./);
    expect(found.text).toMatch(
      /The negative log-likelihood of a position is [\d.]+ \([\d.]+ to [\d.]+\) with dropout and [\d.]+ \(.*\) without; the calibration error is [\d.]+ % with it and [\d.]+ % without\./,
    );
    expect(found.text).toMatch(
      /The mean predictive entropy is [\d.]+ where the answer is wrong and [\d.]+ where it is right/,
    );
    const [row] = found.rows;
    const map = row!.predictiveEntropyMap as number[];
    expect(map).toHaveLength(30);
    expect(row!.predictiveEntropyMean).toBeCloseTo(map.reduce((a, b) => a + b, 0) / 30, 5);
    expect(row!.mutualInformationMax).toBeCloseTo(Math.max(...(row!.mutualInformationMap as number[])), 6);
    expect(readFileSync(path("maps/report.html"), "utf8")).toContain("Where in a row the model is unsure");
    expect(readFileSync(path("maps/maps.png")).length).toBeGreaterThan(1000);
  });

  test("anchors of a detector, read piece by piece", async () => {
    const shape = [11, 2];
    const model = save(
      "anchors.onnx",
      network(
        22,
        [node("Reshape", ["z", "shape"], "r"), node("Softmax", ["r"], "y", [attr("axis", 2)])],
        [info("y", ["rows", ...shape])],
        {
          weights: [int64s("shape", [-1, ...shape])],
        },
      ),
    );
    const whole = await predict(model, x);
    expect(whole.text).toContain("6 rows, 11 anchors of 2 classes each");
    const piecewise = await predict(model, x, "--stream");
    expect(piecewise.rows).toEqual(whole.rows);
  });

  test("quantiles: crossings are said, and how much lies between the outer ones", async () => {
    const model = save("quantiles.onnx", end("Neg", 3));
    const found = await predict(
      model,
      x,
      "--quantiles",
      "0.1,0.5,0.9",
      "--labels",
      labelFile("one.csv", 1, 0, 2, 1, 0, 3),
    );
    expect(found.text).toMatch(/The quantiles (cross on \d of 6 rows, by at most|are in order on all 6 rows)/);
    expect(found.text).toMatch(
      /of the right values lie between the lowest and the highest quantile, which promise 80 %/,
    );
    expect(await refused(model, x, ...DROP, "--quantiles", "0.1,0.9")).toBe(
      "uncertainty: --quantiles must have a level for each of the 3 values of a row, got 2",
    );
  });
});

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
