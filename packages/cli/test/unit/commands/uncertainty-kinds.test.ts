// Every kind of answer through the command: what it is taken for, its statistics in --out, its scores. The models are
// built here, small and by hand.

import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { attr, info, int64s, network, node, rows, weight } from "../../../../onnx/test/support/graphs.js";
import { predicted, refused, smallAnswers, writeNpy } from "../../support/uncertainty.js";

const { path, save, x, end, labelFile } = smallAnswers();
const DROP = ["--where", "after:Relu", "--rate", "0.3", "--samples", "20"];
const predict = (...args: string[]) =>
  predicted<Record<string, number | number[]>>(path("rows.json"), ...args, ...DROP);

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
