// Pictures through the command: arrays whose axes lie otherwise than the model wants, and folders of files.

import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { attr, constant, type Graph, info, network, node, rows, weight } from "../../../../onnx/test/support/graphs.js";
import { holdsRuntime } from "../../support/runtime-answers.js";
import { predicted, refused, uncertainty, uncertaintyFolder, writeNpy } from "../../support/uncertainty.js";

const { path, save } = uncertaintyFolder();
const AFTER = ["--where", "after:Relu", "--rate", "0.3"];

interface Row {
  readonly id?: string;
  readonly variance: number[];
  readonly deterministic: number[];
}
const predict = async (...args: string[]) => {
  const found = await predicted<Row>(path("rows.json"), ...args, "--samples", "12");
  expect(Math.max(...found.rows.flatMap(({ variance }) => variance))).toBeGreaterThan(0);
  return found;
};

describe("pictures whose axes lie otherwise", () => {
  const conv: Graph = {
    nodes: [
      node("Conv", ["x", "w1"], "s", [attr("kernel_shape", [3, 3])]),
      node("Relu", ["s"], "h"),
      node("ReduceMean", ["h"], "m", [attr("axes", [2, 3]), attr("keepdims", 0)]),
      node("MatMul", ["m", "w2"], "y"),
    ],
    weights: [weight("w1", [8, 3, 3, 3], 1, 1), weight("w2", [8, 2], 1, 2)],
    inputs: [info("x", ["rows", 3, 6, 5])],
    outputs: [info("y", ["rows", 2])],
  };
  const values = rows(2, 90); // [2, 3, 6, 5]
  const turned = Array.from({ length: 180 }, (_, i) => {
    const [row, pixel, channel] = [Math.floor(i / 90), Math.floor((i % 90) / 3), i % 3];
    return values[90 * row + 30 * channel + pixel]!;
  });
  const first = writeNpy(path("nchw.npy"), [2, 3, 6, 5], values);
  const last = writeNpy(path("nhwc.npy"), [2, 6, 5, 3], turned);

  test("are refused with the option, and right with it", async () => {
    const model = save("axes.onnx", conv);
    expect(await refused(model, last, ...AFTER)).toBe(
      `${last}: has 90 values a row, but input x of ${model} takes 90, shape [rows,3,6,5], got [rows,6,5,3]; ` +
        `if the data are height x width x channels, pass --layout nhwc`,
    );
    const { rows: want } = await predict(model, first, ...AFTER);
    expect((await predict(model, last, ...AFTER, "--layout", "nhwc")).rows).toEqual(want);
    expect((await predict(model, first, ...AFTER, "--layout", "nchw")).rows).toEqual(want);
    expect((await predict(model, last, ...AFTER, "--layout", "nhwc", "--stream")).rows).toEqual(want);
  });

  test("what is no picture, or another one", async () => {
    const model = save("axes.onnx", conv);
    const x = writeNpy(path("x.npy"), [4, 4], rows(4, 4));
    expect(await refused(model, x, ...AFTER, "--layout", "nhwc")).toBe(
      `uncertainty: --layout goes with rows of three axes, got 1 in ${x}, of shape [4,4]`,
    );
    const odd = writeNpy(path("odd.npy"), [1, 5, 5, 3], rows(1, 75));
    expect(await refused(model, odd, ...AFTER, "--layout", "nhwc")).toBe(
      `uncertainty: --layout nhwc must make rows of shape [3,6,5] of ${odd}, got [5,5,3]`,
    );
    expect(await refused(model, odd, ...AFTER, "--layout", "hwc")).toBe(
      'uncertainty: --layout must be nchw or nhwc, got "hwc"',
    );
  });
});

