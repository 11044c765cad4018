// Models as people have them, through the command: rows of the table in docs/uncertainty.md that have no other test.
// Where a model is taken, its answers without dropout are those of the runtime itself, and dropout moves them.

import { writeFileSync } from "node:fs";
import { type readModel, writeModel } from "@hadamask/onnx";
import { describe, expect, test } from "vitest";
import {
  attr,
  constant,
  type Graph,
  info,
  int64s,
  modelOf,
  network,
  node,
  rows,
  weight,
} from "../../../../onnx/test/support/graphs.js";
import { run } from "../../support/run.js";
import { holdsRuntime } from "../../support/runtime-answers.js";
import { predicted, refused, uncertainty, uncertaintyFolder, writeNpy } from "../../support/uncertainty.js";

const { path, save } = uncertaintyFolder();

interface Row {
  readonly mean: number[];
  readonly variance: number[];
  readonly deterministic: number[];
  readonly aleatoric?: number;
}
const predict = async (...args: string[]) => {
  const found = await predicted<Row>(path("rows.json"), ...args, "--samples", "12");
  expect(Math.max(...found.rows.flatMap(({ variance }) => variance))).toBeGreaterThan(0);
  return found;
};
const x = writeNpy(path("x.npy"), [5, 4], rows(5, 4));
const AFTER = ["--where", "after:Relu", "--rate", "0.3"];

describe("recurrent networks", () => {
  /** [time, batch, 3], time first, as the operators have it; an LSTM and then a mean and a variance. */
  const forecaster: Graph = {
    nodes: [
      node("LSTM", ["x", "w", "r"], ["all", "last", "cell"], [attr("hidden_size", 5)]),
      node("Squeeze", ["last", "zero"], "h"),
      node("Gemm", ["h", "wm", ""], "mean"),
      node("Gemm", ["h", "wv", ""], "raw"),
      node("Softplus", ["raw"], "variance"),
    ],
    weights: [
      weight("w", [1, 20, 3]),
      weight("r", [1, 20, 5]),
      weight("wm", [5, 1]),
      weight("wv", [5, 1]),
      int64s("zero", [0]),
    ],
    inputs: [info("x", ["time", "batch", 3])],
    outputs: [info("mean", ["batch", 1]), info("variance", ["batch", 1])],
  };
  /** Rows first in files: [4, 7, 3]. The same with the time first. */
  const series = rows(4, 21);
  const timeFirst = Array.from({ length: 84 }, (_, i) => {
    const [t, row, k] = [Math.floor(i / 12), Math.floor((i % 12) / 3), i % 3];
    return series[21 * row + 3 * t + k]!;
  });
  const file = writeNpy(path("series.npy"), [4, 7, 3], series);

  test("LSTM forecaster (operator), mean and variance: --output mean,variance, and both parts", async () => {
    const model = save("lstm.onnx", forecaster);
    const found = await predict(model, file, "--where", "after:LSTM", "--rate", "0.3", "--output", "mean,variance");
    await holdsRuntime(model, "mean", { x: [timeFirst, [7, 4, 3]] }, found.rows);
    expect(Math.min(...found.rows.map(({ aleatoric }) => aleatoric!))).toBeGreaterThan(0);
    expect(found.text).toMatch(
      /Of the variance of [\d.]+ on average, [\d.]+ is noise that the model expects in the data \(aleatoric\) and [\d.e-]+ is what the passes disagree on \(epistemic\): [\d.]+ %\./,
    );
  });

  test("sequence first: --batch-axis where the axis is not called batch", async () => {
    const unnamed: Graph = {
      ...forecaster,
      inputs: [info("x", ["steps", "people", 3])],
      outputs: [info("mean", ["people", 1]), info("variance", ["people", 1])],
    };
    const model = save("people.onnx", unnamed);
    const found = await predict(model, file, "--where", "after:LSTM", "--rate", "0.3", "--batch-axis", "x=1");
    await holdsRuntime(model, "mean", { x: [timeFirst, [7, 4, 3]] }, found.rows);
  });

  test("recurrent states as inputs, [1, batch, 5], of a GRU", async () => {
    const model = save("states.onnx", {
      nodes: [
        node("GRU", ["x", "w", "r", "", "", "h0"], ["all", "h1"], [attr("hidden_size", 5)]),
        node("Squeeze", ["h1", "zero"], "h"),
        node("Gemm", ["h", "wm", ""], "y"),
      ],
      weights: [weight("w", [1, 15, 3]), weight("r", [1, 15, 5]), weight("wm", [5, 2]), int64s("zero", [0])],
      inputs: [info("x", ["time", "batch", 3]), info("h0", [1, "batch", 5])],
      outputs: [info("y", ["batch", 2])],
    });
    const states = rows(4, 5);
    const h0 = writeNpy(path("h0.npy"), [4, 1, 5], states);
    const found = await predict(model, file, "--input", `h0=${h0}`, "--where", "after:GRU", "--rate", "0.3");
    await holdsRuntime(model, "y", { x: [timeFirst, [7, 4, 3]], h0: [states, [1, 4, 5]] }, found.rows);
  });

  test("LSTM forecaster (unrolled): gates are no places, and what inspect advises is typed as it stands", async () => {
    const steps = Array.from({ length: 12 }, (_, t) => [
      node("Gemm", [t === 0 ? "x" : `h${t - 1}`, "w", ""], `s${t}`),
      node("Sigmoid", [`s${t}`], `i${t}`),
      node("Tanh", [`s${t}`], `g${t}`),
      node("Mul", [`i${t}`, `g${t}`], `h${t}`),
    ]).flat();
    const model = save("unrolled.onnx", {
      nodes: [...steps, node("Gemm", ["h11", "w", ""], "y")],
      weights: [weight("w", [4, 4])],
      inputs: [info("x", ["rows", 4])],
      outputs: [info("y", ["rows", 4])],
    });
    const advice = /(--where \S+ --rate 0\.1)/.exec((await run(["inspect", model])).out)![1]!;
    expect(advice).not.toMatch(/Sigmoid|Tanh/);
    const found = await predict(model, x, ...advice.replaceAll("'", "").split(" "));
    await holdsRuntime(model, "y", { x: [rows(5, 4), [5, 4]] }, found.rows);
  });
});

