// What other libraries' dropout does, as formulas of theirs written down here, beside what it should do and what this
// library does. Each was seen in the released package named in its place; packages/hadamask/test/unit/tfjs runs
// TensorFlow.js itself.

import {
  AlphaDropout,
  Attention,
  Dropout,
  dropBlockRates,
  dropEdges,
  dropout,
  GaussianDropout,
  keepMask,
  key,
  unpackMask,
} from "hadamask";
import { tfjs } from "hadamask/streams";
import { expectedMoments } from "hadamask/theory";
import { atMost, differs, equals, exactly, type Measure } from "./measure.js";
import { KERAS_AT_ONE, TFJS_RATE_ONE, WHERE_AT_ONE } from "./recorded.js";
import { type Claim, rowsOf } from "./row.js";
import { sum } from "./vectors.js";

const { corrected } = rowsOf("references");

/** Mean and variance over masks, and over the inputs 1 and -1, which have mean 0 and variance 1. */
function overUnitInputs(keep: number, y: (x: number, mask: Uint8Array) => number): [number, number] {
  const moments = [1, -1].map((x) => expectedMoments({ n: 1, keep }, (mask) => [y(x, mask)]));
  const mean = sum(moments.map((m) => m.mean[0]! / 2));
  return [mean, sum(moments.map((m) => (m.covariance[0]! + m.mean[0]! ** 2) / 2)) - mean ** 2];
}

