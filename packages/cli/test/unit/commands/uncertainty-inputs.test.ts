// What goes into a model through the command: several inputs, constants, rows on other axes, and models that want
// one row a run.

import { describe, expect, test } from "vitest";
import {
  attr,
  constant,
  type Graph,
  info,
  int64s,
  network,
  node,
  rows,
  weight,
} from "../../../../onnx/test/support/graphs.js";
import { predicted, refused, uncertainty, uncertaintyFolder, writeNpy } from "../../support/uncertainty.js";

const { fixture, path, save } = uncertaintyFolder();
const DROP = ["--where", "after:Relu", "--rate", "0.3", "--samples", "10"];

const x = writeNpy(path("x.npy"), [4, 4], rows(4, 4));
const plain = network(3, [node("Neg", ["z"], "y")], [info("y", ["rows", 3])]);

interface Row {
  readonly mean: number[];
  readonly variance: number[];
  readonly deterministic: number[];
}
const predict = async (...args: string[]): Promise<Row[]> =>
  (await predicted<Row>(path("rows.json"), ...args, ...DROP)).rows;
const refusedWith = (...args: string[]): Promise<string> => refused(...args, ...DROP);
const close = (a: readonly Row[], b: readonly Row[]): void => {
  expect(a.length).toBe(b.length);
  a.forEach(({ mean }, row) => {
    mean.forEach((value, v) => {
      expect(value).toBeCloseTo(b[row]!.mean[v]!, 4);
    });
  });
};

/** y = 2 relu(x + scale * state), states [2, rows, 3]. */
const stateful: Graph = {
  nodes: [
    node("Mul", ["state", "scale"], "t"),
    node("Add", ["x", "t"], "s"),
    node("Relu", ["s"], "h"),
    node("Mul", ["h", "two"], "y"),
  ],
  weights: [constant("two", [], [2])],
  inputs: [info("x", ["n", 3]), info("state", [2, "n", 3]), info("scale", [1])],
  outputs: [info("y", [2, "n", 3])],
};

