import { monteCarlo, type ValuePrediction } from "@hadamask/onnx";
import { key, toFloat16 } from "hadamask";
import { describe, expect, test } from "vitest";
import { attr, bytesOf, info, network, node, rows } from "../support/graphs.js";
import { quiet } from "../support/monte-carlo.js";
import { ort } from "../support/runtime.js";

const options = { ort, key: key(1), rate: 0.3, after: ["Relu"], kind: "values", session: quiet } as const;
const plain = network(3, [node("Neg", ["z"], "y")], [info("y", ["rows", 3])]);

describe("float16 in and out", () => {
  const half = (name: string, dims: readonly number[], values: ArrayLike<number>) => ({
    name,
    dims,
    dataType: 10,
    rawData: new Uint8Array(toFloat16(values).buffer),
  });
  const graph = {
    nodes: [node("MatMul", ["x", "w"], "s"), node("Relu", ["s"], "h"), node("MatMul", ["h", "v"], "y")],
    weights: [half("w", [4, 5], rows(4, 5)), half("v", [5, 2], rows(5, 2))],
    inputs: [info("x", ["rows", 4], 10)],
    outputs: [info("y", ["rows", 2], 10)],
  };

  test("numbers, float arrays, bits and tensors give the same", async () => {
    const numbers = [0.5, -1.25, 2, 0.1];
    const bits = toFloat16(numbers);
    const mc = await monteCarlo(bytesOf(graph), options);
    const all = [
      numbers,
      Float32Array.from(numbers),
      Float64Array.from(numbers),
      bits,
      new ort.Tensor("float16", bits, [1, 4]),
    ];
    const Half = (globalThis as { Float16Array?: { from(values: readonly number[]): ArrayBufferView } }).Float16Array;
    if (Half) all.push(Half.from(numbers) as never);
    const means: string[] = [];
    for (const x of all) {
      const found = (await mc.predict({ x: x as never }, { samples: 10 })) as ValuePrediction;
      expect(Math.max(...found.variance)).toBeGreaterThan(0);
      means.push(String(found.mean));
    }
    expect(new Set(means).size).toBe(1);
  });

  test("whole numbers only where whole numbers are wanted", async () => {
    const ids = {
      nodes: [node("Cast", ["ids"], "x", [attr("to", 1)]), ...plain.nodes],
      weights: plain.weights!,
      inputs: [info("ids", ["rows", 4], 7)],
      outputs: plain.outputs,
    };
    const mc = await monteCarlo(bytesOf(ids), options);
    await expect(mc.predict({ ids: [1, 2, 3, 4.5] })).rejects.toThrow("predict: ids must be whole numbers, got 4.5");
  });
});