describe("whole numbers inside", () => {
  const int8 = (name: string, dims: readonly number[]) => ({
    name,
    dims,
    dataType: 3,
    rawData: Uint8Array.from({ length: dims[0]! * dims[1]! }, (_, i) => (i * 37) % 100),
  });

  test("static int8: activations and weights decoded, dropout after what inspect lists", async () => {
    const quantise = (from: string, to: string) => [
      node("QuantizeLinear", [from, "sx", "zp"], `${to}q`),
      node("DequantizeLinear", [`${to}q`, "sx", "zp"], to),
    ];
    const model = save("static.onnx", {
      nodes: [
        ...quantise("x", "xd"),
        node("DequantizeLinear", ["w8", "sw"], "wd"),
        node("MatMul", ["xd", "wd"], "s"),
        node("Relu", ["s"], "h"),
        ...quantise("h", "hd"),
        node("DequantizeLinear", ["v8", "sw"], "vd"),
        node("MatMul", ["hd", "vd"], "y"),
      ],
      weights: [
        int8("w8", [4, 6]),
        int8("v8", [6, 2]),
        constant("sx", [], [0.02]),
        constant("sw", [], [0.01]),
        { name: "zp", dims: [], dataType: 3, rawData: Uint8Array.of(0) },
      ],
      inputs: [info("x", ["rows", 4])],
      outputs: [info("y", ["rows", 2])],
    });
    const found = await predict(model, x, ...AFTER);
    await holdsRuntime(model, "y", { x: [rows(5, 4), [5, 4]] }, found.rows);
    await predict(model, x, "--where", "weights", "--rate", "0.3");
  });
});

describe("batches", () => {
  const plain = network(3, [node("Neg", ["z"], "y")], [info("y", ["rows", 3])]);

  test("a batch fixed to 1, and one squeezed away", async () => {
    const fixed: Graph = { ...plain, inputs: [info("x", [1, 4])], outputs: [info("y", [1, 3])] };
    const { rows: want } = await predict(save("free.onnx", plain), x, ...AFTER);
    const { rows: found } = await predict(save("fixed.onnx", fixed), x, ...AFTER);
    const squeezed: Graph = {
      ...fixed,
      nodes: [...plain.nodes.slice(0, 3), node("Neg", ["z"], "n"), node("Squeeze", ["n", "axis"], "y")],
      weights: [...plain.weights!, int64s("axis", [0])],
      outputs: [info("y", [3])],
    };
    const { rows: other } = await predict(save("squeezed.onnx", squeezed), x, ...AFTER);
    want.forEach(({ deterministic }, row) => {
      deterministic.forEach((value, i) => {
        expect(found[row]!.deterministic[i]).toBeCloseTo(value, 5);
        expect(other[row]!.deterministic[i]).toBeCloseTo(value, 5);
      });
    });
  });

  test.each([7, 22, 26])("opset %i", async (opset) => {
    const model = save(`opset${opset}.onnx`, { ...plain, opset });
    const { code, err } = await uncertainty(model, x, ...AFTER, "--samples", "5");
    expect([code, err]).toEqual([0, ""]);
  });
});

