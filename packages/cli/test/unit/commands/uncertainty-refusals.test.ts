import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { features, uncertainty, uncertaintyFolder } from "../../support/uncertainty.js";

const { digits, fixture, path } = uncertaintyFolder();

describe("what makes no sense is said in one line, and nothing is written", () => {
  const mlp = (): string => fixture("mlp-train.onnx");
  test.each<[string, () => string[], number, string | RegExp]>([
    ["no such model", () => [path("none.onnx"), digits], 1, `cannot read ${path("none.onnx")}: there is no such file`],
    ["no name", () => ["", digits], 1, 'cannot read "": there is no such file'],
    [
      "no model",
      () => [path("text.onnx"), digits],
      1,
      `${path("text.onnx")}: bytes must be an ONNX model, got 16 bytes of something else`,
    ],
    [
      "an old opset",
      () => [fixture("opset6.onnx"), digits],
      1,
      /opset6\.onnx: the model's opset must be in 7 to 26, got 6; convert it with onnx\.version_converter$/,
    ],
    [
      "too many columns",
      () => [mlp(), digits],
      1,
      /digits\.csv: has 65 values a row, but input x of .*mlp-train\.onnx takes 64, shape \[rows,64\]; name the column of right answers with --labels$/,
    ],
    [
      "no labels to choose by",
      () => [mlp(), path("plain.csv"), "--rate", "choose"],
      2,
      "uncertainty: --rate choose needs right answers; pass --labels",
    ],
    [
      "no place",
      () => [fixture("mlp-eval.onnx"), path("plain.csv")],
      2,
      /^uncertainty: --where is missing: .* has no Dropout node; places are before:Gemm, weights, after:Relu; begin with --where after:Relu --rate 0\.1$/,
    ],
    [
      "no rate",
      () => [fixture("mlp-eval.onnx"), path("plain.csv"), "--where", "after:Relu"],
      2,
      /^uncertainty: --rate is missing: .* has no rate at after:Relu; pass --rate 0\.1 or --rate choose$/,
    ],
    [
      "a place that is not there",
      () => [mlp(), path("plain.csv"), "--where", "after:Tanh", "--rate", "0.1"],
      2,
      "uncertainty: there must be a place after Tanh, got none; the model has before Gemm, weights, after Relu " +
        "and dropout Dropout",
    ],
    [
      "a percentage",
      () => [mlp(), path("plain.csv"), "--rate", "50"],
      2,
      'uncertainty: --rate must be in [0, 1] or "choose", got 50; pass 0.5 for 50 %',
    ],
    [
      "one pass",
      () => [mlp(), path("plain.csv"), "--samples", "1"],
      2,
      'uncertainty: --samples must be at least 2, or "auto", got 1',
    ],
    [
      "another file type",
      () => [mlp(), path("plain.csv"), "--out", path("x.txt")],
      2,
      `uncertainty: --out must end in .json, .csv or .npy, got ${JSON.stringify(path("x.txt"))}`,
    ],
    [
      "a report that is a file",
      () => [mlp(), path("plain.csv"), "--report", path("plain.csv")],
      2,
      `uncertainty: --report must be a folder, got the file ${JSON.stringify(path("plain.csv"))}`,
    ],
    [
      "no pictures",
      () => [mlp(), path("plain.csv"), "--kind", "classes", "--strange", "rotated"],
      2,
      "uncertainty: --strange rotated goes with pictures; say their size with --image 28x28",
    ],
    [
      "a size",
      () => [mlp(), path("plain.csv"), "--image", "8"],
      2,
      'uncertainty: --image must be height x width, for instance 28x28, got "8"',
    ],
    [
      "a size that a row has not",
      () => [mlp(), path("plain.csv"), "--image", "3x7"],
      2,
      "uncertainty: --image must hold the 64 numbers of a row, got 3x7",
    ],
    [
      "no rows at a time",
      () => [mlp(), path("plain.csv"), "--batch", "0"],
      2,
      'uncertainty: --batch must be a whole number above 0, got "0"',
    ],
  ])("%s", async (_, args, code, message) => {
    const out = path("never.json");
    const found = await uncertainty("--out", out, ...args());
    expect({ code: found.code, out: found.out }).toEqual({ code, out: "" });
    if (typeof message === "string") expect(found.err).toBe(`${message}\n`);
    else expect(found.err.trimEnd()).toMatch(message);
    expect(existsSync(out)).toBe(false);
  });

  test("a folder that does not exist is missed before the work, not after it", async () => {
    const found = await uncertainty(path("none.onnx"), digits, "--out", path("no/such.json"));
    expect(found).toEqual({
      ...found,
      code: 1,
      err: `cannot write ${path("no/such.json")}: its folder does not exist\n`,
    });
  });

  test("a cell that is no number, with its line and column", async () => {
    writeFileSync(
      path("bad.csv"),
      `${features(0).join(",")}\n${features(1)
        .map((value, c) => (c === 9 ? "NaN" : value))
        .join(",")}\n`,
    );
    const { code, err } = await uncertainty(mlp(), path("bad.csv"), "--out", path("never.json"));
    expect({ code, err }).toEqual({
      code: 1,
      err: `${path("bad.csv")}: line 2: column 10 must be a number, got "NaN"; the value is missing\n`,
    });
    expect(readdirSync(path(".")).some((name) => name.includes("never"))).toBe(false);
  });
});
