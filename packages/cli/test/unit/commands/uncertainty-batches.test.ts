// Models whose rows lie on another axis, and models that want one row a run, through the command.

import { describe, expect, test } from "vitest";
import {
  attr,
  constant,
  type Graph,
  info,
  network,
  node,
  rows,
  weight,
  withoutBatch,
} from "../../../../onnx/test/support/graphs.js";
import { close, DROP, droppedRuns } from "../../support/dropped.js";
import { run } from "../../support/run.js";
import { uncertainty, uncertaintyFolder, writeNpy } from "../../support/uncertainty.js";

const { fixture, path, save } = uncertaintyFolder();
const { predict, refusedWith } = droppedRuns(path);

const x = writeNpy(path("x.npy"), [4, 4], rows(4, 4));
const plain = network(3, [node("Neg", ["z"], "y")], [info("y", ["rows", 3])]);

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
    const graph = withoutBatch(plain);
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
    const { inputs } = JSON.parse((await run(["inspect", fixture(name), "--json"])).out);
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
