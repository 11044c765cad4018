import { dropout, key, passKey, split } from "hadamask";
import { expect, test } from "vitest";
import type { RegressionNetwork } from "../../../src/reproduce/fit.js";
import { scorePasses } from "../../../src/reproduce/passes.js";

/** 40 columns and 35 units, so that masks of a row cross words. */
const [D, H, N] = [40, 35, 6];
const some = (n: number, seed: number): Float32Array =>
  Float32Array.from({ length: n }, (_, i) => (((i + seed) * 7919) % 1013) / 600 - 0.8);
const NETWORK: RegressionNetwork = {
  columns: D,
  hidden: H,
  w1: some(D * H, 1),
  b1: some(H, 2),
  w2: some(H, 3),
  b2: 0.4,
};
const X = some(N * D, 4);

/** A pass as the library's dropout gives it. */
function pass(rate: number, t: number): number[] {
  const [inputKey, hiddenKey] = split(key(9), 2);
  const inputs = dropout(Float64Array.from(X), { rate, key: passKey(inputKey!, t) });
  const units = new Float64Array(N * H);
  for (let i = 0; i < N; i++) {
    for (let c = 0; c < H; c++) {
      let sum = NETWORK.b1[c]!;
      for (let j = 0; j < D; j++) sum += inputs[i * D + j]! * NETWORK.w1[j * H + c]!;
      units[i * H + c] = Math.max(sum, 0);
    }
  }
  const kept = dropout(units, { rate, key: passKey(hiddenKey!, t) });
  return Array.from({ length: N }, (_, i) => NETWORK.w2.reduce((sum, w, c) => sum + w * kept[i * H + c]!, NETWORK.b2));
}

test.each([0.005, 0.1, 0.5])("passes at rate %d are those of dropout under the keys of the passes", (rate) => {
  const targets = Float64Array.from({ length: N }, (_, i) => i - 2);
  const [factor, shift, passes, precision] = [1.5, -2, 30, 0.3];
  const options = { rate, passes, factor, shift, precisions: [precision, 2 * precision] };
  const scores = scorePasses(NETWORK, { x: X }, targets, options, key(9));
  const draws = Array.from({ length: passes + 1 }, (_, t) => pass(rate, t).map((y) => y * factor + shift));
  const mean = draws[0]!.map((_, i) => draws.slice(0, passes).reduce((sum, draw) => sum + draw[i]!, 0) / passes);
  const rmse = (y: number[]): number => Math.sqrt(y.reduce((sum, value, i) => sum + (value - targets[i]!) ** 2, 0) / N);
  // Sums in another order: float64.
  expect(scores.rmse.singlePass).toBeCloseTo(rmse(draws[passes]!), 9);
  expect(scores.rmse.mean).toBeCloseTo(rmse(mean), 9);
  options.precisions.forEach((tau, p) => {
    const density = (y: number, i: number): number =>
      Math.sqrt(tau / (2 * Math.PI)) * Math.exp((-tau / 2) * (targets[i]! - y) ** 2);
    const rows = Array.from({ length: N }, (_, i) => {
      const sum = draws.slice(0, passes).reduce((total, draw) => total + density(draw[i]!, i), 0);
      return Math.log(sum / passes);
    });
    expect(scores.logLikelihood[p]!.mean).toBeCloseTo(rows.reduce((a, b) => a + b, 0) / N, 7);
  });
});

test("the log-likelihood of a network without weights is that of a normal law", () => {
  const flat: RegressionNetwork = {
    ...{ columns: 1, hidden: 1, w1: new Float32Array(1), b1: new Float32Array(1), w2: new Float32Array(1), b2: 1 },
  };
  const options = { rate: 0.5, passes: 7, factor: 2, shift: 3, precisions: [4] };
  const { rmse, logLikelihood } = scorePasses(flat, { x: new Float32Array(2) }, Float64Array.of(5, 6), options, key(1));
  // All predictions are 1 · 2 + 3 = 5. log N(5; 5, 1/4) = log 2 - log(2π)/2; at 6 it is 4/2 · 1² less.
  const peak = Math.log(2) - Math.log(2 * Math.PI) / 2;
  for (const name of ["singlePass", "off", "mean"] as const) {
    expect(rmse[name]).toBeCloseTo(Math.sqrt(1 / 2), 12);
    expect(logLikelihood[0]![name]).toBeCloseTo(peak - 1, 12);
  }
});

test("two passes of known outputs: half of each density", () => {
  // One unit that is always 1 / keep where it is kept: outputs 0 and 2, by the mask.
  const unit: RegressionNetwork = {
    ...{ columns: 1, hidden: 1, w1: new Float32Array(1), b1: Float32Array.of(1), w2: Float32Array.of(1), b2: 0 },
  };
  const options = { rate: 0.5, passes: 4000, factor: 1, shift: 0, precisions: [1] };
  const { rmse, logLikelihood } = scorePasses(unit, { x: new Float32Array(1) }, Float64Array.of(0), options, key(3));
  const kept = rmse.mean / 2; // the share of passes with output 2
  const density = (1 - kept + kept * Math.exp(-2)) / Math.sqrt(2 * Math.PI);
  expect(logLikelihood[0]!.mean).toBeCloseTo(Math.log(density), 10);
  // 4,000 fair coins are more than 6.1 deviations from their mean once in 1e9.
  expect(Math.abs(kept - 0.5)).toBeLessThan(6.1 * Math.sqrt(0.25 / 4000));
  expect(rmse.off).toBe(1);
});