function alphaSign(): Measure[] {
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

function repeatedMasks(): Measure[] {
  const stream = tfjs(42);
  const bits = (draw: () => Uint32Array) => [...unpackMask(draw(), 1000)];
  const theirs = [0, 1].map(() => bits(() => stream.keepMask(1000, { rate: 0.5 })));
  const layer = new Dropout({ rate: 0.5, key: key(42) });
  const ours = [0, 1].map(() => {
    layer.forward(new Float32Array(1000));
    return bits(() => layer.mask!);
  });
  const changed = ([a, b]: number[][]): number => a!.filter((bit, i) => bit !== b![i]).length;
  return [
    differs("ours: elements of 1000 that two steps decide differently", changed(ours), 0, 400),
    exactly("TensorFlow.js: the same, for one seed", changed(theirs), 0),
  ];
}

function rateOne(): Measure[] {
  const ours = new Dropout({ rate: 1 }).forward([1, -2, 3]);
  return [
    exactly("ours at rate 1", ours, [0, 0, 0]),
    differs("against what TensorFlow.js's layer gave at rate 1: its input", ours, TFJS_RATE_ONE),
  ];
}

/** How many of the seeds 0 … length - 1 have a block of 2 reach + 1 places around them that covers each place. */
const centredCovers = (length: number, reach: number): number[] =>
  Array.from({ length }, (_, i) => Math.min(i + reach, length - 1) - Math.max(i - reach, 0) + 1);
const insideCovers = (length: number, block: number): number[] =>
  Array.from({ length }, (_, i) => Math.min(i, length - block) - Math.max(i - block + 1, 0) + 1);

function dropBlocks(): Measure[] {
  const gamma = (rate: number, length: number, block: number) =>
    (rate * length ** 2) / (block * (length - block + 1)) ** 2;
  const share = (covers: number[], seedRate: number) =>
    sum(covers.flatMap((a) => covers.map((b) => 1 - (1 - seedRate) ** (a * b)))) / covers.length ** 2;
  const ours = (rate: number, length: number) => dropBlockRates([length, length], { rate, blockSize: 7 }).mean;
  const torchvision = share(insideCovers(14, 7), gamma(0.5, 14, 7));
  const timm = share(centredCovers(7, 3), gamma(0.1, 7, 7));
  return [
    equals("ours, 7 x 7 blocks: rate 0.5 on 14 x 14, 0.1 on 7 x 7", [ours(0.5, 14), ours(0.1, 7)], [0.5, 0.1]),
    differs("0.5 against the share that torchvision's seeds drop", 0.5, torchvision, 0.1),
    differs("0.1 against the share that timm's seeds drop", 0.1, timm, 0.8),
    equals("those shares", [torchvision, timm], [0.36, 0.93], 0.01),
  ];
}

function selfLoops(): Measure[] {
  const edges = { source: [0, 1, 2], target: [1, 0, 2] };
  const { source, target } = dropEdges(edges, { rate: 0, key: key(1), isUndirected: true });
  const upper = [0, 1, 2].filter((e) => edges.source[e]! <= edges.target[e]!);
  const mirrored = [...upper, ...upper].map((e) => [edges.source[e]!, edges.target[e]!]);
  const loops = (pairs: readonly number[][]): number => pairs.filter(([a, b]) => a === b).length;
  const ours = loops([...source].map((a, e) => [a, target[e]!]));
  return [
    exactly("ours at rate 0: loops of a graph with one, and edges", [ours, source.length], [1, 3]),
    differs("loops, against keeping source <= target and appending the mirror image", ours, loops(mirrored), 0.5),
  ];
}

function brainScale(): Measure[] {
  const rate = 0.2;
  const mean = expectedMoments({ n: 1, rate }, (mask) => dropout([1], { rate, mask, scaling: "classic" })).mean[0]!;
  const test = dropout([1], { rate, mode: "eval", scaling: "classic" })[0]!;
  return [
    equals("ours, classic scaling: mean of training, prediction", [mean, test], [0.8, 0.8]),
    differs("the mean of training against brain.js's prediction, x * rate", mean, rate),
  ];
}

function eightBits(): Measure[] {
  const kept = (rate: number) => (Math.floor(255 * (1 - rate)) + 1) / 256;
  const rates = [0.0001, 0.01, 0.99];
  const ours = rates.map((rate) => Math.abs(Math.round((1 - rate) * 2 ** 53) / 2 ** 53 - (1 - rate)));
  const drawn = unpackMask(keepMask(200_000, { rate: 0.0001, key: key(1) }), 200_000);
  const dropped = 200_000 - sum(drawn);
  return [
    atMost("ours at rates 0.0001, 0.01, 0.99: distance of the realised rate", ours, 2 ** -54),
    // 20 are expected, with standard deviation 4.5; at FlashAttention's rate there would be 780.
    atMost("ours: dropped of 200000 at rate 0.0001", dropped, 60),
    differs(
      "FlashAttention's rates of dropping, keep if byte <= floor(255 keep)",
      rates,
      rates.map((r) => 1 - kept(r)),
      1e-3,
    ),
    equals(
      "its scale at rate 0.99 times what it keeps: the mean of its output",
      kept(0.99) / (1 - 0.99),
      1.171875,
      1e-9,
    ),
  ];
}

function crashAtOne(): Measure[] {
  const x = [1, -2];
  const refusals = Object.values(KERAS_AT_ONE).filter((error) => error === "ZeroDivisionError").length;
  return [
    exactly("ours: AlphaDropout at rate 1, and its gradient", both(new AlphaDropout({ rate: 1 }), x), [0, 0, 0, 0]),
    exactly(
      "ours: GaussianDropout at rate 1, and its gradient",
      both(new GaussianDropout({ rate: 1 }), x),
      [0, 0, 0, 0],
    ),
    differs("layers of Keras that raised ZeroDivisionError in the first training call, against none", refusals, 0, 1),
  ];
}

const both = (layer: AlphaDropout | GaussianDropout | Dropout, x: readonly number[]): number[] => [
  ...layer.forward(x),
  ...layer.backward(x),
];

function nanGradient(): Measure[] {
  const ours = both(new Dropout({ rate: 1 }), [3]);
  return [
    exactly("ours at rate 1: value and gradient", ours, [0, 0]),
    exactly("value of where(mask, x / keep, 0) at keep 0 in JAX", WHERE_AT_ONE.value, 0),
    differs("our gradient against that formula's in JAX", ours[1]!, WHERE_AT_ONE.gradient),
  ];
}

function attentionWeights(): Measure[] {
  const attention = new Attention({ rate: 0.5 });
  const shape = { batch: 1, heads: 1, queries: 1, keys: 4, width: 1 };
  const { weights } = attention.forward([1], [1, 2, 3, 4], [1, 1, 1, 1], { shape, mask: [1, 1, 0, 0] });
  const after = Array.from(weights, (w, j) => (j < 2 ? 2 * w : 0));
  return [
    equals("ours: sum of the returned weights of a query in training", sum(weights), 1),
    differs("against the sum after dropout, which nn.MultiheadAttention returns", sum(weights), sum(after), 0.1),
  ];
}

function convNetScale(): Measure[] {
  const dropProb = 0.2;
  const mean = expectedMoments({ n: 1, rate: dropProb }, ([bit]) => [bit!]).mean[0]!;
  const ours = dropout([1], { rate: dropProb, mode: "eval", scaling: "classic" });
  return [
    equals("ours, classic scaling at rate 0.2: prediction against the mean of training", ours, mean),
    differs("the mean of training against its prediction, x * drop_prob", mean, dropProb, 0.1),
  ];
}

function burnAtOne(): Measure[] {
  const theirs = (x: number, bit: number) => x * bit * (1 / (1 - 1));
  return [
    exactly("ours at rate 1: value and gradient", both(new Dropout({ rate: 1 }), [3]), [0, 0]),
    differs("against its formula for a dropped element", 0, theirs(3, 0)),
  ];
}

/** A linear regression whose inputs are dropped: errors over all 8 masks, of one pass and of the mean of all passes. */
function oneStochasticPass(): Measure[] {
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

/** Rows R-1 …: the references' formulas that can be computed here. */
export const references: readonly Claim[] = [
  corrected(
    "R-1",
    "TensorFlow.js 4.22, layers.alphaDropout",
    "Inputs of mean 0 and variance 1 keep both",
    "The dropped value has the wrong sign there: at rate 0.5 the mean becomes +1.56",
    alphaSign,
  ),
  corrected(
    "R-2",
    "TensorFlow.js 4.22, dropout with a seed",
    "A seed makes dropout reproducible",
    "It seeds anew at every call, so one mask is used for ever; a seed and a step give masks that vary and can be repeated",
    repeatedMasks,
  ),
  corrected(
    "R-3",
    "TensorFlow.js 4.22, layers.dropout",
    "Rates from 0 to 1 are allowed",
    "At rate 1 (and for NaN, 5, -1) it does nothing; rate 1 drops everything, and rates outside [0, 1] are errors",
    rateOne,
  ),
  corrected(
    "R-4",
    "torchvision 0.29, timm 1.0, DropBlock",
    "The rate is the share of the map that is dropped",
    "Their seeds ignore overlaps and edges: 0.36 for 0.5, 0.93 for 0.1; the density of seeds has to be solved for",
    dropBlocks,
  ),
  corrected(
    "R-5",
    "PyTorch Geometric 2.8, dropout_edge(force_undirected)",
    "Both directions of an edge are kept or dropped together",
    "Self-loops come back twice; a self-loop is one edge",
    selfLoops,
  ),
  corrected(
    "R-6",
    "brain.js, dropout layer",
    "Prediction scales for what training drops",
    "It multiplies by the rate of dropping; without scaling in training prediction has to multiply by 1 - rate",
    brainScale,
  ),
  corrected(
    "R-7",
    "FlashAttention 2, dropout",
    "The rate can be any number in [0, 1)",
    "It is rounded to 1/256 while the scale is not: 0.39 % for 0.01 %, and 17 % too much output at 0.99",
    eightBits,
  ),
  corrected(
    "R-8",
    "Keras 3.15, AlphaDropout(1.0) and GaussianDropout(1.0)",
    "Rate 1 is accepted",
    "It divides by 0 in the first training call; the limit is +0 everywhere, with gradient +0",
    crashAtOne,
  ),
  corrected(
    "R-9",
    "Equinox, the formula of Dropout at p = 1",
    "The output is 0",
    "It is, but its gradient is 0 / 0; both have to be +0",
    nanGradient,
  ),
  corrected(
    "R-10",
    "PyTorch 2.13, nn.MultiheadAttention in training",
    "The returned attention weights are the weights",
    "They are the weights after dropout, whose rows do not sum to 1; those before it do",
    attentionWeights,
  ),
  corrected(
    "R-11",
    "ConvNetJS, DropoutLayer",
    "Prediction scales for what training drops",
    "It multiplies by drop_prob, the rate of dropping; training does not scale, so prediction has to multiply by 1 - drop_prob. The two agree at 0.5 only, its default",
    convNetScale,
  ),
  corrected(
    "R-12",
    "burn, Dropout with prob 1",
    "Rate 1 is accepted and drops everything",
    "It multiplies the mask by 1 / (1 - prob): 0 times infinity is NaN; the limit is +0 everywhere",
    burnAtOne,
  ),
  corrected(
    "R-13",
    "Gal and Ghahramani 2016, their code's UCI results",
    "The error called standard is that of the network without dropout",
    "It is that of one stochastic pass: above the error of the mean of the passes by their variance, and no deterministic prediction",
    oneStochasticPass,
  ),
];
