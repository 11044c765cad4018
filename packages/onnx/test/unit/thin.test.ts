import { monteCarlo, readModel, type ValuePrediction, withDropout, writeModel } from "@hadamask/onnx";
import { keepMask, key, passKey, siteKey } from "hadamask";
import { describe, expect, test } from "vitest";
import { thin } from "../../src/predict/thin.js";
import type { NodeProto } from "../../src/protobuf/types.js";
import { fixture } from "../support/fixtures.js";
import { floats, smallModel } from "../support/models.js";
import { open, quiet, spied } from "../support/monte-carlo.js";
import { openSession, ort } from "../support/runtime.js";

const wave = (n: number, from = 0): number[] => Array.from({ length: n }, (_, i) => Math.sin(1.7 * (i + from) + 0.3));

/** 4 inputs, 6 hidden units, 3 outputs; the nodes between the two matrix products are given. */
function twoLayers(between: readonly NodeProto[], [first, second]: readonly [NodeProto, NodeProto]) {
  const model = smallModel([first, ...between, second], ["rows", 3]);
  const weight = (name: string, dims: readonly number[]) => ({
    name,
    dims,
    dataType: 1,
    rawData: floats(
      ...wave(
        dims.reduce((a, b) => a * b, 1),
        name.length,
      ),
    ),
  });
  const initializer = [
    ...model.graph!.initializer!,
    weight("a", [4, 6]),
    weight("a_turned", [6, 4]),
    weight("bias", [6]),
    weight("row", [1, 6]),
    weight("b", [6, 3]),
    weight("b_turned", [3, 6]),
    weight("end", [3]),
    weight("table", [4, 6]),
  ];
  return { ...model, graph: { ...model.graph!, initializer } };
}

const gemm = (input: string[], output: string, turned = false): NodeProto => ({
  opType: "Gemm",
  name: output,
  input,
  output: [output],
  attribute: turned ? [{ name: "transB", type: 2, i: 1 }] : [],
});
const node = (opType: string, input: string[], output: string): NodeProto => ({
  opType,
  name: output,
  input,
  output: [output],
});
const relu = node("Relu", ["z"], "h");
const first = (made: NodeProto): NodeProto => ({ ...made, name: "first" });
const turnedGemms = [
  first(gemm(["x", "a_turned", "bias"], "z", true)),
  gemm(["h", "b_turned", "end"], "y", true),
] as const;
const gemms = [first(gemm(["x", "a", "bias"], "z")), gemm(["h", "b", "end"], "y")] as const;
const products = [first(node("MatMul", ["x", "a"], "s")), node("MatMul", ["h", "b"], "y")] as const;

const CASES: readonly (readonly [string, ReturnType<typeof twoLayers>])[] = [
  ["Gemm", twoLayers([relu], gemms)],
  ["Gemm with turned weights", twoLayers([relu], turnedGemms)],
  ["MatMul and Add", twoLayers([node("Add", ["s", "bias"], "z"), relu], products)],
  [
    "a bias from the left, a row, a scalar",
    twoLayers(
      [node("Add", ["row", "s"], "t"), node("Mul", ["half", "t"], "u"), node("Sub", ["u", "one"], "z"), relu],
      products,
    ),
  ],
];

describe("dropped units are left out", () => {
  const rows = 80;
  const x = { data: Float32Array.from(wave(4 * rows)), dims: [rows, 4] };

  // Something has to be dropped before the first layer, or its output would be computed once for all passes.
  const placements = [
    { rate: 0.4, after: ["Relu"] },
    { rate: 0.25, before: ["Gemm", "MatMul"], where: "first" },
  ];

  test.each(CASES)("%s: as many passes with multipliers give the same, by the runtime alone", async (_, model) => {
    const { model: rewritten, sites } = withDropout(model, placements);
    expect(sites).toHaveLength(2);
    expect(thin(rewritten, sites)!.thinned.map(({ site }) => site)).toEqual([sites[1]]);
    const mc = await monteCarlo(writeModel(rewritten), { ort, key: key(7), kind: "values", session: quiet });
    const samples = 20;
    const found = (await mc.predict({ x }, { samples, levels: [] })) as ValuePrediction;
    const session = await openSession(writeModel(rewritten));
    const sum = new Float64Array(3 * rows);
    for (let pass = 0; pass < samples; pass++) {
      const masks = sites.map(({ input, id, rate }, i) => {
        const n = [4, 6][i]!;
        const [bits] = keepMask(n, { rate, key: passKey(siteKey(key(7), id), pass) });
        const mask = Float32Array.from({ length: n }, (_, j) => ((bits! >> j) & 1) / (1 - rate));
        return [input, new ort.Tensor("float32", mask, [1, n])] as const;
      });
      const feeds = { x: new ort.Tensor("float32", x.data, x.dims), ...Object.fromEntries(masks) };
      ((await session.run(feeds)).y!.data as Float32Array).forEach((value, i) => {
        sum[i]! += value;
      });
    }
    found.mean.forEach((mean, i) => {
      expect(Math.abs(mean - sum[i]! / samples)).toBeLessThan(2e-6);
    });
    expect(Math.max(...found.variance)).toBeGreaterThan(0.01);
  });

  test("the thinned model is run: its products are of fewer columns", async () => {
    const { spy, loaded } = spied();
    const mc = await monteCarlo(writeModel(CASES[0]![1]), { ort: spy, placements, session: quiet });
    await mc.predict({ x }, { samples: 2 });
    expect(loaded.at(-1)!.inputs).toEqual([
      "x",
      "hadamask_mask_0",
      "hadamask_mask_1_kept",
      "hadamask_mask_1_scale",
      "hadamask_mask_0_scale",
    ]);
    await mc.dispose();
    expect(loaded.every(({ isReleased }) => isReleased)).toBe(true);
  });

  test("a pass in which no unit stays gives the bias", async () => {
    const options = { ort, key: key(1), kind: "values", placements, session: quiet } as const;
    const mc = await monteCarlo(writeModel(CASES[0]![1]), options);
    const found = (await mc.predict({ x }, { samples: 2, rate: 1 })) as ValuePrediction;
    found.mean.forEach((mean, i) => {
      expect(mean).toBe(Math.fround(wave(3, "end".length)[i % 3]!));
    });
  });

  test("two hidden layers in a row, as PyTorch exports them", async () => {
    const { model, sites } = withDropout(readModel(fixture("mlp-train.onnx")));
    const found = thin(model, sites)!;
    expect(found.thinned.length).toBe(2);
    await expect(openSession(writeModel(found.model))).resolves.toBeDefined();
  });
});