describe("several inputs", () => {
  const own = rows(5, 3);
  const states = rows(5, 6);
  const main = writeNpy(path("main.npy"), [5, 3], own);
  const state = writeNpy(path("state.npy"), [5, 2, 3], states);

  test("states on axis 1 of the model, rows first in the file, and a constant", async () => {
    const model = save("states.onnx", stateful);
    const found = await predict(model, main, "--input", `state=${state}`, "--constant", "scale=0.5");
    expect(found).toHaveLength(5);
    found.forEach(({ deterministic }, row) => {
      deterministic.forEach((value, i) => {
        const sum = own[3 * row + (i % 3)]! + 0.5 * states[6 * row + i]!;
        expect(value).toBeCloseTo(2 * Math.max(0, sum), 5);
      });
    });
    const half = writeNpy(path("half.npy"), [1], [0.5]);
    expect(
      await predict(model, "--input", `x=${main}`, "--input", `state=${state}`, "--constant", `scale=${half}`),
    ).toEqual(found);
  });

  test("a text model with ids and a mask of 64-bit integers: tokens", async () => {
    const model = save("tokens.onnx", {
      nodes: [
        node("Gather", ["table", "ids"], "e"),
        node("Cast", ["mask"], "m", [attr("to", 1)]),
        node("Unsqueeze", ["m", "last"], "m3"),
        node("Mul", ["e", "m3"], "masked"),
        node("Relu", ["masked"], "h"),
        node("MatMul", ["h", "w"], "z"),
        node("Softmax", ["z"], "y", [attr("axis", 2)]),
      ],
      weights: [weight("table", [10, 6], 1, 1), weight("w", [6, 4], 1, 2), int64s("last", [2])],
      inputs: [info("ids", ["batch", "length"], 7), info("mask", ["batch", "length"], 7)],
      outputs: [info("y", ["batch", "length", 4])],
    });
    const ids = writeNpy(
      path("ids.npy"),
      [3, 5],
      Array.from({ length: 15 }, (_, i) => (3 * i) % 10),
      "<i8",
    );
    const mask = writeNpy(
      path("mask.npy"),
      [3, 5],
      Array.from({ length: 15 }, (_, i) => (i % 5 < 4 ? 1 : 0)),
      "<i8",
    );
    const { code, out, err } = await uncertainty(model, "--input", `ids=${ids}`, "--input", `mask=${mask}`, ...DROP);
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out).toContain("3 rows, 5 tokens of 4 classes each");
    expect(await refusedWith(model, ids)).toBe(
      `${model}: must have one input, got ids, mask; pass --input mask=FILE.npy, or --constant for what is the ` +
        `same for all rows`,
    );
  });

  test("a switch of the model's own is a constant, and the sentence says so where it is missing", async () => {
    const model = save("switch.onnx", {
      nodes: [node("Relu", ["x"], "h"), node("Neg", ["h"], "g"), node("Where", ["flag", "h", "g"], "y")],
      weights: [],
      inputs: [info("x", ["n", 3]), info("flag", [], 9)],
      outputs: [info("y", ["n", 3])],
    });
    expect(await refusedWith(model, main)).toBe(
      "uncertainty: input flag is missing; pass --constant flag=true, or another value",
    );
    const [on, off] = [
      await predict(model, main, "--constant", "flag=true"),
      await predict(model, main, "--constant", "flag=0"),
    ];
    expect(on!.map(({ mean }) => mean)).toEqual(
      off!.map(({ mean }) => mean.map((value) => (value === 0 ? value : -value))),
    );
  });

  test.each<[string, () => string[], string]>([
    ["no file", () => ["--input", "state"], 'uncertainty: --input must be name=FILE.npy, got "state"'],
    [
      "twice",
      () => [main, "--input", `state=${state}`, "--input", `state=${main}`],
      "uncertainty: --input must name an input once, got state twice",
    ],
    [
      "an input that there is not",
      () => [main, "--input", `h=${state}`],
      `uncertainty: --input must name an input of ${path("states.onnx")} (x, state, scale), got h`,
    ],
    [
      "a constant that there is not",
      () => [main, "--input", `state=${state}`, "--constant", "k=1"],
      `uncertainty: --constant must name an input of ${path("states.onnx")} (x, state, scale), got k`,
    ],
    [
      "a word as a constant",
      () => [main, "--input", `state=${state}`, "--constant", "scale=much"],
      "uncertainty: --constant scale must be a number, true, false or an .npy file, got much",
    ],
    [
      "another number of rows",
      () => [main, "--input", `state=${x}`, "--constant", "scale=1"],
      `${x}: must have 5 rows like ${main}, got 4`,
    ],
    [
      "a table",
      () => [main, "--input", `state=${path("plain.csv")}`, "--constant", "scale=1"],
      `uncertainty: --input state must be an .npy file, got ${path("plain.csv")}`,
    ],
    [
      "piece by piece",
      () => [main, "--input", `state=${state}`, "--constant", "scale=1", "--stream"],
      "uncertainty: --stream does not go with --input, which needs all rows at once",
    ],
    ["nothing", () => [], "uncertainty: the data are missing; pass a file after the model, or --input NAME=FILE.npy"],
    [
      "an axis",
      () => [main, "--batch-axis", "x=first"],
      'uncertainty: --batch-axis must be a number from 0, none, or these by name, for instance h0=1,x=0, got "x=first"',
    ],
  ])("%s", async (_, args, message) => {
    expect(await refusedWith(save("states.onnx", stateful), ...args())).toBe(message);
  });
});

