import { type Inputs, type MonteCarloOptions, monteCarlo, type ValuePrediction, writeModel } from "@hadamask/onnx";
import { key } from "hadamask";
import { describe, expect, test } from "vitest";
import { rowsOf } from "../support/fixtures.js";
import { smallModel } from "../support/models.js";
import { open, quiet } from "../support/monte-carlo.js";
import { ort } from "../support/runtime.js";

describe("inputs", () => {
  test("several inputs, one of them the same for all rows; a forgotten one is named", async () => {
    const model = smallModel([
      { opType: "Relu", name: "act", input: ["x"], output: ["h"] },
      { opType: "Add", name: "sum", input: ["h", "other"], output: ["s"] },
      { opType: "Mul", name: "times", input: ["s", "factor"], output: ["y"] },
    ]);
    const [x] = model.graph!.input!;
    const scalar = { name: "factor", type: { tensorType: { elemType: 1, shape: { dim: [] } } } };
    const bytes = writeModel({ ...model, graph: { ...model.graph!, input: [x!, { ...x, name: "other" }, scalar] } });
    const mc = await monteCarlo(bytes, {
      ort,
      rate: 0.5,
      after: ["Relu"],
      key: key(1),
      kind: "values",
      session: quiet,
    });
    const found = (await mc.predict(
      { x: Float32Array.of(1, 2, 3, 4), other: [10, 20, 30, 40], factor: [2] },
      { samples: 2, rate: 0 },
    )) as ValuePrediction;
    expect([...found.mean]).toEqual([22, 44, 66, 88]);
    await expect(mc.predict({ x: Float32Array.of(1, 2, 3, 4), factor: [2] })).rejects.toThrow(
      "predict: input other is missing; the model needs it",
    );
    await expect(mc.predict({ x: new Float32Array(8), other: new Float32Array(4), factor: [2] })).rejects.toThrow(
      "predict: other must have 2 rows like x, got 1",
    );
  });

  test.each<[string, Inputs, string]>([
    ["another name", { z: new Float32Array(64) }, "predict: inputs must be named as in the model (x), got z"],
    [
      "another length",
      { x: new Float32Array(65) },
      "predict: x must have a multiple of 64 values, one row each, got 65",
    ],
    [
      "another shape",
      { x: { data: new Float32Array(64), dims: [1, 8, 8] } },
      "predict: x must have shape [rows,64], got [1,8,8]",
    ],
    [
      "a shape that does not fit",
      { x: { data: new Float32Array(64), dims: [2, 64] } },
      "predict: x must have 128 values for shape [2,64], got 64",
    ],
    ["another type", { x: new Int32Array(64) }, "predict: x must be float32 (Float32Array), got Int32Array of 64"],
    ["no rows", { x: new Float32Array(0) }, "predict: x must have at least one row, got shape [0,64]"],
    [
      "no object",
      new Float32Array(64) as never,
      "predict: inputs must be an object with the values of x, got Float32Array of 64",
    ],
  ])("%s is refused", async (_, inputs: Inputs, message: string) => {
    const mc = await open("mlp-train.onnx");
    await expect(mc.predict(inputs)).rejects.toThrow(message);
  });
});

describe("options", () => {
  test.each<[Partial<MonteCarloOptions>, string]>([
    [
      { ort: undefined as never },
      "monteCarlo: ort must be the module onnxruntime-node or onnxruntime-web; run npm install " +
        'onnxruntime-node, and pass { ort } after import * as ort from "onnxruntime-node"',
    ],
    [
      { masks: "same" as never },
      'monteCarlo: masks must be "independent", "consistent" or { fixed: a number }, got "same"',
    ],
    [{ output: "z" }, 'monteCarlo: output must be an output of the model (y), got "z"'],
    [{ variance: "y", logVariance: "y" }, "monteCarlo: pass either variance or logVariance, not both"],
    [{ variance: "y", kind: "classes" }, 'monteCarlo: a predicted variance goes with kind "values", got "classes"'],
    [
      { placements: [{ rate: 0.1, after: ["Relu"] }], rate: 0.2 },
      "monteCarlo: pass either placements or rate, not both",
    ],
    [{ batch: 0 }, "monteCarlo: batch must be a whole number in [1, 2147483647], got 0"],
    [
      { key: [1, 2, 3] as never },
      "monteCarlo: key must be a key of two 32-bit words, got an array of 3; make one with key(seed)",
    ],
  ])("%j is refused", async (options, message) => {
    await expect(open("mlp-train.onnx", options)).rejects.toThrow(message);
  });

  test.each([
    [{ samples: 1 }, "predict: samples must be a whole number in [2, 2147483647], got 1"],
    [{ samples: "many" as never }, 'predict: samples must be a whole number or "auto", got "many"'],
    [
      { samples: 5, precision: { of: "mean", standardError: 0.1 } as const },
      'predict: precision goes with samples "auto", got samples 5',
    ],
    [
      { samples: "auto" as const, precision: { of: "aleatoric", standardError: 0.1 } as const },
      "predict: precision.of must be one of mean, maxProbability, predictiveEntropy, expectedEntropy, " +
        'mutualInformation, variationRatio, got "aleatoric"',
    ],
    [
      { samples: "auto" as const, precision: { of: "mean", standardError: 0 } as const },
      "predict: precision.standardError must be a number above 0, got 0",
    ],
    [{ rate: 2 }, "predict: rate must be in [0, 1], got 2; pass 0.02 for 2 %"],
    [{ sampleIds: [1] }, "predict: sampleIds must have 12 entries, one a row, got 1"],
    [{ sampleIds: new Array(12).fill(-1) }, "predict: sampleIds[0] must be a whole number in [0, 2^53), got -1"],
  ])("%j is refused", async (options, message) => {
    const mc = await open("mlp-train.onnx", { kind: "classes" });
    await expect(mc.predict({ x: rowsOf("mlp") }, options)).rejects.toThrow(message);
  });

  test("too little memory for the passes of a row is said with the numbers", async () => {
    const mc = await open("mlp-train.onnx", { memory: 1000 });
    await expect(mc.predict({ x: rowsOf("mlp") }, { samples: 100 })).rejects.toThrow(
      "predict: memory must hold the passes of one row, 8000 bytes, got 1000; take fewer samples, or pass { " +
        "memory } to monteCarlo",
    );
    const small = await open("mlp-train.onnx", { memory: 8000, kind: "values" });
    const large = await open("mlp-train.onnx", { kind: "values" });
    const [a, b] = (await Promise.all([small, large].map((mc) => mc.predict({ x: rowsOf("mlp") })))) as [
      ValuePrediction,
      ValuePrediction,
    ];
    expect(Math.max(...a.mean.map((mean, i) => Math.abs(mean - b.mean[i]!)))).toBeLessThan(1e-5);
  });

  test("an operator that the runtime does not have", async () => {
    const model = smallModel([
      { opType: "Relu", name: "act", input: ["x"], output: ["h"] },
      { opType: "Mystery", domain: "com.example", name: "m", input: ["h"], output: ["y"] },
    ]);
    const bytes = writeModel({ ...model, opsetImport: [...model.opsetImport!, { domain: "com.example", version: 1 }] });
    await expect(monteCarlo(bytes, { ort, rate: 0.5, after: ["Relu"], key: key(1), session: quiet })).rejects.toThrow(
      /^monteCarlo: ONNX Runtime does not take the model: .*Mystery/s,
    );
  });
});