describe("what masks do not reach, and what has none", () => {
  test("functions are written out", async () => {
    const dense = {
      name: "Dense",
      domain: "mine",
      input: ["a", "w"],
      output: ["out"],
      node: [node("MatMul", ["a", "w"], "s"), node("Relu", ["s"], "out")],
      opsetImport: [{ domain: "", version: 17 }],
    };
    const call = (from: string, w: string, to: string) => node("Dense", [from, w], to, [], "mine");
    const model = save("functions.onnx", {
      nodes: [call("x", "wa", "h"), call("h", "wb", "y")],
      weights: [weight("wa", [4, 5]), weight("wb", [5, 2])],
      inputs: [info("x", ["rows", 4])],
      outputs: [info("y", ["rows", 2])],
      functions: [dense],
      domains: ["mine"],
    });
    const found = await predict(model, x, ...AFTER);
    await holdsRuntime(model, "y", { x: [rows(5, 4), [5, 4]] }, found.rows);
  });

  test.each(["If", "Scan", "Loop"])("layers inside %s: places, with the line to type", async (operator) => {
    const layer = (from: string, to: string) => [
      node("MatMul", [from, "w"], "s"),
      node("Relu", ["s"], "h"),
      node("MatMul", ["h", "v"], to),
    ];
    const state = [info("i", [], 7), info("on", [], 9), info("a", ["rows", 4])];
    const bodies = {
      If: { name: "b", node: layer("x", "r"), output: [info("r", ["rows", 4])] },
      Scan: { name: "b", input: [info("now", ["rows", 4])], node: layer("now", "r"), output: [info("r", ["rows", 4])] },
      Loop: {
        name: "b",
        input: state,
        node: [...layer("a", "r"), node("Identity", ["on"], "on2")],
        output: [info("on2", [], 9), info("r", ["rows", 4])],
      },
    };
    const body = attr("body", bodies[operator as "Loop"]);
    const nodes = {
      If: node("If", ["yes"], "z", [
        { ...body, name: "then_branch" },
        { ...body, name: "else_branch" },
      ]),
      Scan: node("Scan", ["x"], "z", [body, attr("num_scan_inputs", 1)]),
      Loop: node("Loop", ["n", "", "x"], "z", [body]),
    };
    const isScan = operator === "Scan";
    const model = save(`${operator}.onnx`, {
      nodes: [
        nodes[operator as keyof typeof nodes],
        isScan ? node("ReduceMean", ["z"], "y", [attr("axes", [0]), attr("keepdims", 0)]) : node("Neg", ["z"], "y"),
      ],
      weights: [
        weight("w", [4, 6], 0.7),
        weight("v", [6, 4], 0.7, 2),
        int64s("n", [3], []),
        { name: "yes", dims: [], dataType: 9, rawData: Uint8Array.of(1) },
      ],
      inputs: [info("x", isScan ? ["time", "batch", 4] : ["rows", 4])],
      outputs: [info("y", ["batch", 4])],
    });
    const { out } = await run(["inspect", model]);
    expect(out).toContain("--where after:Relu --rate 0.1");
    expect(out).toContain(`inside ${operator} (z)`);
    expect(out.includes(`Masks inside ${operator} (z) are the same in all steps of a pass.`)).toBe(operator !== "If");
    const [own, sizes] = isScan ? [rows(5, 12), [5, 3, 4]] : [rows(5, 4), [5, 4]];
    const found = await predict(model, writeNpy(path(`${operator}.npy`), sizes, own), ...AFTER);
    // time first, as the model has it
    const fed = isScan ? own.map((_, i) => own[12 * (Math.floor(i / 4) % 5) + 4 * Math.floor(i / 20) + (i % 4)]!) : own;
    await holdsRuntime(model, "y", { x: [fed, isScan ? [3, 5, 4] : [5, 4]] }, found.rows);
  });

  test("scikit-learn pipeline: a sequence of maps is refused with the converter's option, a tensor taken", async () => {
    const softmax = node("Softmax", ["z"], "p", [attr("axis", 1)]);
    const label = node("ArgMax", ["z"], "label", [attr("axis", 1)]);
    const graph = network(2, [softmax, label], [info("label", ["rows", 1], 7)]);
    const whole = modelOf({
      ...graph,
      nodes: [
        ...graph.nodes,
        node("ZipMap", ["p"], "maps", [{ name: "classlabels_int64s", type: 7, ints: [0, 1] }], "ai.onnx.ml"),
      ],
      domains: ["ai.onnx.ml"],
    });
    const map = { sequenceType: { elemType: { mapType: { keyType: 7, valueType: { tensorType: { elemType: 1 } } } } } };
    const maps = {
      ...whole,
      graph: { ...whole.graph!, output: [...whole.graph!.output!, { name: "maps", type: map }] },
    };
    writeFileSync(path("maps.onnx"), writeModel(maps as ReturnType<typeof readModel>));
    expect(await refused(path("maps.onnx"), x, ...AFTER, "--output", "maps")).toBe(
      "uncertainty: output must be a tensor of floating-point numbers (there is none), got maps, which is " +
        "sequence of map of int64 to float32; convert the scikit-learn model with zipmap=False, which gives a " +
        "tensor of probabilities",
    );
    const tensor = save("tensor.onnx", { ...graph, outputs: [info("label", ["rows", 1], 7), info("p", ["rows", 2])] });
    const found = await predict(tensor, x, ...AFTER);
    expect(found.text).toContain("output p is taken for classes (probabilities)");
    await holdsRuntime(tensor, "p", { x: [rows(5, 4), [5, 4]] }, found.rows);
  });
});
