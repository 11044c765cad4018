// What other libraries' outputs are in the mean over masks, and what they should be.

import { AlphaDropout, Attention, dropout } from "hadamask";
import { expectedMoments } from "hadamask/theory";
import { differs, equals, type Measure } from "../measure.js";
import { sum } from "../vectors.js";

/** Mean and variance over masks, and over the inputs 1 and -1, which have mean 0 and variance 1. */
function overUnitInputs(keep: number, y: (x: number, mask: Uint8Array) => number): [number, number] {
  const moments = [1, -1].map((x) => expectedMoments({ n: 1, keep }, (mask) => [y(x, mask)]));
  const mean = sum(moments.map((m) => m.mean[0]! / 2));
  return [mean, sum(moments.map((m) => (m.covariance[0]! + m.mean[0]! ** 2) / 2)) - mean ** 2];
}

export function alphaSign(): Measure[] {
  const rate = 0.5;
  const limit = -1.7580993408473766;
  const a = ((1 - rate) * (1 + rate * limit ** 2)) ** -0.5;
  const theirs = overUnitInputs(1 - rate, (x, [m]) => a * (x * m! + (m! - 1) * limit) - a * limit * rate);
  const layer = new AlphaDropout({ rate });
  const ours = overUnitInputs(1 - rate, (x, mask) => layer.forward([x], { mask })[0]!);
  return [
    equals("ours at rate 0.5: mean and variance", ours, [0, 1]),
    differs("its mean against that of TensorFlow.js's formula", ours[0], theirs[0]),
    equals("TensorFlow.js's formula: mean and variance", theirs, [1.5583878610361, 1], 1e-9),
  ];
}

export function brainScale(): Measure[] {
  const rate = 0.2;
  const mean = expectedMoments({ n: 1, rate }, (mask) => dropout([1], { rate, mask, scaling: "classic" })).mean[0]!;
  const test = dropout([1], { rate, mode: "eval", scaling: "classic" })[0]!;
  return [
    equals("ours, classic scaling: mean of training, prediction", [mean, test], [0.8, 0.8]),
    differs("the mean of training against brain.js's prediction, x * rate", mean, rate),
  ];
}

export function attentionWeights(): Measure[] {
  const attention = new Attention({ rate: 0.5 });
  const shape = { batch: 1, heads: 1, queries: 1, keys: 4, width: 1 };
  const { weights } = attention.forward([1], [1, 2, 3, 4], [1, 1, 1, 1], { shape, mask: [1, 1, 0, 0] });
  const after = Array.from(weights, (w, j) => (j < 2 ? 2 * w : 0));
  return [
    equals("ours: sum of the returned weights of a query in training", sum(weights), 1),
    differs("against the sum after dropout, which nn.MultiheadAttention returns", sum(weights), sum(after), 0.1),
  ];
}

export function convNetScale(): Measure[] {
  const dropProb = 0.2;
  const mean = expectedMoments({ n: 1, rate: dropProb }, ([bit]) => [bit!]).mean[0]!;
  const ours = dropout([1], { rate: dropProb, mode: "eval", scaling: "classic" });
  return [
    equals("ours, classic scaling at rate 0.2: prediction against the mean of training", ours, mean),
    differs("the mean of training against its prediction, x * drop_prob", mean, dropProb, 0.1),
  ];
}

/** A linear regression whose inputs are dropped: errors over all 8 masks, of one pass and of the mean of all passes. */
export function oneStochasticPass(): Measure[] {
  const [x, w, target, rate] = [[1, 2, -1], [0.5, -1, 2], 0.7, 0.2];
  const pass = (mask: Uint8Array) => sum(dropout(x, { rate, mask }).map((v, j) => v * w[j]!));
  const { mean, covariance } = expectedMoments({ n: 3, rate }, (mask) => [pass(mask)]);
  const single = expectedMoments({ n: 3, rate }, (mask) => [(pass(mask) - target) ** 2]).mean[0]!;
  const averaged = (mean[0]! - target) ** 2;
  return [
    equals(
      "squared error of one pass less that of the mean of the passes: their variance",
      single - averaged,
      covariance[0]!,
    ),
    differs(
      "error of one pass against that of the network without dropout",
      single,
      (sum(x.map((v, j) => v * w[j]!)) - target) ** 2,
      0.1,
    ),
  ];
}
