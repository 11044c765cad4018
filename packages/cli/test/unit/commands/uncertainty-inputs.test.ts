// What goes into a model through the command: several inputs and constants.

import { describe, expect, test } from "vitest";
import { attr, constant, type Graph, info, int64s, node, rows, weight } from "../../../../onnx/test/support/graphs.js";
import { DROP, droppedRuns } from "../../support/dropped.js";
import { uncertainty, uncertaintyFolder, writeNpy } from "../../support/uncertainty.js";

const { path, save } = uncertaintyFolder();
const { predict, refusedWith } = droppedRuns(path);

const x = writeNpy(path("x.npy"), [4, 4], rows(4, 4));

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
