// The same numbers from onnxruntime-node and onnxruntime-web (WASM), up to float rounding.

import {
  type ClassPrediction,
  type MonteCarloOptions,
  monteCarlo,
  type Ort,
  type ValuePrediction,
} from "@hadamask/onnx";
import { key } from "hadamask";
import * as node from "onnxruntime-node";
import * as web from "onnxruntime-web";
import { describe, expect, test } from "vitest";
import { fixture, rowsOf } from "../support/fixtures.js";

web.env.wasm.numThreads = 1;
web.env.logLevel = "error";

// Both modules have to fit the type without a cast.
const runtimes: readonly (readonly [string, Ort])[] = [
  ["onnxruntime-node", node],
  ["onnxruntime-web", web],
];

describe("both runtimes", () => {
  test.each<[string, string, Partial<MonteCarloOptions>]>([
    ["mlp-train.onnx", "mlp", {}],
    ["mlp-train.onnx", "mlp", { masks: "independent" }],
    ["cnn-eval.onnx", "cnn", { rate: 0.25, after: ["Relu"], share: "channel" }],
    ["transformer-train.onnx", "transformer", { masks: "independent" }],
  ])("%s (%s) %j", async (model, rows, options) => {
    const [first, second] = await Promise.all(
      runtimes.map(async ([, ort]) => {
        const mc = await monteCarlo(fixture(model), { ort, key: key(6), kind: "classes", ...options });
        return (await mc.predict({ x: rowsOf(rows) }, { samples: 20 })) as ClassPrediction;
      }),
    );
    // Probabilities from logits of up to about 30: 30 * 2^-22 of rounding, and what the layers add to it.
    first!.mean.forEach((mean, i) => {
      expect(Math.abs(mean - second!.mean[i]!)).toBeLessThan(1e-4);
      expect(Math.abs(first!.variance[i]! - second!.variance[i]!)).toBeLessThan(1e-4);
    });
    expect([...first!.samples]).toEqual([...second!.samples]);
  });

  test("weights in a file of their own", async () => {
    for (const [, ort] of runtimes) {
      const mc = await monteCarlo(fixture("external.onnx"), {
        ort,
        key: key(6),
        kind: "values",
        externalData: { "external.bin": fixture("external.bin") },
      });
      const found = (await mc.predict({ x: Float32Array.of(1, 2, 3, 4) }, { samples: 10 })) as ValuePrediction;
      expect(Math.max(...found.variance)).toBeGreaterThan(0);
    }
  });
});
