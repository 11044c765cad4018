// Mean and variance over many passes against closed form and against PyTorch's own dropout (oracles/onnx_fixtures.py).

import { type MonteCarloOptions, monteCarlo, type ValuePrediction } from "@hadamask/onnx";
import { key } from "hadamask";
import { describe, expect, test } from "vitest";
import { FALSE_ALARM, normalBound } from "../../../hadamask/test/support/bounds.js";
import { expected, fixture, rowsOf } from "../support/fixtures.js";
import { ort } from "../support/runtime.js";

async function sample(
  model: string,
  rows: string,
  samples: number,
  options: Partial<MonteCarloOptions>,
): Promise<ValuePrediction> {
  const mc = await monteCarlo(fixture(model), { ort, key: key(11), kind: "values", ...options });
  const found = await mc.predict({ x: rowsOf(rows) }, { samples, levels: [] });
  await mc.dispose();
  return found as ValuePrediction;
}

describe("a linear map behind dropout", () => {
  // y = W (x * m / keep) + b: mean W x + b, variance (rate / keep) sum of (w x)^2 (Gal and Ghahramani's method, exact
  // for this model).
  const W = [
    [0.5, -1, 2],
    [1, 0.25, -0.75],
  ];
  const b = [0, 1];
  const X = [
    [1, 2, 0.5],
    [-1, 0, 3],
  ];

  test.each(["consistent", "independent"] as const)(
    "%s masks: mean and variance are those of the closed form",
    async (masks) => {
      const samples = 20_000;
      const found = await sample("linear.onnx", "linear", samples, { masks });
      const bound = normalBound(FALSE_ALARM / 8);
      X.forEach((x, row) => {
        W.forEach((w, o) => {
          const terms = w.map((weight, j) => weight * x[j]!);
          const mean = terms.reduce((sum, term) => sum + term, 0) + b[o]!;
          const variance = 0.25 * terms.reduce((sum, term) => sum + term * term, 0);
          // Fourth central moment of a sum of independent terms: sum of the terms' excesses over 3 variance^2, plus
          // that. (m / keep - 1) is -1 with probability 0.2 and 0.25 with 0.8: variance 0.25, fourth moment 0.203125.
          const excess = (0.203125 - 3 * 0.0625) * terms.reduce((sum, term) => sum + term ** 4, 0);
          const fourth = excess + 3 * variance ** 2;
          const at = 2 * row + o;
          expect(Math.abs(found.mean[at]! - mean)).toBeLessThan(bound * Math.sqrt(variance / samples) + 1e-6);
          const error = Math.sqrt((fourth - variance ** 2) / samples);
          expect(Math.abs(found.variance[at]! - variance)).toBeLessThan(bound * error + 1e-6);
          expect(Math.abs(found.standardError.variance[at]! / error - 1)).toBeLessThan(0.1);
        });
      });
      // The first row and weights are the example of the literature: mean -0.5, variance 1.3125.
      expect(found.deterministic.mean[0]).toBeCloseTo(-0.5, 6);
    },
  );
});

describe("PyTorch's own passes of the same network", () => {
  const PLACES = {
    placements: [
      { rate: 0.5, after: ["Relu"], where: "/1/*" },
      { rate: 0.3, after: ["Relu"], where: "/4/*" },
    ],
  };
  test.each<[string, string, number, Partial<MonteCarloOptions>]>([
    ["mlp-train.onnx", "mlp", 20_000, {}],
    ["mlp-train.onnx", "mlp", 20_000, { masks: "independent" }],
    ["mlp-eval.onnx", "mlp", 20_000, PLACES],
    ["cnn-eval.onnx", "cnn", 10_000, { rate: 0.25, after: ["Relu"], share: "channel" }],
    ["transformer-train.onnx", "transformer", 4_000, { masks: "independent" }],
  ])("%s, rows of %s, %d passes, %j", async (model, rows, samples, options) => {
    const found = await sample(model, rows, samples, options);
    const { mean, variance, fourth, passes, deterministic } = expected[rows]!;
    const bound = normalBound(FALSE_ALARM / (2 * mean.length));
    let [worstMean, worstVariance] = [0, 0];
    mean.forEach((theirs, i) => {
      // Both are estimates: their errors add. The last terms are float32 rounding.
      const meanError = Math.hypot(found.standardError.mean[i]!, Math.sqrt(variance[i]! / passes));
      const varianceError = Math.hypot(
        found.standardError.variance[i]!,
        Math.sqrt((fourth[i]! - variance[i]! ** 2) / passes),
      );
      worstMean = Math.max(worstMean, (Math.abs(found.mean[i]! - theirs) - 1e-5) / meanError);
      worstVariance = Math.max(worstVariance, (Math.abs(found.variance[i]! - variance[i]!) - 1e-5) / varianceError);
      expect(Math.abs(found.deterministic.mean[i]! - deterministic.data[i]!)).toBeLessThan(1e-4);
    });
    expect(worstMean).toBeLessThan(bound);
    expect(worstVariance).toBeLessThan(bound);
  });

  test("the regression net: both outputs, and its deterministic answer", async () => {
    const options = { rate: 0.1, after: ["Relu"], output: "mean", logVariance: "log_variance" };
    const found = await sample("regression-eval.onnx", "regression", 10_000, options);
    const { mean, variance, fourth, passes } = expected.regression!; // rows x (mean, log variance)
    const bound = normalBound(FALSE_ALARM / 16);
    for (let row = 0; row < 8; row++) {
      const i = 2 * row;
      const meanError = Math.hypot(found.standardError.mean[row]!, Math.sqrt(variance[i]! / passes));
      const varianceError = Math.hypot(
        found.standardError.variance[row]!,
        Math.sqrt((fourth[i]! - variance[i]! ** 2) / passes),
      );
      expect(Math.abs(found.mean[row]! - mean[i]!)).toBeLessThan(bound * meanError + 1e-5);
      expect(Math.abs(found.variance[row]! - variance[i]!)).toBeLessThan(bound * varianceError + 1e-5);
    }
  });
});
