import {
  type MonteCarloOptions,
  monteCarlo,
  readModel,
  type ValuePrediction,
  withDropout,
  writeModel,
} from "@hadamask/onnx";
import { Dropout, key, siteKey } from "hadamask";
import { describe, expect, test } from "vitest";
import { fixture, rowsOf } from "../support/fixtures.js";
import { smallModel } from "../support/models.js";
import { open, quiet, values } from "../support/monte-carlo.js";
import { ort } from "../support/runtime.js";

describe("where batch and another axis share one axis of a tensor", () => {
  test.each(["transformer-train.onnx", "transformer-eval.onnx"])(
    "%s: rows keep their masks in any batch",
    async (name) => {
      const x = rowsOf("transformer");
      const placements: Partial<MonteCarloOptions> = name.includes("eval")
        ? { rate: 0.2, before: ["Gemm", "MatMul"], after: ["AttentionSoftmax"] }
        : {};
      const whole = await values(name, { x }, { ...placements, masks: "independent" });
      const mc = await open(name, { kind: "values", ...placements, masks: "independent" });
      const one = (await mc.predict(
        { x: { data: x.data.subarray(128, 192), dims: [1, 8, 8] } },
        { samples: 4, sampleIds: [2] },
      )) as ValuePrediction;
      one.mean.forEach((mean, i) => {
        expect(Math.abs(mean - whole.mean[20 + i]!)).toBeLessThan(1e-4);
      });
      await mc.dispose();
    },
  );

  test("rows that lie interleaved are found out: [rows, 2, 2] transposed and merged to [2 * rows, 2]", async () => {
    const shape = { name: "merged", dims: [2], dataType: 7, int64Data: [-1, 2] };
    const back = { name: "back", dims: [3], dataType: 7, int64Data: [2, -1, 2] };
    const split = { name: "split", dims: [3], dataType: 7, int64Data: [-1, 2, 2] };
    const flat = { name: "flat", dims: [2], dataType: 7, int64Data: [-1, 4] };
    const perm = [{ name: "perm", type: 7, ints: [1, 0, 2] }];
    const model = smallModel([
      { opType: "Reshape", name: "r1", input: ["x", "split"], output: ["a"] },
      { opType: "Transpose", name: "t1", input: ["a"], output: ["b"], attribute: perm },
      { opType: "Reshape", name: "r2", input: ["b", "merged"], output: ["c"] },
      { opType: "Relu", name: "act", input: ["c"], output: ["d"] },
      { opType: "Reshape", name: "r3", input: ["d", "back"], output: ["e"] },
      { opType: "Transpose", name: "t2", input: ["e"], output: ["f"], attribute: perm },
      { opType: "Reshape", name: "r4", input: ["f", "flat"], output: ["y"] },
    ]);
    const graph = { ...model.graph!, initializer: [shape, back, split, flat] };
    const bytes = writeModel({ ...model, graph });
    const data = Float32Array.from({ length: 20 }, (_, i) => i + 1);
    const ask = async (dims: number[], values: Float32Array, sampleIds: number[]) => {
      const mc = await monteCarlo(bytes, {
        ort,
        rate: 0.5,
        after: ["Relu"],
        key: key(4),
        kind: "values",
        masks: "independent",
        session: quiet,
      });
      const found = await mc.predict({ x: { data: values, dims } }, { samples: 3, sampleIds });
      return (found as ValuePrediction).mean;
    };
    const five = await ask([5, 4], data, [0, 1, 2, 3, 4]);
    const alone = await ask([1, 4], data.subarray(8, 12), [2]);
    expect([...alone]).toEqual([...five.subarray(8, 12)]);
    // And they are the masks of a layer whose rows are the 2 x 2 numbers of an example.
    const layer = new Dropout({ rate: 0.5, key: siteKey(key(4), "d"), mode: "sample" });
    const passes = [0, 1, 2].map((pass) => layer.forward(data, { pass, sampleIds: [0, 1, 2, 3, 4] }));
    five.forEach((mean, i) => {
      expect(mean).toBeCloseTo((passes[0]![i]! + passes[1]![i]! + passes[2]![i]!) / 3, 5);
    });
  });

  test("rows that influence each other are refused, by the name of the place", async () => {
    const model = smallModel([
      { opType: "Relu", name: "act", input: ["x"], output: ["h"] },
      {
        opType: "ReduceMean",
        name: "pool",
        input: ["h"],
        output: ["m"],
        attribute: [{ name: "axes", type: 7, ints: [0] }],
      },
      { opType: "Add", name: "mix", input: ["x", "m"], output: ["y"] },
    ]);
    const mc = await monteCarlo(writeModel(model), {
      ort,
      rate: 0.5,
      after: ["Relu"],
      key: key(1),
      kind: "values",
      session: quiet,
    });
    await expect(mc.predict({ x: new Float32Array(8).fill(1) })).rejects.toThrow(
      "predict: the rows of a batch must not influence each other, got a change in other rows when one row was " +
        "dropped at act",
    );
  });
});