describe("what is left as it is", () => {
  const isThinned = (model: ReturnType<typeof twoLayers>, after: string[]): boolean => {
    const { model: rewritten, sites } = withDropout(model, { rate: 0.5, after });
    return thin(rewritten, sites) !== undefined;
  };

  test.each<[string, ReturnType<typeof twoLayers>]>([
    ["a step that mixes the units", twoLayers([node("Softmax", ["z"], "q"), node("Relu", ["q"], "h")], gemms)],
    [
      "units that are read elsewhere before they are dropped",
      twoLayers([relu, node("Neg", ["z"], "elsewhere")], gemms),
    ],
    ["dropped units that something else reads than a layer", twoLayers([relu, node("Neg", ["h"], "elsewhere")], gemms)],
    ["a bias of rows", twoLayers([node("Add", ["s", "table"], "z"), relu], products)],
    ["a layer whose weights are made by the graph", twoLayers([relu], [gemms[0], gemm(["h", "made", "end"], "y")])],
  ])("%s", (_, model) => {
    const made = node("Neg", ["b"], "made");
    const graph = { ...model.graph, node: [made, ...model.graph.node!] };
    expect(isThinned({ ...model, graph }, ["Relu"])).toBe(false);
    expect(isThinned(twoLayers([relu], gemms), ["Relu"])).toBe(true);
  });

  test("inputs, which no layer makes", () => {
    const { model, sites } = withDropout(twoLayers([relu], gemms), { rate: 0.5, before: ["Gemm"] });
    expect(thin(model, sites)!.thinned.map(({ site }) => site)).toEqual([sites[1]]);
  });
});

describe("a dropped NaN or infinity has no part in the answer", () => {
  const model = (opset: number) => {
    const made = smallModel([node("Relu", ["x"], "h"), node("Neg", ["h"], "y")]);
    return writeModel({ ...made, opsetImport: [{ domain: "", version: opset }] });
  };
  // Infinity and 1 in turn; all is dropped.
  const predict = async (bytes: Uint8Array, masks: "consistent" | "independent", rows = 2) => {
    const options = { ort, key: key(3), kind: "values", masks, rate: 1, after: ["Relu"], session: quiet } as const;
    const mc = await monteCarlo(bytes, options);
    const data = Float32Array.from({ length: 4 * rows }, (_, i) => [Number.POSITIVE_INFINITY, 1][i % 2]!);
    return [...((await mc.predict({ x: data }, { samples: 2, levels: [] })) as ValuePrediction).mean];
  };

  test.each(["consistent", "independent"] as const)("%s masks", async (masks) => {
    for (const rows of [2, 100]) {
      expect((await predict(model(17), masks, rows)).every((mean) => mean === 0)).toBe(true);
    }
  });

  test("before opset 9, which has no selection, it gives NaN", async () => {
    const found = await predict(model(8), "consistent");
    expect(found.map((mean) => (mean === 0 ? 0 : mean))).toEqual(found.map((_, i) => (i % 2 === 0 ? Number.NaN : 0)));
  });

  test("at units that are left out: 0 * infinity does not happen", async () => {
    const mc = await open("mlp-train.onnx", { kind: "values" });
    const found = (await mc.predict(
      { x: new Float32Array(64 * 100).fill(Number.POSITIVE_INFINITY) },
      { samples: 2, rate: 1, levels: [] },
    )) as ValuePrediction;
    expect(found.mean.every(Number.isFinite)).toBe(true);
  });
});