describe("rows on another axis, and one row a run", () => {
  test("a sequence-first model: --batch-axis", async () => {
    // [steps, rows, 4] through a layer, summed over the steps
    const graph: Graph = {
      nodes: [
        node("MatMul", ["x", "w1"], "s"),
        node("Relu", ["s"], "h"),
        node("ReduceMean", ["h"], "m", [attr("axes", [0]), attr("keepdims", 0)]),
        node("MatMul", ["m", "w2"], "y"),
      ],
      weights: [weight("w1", [4, 8], 1, 1), weight("w2", [8, 2], 1, 2)],
      inputs: [info("x", ["steps", "people", 4])],
      outputs: [info("y", ["people", 2])],
    };
    const series = writeNpy(path("series.npy"), [3, 6, 4], rows(3, 24));
    const found = await predict(save("lstm.onnx", graph), series, "--batch-axis", "x=1");
    expect(found).toHaveLength(3);
    expect(found[0]!.mean).toHaveLength(2);
    const first = {
      ...graph,
      nodes: [node("Transpose", ["rowsFirst"], "x", [attr("perm", [1, 0, 2])]), ...graph.nodes],
    };
    const same = await predict(
      save("first.onnx", { ...first, inputs: [info("rowsFirst", ["people", "steps", 4])] }),
      series,
    );
    close(found, same);
  });

  test("a model that knows no batch", async () => {
    const graph = {
      ...plain,
      nodes: [
        node("Unsqueeze", ["v", "zero"], "x"),
        ...plain.nodes.slice(0, 3),
        node("Neg", ["z"], "n"),
        node("Squeeze", ["n", "zero"], "y"),
      ],
      weights: [...plain.weights!, int64s("zero", [0])],
      inputs: [info("v", [4])],
      outputs: [info("y", [3])],
    };
    close(await predict(save("policy.onnx", graph), x), await predict(save("plain.onnx", plain), x));
  });

  test("rows that influence each other: refused with the option that helps, and right with it", async () => {
    const w8 = {
      name: "w8",
      dims: [8, 3],
      dataType: 3,
      rawData: Uint8Array.from({ length: 24 }, (_, i) => (i * 37) % 100),
    };
    const model = save("dynamic.onnx", {
      ...plain,
      nodes: [
        ...plain.nodes.slice(0, 2),
        node("DynamicQuantizeLinear", ["h"], ["hq", "hs", "hz"]),
        node("MatMulInteger", ["hq", "w8", "hz"], "yi"),
        node("Cast", ["yi"], "yf", [attr("to", 1)]),
        node("Mul", ["yf", "hs"], "y"),
      ],
      weights: [...plain.weights!, w8],
    });
    const loud = writeNpy(
      path("loud.npy"),
      [4, 4],
      rows(4, 4).map((value, i) => (i < 4 ? value : 30 * value)),
    );
    expect(await refusedWith(model, loud)).toMatch(
      /^uncertainty: the rows of a batch must not influence each other, .*; pass --batch 1 to run one row at a time$/,
    );
    const found = await predict(model, loud, "--batch", "1");
    close(found.slice(0, 1), await predict(model, writeNpy(path("one.npy"), [1, 4], rows(1, 4)), "--batch", "1"));
  });

  test("batch normalisation in training mode: refused, and set to inference by --freeze", async () => {
    const graph = (training: number): Graph => ({
      ...plain,
      nodes: [
        plain.nodes[0]!,
        node("BatchNormalization", ["s", "g", "b1", "mu", "var"], training ? ["n", "mu2", "var2"] : "n", [
          attr("training_mode", training),
        ]),
        node("Relu", ["n"], "h"),
        ...plain.nodes.slice(2),
      ],
      weights: [
        ...plain.weights!,
        weight("g", [8], 1, 7),
        weight("mu", [8], 1, 8),
        constant("var", [8], [1, 2, 3, 4, 5, 6, 7, 8]),
      ],
    });
    const training = save("training.onnx", graph(1));
    expect(await refusedWith(training, x)).toMatch(
      /^uncertainty: batch normalisation must be in inference mode, .*; pass --freeze to use the stored statistics$/,
    );
    close(await predict(training, x, "--freeze"), await predict(save("inference.onnx", graph(0)), x));
    expect(await refusedWith(path("inference.onnx"), x, "--freeze")).toBe(
      `uncertainty: --freeze goes with batch normalisation in training mode, and ${path("inference.onnx")} has none`,
    );
    const { out } = await uncertainty(training, x, "--freeze", ...DROP, "--json");
    expect(JSON.parse(out).kind).toBe("values");
  });

  test("ratio and training_mode as inputs are set for the user", async () => {
    const { code, err } = await uncertainty(
      fixture("flag-input.onnx"),
      writeNpy(path("f.npy"), [3, 4], rows(3, 4)),
      "--samples",
      "5",
    );
    expect({ code, err }).toEqual({ code: 0, err: "" });
  });

  test.each([
    ["half.onnx", ["--where", "after:Relu"]],
    ["opset7.onnx", []],
    ["opset22.onnx", []],
  ])("%s", async (name, where) => {
    const { inputs } = JSON.parse(
      (await import("../../support/run.js").then(({ run }) => run(["inspect", fixture(name), "--json"]))).out,
    );
    const size = inputs[0].shape.at(-1);
    const { code, err } = await uncertainty(
      fixture(name),
      writeNpy(path("size.npy"), [3, size], rows(3, size)),
      "--rate",
      "0.3",
      "--samples",
      "5",
      ...where,
    );
    expect({ code, err }).toEqual({ code: 0, err: "" });
  });
});