describe("CNN on picture files", () => {
  const conv: Graph = {
    nodes: [
      node("Conv", ["x", "w1"], "s", [attr("kernel_shape", [3, 3])]),
      node("Relu", ["s"], "h"),
      node("ReduceMean", ["h"], "m", [attr("axes", [2, 3]), attr("keepdims", 0)]),
      node("MatMul", ["m", "w2"], "z"),
      node("Softmax", ["z"], "y", [attr("axis", 1)]),
    ],
    weights: [weight("w1", [8, 3, 3, 3], 1, 1), weight("w2", [8, 2], 1, 2)],
    inputs: [info("x", ["rows", 3, 8, 8])],
    outputs: [info("y", ["rows", 2])],
  };
  const pictures = fileURLToPath(new URL("../../fixtures/pictures/", import.meta.url));
  const folder = path("photos");
  mkdirSync(folder);
  for (const name of ["rgb.png", "grey.jpg", "colour.jpg", "sharp.jpeg"])
    cpSync(`${pictures}${name}`, `${folder}/${name}`);
  const expected = JSON.parse(readFileSync(`${pictures}expected.json`, "utf8"));
  const model = save("conv.onnx", conv);
  const scaled = ["--size", "8x8", "--mean", "0.5,0.4,0.3", "--std", "0.2"];
  const labels = path("photos.csv");
  writeFileSync(labels, "name,kind\nrgb.png,1\ngrey.jpg,0\ncolour.jpg,1\nsharp.jpeg,1\n");

  test("says what was done to them, names rows, and gives what arrays of the same numbers give", async () => {
    const found = await predict(model, folder, ...scaled, ...AFTER, "--labels", labels);
    expect(found.text).toContain(
      "pictures: RGB, resized to 8x8; values (v / 255 - mean) / std with mean 0.5,0.4,0.3 and std 0.2",
    );
    const bytes = expected.resized["8x8"].values as number[];
    const of = (i: number): number => {
      const [c, pixel] = [Math.floor(i / 64), i % 64];
      return Math.fround(
        Math.fround(Math.fround(bytes[3 * pixel + c]! / 255) - Math.fround([0.5, 0.4, 0.3][c]!)) / Math.fround(0.2),
      );
    };
    await holdsRuntime(
      model,
      "y",
      { x: [Array.from({ length: 192 }, (_, i) => of(i)), [1, 3, 8, 8]] },
      found.rows.filter(({ id }) => id === "rgb.png"),
    );
    const csv = path("photos-rows.csv");
    await uncertainty(model, folder, ...scaled, ...AFTER, "--samples", "5", "--out", csv);
    expect(readFileSync(csv, "utf8")).toMatch(/^row,id,predicted,.*\n1,colour\.jpg,/);
    const streamed = await predict(model, folder, ...scaled, ...AFTER, "--labels", labels, "--stream");
    expect(streamed.rows).toEqual(found.rows);
  });

  test("channels last, and bytes from 0 to 255, where the model takes these", async () => {
    const last: Graph = {
      ...conv,
      nodes: [
        node("Cast", ["bytes"], "f", [attr("to", 1)]),
        node("Div", ["f", "most"], "unit"),
        node("Transpose", ["unit"], "x", [attr("perm", [0, 3, 1, 2])]),
        ...conv.nodes,
      ],
      weights: [...conv.weights!, constant("most", [], [255])],
      inputs: [info("bytes", ["rows", 8, 8, 3], 2)],
    };
    const found = await predict(save("last.onnx", last), folder, ...AFTER);
    expect(found.text).toContain("pictures: RGB, resized to 8x8, as the model takes them; values 0 to 255");
    const { rows: want } = await predict(model, folder, ...AFTER);
    want.forEach(({ deterministic }, row) => {
      expect(found.rows[row]!.deterministic[0]).toBeCloseTo(deterministic[0]!, 5);
    });
  });

  test.each<[string, string[], string]>([
    [
      "a size",
      ["--size", "big"],
      'uncertainty: --size must be the shorter side or height x width, for instance 256 or 224x224, got "big"',
    ],
    ["a cut", ["--crop", "0"], 'uncertainty: --crop must be one length or height x width, for instance 224, got "0"'],
    [
      "a deviation",
      ["--std", "0"],
      'uncertainty: --std must be numbers above 0 separated by commas, for instance 0.229,0.224,0.225, got "0"',
    ],
    [
      "a mean",
      ["--mean", "0.5,,1"],
      'uncertainty: --mean must be numbers separated by commas, for instance 0.485,0.456,0.406, got "0.5,,1"',
    ],
    ["two means", ["--mean", "0.5,0.5"], "uncertainty: --mean must have one number or 3, one for each channel, got 2"],
    [
      "no labels",
      ["--labels", "kinds"],
      'uncertainty: --labels must be a file of names and labels for a folder of pictures, or folders, got "kinds"',
    ],
    ["a column", ["--id", "name"], "uncertainty: --id goes with data in CSV"],
  ])("%s", async (_, args, message) => {
    expect(await refused(model, folder, ...AFTER, ...args)).toBe(message);
  });

  test("a model that takes no pictures", async () => {
    const table = save("table.onnx", network(3, [node("Neg", ["z"], "y")], [info("y", ["rows", 3])]));
    expect(await refused(table, folder, ...AFTER)).toBe(
      `uncertainty: the data are a folder of pictures, but input x of ${table} takes rows of shape [4], where ` +
        `no axis has one or three channels; say the size with --size 28x28`,
    );
  });
});