describe("shapes", () => {
  test("channels, samples and given axes share a decision", async () => {
    const x = { data: rowsOf("cnn").data, dims: rowsOf("cnn").dims };
    for (const share of ["channel", "sample", { axes: [1] }, "element"] as const) {
      const found = await values("cnn-eval.onnx", { x }, { rate: 0.3, after: ["Relu"], share, masks: "independent" });
      expect(Math.max(...found.variance)).toBeGreaterThan(0);
    }
  });

  test("a fixed number of rows: runs are filled up, rows keep their answers", async () => {
    const model = readModel(fixture("mlp-train.onnx"));
    const fix = (dims: number[]) => ({
      tensorType: { elemType: 1, shape: { dim: dims.map((dimValue) => ({ dimValue })) } },
    });
    const graph = {
      ...model.graph!,
      input: [{ name: "x", type: fix([5, 64]) }],
      output: [{ name: "y", type: fix([5, 10]) }],
    };
    const bytes = writeModel({ ...model, graph });
    const x = rowsOf("mlp");
    const free = await values("mlp-train.onnx", { x }, { masks: "independent" });
    const mc = await monteCarlo(bytes, { ort, key: key(1), kind: "values", masks: "independent", session: quiet });
    const found = (await mc.predict({ x }, { samples: 4 })) as ValuePrediction;
    found.mean.forEach((mean, i) => {
      expect(Math.abs(mean - free.mean[i]!)).toBeLessThan(1e-5 * Math.max(1, Math.abs(mean)));
    });
  });

  test("other sizes of the free axes are found anew", async () => {
    const info = (name: string) => ({
      name,
      type: { tensorType: { elemType: 1, shape: { dim: [{ dimParam: "rows" }, { dimParam: "length" }] } } },
    });
    const model = smallModel([
      { opType: "Relu", name: "act", input: ["x"], output: ["h"] },
      { opType: "ReduceSum", name: "sum", input: ["h", "axis"], output: ["y"] },
    ]);
    const graph = {
      ...model.graph!,
      input: [info("x")],
      output: [info("y")],
      initializer: [{ name: "axis", dims: [1], dataType: 7, int64Data: [1] }],
    };
    const mc = await monteCarlo(writeModel({ ...model, graph }), {
      ort,
      rate: 0.5,
      after: ["Relu"],
      key: key(1),
      kind: "values",
      session: quiet,
    });
    for (const length of [3, 8, 3]) {
      const found = (await mc.predict(
        { x: { data: new Float32Array(2 * length).fill(1), dims: [2, length] } },
        { samples: 400 },
      )) as ValuePrediction;
      // Mean length, variance length (rate 1/2): six standard errors.
      expect(Math.abs(found.mean[0]! - length)).toBeLessThan(6 * Math.sqrt(length / 400));
    }
  });

  test("a rank that only a run tells is found by the run", async () => {
    const model = smallModel([
      { opType: "Shape", name: "shape", input: ["x"], output: ["s"] },
      { opType: "Cast", name: "cast", input: ["s"], output: ["f"], attribute: [{ name: "to", type: 2, i: 1 }] },
      { opType: "Floor", name: "floor", input: ["f"], output: ["g"] },
      { opType: "Cast", name: "cast2", input: ["g"], output: ["t"], attribute: [{ name: "to", type: 2, i: 7 }] },
      { opType: "Reshape", name: "reshape", input: ["x", "t"], output: ["r"] },
      { opType: "Relu", name: "act", input: ["r"], output: ["h"] },
      { opType: "Neg", name: "end", input: ["h"], output: ["y"] },
    ]);
    expect(() => withDropout(model, { rate: 0.5, after: ["Relu"] })).toThrow("rank");
    const mc = await monteCarlo(writeModel(model), {
      ort,
      rate: 0.5,
      after: ["Relu"],
      key: key(1),
      kind: "values",
      masks: "independent",
      session: quiet,
    });
    const found = (await mc.predict({ x: new Float32Array(8).fill(1) }, { samples: 50 })) as ValuePrediction;
    expect(Math.min(...found.variance)).toBeGreaterThan(0);
  });
});
